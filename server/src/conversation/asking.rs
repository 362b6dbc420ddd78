//! Who may let people in hears how many ask, on all their devices, whatever they look at.
//!
//! Each of their accounts is owed the number (outbox) whenever it is another one, and none as soon as
//! they may not know any more. Nobody else's account is written for it. Words to one account are
//! numbered, so an older one that comes late changes nothing.

use std::collections::BTreeMap;

use tideline_shared::UserId;
use tideline_shared::protocol::{Kind, Role};
use tideline_shared::rights::{self, Deed};

use super::record;
use crate::account::AccountCall;
use crate::agenda::{Agenda, Work};
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Turn};
use crate::{outbox, params};

/// What each account was told last: how many ask, and the word's number.
pub(super) const SCHEMA: &[&str] = &["CREATE TABLE asking (
        user TEXT PRIMARY KEY,
        people INTEGER NOT NULL,
        word INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID"];

/// Memory of whether there is anybody to tell of.
#[derive(Debug)]
pub(super) struct Asking(Agenda);

impl Default for Asking {
    fn default() -> Self {
        Self(Agenda::of(Work::Requests))
    }
}

impl Asking {
    /// Owes everybody what they do not know yet. Runs after every turn, before the outbox.
    pub(super) fn pump(&mut self, turn: &mut Turn<'_>) -> Result<(), Fault> {
        if self.0.next(turn).is_some() {
            return Ok(());
        }
        self.0.set(None);
        if tell(turn)? {
            self.0.forget();
        }
        Ok(())
    }
}

/// Whether somebody asks, or somebody was told so.
fn tell(turn: &mut Turn<'_>) -> Result<bool, Fault> {
    let row = turn.sql.first("SELECT count(*) FROM requests", &[])?;
    let people = row.map_or(Ok(0), |row| row.number(0))?;
    let query = "SELECT user FROM asking WHERE people > 0";
    let mut wanted = BTreeMap::new();
    for row in turn.sql.query(query, &[])? {
        wanted.insert(row.parse::<UserId>(0)?, 0);
    }
    if people > 0 {
        wanted.extend(leaders(turn.sql)?.into_iter().map(|user| (user, people)));
    }
    let somebody = !wanted.is_empty();
    for (user, people) in wanted {
        owe(turn, user, people)?;
    }
    Ok(somebody || people > 0)
}

fn leaders(sql: &dyn Sql) -> Result<Vec<UserId>, Fault> {
    let mut leaders = Vec::new();
    for row in sql.query("SELECT user, role FROM members WHERE left_at IS NULL", &[])? {
        if rights::may(row.json::<Role>(1)?, Kind::Group, Deed::Admit) {
            leaders.push(row.parse(0)?);
        }
    }
    Ok(leaders)
}

fn owe(turn: &mut Turn<'_>, user: UserId, people: u64) -> Result<(), Fault> {
    let query = "SELECT people, word FROM asking WHERE user = ?1";
    let row = turn.sql.first(query, params![user.to_string()])?;
    let (told, word) = match row {
        Some(row) => (row.number(0)?, row.number(1)?),
        None => (0, 0),
    };
    let Some(stored) = record::load(turn.sql)?.filter(|_| told != people) else { return Ok(()) };
    turn.sql.execute(
        "INSERT OR REPLACE INTO asking (user, people, word) VALUES (?1, ?2, ?3)",
        params![user.to_string(), people, word + 1],
    )?;
    let call = AccountCall::Asking { conversation: stored.conversation, people, word: word + 1 };
    outbox::owe(turn, Address::Account(user), "asking", &call)
}
