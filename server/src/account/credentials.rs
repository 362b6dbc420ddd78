//! How a person proves who they are: handle and password, and the sessions of their devices.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tideline_shared::{
    Code, ConversationId, DisplayName, Gender, Password, Person, Reject, SessionId, UserId,
    UserName,
};

use super::{
    AccountAnswer, Act, acts, clock, deployment, notices, password, presence, profile, sessions,
};
use crate::conversation::ConversationCall;
use crate::directory::{DirectoryCall, claims_shard, people_shard};
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Audience, Failure, Turn};
use crate::{limits, mirror, outbox, params};

/// A session that nobody used for this long is over, in milliseconds (90 days).
pub(super) const SESSION_IDLE_MS: u64 = 90 * 24 * 60 * 60 * 1_000;
/// How exactly the last use of a session is known, in milliseconds (an hour): each use is a write
/// otherwise.
const SEEN_EVERY_MS: u64 = 60 * 60 * 1_000;

/// A session that was just opened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Whose.
    pub person: Person,
    /// Its id.
    pub session: SessionId,
    /// What the cookie holds, beside the user; known to nobody else.
    pub secret: String,
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The secret stays out of logs.
        write!(f, "Signed({}, {})", self.person.user, self.session)
    }
}

/// An account to be, as typed.
pub(super) struct New {
    pub(super) user: UserId,
    pub(super) user_name: String,
    pub(super) password: String,
    pub(super) display_name: String,
}

pub(super) fn register(turn: &mut Turn<'_>, new: &New, owner: bool) -> Result<(), Failure> {
    let user_name = UserName::parse(&new.user_name)?;
    let password = Password::parse(&new.password)?;
    let display_name = DisplayName::parse(&new.display_name)?;
    let hash = password::hash(password.as_bytes(), &turn.random(), turn.limits.password_kib)?;
    insert(turn, new.user, &display_name)?;
    if owner {
        deployment::claim(turn, new.user)?;
    }
    Ok(keep_credentials(turn, &user_name, &hash)?)
}

pub(super) fn register_guest(
    turn: &mut Turn<'_>,
    user: UserId,
    display_name: &str,
) -> Result<(), Failure> {
    insert(turn, user, &DisplayName::parse(display_name)?)?;
    Ok(profile::publish(turn)?)
}

/// Whether the handle belongs to this account. An account that asks itself this without existing
/// is void from now on: the claim was made by a registration that never got here.
pub(super) fn vouch(turn: &Turn<'_>, user_name: &str) -> Result<bool, Failure> {
    let row = turn.sql.first("SELECT user_name FROM account", &[])?;
    match row {
        Some(row) => Ok(row.maybe_text(0)? == Some(user_name)),
        None => {
            turn.sql.execute("UPDATE clock SET void = 1", &[])?;
            Ok(false)
        }
    }
}

/// Whether anybody is registered here. If not, nobody ever will be: the deployment was claimed by a
/// registration that never got here.
pub(super) fn vouch_owner(turn: &Turn<'_>) -> Result<bool, Failure> {
    let exists = turn.sql.first("SELECT 1 FROM account", &[])?.is_some();
    if !exists {
        turn.sql.execute("UPDATE clock SET void = 1", &[])?;
    }
    Ok(exists)
}

pub(super) fn set(turn: &mut Turn<'_>, user_name: &str, password: &str) -> Result<(), Failure> {
    let user_name = UserName::parse(user_name)?;
    let password = Password::parse(password)?;
    if profile::load(turn.sql)?.person.user_name.is_some() {
        return Err(Code::AlreadyRegistered.into());
    }
    let hash = password::hash(password.as_bytes(), &turn.random(), turn.limits.password_kib)?;
    keep_credentials(turn, &user_name, &hash)?;
    Ok(profile::changed(turn)?)
}

/// Changes the password: whoever knows the old one, or has a session by it, is out.
pub(super) fn change_password(
    turn: &mut Turn<'_>,
    by: SessionId,
    password: &str,
    new_password: &str,
) -> Result<AccountAnswer, Failure> {
    sessions::require(turn.sql, by)?;
    if profile::load(turn.sql)?.person.user_name.is_none() {
        return Err(Code::NoPassword.into());
    }
    let new_password = Password::parse(new_password)?;
    if !is_right(turn, password)? {
        return Ok(AccountAnswer::WrongPassword);
    }
    let hash = password::hash(new_password.as_bytes(), &turn.random(), turn.limits.password_kib)?;
    turn.sql.execute("UPDATE account SET password_hash = ?1", params![hash])?;
    sessions::end_others(turn, by)?;
    Ok(AccountAnswer::Done)
}

pub(super) fn sign_in(
    turn: &mut Turn<'_>,
    password: &str,
    device: &str,
) -> Result<AccountAnswer, Failure> {
    if is_right(turn, password)? {
        open_session(turn, device).map(AccountAnswer::Signed)
    } else {
        Ok(AccountAnswer::WrongPassword)
    }
}

/// Whether this is the account's password. Wrong ones are counted; too many, too fast, are refused.
pub(super) fn is_right(turn: &Turn<'_>, password: &str) -> Result<bool, Failure> {
    let row = turn.sql.first("SELECT password_hash FROM account", &[])?;
    let hash = row.as_ref().map(|row| row.maybe_text(0)).transpose()?.flatten();
    // Asked before hashing, so that guessing costs us nothing once it is too fast. Whether the
    // answer is wrong is counted by the turn that finds it so.
    limits::check(turn.sql, turn.now, turn.limits.wrong_password, "wrong_password")?;
    let right = match hash {
        Some(hash) => password::verify(password.as_bytes(), hash)?,
        None => {
            password::waste_time(password);
            false
        }
    };
    if !right {
        limits::spend(turn.sql, turn.now, turn.limits.wrong_password, "wrong_password")?;
    }
    Ok(right)
}

pub(super) fn authenticate(
    turn: &Turn<'_>,
    secret: &str,
    mirror: Option<ConversationId>,
    act: Option<Act>,
) -> Result<AccountAnswer, Failure> {
    let row = turn
        .sql
        .first("SELECT id, seen_at FROM sessions WHERE hash = ?1", params![fingerprint(secret)])?;
    let row = row.ok_or(Code::SessionEnded)?;
    deployment::require_welcome(turn.sql)?;
    let (session, seen_at) = (row.parse::<SessionId>(0)?, row.number(1)?);
    let unseen_ms = turn.now.0.saturating_sub(seen_at);
    if unseen_ms > SESSION_IDLE_MS {
        return Err(Code::SessionEnded.into());
    }
    if unseen_ms > SEEN_EVERY_MS {
        turn.sql.execute(
            "UPDATE sessions SET seen_at = ?2 WHERE id = ?1",
            params![session.to_string(), turn.now.0],
        )?;
    }
    if let Some(conversation) = mirror {
        remember_mirror(turn.sql, session, conversation)?;
    }
    if let Some(act) = act {
        acts::count(turn, act)?;
    }
    let person = profile::load(turn.sql)?.person;
    Ok(AccountAnswer::Known { person: profile::as_shown(turn.sql, person, false)?, session })
}

/// Whose session it is that searches.
pub(super) fn searcher(turn: &Turn<'_>, secret: &str) -> Result<UserId, Failure> {
    authenticate(turn, secret, None, None)?;
    limits::spend(turn.sql, turn.now, turn.limits.search, "search")?;
    Ok(profile::load(turn.sql)?.person.user)
}

/// Ends a session, and its sockets.
pub(super) fn sign_out(turn: &mut Turn<'_>, session: SessionId) -> Result<(), Failure> {
    turn.sql.execute("DELETE FROM sessions WHERE id = ?1", params![session.to_string()])?;
    end_sockets(turn, session, Code::SessionEnded)
}

/// Ends the sockets of a session: those here now, those at conversations as soon as they are reached.
pub(super) fn end_sockets(
    turn: &mut Turn<'_>,
    session: SessionId,
    why: Code,
) -> Result<(), Failure> {
    let id = session.to_string();
    presence::leave(turn.sql, session)?;
    notices::unsubscribe(turn.sql, session)?;
    let mirrors = turn
        .sql
        .query("SELECT conversation FROM mirrors WHERE session = ?1", params![id.as_str()])?;
    for row in mirrors {
        outbox::owe(
            turn,
            Address::Conversation(row.parse(0)?),
            &format!("session {id}"),
            &ConversationCall::SessionEnded { session },
        )?;
    }
    turn.sql.execute("DELETE FROM mirrors WHERE session = ?1", params![id])?;
    mirror::end(turn, Audience::Session(session), Reject::new(why));
    Ok(())
}

fn insert(turn: &Turn<'_>, user: UserId, display_name: &DisplayName) -> Result<(), Failure> {
    let void = clock(turn.sql)?.number(2)? == 1;
    let taken = turn.sql.first("SELECT 1 FROM account", &[])?.is_some();
    if void || taken {
        return Err(Code::AlreadyRegistered.into());
    }
    let version = super::next_version(turn.sql)?;
    turn.sql.execute(
        "INSERT INTO account
         (id, user, display_name, gender, signature, created_at, profile_version)
         VALUES (1, ?1, ?2, ?3, '', ?4, ?5)",
        params![
            user.to_string(),
            display_name.as_str(),
            profile::gender_column(Gender::Unstated)?,
            turn.now.0,
            version
        ],
    )?;
    Ok(())
}

/// Keeps handle and password, and tells the directory that its claim holds.
fn keep_credentials(turn: &mut Turn<'_>, name: &UserName, hash: &str) -> Result<(), Fault> {
    turn.sql.execute(
        "UPDATE account SET user_name = ?1, password_hash = ?2",
        params![name.as_str(), hash],
    )?;
    let user = profile::load_required(turn.sql)?.person.user;
    let user_name = name.as_str().to_owned();
    outbox::owe(
        turn,
        Address::Directory(claims_shard(&user_name)),
        "claim",
        &DirectoryCall::Confirm { user_name, user },
    )?;
    profile::publish(turn)
}

/// Opens a session, of a device that is called so.
pub(super) fn open_session(turn: &mut Turn<'_>, device: &str) -> Result<Signed, Failure> {
    deployment::require_welcome(turn.sql)?;
    let secret = hex(&turn.random::<32>());
    let session = SessionId::new(turn.now.0, turn.random());
    turn.sql.execute(
        "INSERT INTO sessions (id, hash, created_at, seen_at, device) VALUES (?1, ?2, ?3, ?3, ?4)",
        params![session.to_string(), fingerprint(&secret), turn.now.0, device],
    )?;
    Ok(Signed { person: profile::load(turn.sql)?.person, session, secret })
}

fn remember_mirror(
    sql: &dyn Sql,
    session: SessionId,
    conversation: ConversationId,
) -> Result<(), Fault> {
    // Asked first: a row that is there already must not be paid for again.
    let (session, conversation) = (session.to_string(), conversation.to_string());
    let known = sql.first(
        "SELECT 1 FROM mirrors WHERE session = ?1 AND conversation = ?2",
        params![session.as_str(), conversation.as_str()],
    )?;
    if known.is_some() {
        return Ok(());
    }
    sql.execute(
        "INSERT INTO mirrors (session, conversation) VALUES (?1, ?2)",
        params![session, conversation],
    )
}

/// What the database keeps of a secret. The secret has 256 random bits: one round of SHA-256 is
/// enough, there is nothing to guess.
fn fingerprint(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the directory lists this person.
pub(super) fn listing(user: UserId) -> Address {
    Address::Directory(people_shard(user))
}
