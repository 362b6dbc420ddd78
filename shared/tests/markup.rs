//! What people write, and what they see of it.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use tideline_shared::markup::{Block, MOST_DEPTH, Names, Span, Who, parse, plain, resolve};
use tideline_shared::{Person, UserId, limits};

/// A tree in short: `b`, `i`, `s` for marked words, `c` for code, `a` for links, `q`, `l`, `n` for
/// quotes and lists, `m` for mentions.
fn shown(text: &str) -> String {
    with(text, &Names::default())
}

fn with(text: &str, names: &Names) -> String {
    let mut out = String::new();
    blocks(&parse(text, names), &mut out);
    out
}

fn blocks(all: &[Block], out: &mut String) {
    for (n, block) in all.iter().enumerate() {
        out.push_str(if n > 0 { " | " } else { "" });
        match block {
            Block::Paragraph(inner) => spans(inner, out),
            Block::Code { language, text } => {
                out.push_str(&format!("pre:{}{{{text}}}", language.as_deref().unwrap_or_default()));
            }
            Block::Quote(inner) => wrap("q", out, |out| blocks(inner, out)),
            Block::List(items) => wrap("l", out, |out| {
                for item in items {
                    let mark = item.number.map_or("-".to_owned(), |number| number.to_string());
                    wrap(&mark, out, |out| blocks(&item.blocks, out));
                }
            }),
        }
    }
}

fn spans(all: &[Span], out: &mut String) {
    for span in all {
        match span {
            Span::Text(text) => out.push_str(text),
            Span::Strong(inner) => wrap("b", out, |out| spans(inner, out)),
            Span::Emphasis(inner) => wrap("i", out, |out| spans(inner, out)),
            Span::Strike(inner) => wrap("s", out, |out| spans(inner, out)),
            Span::Code(text) => wrap("c", out, |out| out.push_str(text)),
            Span::Link(link) => {
                wrap("a", out, |out| {
                    spans(&link.text, out);
                    out.push('>');
                    out.push_str(&link.href);
                });
                if let Some(place) = &link.beside {
                    out.push_str(&format!("({place})"));
                }
            }
            Span::Mention { who, text } => {
                let who = match who {
                    Who::All => "m*",
                    Who::People(people) if people.len() > 1 => "mm",
                    Who::People(_) => "m",
                };
                wrap(who, out, |out| out.push_str(text));
            }
        }
    }
}

fn wrap(mark: &str, out: &mut String, inner: impl FnOnce(&mut String)) {
    out.push_str(mark);
    out.push('{');
    inner(out);
    out.push('}');
}

fn check(table: &[(&str, &str)]) {
    for (text, expected) in table {
        assert_eq!(shown(text), *expected, "{text:?}");
    }
}

#[test]
fn marked_words_are_marked() {
    check(&[
        ("**bold** and *italic* and _italic_", "b{bold} and i{italic} and i{italic}"),
        ("~~gone~~ `code`", "s{gone} c{code}"),
        ("***both*** **b *i* b** *i **b** i*", "b{i{both}} b{b i{i} b} i{i b{b} i}"),
        ("**a *b*** ***a** b* ***a* b**", "b{a i{b}} i{b{a} b} b{i{a} b}"),
        ("_**~~all~~**_", "i{b{s{all}}}"),
        ("un**frigging**believable", "unb{frigging}believable"),
        ("**bold**, (*it*). _so_!", "b{bold}, (i{it}). i{so}!"),
        ("`` a ` b `` and ```c```", "c{a ` b} and c{c}"),
        ("`**not bold**`", "c{**not bold**}"),
        ("**one\ntwo**", "**one\ntwo**"),
        ("**👍** *👋🏽*", "b{👍} i{👋🏽}"),
    ]);
}

#[test]
fn chinese_text_and_its_marks_may_stand_beside_a_marker() {
    check(&[
        ("你**好**吗", "你b{好}吗"),
        ("**你好。**世界", "b{你好。}世界"),
        ("世界**（你好）**吧", "世界b{（你好）}吧"),
        ("“**重点**”，*看*这里", "“b{重点}”，i{看}这里"),
        ("这是*重点*内容", "这是i{重点}内容"),
        ("~~删除~~新的", "s{删除}新的"),
        ("好的~~谢谢~~ 哈哈~", "好的~~谢谢~~ 哈哈~"),
        ("请看`代码`。", "请看c{代码}。"),
    ]);
}

#[test]
fn what_is_no_markup_stays_as_typed() {
    for text in [
        "",
        "2*3*4",
        "2 * 3 * 4",
        "a*b",
        "snake_case_name",
        "__init__",
        "a _b",
        "** not **",
        "*_*",
        "-_-",
        "^_^",
        ">_<",
        ">.<",
        ">:(",
        "T_T",
        "¯\\_(ツ)_/¯",
        "***",
        "****",
        "~~~",
        "~ wave ~",
        "C:\\*.rs and *.toml",
        "\\*not\\*",
        "`",
        "``",
        "```",
        "` `",
        "[text]",
        "[a](b)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        "[x](vbscript:x)",
        "[x](/path)",
        "[x](//evil.example)",
        "[x](https://)",
        "[x](https://a b)",
        "[x](https:/a.example)",
        "[x](file:///etc/passwd)",
        "<b>bold</b>",
        "<script>alert(1)</script>",
        "&lt;",
        "-5 degrees",
        "- ",
        "-",
        "1.",
        "1.5 litres",
        "2024. it was",
        "- - -",
        "* * *",
        ">",
        "> ",
        ">>>",
        "->",
        "#channel",
        "# no heading",
        "| a | b |",
        "a\n\n\nb",
        "@nobody",
        "e@mail.example",
        "www.",
        "www.example",
        "www..example",
        "www.a.b@c",
        "awww.a.example",
        "wow www",
        "5 > 3",
        "****a",
        "*a **b",
        "好_的_吧",
        "```\n```",
        "Look: ```\nnot closed",
    ] {
        assert_eq!(shown(text), text.trim_matches('\n'), "{text:?}");
        assert_eq!(plain(text), text, "{text:?}");
    }
}

#[test]
fn lines_make_quotes_lists_and_code() {
    check(&[
        ("> said\n> so\nI see", "q{said\nso} | I see"),
        (">> deep\n> > deep\n> not", "q{q{deep\ndeep} | not}"),
        ("> **bold**\n> - one\n> - two", "q{b{bold} | l{-{one}-{two}}}"),
        ("- one\n- two\n\nend", "l{-{one}-{two}} | end"),
        ("Buy:\n* milk\n* eggs", "Buy: | l{-{milk}-{eggs}}"),
        ("1. one\n2) two\n5. five", "l{1{one}2{two}5{five}}"),
        (
            "- one\n  more\n  - two\n    - three\n- four",
            "l{-{one\nmore | l{-{two | l{-{three}}}}}-{four}}",
        ),
        ("1. a\n   - b\n2. c", "l{1{a | l{-{b}}}2{c}}"),
        ("- a\n1. b", "l{-{a}} | l{1{b}}"),
        ("- a\n\n- b\n\n\n- c", "l{-{a}-{b}} | l{-{c}}"),
        (
            "```rust\nfn main() {}\n\n  **x**\n```\nafter",
            "pre:rust{fn main() {}\n\n  **x**} | after",
        ),
        ("```\nplain\n```", "pre:{plain}"),
        ("```let a = 1;\nlet b = 2;```", "pre:{let a = 1;\nlet b = 2;}"),
        ("> ```\n> code\n> ```", "q{pre:{code}}"),
        ("```\nnever closed", "```\nnever closed"),
        ("```a\n```b\n```", "pre:a{```b}"),
        ("a\n\n\nb\n> c\n\n\nd", "a\n\n\nb | q{c} | d"),
    ]);
}

#[test]
fn addresses_end_where_a_reader_ends_them() {
    check(&[
        ("see https://a.example/b.", "see a{https://a.example/b>https://a.example/b}."),
        ("(https://a.example/x_(y))", "(a{https://a.example/x_(y)>https://a.example/x_(y)})"),
        (
            "http://a.example, HTTPS://B.example!",
            "a{http://a.example>http://a.example}, a{HTTPS://B.example>https://b.example}!",
        ),
        ("请看https://a.example/水。好", "请看a{https://a.example/水>https://a.example/水}。好"),
        ("https://a.example点这里", "a{https://a.example>https://a.example}点这里"),
        (
            "“https://a.example”、https://b.example——看",
            "“a{https://a.example>https://a.example}”、a{https://b.example>https://b.example}——看",
        ),
        (
            "https://a.example?q=1&r=2#top end",
            "a{https://a.example?q=1&r=2#top>https://a.example?q=1&r=2#top} end",
        ),
        (
            "http://localhost:8787/join/ab",
            "a{http://localhost:8787/join/ab>http://localhost:8787/join/ab}",
        ),
        ("mailto:ana@a.example;", "a{mailto:ana@a.example>mailto:ana@a.example};"),
        ("**https://a.example/**", "b{a{https://a.example/>https://a.example/}}"),
        ("https://a.example/a*b*c_d_", "a{https://a.example/a*b*c_d>https://a.example/a*b*c_d}_"),
        (
            "see www.a.example, Www.B.example/x?y.",
            "see a{www.a.example>https://www.a.example}, a{Www.B.example/x?y>https://www.b.example/x?y}.",
        ),
        ("看www.a.example好", "看a{www.a.example>https://www.a.example}好"),
        ("https://[::1]:8787/x", "a{https://[::1]:8787/x>https://[::1]:8787/x}"),
        ("[the **map**](https://a.example/m_(1))!", "a{the b{map}>https://a.example/m_(1)}!"),
        ("[a] [b](https://a.example) [c]", "[a] a{b>https://a.example} [c]"),
        ("*see [it](https://a.example)*", "i{see a{it>https://a.example}}"),
        ("[mail](mailto:a@b.example?subject=x)", "a{mail>mailto:a@b.example?subject=x}"),
        (
            "[x [y](https://a.example)](https://b.example)",
            "[x a{y>https://a.example}](a{https://b.example>https://b.example})",
        ),
    ]);
}

#[test]
fn what_could_mislead_stays_text() {
    for text in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "https://",
        "https://bank.example@evil.example/",
        "xhttps://a.example",
        "ftp://a.example",
        "https:///a",
        "https://a\\@evil.example/".trim_end_matches('/'),
        "https://ｂａｎｋ.example/",
        "https://a%2eexample/",
        "https://a.example:99999999/",
        "mailto:nobody",
        "[x](https://\u{200b}a.example)",
        "[x](https://bank.example@evil.example)",
        "[x](java\u{0}script:alert(1))",
        "[x]( javascript:alert(1))",
    ] {
        assert!(
            !shown(text).contains("a{") || text.contains("https://a\\"),
            "{text:?} {}",
            shown(text)
        );
    }
}

#[test]
fn a_link_that_says_another_address_says_where_it_leads() {
    check(&[
        (
            "[bank.example](https://evil.example/x)",
            "a{bank.example>https://evil.example/x}(evil.example)",
        ),
        (
            "[https://bank.example](https://evil.example)",
            "a{https://bank.example>https://evil.example}(evil.example)",
        ),
        (
            "[b\u{200b}ank。example](https://evil.example)",
            "a{b\u{200b}ank。example>https://evil.example}(evil.example)",
        ),
        (
            "[**bank**.example/login](https://evil.example)",
            "a{b{bank}.example/login>https://evil.example}(evil.example)",
        ),
        (
            "[me@bank.example](mailto:x@evil.example)",
            "a{me@bank.example>mailto:x@evil.example}(x@evil.example)",
        ),
        ("[a.example](https://a.example/x)", "a{a.example>https://a.example/x}"),
        ("[A.example/x](https://www.a.example/x)", "a{A.example/x>https://www.a.example/x}"),
        ("[the bank](https://evil.example)", "a{the bank>https://evil.example}"),
        // Letters that look like others; Chinese ones do not.
        ("https://аррlе.com", "a{https://аррlе.com>https://xn--l-7sbq6ba.com}(xn--l-7sbq6ba.com)"),
        ("https://例子.测试/水", "a{https://例子.测试/水>https://xn--fsqu00a.xn--0zwm56d/水}"),
        (
            "https://bank.example.ノevil.example/",
            "a{https://bank.example.ノevil.example/>https://bank.example.xn--evil-uq4c.example/}(bank.example.xn--evil-uq4c.example)",
        ),
    ]);
}

#[test]
fn overrides_of_direction_are_taken_out() {
    assert_eq!(shown("a\u{202e}b\u{2066}c **d\u{202d}**"), "abc b{d}");
    let link = shown("[x](https://a.example/\u{202e}gpj.exe)");
    assert_eq!(link, "a{x>https://a.example/gpj.exe}");
}

fn person(n: u8, user_name: Option<&str>, display_name: &str) -> Person {
    let user_name = user_name.map(str::to_owned);
    let display_name = display_name.to_owned();
    Person { user: UserId::new(1, [n; 10]), user_name, display_name, avatar: None }
}

#[test]
fn people_are_meant_by_their_names() {
    let people = [
        person(1, Some("ana"), "Ana"),
        person(2, Some("ana.lee"), "Ana Lee"),
        person(3, Some("小王"), "王"),
        person(4, None, "Gus van Dam"),
        person(5, None, "Pat"),
        person(6, None, "Pat"),
        person(7, None, "ana"),
        person(8, Some("小王子"), "B612"),
    ];
    let names = Names::of(&people);
    for (text, expected) in [
        ("@ana hi", "m{@ana} hi"),
        ("hi @Ana, @ana.lee. @ana.", "hi m{@Ana}, m{@ana.lee}. m{@ana}."),
        ("@anabel @ana-x a@ana", "@anabel @ana-x a@ana"),
        ("你好@小王你看@小王子，", "你好m{@小王}你看m{@小王子}，"),
        ("@gus van dam: @Gus van D", "m{@gus van dam}: @Gus van D"),
        ("@Pat?", "mm{@Pat}?"),
        ("@all @ALL @所有人快来 @allright", "m*{@all} m*{@ALL} m*{@所有人}快来 @allright"),
        ("**@ana** `@ana` _@ana_ (@ana)", "b{m{@ana}} c{@ana} i{m{@ana}} (m{@ana})"),
        ("[@ana](https://a.example)", "a{@ana>https://a.example}"),
        ("> @ana\n- @小王", "q{m{@ana}} | l{-{m{@小王}}}"),
        ("```\n@ana\n```", "pre:{@ana}"),
    ] {
        assert_eq!(with(text, &names), expected, "{text}");
    }
    let (mentions, all) = resolve("@ana @Ana @Pat `@小王` @所有人 @nobody", &names);
    let shown: Vec<_> = mentions.iter().map(|m| (m.user, m.name.as_str())).collect();
    let user = |n: u8| UserId::new(1, [n; 10]);
    assert_eq!(shown, [(user(1), "ana"), (user(1), "Ana"), (user(5), "Pat"), (user(6), "Pat")]);
    assert!(all);
    // What was found is what is shown, whoever comes later.
    let found = Names::mentioned(&mentions[..1], false);
    assert_eq!(with("@ana @小王 @all", &found), "m{@ana} @小王 @all");
}

#[test]
fn a_message_means_so_many_people_at_most() {
    let people: Vec<_> = (0..200).map(|n| person(n, Some(&format!("p{n}")), "P")).collect();
    let text: String = (0..200).map(|n| format!("@p{n} ")).collect();
    let (mentions, _) = resolve(&text, &Names::of(&people));
    assert_eq!(mentions.len(), limits::MESSAGE_MENTIONS);
}

#[test]
fn plain_text_is_what_is_read() {
    for (text, expected) in [
        ("**High** _tide_ at `noon` ~~one~~", "High tide at noon one"),
        ("> said\n\nyes", "said\nyes"),
        ("1. a\n2. b\n   - c", "1. a\n2. b\n• c"),
        ("```sh\nls -l\n```", "ls -l"),
        (
            "[map](https://a.example/m) https://B.example",
            "map (https://a.example/m) https://B.example",
        ),
        ("@ana **hi**", "@ana hi"),
    ] {
        assert_eq!(plain(text), expected, "{text}");
    }
}

fn depth(all: &[Block]) -> usize {
    let of = |block: &Block| match block {
        Block::Paragraph(inner) => 1 + span_depth(inner),
        Block::Code { .. } => 1,
        Block::Quote(inner) => 1 + depth(inner),
        Block::List(items) => 2 + items.iter().map(|item| depth(&item.blocks)).max().unwrap_or(0),
    };
    all.iter().map(of).max().unwrap_or(0)
}

fn span_depth(all: &[Span]) -> usize {
    let of = |span: &Span| match span {
        Span::Strong(inner) | Span::Emphasis(inner) | Span::Strike(inner) => 1 + span_depth(inner),
        Span::Link(link) => 1 + span_depth(&link.text),
        Span::Text(_) | Span::Code(_) | Span::Mention { .. } => 1,
    };
    all.iter().map(of).max().unwrap_or(0)
}

/// What must hold of every text.
fn holds(text: &str) -> Result<(), TestCaseError> {
    let tree = parse(text, &Names::default());
    prop_assert!(depth(&tree) <= MOST_DEPTH, "{text:?} is {} deep", depth(&tree));
    let plain = plain(text);
    let control =
        |c: &char| ('\u{202a}'..='\u{202e}').contains(c) || ('\u{2066}'..='\u{2069}').contains(c);
    prop_assert!(!plain.contains(|c| control(&c)));
    // Nothing is lost but markers, blanks, fences' languages; what is added are bullets, the
    // address of a link in its form for browsers, and the blank and brackets around it.
    if !text.contains("](") {
        let mut left = text.chars().filter(|c| !c.is_whitespace() && !control(c)).peekable();
        for c in plain.chars().filter(|c| !c.is_whitespace()) {
            let found = left
                .by_ref()
                .find(|&l| l == c || (c == '•' && "-*".contains(l)) || (c == '.' && l == ')'));
            prop_assert!(found.is_some(), "{plain:?} of {text:?}");
        }
        let kept = |s: &str| s.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).count();
        prop_assert_eq!(kept(text), kept(&plain), "{:?}", text);
    }
    fn links(spans: &[Span], all: &mut Vec<String>) {
        for span in spans {
            match span {
                Span::Strong(inner) | Span::Emphasis(inner) | Span::Strike(inner) => {
                    links(inner, all)
                }
                Span::Link(link) => {
                    all.push(link.href.clone());
                    assert!(!link.text.iter().any(|span| matches!(span, Span::Link(_))));
                }
                _ => {}
            }
        }
    }
    for block in &tree {
        let mut all = Vec::new();
        if let Block::Paragraph(spans) = block {
            links(spans, &mut all);
        }
        for href in all {
            let fits = ["http://", "https://", "mailto:"].iter().any(|s| href.starts_with(s));
            prop_assert!(fits && !href.contains(char::is_whitespace), "{href:?}");
        }
    }
    Ok(())
}

/// Texts made of what the parser looks for.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "*",
        "**",
        "***",
        "_",
        "~~",
        "`",
        "``",
        "```",
        "\n",
        "\n\n",
        "> ",
        ">",
        "- ",
        "  - ",
        "1. ",
        "[",
        "]",
        "(",
        ")",
        "](",
        "https://",
        "a.example",
        "mailto:",
        "@",
        "@all",
        "\\",
        " ",
        "word",
        "好",
        "。",
        "（",
        "\u{202e}",
        "\u{200b}",
        "👍🏽",
        "é",
        "xn--",
        ".",
        "/",
        "#",
        ":",
        "\t",
        "javascript:",
        "а",
        "ノ",
        "0",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

/// How often each property is tried: as the environment's `PROPTEST_CASES` says, which `cargo xtask
/// fuzz` raises.
fn cases() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_text_is_read(text in any::<String>()) {
        holds(&text)?;
    }

    #[test]
    fn every_mixture_of_marks_is_read(text in hostile()) {
        holds(&text)?;
    }

    #[test]
    fn text_without_marks_is_itself(text in "[a-zA-Z0-9 ,.!?你好吗。，é]{0,80}") {
        prop_assume!(!text.contains(". ") && !text.trim().is_empty());
        prop_assert_eq!(plain(&text), text);
    }
}

#[test]
fn the_longest_and_worst_messages_are_read_in_linear_time() {
    let most = limits::MESSAGE_CHARS;
    for piece in [
        "*",
        "**",
        "*a ",
        "**a ",
        "_a ",
        "*a_b ",
        "***",
        "~~a ",
        "`",
        "`` ` ",
        "`a``b```",
        "[",
        "[a",
        "](",
        "[](",
        "[a](",
        "[a](https://",
        "[a](https://a.example)",
        "http://",
        "http://a",
        "http://a/",
        "http://@",
        "https://a.example(",
        "mailto:",
        "> ",
        ">",
        "- ",
        "-  - ",
        "1. ",
        "```\n",
        "```a\n",
        "> - ",
        "\n",
        "\n- a\n",
        "\n  - a",
        "@",
        "@a",
        "@all",
        "\\",
        "*!",
        "*! ",
        "[*",
        "*[a](",
        "好**",
        "**好",
        "\u{202e}",
        "a.a.",
        "((((",
        "\t- ",
    ] {
        let names = [person(1, Some(&"a".repeat(32)), "A"), person(2, None, &"b ".repeat(24))];
        let names = Names::of(&names);
        let text = |chars: usize| piece.chars().cycle().take(chars).collect::<String>();
        let tree = parse(&text(most), &names);
        assert!(depth(&tree) <= MOST_DEPTH, "{piece:?} is {} deep", depth(&tree));
        assert!(!plain(&text(most)).contains('\u{202e}'));
        // Four times the text takes four times as long, not sixteen times. The machine may be busy.
        let took = |text: &str| {
            let start = Instant::now();
            let tree = parse(text, &names);
            (start.elapsed(), tree).0
        };
        let linear = || took(&text(4 * most)) < 9 * took(&text(most)).max(Duration::from_millis(5));
        assert!((0..5).any(|_| linear()), "{piece:?} takes more than linear time");
    }
    // Ten thousand opened before the first is closed.
    let nested = format!("{}x{}", "*a **b _c ~~".repeat(1_000), "~~ c_ b** a*".repeat(1_000));
    assert!(depth(&parse(&nested, &Names::default())) <= MOST_DEPTH);
    let quotes: String = (0..200).map(|n| format!("{}deep\n", "> ".repeat(n))).collect();
    assert!(depth(&parse(&quotes, &Names::default())) <= MOST_DEPTH);
    let lists: String = (0..200).map(|n| format!("{}- deep\n", "  ".repeat(n))).collect();
    assert!(depth(&parse(&lists, &Names::default())) <= MOST_DEPTH);
}
