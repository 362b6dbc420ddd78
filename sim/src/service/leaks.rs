//! Nothing is sent, answered or kept that says what was taken back, or what a message says no more where
//! that is not to be seen.

use std::collections::BTreeSet;

use serde_json::Value;
use tideline_server::{Address, Effect};
use tideline_shared::{ConversationId, UserId};

use super::Service;
use crate::words::{Gone, marks, marks_of};

/// Where a conversation keeps what messages said before, for those who may see it.
const EARLIER: [&str; 2] = ["revisions", "frozen"];

impl Service {
    /// Of what a turn asks for.
    pub(super) fn check_effect(&self, from: Address, effect: &Effect) {
        match effect {
            Effect::Push { frame: text, .. }
            | Effect::Call { to: Address::Account(_), body: text, .. } => {
                self.check_said(from, text)
            }
            Effect::Notify { dispatch, .. } => self.check_said(from, &dispatch.body),
            _ => {}
        }
    }

    /// Of what an actor says.
    pub(super) fn check_said(&self, from: Address, text: &str) {
        if marks(text).is_empty() {
            return;
        }
        match from {
            Address::Conversation(id) => {
                // Members see what a message said before when they ask for it.
                let earlier = text.contains(r#""revisions":["#) || self.has_blocks(id, None);
                let is_leak = |gone: &Gone| gone.recalled || !earlier;
                self.check_marks(from, id, text, is_leak);
            }
            Address::Account(user) => {
                let value: Value = serde_json::from_str(text).unwrap_or_default();
                self.check_told(user, &value, None);
            }
            Address::Directory(_) | Address::Deployment => {}
        }
    }

    fn check_marks(
        &self,
        from: Address,
        id: ConversationId,
        text: &str,
        is_leak: impl Fn(&Gone) -> bool,
    ) {
        for mark in marks(text) {
            let gone = self.words.borrow().gone(id, mark).filter(&is_leak);
            if let Some(gone) = gone {
                self.violate(format!("{from:?} still says {mark:?}, {gone:?}: {text}"));
            }
        }
    }

    /// An account says what it has heard: until it has heard that words are gone, it has them.
    fn check_told(&self, user: UserId, value: &Value, within: Option<ConversationId>) {
        for (id, mark) in marks_of(value, within) {
            let gone = self.words.borrow().gone(id, &mark);
            if let Some(gone) = gone
                && (gone.recalled || !self.has_blocks(id, Some(user)))
                && self.has_heard(user, id, gone.version)
            {
                let what = format!("the account of {user} still says {mark:?} of {id}, {gone:?}");
                self.violate(format!("{what}: {value}"));
            }
        }
    }

    /// Whether somebody ever blocked there: they keep messages as they were.
    pub(crate) fn has_blocks(&self, id: ConversationId, by: Option<UserId>) -> bool {
        let rows = self.rows(Address::Conversation(id), "SELECT made_by FROM blocks");
        let is_theirs = |user: UserId| by.is_none_or(|by| by == user);
        rows.iter().any(|row| row.parse(0).is_ok_and(is_theirs))
    }

    fn has_heard(&self, user: UserId, id: ConversationId, version: u64) -> bool {
        let rows =
            self.rows(Address::Account(user), "SELECT conversation, source_version FROM entries");
        let row = rows.iter().find(|row| row.parse::<ConversationId>(0).is_ok_and(|of| of == id));
        row.and_then(|row| row.number(1).ok()).is_some_and(|heard| heard >= version)
    }

    /// Of all that is stored, in all tables.
    pub(crate) fn check_kept(&self) {
        for at in self.addresses() {
            let tables = "SELECT name FROM sqlite_schema
                WHERE type = 'table' AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%'";
            for table in self.rows(at, tables) {
                let table = table.text(0).unwrap_or_default();
                for row in self.rows(at, &format!("SELECT * FROM {table}")) {
                    let cells = row.0.iter().map(|cell| format!("{cell:?}"));
                    self.check_row(at, table, &cells.collect::<Vec<_>>().join(" "));
                }
            }
        }
    }

    fn check_row(&self, at: Address, table: &str, row: &str) {
        match at {
            Address::Conversation(id) => {
                let earlier = EARLIER.contains(&table);
                self.check_marks(at, id, row, |gone| gone.recalled || !earlier);
            }
            Address::Account(user) => {
                let ids = row.split('"').filter_map(|word| word.parse::<ConversationId>().ok());
                for within in ids.collect::<BTreeSet<_>>() {
                    self.check_told(user, &Value::String(row.to_owned()), Some(within));
                }
            }
            Address::Directory(_) if !marks(row).is_empty() => {
                self.violate(format!("{at:?} holds what somebody said: {row}"));
            }
            // What was reported stays as it was then.
            Address::Directory(_) | Address::Deployment => {}
        }
    }
}
