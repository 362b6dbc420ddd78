//! How much of what is too much, and the buckets that count it.

use serde::{Deserialize, Serialize};
use tideline_shared::{Reject, Timestamp};

use crate::params;
use crate::sql::Sql;
use crate::turn::Failure;

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
    /// Messages, per person and conversation.
    pub send: Rate,
    /// Reactions and pins, per person and conversation.
    pub react: Rate,
    /// Messages, per conversation, whoever writes them.
    pub talk: Rate,
    /// Requests for contacts, and their ends, per account: each is told to somebody.
    pub contact: Rate,
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
            // Nobody types that fast; a program that does gets through, evenly.
            send: rate(60, 50),
            react: rate(60, 200),
            talk: rate(1_000, 5),
            contact: rate(30, 20_000),
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

/// The table that [`spend`] needs.
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
    sql.execute(
        "INSERT INTO buckets (key, full_at) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET full_at = excluded.full_at",
        params![key, full_at],
    )?;
    Ok(())
}

/// Whether [`spend`] would succeed; then, when the bucket would be full again.
///
/// # Errors
/// `rate_limited`.
pub(crate) fn check(sql: &dyn Sql, now: Timestamp, rate: Rate, key: &str) -> Result<u64, Failure> {
    let row = sql.first("SELECT full_at FROM buckets WHERE key = ?1", params![key])?;
    let stored = row.map(|row| row.number(0)).transpose()?.unwrap_or(0);
    let capacity = rate.burst.saturating_mul(rate.every_ms);
    // A clock that stepped back must not lock anybody out for longer than a bucket takes to fill.
    let full_at = stored.clamp(now.0, now.0.saturating_add(capacity)).saturating_add(rate.every_ms);
    let missing = full_at.saturating_sub(now.0).saturating_sub(capacity);
    if missing > 0 { Err(Reject::rate_limited(missing).into()) } else { Ok(full_at) }
}
