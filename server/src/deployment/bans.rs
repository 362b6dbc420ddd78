//! Who is banned. The account itself keeps them out; this is the list.

use tideline_shared::protocol::Did;
use tideline_shared::{Code, Person, UserId};

use super::{gone, log, owner};
use crate::account::AccountCall;
use crate::outbox;
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Failure, Turn};

pub(super) const TABLE: &str = "CREATE TABLE bans (
        user TEXT PRIMARY KEY,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID";

/// Bans somebody, or lets them in again; where that is so already, nothing changes.
pub(super) fn set(
    turn: &mut Turn<'_>,
    by: &Person,
    person: &Person,
    banned: bool,
) -> Result<(), Failure> {
    let user = person.user;
    // Whoever bans is the owner, who is not to lock themselves out.
    if user == by.user {
        return Err(Code::Yourself.into());
    }
    if of(turn.sql, &[user])?.is_empty() != banned {
        return Ok(());
    }
    let row = params![user.to_string(), turn.now.0];
    if banned {
        turn.sql.execute("INSERT INTO bans (user, at) VALUES (?1, ?2)", row)?;
    } else {
        turn.sql.execute("DELETE FROM bans WHERE user = ?1", params![user.to_string()])?;
    }
    let call = AccountCall::SetBanned { banned, word: owner::next_word(turn.sql)? };
    outbox::owe(turn, Address::Account(user), "banned", &call)?;
    let person = gone::or_nobody(turn.sql, person)?;
    let did = if banned { Did::Ban { person } } else { Did::Unban { person } };
    Ok(log::write(turn, by, &did)?)
}

/// Who of these is banned.
pub(super) fn of(sql: &dyn Sql, users: &[UserId]) -> Result<Vec<UserId>, Fault> {
    let mut banned = Vec::new();
    for &user in users {
        let query = "SELECT 1 FROM bans WHERE user = ?1";
        if sql.first(query, params![user.to_string()])?.is_some() {
            banned.push(user);
        }
    }
    Ok(banned)
}

pub(super) fn count(sql: &dyn Sql) -> Result<u64, Fault> {
    sql.first("SELECT count(*) FROM bans", &[])?.map_or(Ok(0), |row| row.number(0))
}
