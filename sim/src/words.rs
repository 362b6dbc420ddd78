//! Which words conversations hold, commit by commit, and which they held before: what was taken back, or
//! replaced, must not turn up any more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tideline_server::sql::{Fault, Sql};
use tideline_shared::ConversationId;

use tideline_shared::protocol::Body;

/// What messages begin with, before a number that no other message has.
const STARTS: [&str; 2] = ["message ", "edited "];

/// The words by which the messages are known that are in a text: "message 17", or "edited 18".
pub(crate) fn marks(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for start in STARTS {
        for (at, _) in text.match_indices(start) {
            let number = &text[at + start.len()..];
            let digits = number.bytes().take_while(u8::is_ascii_digit).count();
            if digits > 0 {
                found.insert(&text[at..at + start.len() + digits]);
            }
        }
    }
    found
}

/// The marks in a value, each with the conversation that it is told of.
pub(crate) fn marks_of(
    value: &Value,
    within: Option<ConversationId>,
) -> Vec<(ConversationId, String)> {
    match value {
        Value::String(text) => {
            let marks = marks(text).into_iter().map(str::to_owned);
            within.map(|within| marks.map(|mark| (within, mark)).collect()).unwrap_or_default()
        }
        Value::Array(items) => items.iter().flat_map(|item| marks_of(item, within)).collect(),
        Value::Object(fields) => {
            let named = value["conversation"].as_str().and_then(|id| id.parse().ok());
            fields.values().flat_map(|field| marks_of(field, named.or(within))).collect()
        }
        _ => Vec::new(),
    }
}

/// Words that nothing says any more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gone {
    /// The conversation's version since which that is so.
    pub(crate) version: u64,
    /// Their message was taken back; otherwise it says something else.
    pub(crate) recalled: bool,
}

/// The words of one conversation.
#[derive(Default)]
struct Place {
    /// Up to which version they were looked at.
    version: u64,
    /// What each message said, the newest last.
    said: BTreeMap<u64, Vec<String>>,
    /// The messages that say it now.
    now: BTreeMap<String, BTreeSet<u64>>,
    gone: BTreeMap<String, Gone>,
}

/// The words of all conversations.
#[derive(Default)]
pub(crate) struct Words {
    places: BTreeMap<ConversationId, Place>,
}

impl Words {
    /// A conversation has committed something.
    pub(crate) fn commit(&mut self, id: ConversationId, sql: &dyn Sql) -> Result<(), Fault> {
        let place = self.places.entry(id).or_default();
        let query = "SELECT seq, body, version FROM messages WHERE version > ?1 ORDER BY version";
        for row in sql.query(query, &[place.version.into()])? {
            let (seq, body, version) = (row.number(0)?, row.json::<Body>(1)?, row.number(2)?);
            let mark =
                body.text().and_then(|text| marks(text).first().map(|&mark| mark.to_owned()));
            place.says(seq, mark, Gone { version, recalled: body.is_recalled() });
        }
        Ok(())
    }

    /// Words that are gone, where they are.
    pub(crate) fn gone(&self, id: ConversationId, mark: &str) -> Option<Gone> {
        let place = self.places.get(&id)?;
        place.gone.get(mark).copied().filter(|_| !place.now.contains_key(mark))
    }
}

impl Place {
    /// A message says this now, or nothing; what it said before is gone so.
    fn says(&mut self, seq: u64, mark: Option<String>, gone: Gone) {
        self.version = self.version.max(gone.version);
        let said = self.said.entry(seq).or_default();
        for before in said.iter().filter(|before| Some(*before) != mark.as_ref()) {
            if let Some(who) = self.now.get_mut(before) {
                who.remove(&seq);
                if who.is_empty() {
                    self.now.remove(before);
                }
            }
            let known = self.gone.entry(before.clone()).or_insert(gone);
            if gone.recalled && !known.recalled {
                *known = gone;
            }
        }
        if let Some(mark) = mark {
            self.now.entry(mark.clone()).or_default().insert(seq);
            if said.last() != Some(&mark) {
                said.push(mark);
            }
        }
    }
}
