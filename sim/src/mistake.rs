//! Deliberate mistakes, to show that the simulator finds them. They live here, in what stands
//! around the real actors and engines; the product itself can make none of them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value, json};
use tideline_client::Mirror;
use tideline_server::Address;

/// A mistake that somebody could make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// An account confirms a delivery before it is committed.
    AcknowledgesEarly,
    /// A conversation does not look whether it knows a message's id.
    ForgetsIds,
    /// `seq` and version are taken outside of the transaction: a turn that is undone has used them
    /// up.
    NumbersOutside,
    /// A change that is not a message takes two versions, and tells of one.
    SkipsVersions,
    /// An account takes for read whatever it hears of.
    ReadsAll,
    /// An account keeps what was delivered, although it was taken back since.
    KeepsDelivered,
    /// A conversation keeps what a message said before it was taken back.
    KeepsRevisions,
    /// A conversation goes on telling who has left.
    TellsWhoLeft,
    /// A link does not count whom it let in.
    CountsNobody,
    /// A refused command has changed something already.
    KeepsRefused,
    /// A device applies a change although it missed the one before.
    IgnoresGaps,
    /// A device counts by itself what is unread.
    CountsItself,
}

/// Asked when an actor dies while its commit is under way: whether its answer left before.
pub(crate) fn answers_anyway(mistake: Option<Mistake>, at: Address) -> bool {
    mistake == Some(Mistake::AcknowledgesEarly) && matches!(at, Address::Account(_))
}

/// The statement that a mistaken actor would execute.
pub(crate) fn statement(mistake: Option<Mistake>, statement: &str) -> Cow<'_, str> {
    match mistake {
        Some(Mistake::NumbersOutside) => {
            // The column of old databases knows the last place that an undone turn has used up.
            let used_up = "(SELECT max(coalesce(max(seq), 0), last_seq) FROM messages) AS last_seq";
            let last = "(SELECT coalesce(max(seq), 0) FROM messages) AS last_seq";
            return statement.replace(last, used_up).into();
        }
        Some(Mistake::SkipsVersions)
            if statement.starts_with("UPDATE clock SET (version, told)") =>
        {
            return statement.replace("version + 1", "version + 2").into();
        }
        Some(Mistake::ReadsAll) if statement.starts_with("INSERT OR REPLACE INTO entries") => {
            return statement.replace(", ?8,", ", ?5,").into();
        }
        Some(Mistake::KeepsDelivered) if statement.starts_with("UPDATE timeline") => {
            return format!("{statement} AND 1 = 0").into();
        }
        Some(Mistake::KeepsRevisions) if statement == "DELETE FROM revisions WHERE seq = ?1" => {
            return format!("{statement} AND 1 = 0").into();
        }
        Some(Mistake::TellsWhoLeft)
            if statement.ends_with("FROM members WHERE version > ?1 ORDER BY version, user") =>
        {
            return statement.replace("left_at, left_seq", "NULL, NULL").into();
        }
        Some(Mistake::CountsNobody) => {
            return statement.replace("uses = uses + 1", "uses = uses").into();
        }
        Some(Mistake::ForgetsIds) => {}
        _ => return statement.into(),
    }
    let forgotten =
        statement.replace("FROM messages WHERE id = ?1", "FROM messages WHERE id = ?1 AND 1 = 0");
    forgotten.replace("id TEXT NOT NULL UNIQUE", "id TEXT NOT NULL").into()
}

/// What is executed although the turn is undone, given what it executed last.
pub(crate) fn left_behind(mistake: Option<Mistake>, took_place: bool) -> Option<&'static str> {
    match mistake? {
        Mistake::NumbersOutside if took_place => Some(
            "UPDATE clock SET (version, last_seq) = (SELECT version + 1, last_seq + 1 FROM now)",
        ),
        Mistake::KeepsRefused => Some("UPDATE clock SET version = (SELECT version + 1 FROM now)"),
        _ => None,
    }
}

/// What a mistaken device makes of the frames that come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ear {
    /// Its own counts, by conversation.
    counts: BTreeMap<String, u64>,
}

impl Ear {
    /// The frames as the device understands them.
    pub(crate) fn hear(
        &mut self,
        mistake: Option<Mistake>,
        mirror: Mirror,
        text: &str,
    ) -> Vec<String> {
        match mistake {
            Some(Mistake::IgnoresGaps) => ignore_gap(text),
            Some(Mistake::CountsItself) if mirror == Mirror::Account => vec![self.count(text)],
            _ => vec![text.to_owned()],
        }
    }

    fn count(&mut self, text: &str) -> String {
        // What is not JSON is a sign of life.
        let Ok(mut frame) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
        let is_page = frame["type"] == "page";
        let rows = frame.get_mut("rows").and_then(Value::as_array_mut).into_iter().flatten();
        for entry in rows.filter(|row| row["type"] == "entry") {
            let conversation = entry["conversation"].as_str().unwrap_or_default().to_owned();
            let true_count = entry["unread"].as_u64().unwrap_or_default();
            let count = self.counts.entry(conversation).or_default();
            *count = if is_page || true_count == 0 { true_count } else { *count + 1 };
            entry["unread"] = json!(*count);
        }
        type_first(&frame)
    }
}

/// Writes JSON as the service does: the type before everything else.
fn type_first(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(type_first).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| *key != "type");
            let write = |(key, value): (&String, &Value)| format!("{key:?}:{}", type_first(value));
            let fields: Vec<_> = fields.into_iter().map(write).collect();
            format!("{{{}}}", fields.join(","))
        }
        plain => plain.to_string(),
    }
}

/// Before a change, a page that says that everything up to it is here.
fn ignore_gap(text: &str) -> Vec<String> {
    let frame: Value = serde_json::from_str(text).unwrap_or_default();
    let mut heard = Vec::new();
    if frame["type"] == "change"
        && let Some(version) = frame["version"].as_u64()
    {
        let page = json!({"type": "page", "reset": false, "rows": [],
                          "cursor": version.saturating_sub(1), "done": true});
        heard.push(page.to_string());
    }
    heard.push(text.to_owned());
    heard
}
