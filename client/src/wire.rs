//! Frames in and out, read so that one bad row does not take its neighbours along.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tideline_shared::protocol::ClientFrame;
use tideline_shared::{Code, Reject};

use crate::read::{Raw, read_json};

/// A frame of an actor whose rows are `R` and whose answers are `A`: what can be read of a
/// [`tideline_shared::protocol::ServerFrame`].
#[derive(Debug)]
pub(crate) enum Frame<R, A> {
    Page { reset: bool, rows: Vec<R>, cursor: u64, done: bool },
    Change { version: u64, rows: Vec<R> },
    Signal { rows: Vec<R> },
    Reply { reference: u32, reply: Option<A> },
    Rejected { reference: Option<u32>, reject: Reject },
    Ended { reject: Reject },
    Unknown,
}

/// Any frame, its rows and its answer still as text. Read like this, a frame is gone through once,
/// and what reads a row is compiled once.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(default)]
    reset: bool,
    #[serde(default, borrow)]
    rows: Vec<Raw<'a>>,
    cursor: Option<u64>,
    #[serde(default)]
    done: bool,
    version: Option<u64>,
    #[serde(rename = "ref")]
    reference: Option<u32>,
    #[serde(borrow)]
    reply: Option<Raw<'a>>,
    code: Option<Code>,
    retry_after_ms: Option<u64>,
}

/// Reads a frame; none when it is no frame at all.
pub(crate) fn read<R: DeserializeOwned, A: DeserializeOwned>(text: &str) -> Option<Frame<R, A>> {
    let envelope: Envelope<'_> = read_json(text).ok()?;
    let rows = || envelope.rows.iter().filter_map(|row| read_json(row.0).ok());
    let reject = || Some(Reject { code: envelope.code?, retry_after_ms: envelope.retry_after_ms });
    Some(match &*envelope.kind {
        "page" => Frame::Page {
            reset: envelope.reset,
            rows: rows().collect(),
            cursor: envelope.cursor?,
            done: envelope.done,
        },
        "change" => Frame::Change { version: envelope.version?, rows: rows().collect() },
        "signal" => Frame::Signal { rows: rows().collect() },
        "reply" => Frame::Reply {
            reference: envelope.reference?,
            reply: envelope.reply.and_then(|reply| read_json(reply.0).ok()),
        },
        "rejected" => Frame::Rejected { reference: envelope.reference, reject: reject()? },
        "ended" => Frame::Ended { reject: reject()? },
        _ => Frame::Unknown,
    })
}

/// What a device says first that has nothing yet. The page's script may have said it already, while
/// the program was on its way (`frontend/boot.js`).
pub const FIRST_HELLO: &str = r#"{"type":"hello"}"#;

/// Writes a `hello`.
pub(crate) fn hello(cursor: Option<u64>) -> String {
    write(&ClientFrame::<()>::Hello { cursor })
}

/// Writes a call.
pub(crate) fn call<C: Serialize>(reference: u32, command: C) -> String {
    write(&ClientFrame::Call { reference, command })
}

/// Writes JSON. Plain data with text keys always can be written; should it not, the actor refuses
/// the empty text, which is better than a panic.
pub(crate) fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use tideline_shared::protocol::{AccountReply, AccountRow};

    use super::*;

    #[test]
    fn a_device_that_has_nothing_says_the_first_hello() {
        assert_eq!(hello(None), FIRST_HELLO);
        assert_ne!(hello(Some(1)), FIRST_HELLO);
    }

    #[test]
    fn a_row_that_cannot_be_read_is_skipped_alone() {
        let text = r#"{"type":"change","version":3,"rows":[
            {"type":"profile","user":7},
            {"type":"brand_new"},
            {"type":"profile","user":"018bcfe5-6800-7101-8101-010101010101","display_name":"Ana",
             "created_at":1},
            null]}"#;
        let Some(Frame::<AccountRow, AccountReply>::Change { version: 3, rows }) = read(text)
        else {
            panic!("a change")
        };
        assert!(matches!(&rows[..], [AccountRow::Unknown, AccountRow::Profile(_)]), "{rows:?}");
    }

    #[test]
    fn an_answer_that_cannot_be_read_still_answers() {
        let text = r#"{"type":"reply","ref":4,"reply":true}"#;
        let frame: Option<Frame<AccountRow, AccountReply>> = read(text);
        assert!(matches!(frame, Some(Frame::Reply { reference: 4, reply: None })));
    }
}
