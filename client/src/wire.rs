//! Frames in and out, read so that one bad row does not take its neighbours along.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use tideline_shared::protocol::{ClientFrame, ServerFrame};

/// Something that was read, or that this program cannot read and skips.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Lenient<T> {
    Read(T),
    #[allow(dead_code, reason = "serde fills it; nobody needs what cannot be read")]
    Unreadable(IgnoredAny),
}

impl<T> Lenient<T> {
    pub(crate) fn read(self) -> Option<T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Unreadable(_) => None,
        }
    }
}

/// The rows that can be read.
pub(crate) fn readable<T>(rows: Vec<Lenient<T>>) -> impl Iterator<Item = T> {
    rows.into_iter().filter_map(Lenient::read)
}

/// A frame of an actor whose rows are `R` and whose answers are `A`.
pub(crate) type Frame<R, A> = ServerFrame<Lenient<R>, Lenient<A>>;

/// Reads a frame; none when it is no frame at all.
pub(crate) fn read<R: DeserializeOwned, A: DeserializeOwned>(text: &str) -> Option<Frame<R, A>> {
    serde_json::from_str(text).ok()
}

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
        let rows: Vec<_> = readable(rows).collect();
        assert!(matches!(&rows[..], [AccountRow::Unknown, AccountRow::Profile(_)]), "{rows:?}");
    }

    #[test]
    fn an_answer_that_cannot_be_read_still_answers() {
        let text = r#"{"type":"reply","ref":4,"reply":true}"#;
        let frame: Option<Frame<AccountRow, AccountReply>> = read(text);
        assert!(matches!(
            frame,
            Some(Frame::Reply { reference: 4, reply: Lenient::Unreadable(_) })
        ));
    }
}
