//! How much of what is too much, and the buckets that count it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tideline_shared::{Reject, Timestamp};

use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Failure, Turn};

/// So many at once, then one every so often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// How many may come at once after a quiet time.
    pub burst: u64,
    /// Milliseconds after which one more may come.
    pub every_ms: u64,
}

/// The rates of a deployment; `TIDELINE_LIMITS` overrides single ones, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// New accounts, per network address.
    pub register: Rate,
    /// New guests, per network address.
    pub guest: Rate,
    /// Tries to sign in, per network address.
    pub sign_in: Rate,
    /// Wrong passwords, per account.
    pub wrong_password: Rate,
    /// Looks at an invite, per network address.
    pub invite: Rate,
    /// Searches, per account.
    pub find: Rate,
    /// Searches of messages and groups, per account: a long list takes several.
    pub search: Rate,
    /// Changes of the profile, per account: each is told to every conversation.
    pub profile: Rate,
    /// Exports, per account.
    pub export: Rate,
    /// Groups that somebody makes, per account.
    pub group: Rate,
    /// Direct conversations that somebody begins, per account.
    pub direct: Rate,
    /// Groups that somebody comes into, or asks to, per account.
    pub join: Rate,
    /// Sockets to conversations, per account.
    pub open: Rate,
    /// Messages over HTTP, per account, wherever they are said.
    pub say: Rate,
    /// Messages, per person and conversation.
    pub send: Rate,
    /// Reactions and pins, per person and conversation.
    pub react: Rate,
    /// Messages, per conversation, whoever writes them.
    pub talk: Rate,
    /// Requests for contacts, and their ends, per account: each is told to somebody.
    pub contact: Rate,
    /// Blocks and their ends, per account: each is told to a conversation.
    pub block: Rate,
    /// Drafts, and changes of how conversations are kept, per account.
    pub keep: Rate,
    /// Invite links that somebody makes, per person and group.
    pub link: Rate,
    /// Changes of a group and of its members, per person and group: each is told to every member.
    pub govern: Rate,
    /// Parts of files, per person and conversation.
    pub upload: Rate,
    /// Signals of somebody who writes or is there, per person and place: each is told to others.
    pub signal: Rate,
    /// Subscriptions to notices, per account.
    pub subscribe: Rate,
    /// Links whose pages are looked at, per person and conversation; more go without a card.
    pub preview: Rate,
    /// Reports, per account, or person and conversation.
    pub report: Rate,
    /// Memory that hashing a password takes, in KiB. No deployment can lower it; the simulator does,
    /// whose people have nothing to hide.
    #[serde(skip, default = "password_kib")]
    pub password_kib: u32,
}

fn password_kib() -> u32 {
    crate::account::PASSWORD_KIB
}

impl Default for Limits {
    fn default() -> Self {
        let rate = |burst, every_ms| Rate { burst, every_ms };
        Self {
            // A class or an office may stand behind one address.
            register: rate(30, 20_000),
            guest: rate(60, 10_000),
            sign_in: rate(30, 5_000),
            wrong_password: rate(8, 15_000),
            invite: rate(120, 1_000),
            find: rate(40, 500),
            search: rate(60, 250),
            profile: rate(20, 30_000),
            export: rate(3, 10 * 60_000),
            group: rate(30, 20_000),
            direct: rate(60, 10_000),
            join: rate(60, 10_000),
            // Who goes through their list with a key held down opens ten in a second.
            open: rate(300, 500),
            say: rate(300, 25),
            // Nobody types that fast; a program that does gets through, evenly.
            send: rate(60, 50),
            react: rate(60, 200),
            talk: rate(1_000, 5),
            contact: rate(30, 20_000),
            block: rate(60, 5_000),
            keep: rate(300, 100),
            link: rate(30, 10_000),
            govern: rate(30, 2_000),
            upload: rate(200, 500),
            signal: rate(20, 1_000),
            subscribe: rate(20, 30_000),
            preview: rate(20, 3_000),
            report: rate(10, 60_000),
            password_kib: password_kib(),
        }
    }
}

impl Limits {
    /// The defaults with what `overrides` (a JSON object, or nothing) says otherwise.
    ///
    /// # Errors
    /// What is wrong with the JSON.
    pub fn read(overrides: &str) -> Result<Self, serde_json::Error> {
        if overrides.trim().is_empty() {
            Ok(Self::default())
        } else {
            serde_json::from_str(overrides)
        }
    }
}

/// The table of buckets.
pub(crate) const SCHEMA: &str =
    "CREATE TABLE buckets (key TEXT PRIMARY KEY, full_at INTEGER NOT NULL) STRICT, WITHOUT ROWID";

/// Takes one token out of the bucket `key`, or says how long to wait. (GCRA: the row holds the
/// time at which the bucket will be full again; it is written with the turn, so a refused turn
/// costs nothing.)
///
/// # Errors
/// `rate_limited`.
pub(crate) fn spend(sql: &dyn Sql, now: Timestamp, rate: Rate, key: &str) -> Result<(), Failure> {
    let full_at = check(sql, now, rate, key)?;
    store(sql, key, full_at)
}

/// No object is put to sleep sooner, in milliseconds
/// (<https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/>).
const IDLE_MS: u64 = 10_000;

/// The same for what people do all the time: memory counts what time gives back before an object can be put to
/// sleep, and at most half of the bucket, so that nobody who talks costs a row for it. An object that sleeps
/// forgives nothing by that; one that dies forgives what memory counted.
///
/// # Errors
/// `rate_limited`.
pub(crate) fn spend_often(turn: &Turn<'_>, rate: Rate, key: String) -> Result<(), Failure> {
    let known = match turn.buckets.full_at(&key) {
        Some(full_at) => full_at,
        None => stored(turn.sql, &key)?,
    };
    let full_at = taken(turn.now, rate, known)?;
    if full_at.saturating_sub(turn.now.0) > IDLE_MS.min(capacity(rate) / 2) {
        store(turn.sql, &key, full_at)?;
    }
    turn.buckets.spent.borrow_mut().insert(key, full_at);
    Ok(())
}

/// What an object's memory knows of its buckets, by their keys: when each is full again.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    known: BTreeMap<String, u64>,
    /// In the turn that runs.
    spent: RefCell<BTreeMap<String, u64>>,
}

impl Buckets {
    fn full_at(&self, key: &str) -> Option<u64> {
        self.spent.borrow().get(key).or_else(|| self.known.get(key)).copied()
    }

    /// The turn is over: what it spent is spent if it is `kept`.
    pub(crate) fn settle(&mut self, now: Timestamp, kept: bool) {
        let spent = self.spent.take();
        if kept && !spent.is_empty() {
            self.known.extend(spent);
            self.known.retain(|_, full_at| *full_at > now.0);
        }
    }
}

fn store(sql: &dyn Sql, key: &str, full_at: u64) -> Result<(), Failure> {
    sql.execute(
        "INSERT INTO buckets (key, full_at) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET full_at = excluded.full_at",
        params![key, full_at],
    )?;
    Ok(())
}

fn stored(sql: &dyn Sql, key: &str) -> Result<u64, Fault> {
    let query = "SELECT full_at FROM buckets WHERE key = ?1";
    let rows = sql.cached(&["buckets"], query, params![key])?;
    rows.first().map_or(Ok(0), |row| row.number(0))
}

/// Milliseconds in which an empty bucket fills.
fn capacity(rate: Rate) -> u64 {
    rate.burst.saturating_mul(rate.every_ms)
}

/// Whether [`spend`] would succeed; then, when the bucket would be full again.
///
/// # Errors
/// `rate_limited`.
pub(crate) fn check(sql: &dyn Sql, now: Timestamp, rate: Rate, key: &str) -> Result<u64, Failure> {
    taken(now, rate, stored(sql, key)?)
}

/// When a bucket is full again, out of which one more token is taken.
fn taken(now: Timestamp, rate: Rate, full_at: u64) -> Result<u64, Failure> {
    let capacity = capacity(rate);
    // A clock that stepped back must not lock anybody out for longer than a bucket takes to fill.
    let full_at =
        full_at.clamp(now.0, now.0.saturating_add(capacity)).saturating_add(rate.every_ms);
    let missing = full_at.saturating_sub(now.0).saturating_sub(capacity);
    if missing > 0 { Err(Reject::rate_limited(missing).into()) } else { Ok(full_at) }
}
