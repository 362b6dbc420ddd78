//! Who owns the deployment, and who may register.
//!
//! The first account of a deployment owns it. Its registration claims that before the account is
//! there, and the account confirms it. A claim that nobody confirms is doubted after a while: the
//! account is asked, and if it is not there it is void from then on, so a dead registration cannot
//! come back and own anything. Then, as in a deployment that has accounts from before there were
//! owners, the earliest account owns it.

use tideline_shared::protocol::RegistrationMode;
use tideline_shared::{Code, Timestamp, UserId};

use super::{DeploymentAnswer, announcement};
use crate::account::AccountCall;
use crate::outbox;
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Failure, Turn, to_json};

/// One row. `claimed_at`: since when the owner is to be confirmed. `is_surveyed`: whether the
/// directory was asked for earlier accounts since there was no owner. `word`: the number of the last
/// word to an account.
pub(super) const TABLE: &str = "CREATE TABLE deployment (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        owner TEXT,
        claimed_at INTEGER,
        is_surveyed INTEGER NOT NULL,
        registration TEXT NOT NULL,
        word INTEGER NOT NULL
    ) STRICT";
pub(super) const ROW: &str = "INSERT INTO deployment (id, is_surveyed, registration, word)
     VALUES (1, 0, '\"open\"', 0)";

/// For so long a claim is not doubted, in milliseconds: longer than a registration takes.
const UNDOUBTED_MS: u64 = 60_000;

struct State {
    owner: Option<UserId>,
    claimed_at: Option<Timestamp>,
    is_surveyed: bool,
    mode: RegistrationMode,
}

fn state(sql: &dyn Sql) -> Result<State, Fault> {
    let query = "SELECT owner, claimed_at, is_surveyed, registration FROM deployment";
    let row =
        sql.first(query, &[])?.ok_or_else(|| Fault("the deployment has no row".to_owned()))?;
    Ok(State {
        owner: row.maybe(0)?,
        claimed_at: row.maybe_number(1)?.map(Timestamp),
        is_surveyed: row.number(2)? == 1,
        mode: row.json(3)?,
    })
}

/// Whether it is known who owns the deployment, or that nobody does.
pub(super) fn is_known(sql: &dyn Sql) -> Result<bool, Fault> {
    let State { owner, is_surveyed, .. } = state(sql)?;
    Ok(owner.is_some() || is_surveyed)
}

/// Who may register.
pub(super) fn mode(sql: &dyn Sql) -> Result<RegistrationMode, Fault> {
    Ok(state(sql)?.mode)
}

pub(super) fn set_mode(sql: &dyn Sql, mode: RegistrationMode) -> Result<(), Fault> {
    sql.execute("UPDATE deployment SET registration = ?1", params![to_json(&mode)?])
}

/// Who may register, as a visitor sees it.
pub(super) fn registration(sql: &dyn Sql) -> Result<DeploymentAnswer, Fault> {
    let State { owner, is_surveyed, mode, .. } = state(sql)?;
    if owner.is_none() && !is_surveyed {
        return Ok(DeploymentAnswer::Survey);
    }
    Ok(DeploymentAnswer::Registration { mode, first: owner.is_none() })
}

/// Lets somebody register, or not.
pub(super) fn admit(turn: &mut Turn<'_>, user: UserId) -> Result<DeploymentAnswer, Failure> {
    let State { owner, claimed_at, is_surveyed, mode } = state(turn.sql)?;
    match (owner, claimed_at) {
        (None, _) if !is_surveyed => Ok(DeploymentAnswer::Survey),
        (None, _) => {
            turn.sql.execute(
                "UPDATE deployment SET owner = ?1, claimed_at = ?2",
                params![user.to_string(), turn.now.0],
            )?;
            admitted(turn.sql, true)
        }
        (Some(owner), _) if owner == user => admitted(turn.sql, true),
        (Some(owner), Some(since)) if turn.now.since(since) > UNDOUBTED_MS => {
            Ok(DeploymentAnswer::Doubt { user: owner })
        }
        (Some(_), _) => match mode {
            RegistrationMode::Open => admitted(turn.sql, false),
            RegistrationMode::Invite => Err(Code::InvitedOnly.into()),
            RegistrationMode::Closed => Err(Code::RegistrationClosed.into()),
        },
    }
}

fn admitted(sql: &dyn Sql, owner: bool) -> Result<DeploymentAnswer, Failure> {
    let announcement = announcement::stored(sql)?;
    Ok(DeploymentAnswer::Admitted { owner, announcement })
}

/// Lets a guest come in, or not.
pub(super) fn admit_guest(sql: &dyn Sql) -> Result<DeploymentAnswer, Failure> {
    match mode(sql)? {
        RegistrationMode::Open | RegistrationMode::Invite => admitted(sql, false),
        RegistrationMode::Closed => Err(Code::RegistrationClosed.into()),
    }
}

/// Takes in who was there first. Should somebody have claimed the deployment meanwhile, it is theirs.
pub(super) fn surveyed(turn: &mut Turn<'_>, earliest: Option<UserId>) -> Result<(), Fault> {
    if is_known(turn.sql)? {
        return Ok(());
    }
    turn.sql.execute(
        "UPDATE deployment SET owner = ?1, claimed_at = NULL, is_surveyed = 1",
        params![earliest.map(|user| user.to_string())],
    )?;
    match earliest {
        Some(user) => outbox::owe(turn, Address::Account(user), "own", &AccountCall::Own),
        None => Ok(()),
    }
}

/// Takes in whether the account of who claimed the deployment is there.
pub(super) fn vouched(sql: &dyn Sql, user: UserId, exists: bool) -> Result<(), Fault> {
    let became = if exists { "claimed_at = NULL" } else { "owner = NULL, is_surveyed = 0" };
    sql.execute(
        &format!("UPDATE deployment SET {became} WHERE owner = ?1 AND claimed_at IS NOT NULL"),
        params![user.to_string()],
    )
}

/// Nobody owns the deployment, should they do so.
pub(super) fn resign(sql: &dyn Sql, user: UserId) -> Result<(), Fault> {
    sql.execute(
        "UPDATE deployment SET owner = NULL, claimed_at = NULL, is_surveyed = 0 WHERE owner = ?1",
        params![user.to_string()],
    )
}

/// Refuses everybody but the owner.
pub(super) fn require(sql: &dyn Sql, by: UserId) -> Result<(), Failure> {
    if state(sql)?.owner == Some(by) { Ok(()) } else { Err(Code::NotAllowed.into()) }
}

/// The number of the next word to an account.
pub(super) fn next_word(sql: &dyn Sql) -> Result<u64, Fault> {
    let row = sql.first("UPDATE deployment SET word = word + 1 RETURNING word", &[])?;
    row.ok_or_else(|| Fault("the deployment has no row".to_owned()))?.number(0)
}
