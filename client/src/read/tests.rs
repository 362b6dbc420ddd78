//! The reader against `serde_json`, and what only it refuses.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde_json::Value;
use tideline_shared::Code;
use tideline_shared::protocol::ConversationReply;

use super::*;

#[derive(Deserialize, Debug, PartialEq)]
struct Inner {
    n: Option<u32>,
}

#[derive(Deserialize)]
struct Outer<'a> {
    list: Vec<Inner>,
    pair: (String, bool),
    #[serde(borrow)]
    raw: Raw<'a>,
    #[serde(borrow)]
    name: Cow<'a, str>,
}

#[test]
fn records_lists_words_and_what_stays_text() {
    let text = r#" {"list":[{"n":1},{"n":null},{}], "pair" :["a\n",true],
        "raw": { "x": [1.5e3, "\"]}"] } , "new":[-1,{}],"name":"caf\u00e9"}"#;
    let outer: Outer<'_> = read_json(text).expect("reads");
    assert_eq!(outer.list, [Inner { n: Some(1) }, Inner { n: None }, Inner { n: None }]);
    assert_eq!(outer.pair, ("a\n".to_owned(), true));
    assert_eq!(outer.raw.0, r#"{ "x": [1.5e3, "\"]}"] }"#);
    assert_eq!(outer.name, "café");
    let reply = read_json::<ConversationReply>(r#"{"type":"new","at":{"a":[1]}}"#);
    assert_eq!(reply, Ok(ConversationReply::Unknown));
    assert_eq!(read_json::<Code>(r#""rate_limited""#), Ok(Code::RateLimited));
    assert_eq!(read_json::<Code>(r#""something_new""#), Ok(Code::Unknown));
    assert!(read_json::<Code>(r#"{"rate_limited":null}"#).is_err());
    assert!(read_json::<(String, bool)>(r#"["a",true,1]"#).is_err(), "too long");
}

#[test]
fn records_are_objects_and_nothing_stands_behind_them() {
    for bad in ["[1]", "{\"n\":1} 2", "{\"n\":", "{\"n\":1,}", "{,\"n\":1}", "{n:1}", ""] {
        assert!(read_json::<Inner>(bad).is_err(), "{bad}");
    }
}

/// Reads any text into a tree, as `serde_json` does with its own.
fn alike(text: &str) {
    let theirs: Option<Value> = serde_json::from_str(text).ok();
    let ours: Option<Value> = read_json(text).ok();
    let skipped = read_json::<IgnoredAny>(text).is_ok();
    let has_floats = theirs.as_ref().is_some_and(has_floats);
    assert_eq!(skipped, theirs.is_some(), "{text:?}");
    assert_eq!(ours, theirs.filter(|_| !has_floats), "{text:?}");
}

fn has_floats(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_floats),
        Value::Object(fields) => fields.values().any(has_floats),
        _ => false,
    }
}

#[test]
fn what_is_json_and_what_is_not() {
    for text in [
        "null",
        "true",
        "false",
        "nul",
        "truefalse",
        "0",
        "-0",
        "01",
        "-",
        "-1",
        "1.5",
        "1.",
        ".5",
        "1e9",
        "1e",
        "1E+2",
        "18446744073709551615",
        "-9223372036854775808",
        "\"\"",
        "\"a",
        "\"\\\"",
        "\"\\u0041\\n\\/\\b\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\udc00\"",
        "\"\\ud83dx\"",
        "\"\\u12\"",
        "\"\\x\"",
        "\"\n\"",
        "\"\u{7f}é漢😀\"",
        "[]",
        "[ ]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1,[2,[3]]]",
        "[",
        "]",
        "[}",
        "{}",
        "{ }",
        "{\"a\":1}",
        "{\"a\":1,\"b\":{\"c\":[]}}",
        "{\"a\"}",
        "{\"a\":}",
        "{1:2}",
        "{\"a\":1",
        "{\"a\":1]",
        "{} {}",
        " \t\r\n1 ",
        "\u{feff}1",
        "{\"a\":1,,\"b\":2}",
        "+1",
        "NaN",
    ] {
        alike(text);
    }
}

/// Thousands of texts that are nearly JSON: what one reader takes the other takes, and reads
/// the same.
#[test]
fn it_reads_what_serde_json_reads() {
    const PIECES: [&str; 24] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"b\\n\"",
        "\"\\u00e9\"",
        "\"",
        "\\",
        "0",
        "12",
        "-3",
        "1.5",
        "true",
        "null",
        " ",
        "\n",
        "\"type\"",
        "{\"a\":",
        "[1,",
        "]}",
        "漢",
    ];
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888);
        (state >> 33) as usize % below
    };
    for _ in 0..200_000 {
        let pieces = 1 + next(9);
        let text: String = (0..pieces).map(|_| PIECES[next(PIECES.len())]).collect();
        alike(&text);
    }
    // And texts that are JSON, but for one byte.
    let value: BTreeMap<&str, Value> = BTreeMap::from([
        ("list", serde_json::json!([1, -2, null, true, {"x": ["é", "\u{1}", "\"\\/"]}])),
        ("text", "words \u{1f600} and\nmore".into()),
    ]);
    let good = serde_json::to_string(&value).expect("writes");
    alike(&good);
    for _ in 0..20_000 {
        let mut bytes = good.clone().into_bytes();
        let at = next(bytes.len());
        bytes[at] = b" \"\\{}[],:0n-."[next(13)];
        if let Ok(text) = String::from_utf8(bytes) {
            alike(&text);
        }
    }
}

#[test]
fn depth_does_not_matter_to_what_is_skipped() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert!(read_json::<IgnoredAny>(&deep).is_ok());
}
