//! What was written, and what the service acknowledged, read off the wire of every device: an
//! acknowledgement counts from the moment that its frame comes in, whatever the device makes of it.
//!
//! When a kill swallows the answer to a message that was stored, there never is one: the device
//! finds its message among the rows that it is served next. That is an acknowledgement, too.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::Value;
use tideline_client::{Link, Mirror};
use tideline_shared::ConversationId;

use crate::device::Device;
use crate::shell::Wire;

/// The ledger of one run; clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Ledger(Arc<Mutex<Books>>);

/// The number of what is no device: a program promises no order.
pub(crate) const PROGRAM: usize = usize::MAX;

/// One message, known by its text: no two are alike.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) device: usize,
    pub(crate) conversation: ConversationId,
    pub(crate) text: String,
}

/// An acknowledgement.
#[derive(Clone, Debug)]
pub(crate) struct Acknowledged {
    pub(crate) conversation: ConversationId,
    pub(crate) id: String,
    pub(crate) seq: u64,
    pub(crate) at: Instant,
}

/// What the ledger counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) written: usize,
    pub(crate) acknowledged: usize,
    /// Sockets that ended, or did not open, without the device's doing.
    pub(crate) lost_sockets: u64,
    /// Refused messages, by code.
    pub(crate) refused: BTreeMap<String, u64>,
}

#[derive(Default)]
struct Books {
    written: Vec<Written>,
    under_way: HashMap<(usize, Link, u64), (String, String)>,
    /// What each device has said and has not heard of: text and conversation by id.
    unanswered: HashMap<usize, HashMap<String, (String, ConversationId)>>,
    acknowledged: HashMap<String, Acknowledged>,
    counts: Counts,
    faults: Vec<String>,
}

impl Ledger {
    /// Listens to everything that goes over a device's sockets.
    pub(crate) fn listen(&self, number: usize, device: &Device) {
        let ledger = self.clone();
        device.tap(move |link, wire| {
            let mut books = ledger.books();
            match wire {
                Wire::Opened => {}
                Wire::Sent(frame) => books.sent(number, link, frame),
                Wire::Heard(frame) => books.heard(number, link, frame),
                Wire::Lost => books.counts.lost_sockets += 1,
            }
        });
    }

    /// Has a device write a message with this beginning; brings its whole text.
    pub(crate) fn write(
        &self,
        (number, device): (usize, &Device),
        conversation: ConversationId,
        text: &str,
    ) -> String {
        let mut books = self.books();
        let text = format!("{:06} {text}", books.written.len());
        books.written.push(Written { device: number, conversation, text: text.clone() });
        // Handed over under the lock: what the ledger has first, the device has first.
        device.send(conversation, text.clone());
        text
    }

    /// A program writes a message; brings its whole text.
    pub(crate) fn write_by_program(&self, conversation: ConversationId, text: &str) -> String {
        let mut books = self.books();
        let text = format!("{:06} {text}", books.written.len());
        books.written.push(Written { device: PROGRAM, conversation, text: text.clone() });
        text
    }

    /// A program said something over a socket of its own.
    pub(crate) fn program_said(&self, link: Link, frame: &str) {
        self.books().sent(PROGRAM, link, frame);
    }

    /// A program heard something.
    pub(crate) fn program_heard(&self, link: Link, frame: &str) {
        self.books().heard(PROGRAM, link, frame);
    }

    /// How many of a device's messages are not acknowledged yet.
    pub(crate) fn waiting(&self, number: usize) -> usize {
        let books = self.books();
        let waits =
            |one: &&Written| one.device == number && !books.acknowledged.contains_key(&one.text);
        // The newest are those that wait; nobody has more than a few hundred of them.
        books.written.iter().rev().take(4_000).filter(waits).count()
    }

    /// When a message was acknowledged.
    pub(crate) fn acknowledged_at(&self, text: &str) -> Option<Instant> {
        self.books().acknowledged.get(text).map(|acknowledged| acknowledged.at)
    }

    /// Whether everything that was written is acknowledged.
    pub(crate) fn is_settled(&self) -> bool {
        let books = self.books();
        books.written.len() == books.acknowledged.len()
    }

    /// What waits to be acknowledged.
    pub(crate) fn unsettled(&self) -> Vec<Written> {
        let books = self.books();
        let waits = |one: &&Written| !books.acknowledged.contains_key(&one.text);
        books.written.iter().filter(waits).cloned().collect()
    }

    pub(crate) fn counts(&self) -> Counts {
        let books = self.books();
        let (written, acknowledged) = (books.written.len(), books.acknowledged.len());
        Counts { written, acknowledged, ..books.counts.clone() }
    }

    pub(crate) fn written(&self) -> Vec<Written> {
        self.books().written.clone()
    }

    /// Every acknowledgement, by the text that it is for.
    pub(crate) fn acknowledged(&self) -> HashMap<String, Acknowledged> {
        self.books().acknowledged.clone()
    }

    /// What must never have happened on a wire.
    pub(crate) fn faults(&self) -> Vec<String> {
        self.books().faults.clone()
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn sent(&mut self, device: usize, link: Link, frame: &str) {
        let Some((call, command)) = frame_of(frame, "call", "command") else { return };
        let (id, text) = (command["id"].as_str(), command["text"].as_str());
        if let (Some(id), Some(text), Mirror::Conversation(to)) = (id, text, link.mirror) {
            let (id, text) = (id.to_owned(), text.to_owned());
            self.unanswered.entry(device).or_default().insert(id.clone(), (text.clone(), to));
            self.under_way.insert((device, link, call), (id, text));
        }
    }

    fn heard(&mut self, device: usize, link: Link, frame: &str) {
        if let Some((call, rejected)) = frame_of(frame, "rejected", "") {
            if self.under_way.remove(&(device, link, call)).is_some() {
                self.refused(&rejected);
            }
            return;
        }
        let Some((call, reply)) = frame_of(frame, "reply", "reply") else {
            return self.served(device, frame);
        };
        let Some((id, text)) = self.under_way.remove(&(device, link, call)) else { return };
        let (Some(seq), Mirror::Conversation(conversation)) = (reply["seq"].as_u64(), link.mirror)
        else {
            return self.faults.push(format!("{text:?} was answered with {reply}"));
        };
        self.acknowledge(device, text, id, conversation, seq);
    }

    /// Own messages among rows are stored, whether that was ever answered or not.
    fn served(&mut self, device: usize, frame: &str) {
        let unanswered = self.unanswered.entry(device).or_default();
        let known: Vec<String> =
            unanswered.keys().filter(|id| frame.contains(id.as_str())).cloned().collect();
        if known.is_empty() {
            return;
        }
        let frame = serde_json::from_str(frame).unwrap_or_default();
        for id in known {
            let Some(seq) = place_of(&frame, &id) else { continue };
            let one = self.unanswered.get(&device).and_then(|all| all.get(&id)).cloned();
            let Some((text, conversation)) = one else { continue };
            self.acknowledge(device, text, id, conversation, seq);
        }
    }

    fn acknowledge(
        &mut self,
        device: usize,
        text: String,
        id: String,
        conversation: ConversationId,
        seq: u64,
    ) {
        self.unanswered.entry(device).or_default().remove(&id);
        let acknowledged = Acknowledged { conversation, id, seq, at: Instant::now() };
        // Asked again after a crash, the service must answer as the first time.
        let first = self.acknowledged.entry(text).or_insert(acknowledged.clone());
        if (first.seq, &first.id) != (seq, &acknowledged.id) {
            let what = format!("{} was acknowledged as {} and as {seq}", first.id, first.seq);
            self.faults.push(what);
        }
    }

    fn refused(&mut self, rejected: &Value) {
        let code = rejected["code"].as_str().unwrap_or("unknown");
        let wait = rejected["retry_after_ms"].as_u64();
        if code == "rate_limited" && !wait.is_some_and(|ms| (1..=60_000).contains(&ms)) {
            self.faults.push(format!("too much, but not until when: {rejected}"));
        }
        *self.counts.refused.entry(code.to_owned()).or_default() += 1;
    }
}

/// The number of the call that a frame of this type is about, and a part of it, or all.
fn frame_of(frame: &str, wanted: &str, part: &str) -> Option<(u64, Value)> {
    // Most frames are changes: looking at the beginning saves reading them.
    if !frame.contains("\"ref\"") {
        return None;
    }
    let mut frame: Value = serde_json::from_str(frame).ok()?;
    let number = frame["ref"].as_u64().filter(|_| frame["type"] == wanted)?;
    Some((number, if part.is_empty() { frame } else { frame[part].take() }))
}

/// The place of a message, wherever in a frame its row is.
fn place_of(frame: &Value, id: &str) -> Option<u64> {
    match frame {
        Value::Object(row) if row.get("id").is_some_and(|other| other == id) => {
            row.get("seq").and_then(Value::as_u64)
        }
        Value::Object(parts) => parts.values().find_map(|part| place_of(part, id)),
        Value::Array(parts) => parts.iter().find_map(|part| place_of(part, id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: &str = r#"{"type":"call","ref":7,"command":{"type":"send","id":"a","text":"b"}}"#;

    fn link(attempt: u32) -> Link {
        let one = tideline_shared::UserId::new(1, [1; 10]);
        let other = tideline_shared::UserId::new(2, [2; 10]);
        Link { mirror: Mirror::Conversation(ConversationId::direct(one, other)), attempt }
    }

    fn reply(seq: u64) -> String {
        format!(r#"{{"type":"reply","ref":7,"reply":{{"type":"sent","id":"a","seq":{seq}}}}}"#)
    }

    #[test]
    fn an_acknowledgement_is_the_answer_to_a_message_on_the_same_socket() {
        let mut books = Books::default();
        books.sent(0, link(1), CALL);
        books.heard(0, link(2), &reply(3));
        books.heard(1, link(1), &reply(3));
        assert!(books.acknowledged.is_empty());
        books.heard(0, link(1), &reply(3));
        assert_eq!(books.acknowledged["b"].seq, 3);
        assert!(books.faults.is_empty());
    }

    #[test]
    fn an_own_message_among_rows_is_acknowledged() {
        let mut books = Books::default();
        books.sent(0, link(1), CALL);
        let page = r#"{"type":"page","rows":[{"type":"message","id":"a","seq":3}],"done":true}"#;
        books.heard(1, link(2), page);
        assert!(books.acknowledged.is_empty(), "another device's row");
        books.heard(0, link(2), page);
        assert_eq!(books.acknowledged["b"].seq, 3);
    }

    #[test]
    fn a_second_acknowledgement_with_another_place_is_a_fault() {
        let mut books = Books::default();
        for (attempt, seq) in [(1, 3), (2, 3), (3, 4)] {
            assert!(books.faults.is_empty());
            books.sent(0, link(attempt), CALL);
            books.heard(0, link(attempt), &reply(seq));
        }
        assert_eq!(books.faults.len(), 1);
    }

    #[test]
    fn too_much_without_until_when_is_a_fault() {
        let mut books = Books::default();
        for (rest, faults) in [(r#","retry_after_ms":250"#, 0), ("", 1)] {
            books.sent(0, link(1), CALL);
            let code = r#"{"type":"rejected","ref":7,"code":"rate_limited""#;
            books.heard(0, link(1), &format!("{code}{rest}}}"));
            assert_eq!(books.faults.len(), faults);
        }
        assert_eq!(books.counts.refused["rate_limited"], 2);
    }
}
