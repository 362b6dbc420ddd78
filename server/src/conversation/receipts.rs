//! How far members have read, who gets to know it, and who is writing.
//!
//! A member's account says how far they are, and whether they share it; who does not share does not
//! see what others share. In a direct conversation each step is told. In a group only the two who have
//! read furthest are: one of them is not the author of the message in question, so everybody knows of
//! their own messages whether somebody has read them, and a thousand readers cost two changes. Who
//! has read a message is answered when asked.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use tideline_shared::protocol::{
    ConversationReply, ConversationRow, Kind, Receipt as Shown, ServerFrame,
};
use tideline_shared::rights::Deed;
use tideline_shared::{Code, UserId};

use super::members::Stored as Member;
use super::{blocks, changes, next_quiet_version, record, rights};
use crate::limits;
use crate::params;
use crate::sql::{Fault, Row, Sql};
use crate::turn::{Audience, Failure, Turn};

/// The table. `shares`: what they read; `shows`: that they write. `heard`: the version of the account
/// that decided so. `version`: the conversation's that told it last, 0 for never.
pub(super) const SCHEMA: &[&str] = &[
    "CREATE TABLE receipts (
        user TEXT PRIMARY KEY,
        received INTEGER NOT NULL,
        read INTEGER NOT NULL,
        shares INTEGER NOT NULL,
        shows INTEGER NOT NULL,
        heard INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX receipts_told ON receipts (version) WHERE version > 0",
    // Whoever hides something, which few do: looked for with every change that is told.
    "CREATE INDEX receipts_hide ON receipts (user) WHERE shares = 0 OR shows = 0",
    "INSERT INTO receipts (user, received, read, shares, shows, heard, version)
     SELECT user, 0, 0, 1, 1, 0, 0 FROM members WHERE left_at IS NULL",
];

/// What a member's account says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Messages up to this `seq` came to one of their devices.
    pub received: u64,
    /// Messages up to this `seq` were read.
    pub read: u64,
    /// They share this.
    pub shares: bool,
    /// They show when they write.
    pub shows: bool,
    /// The account's version that decided what is shared: older decisions change nothing.
    pub since: u64,
}

/// What is known of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stored {
    user: UserId,
    said: Receipt,
    version: u64,
}

const COLUMNS: &str = "user, received, read, shares, shows, heard, version";

impl Stored {
    fn read(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            user: row.parse(0)?,
            said: Receipt {
                received: row.number(1)?,
                read: row.number(2)?,
                shares: row.number(3)? == 1,
                shows: row.number(4)? == 1,
                since: row.number(5)?,
            },
            version: row.number(6)?,
        })
    }

    fn save(&self, sql: &dyn Sql) -> Result<(), Fault> {
        let Receipt { received, read, shares, shows, since } = self.said;
        sql.execute(
            &format!(
                "INSERT OR REPLACE INTO receipts ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
            ),
            params![self.user.to_string(), received, read, shares, shows, since, self.version],
        )
    }

    /// The row for a reader who shares as well, or does not.
    fn shown(&self, to_sharer: bool) -> Shown {
        let Receipt { received, read, shares, .. } = self.said;
        let shown = |seq| if shares && to_sharer { seq } else { 0 };
        Shown { user: self.user, received: shown(received), read: shown(read) }
    }

    fn says_something(&self) -> bool {
        self.said.shares && (self.said.received > 0 || self.said.read > 0)
    }
}

fn load(sql: &dyn Sql, user: UserId) -> Result<Option<Stored>, Fault> {
    let query = format!("SELECT {COLUMNS} FROM receipts WHERE user = ?1");
    sql.first(&query, params![user.to_string()])?.as_ref().map(Stored::read).transpose()
}

fn select(sql: &dyn Sql, rest: &str, since: u64) -> Result<Vec<Stored>, Fault> {
    let query = format!("SELECT {COLUMNS} FROM receipts {rest}");
    sql.query(&query, params![since])?.iter().map(Stored::read).collect()
}

/// Somebody came in: until their account has said what they share, they share nothing.
pub(super) fn come_in(sql: &dyn Sql, user: UserId) -> Result<(), Fault> {
    let version = load(sql, user)?.map_or(0, |before| before.version);
    Stored { user, said: Receipt::default(), version }.save(sql)
}

/// Somebody is gone: where something was told of them, it is taken back.
pub(super) fn leave(turn: &mut Turn<'_>, user: UserId) -> Result<(), Fault> {
    let Some(before) = load(turn.sql, user)? else { return Ok(()) };
    if before.version == 0 {
        let delete = "DELETE FROM receipts WHERE user = ?1";
        return turn.sql.execute(delete, params![user.to_string()]);
    }
    let version = next_quiet_version(turn.sql)?;
    let gone = Stored { user, said: Receipt::default(), version };
    gone.save(turn.sql)?;
    let mut rows = vec![gone];
    rows.extend(move_up(turn.sql, user, version)?);
    tell(turn, user, version, &rows, false)
}

/// Takes in what a member's account says.
pub(super) fn hear(turn: &mut Turn<'_>, by: UserId, said: Receipt) -> Result<(), Failure> {
    let kind = record::require(turn.sql)?.record.kind;
    let Some(before) = load(turn.sql, by)? else { return Ok(()) };
    let mut after = before;
    // Nothing passes while somebody is blocked, either way, and nobody can tell.
    if kind == Kind::Group || !blocks::hold(turn.sql)? {
        after.said.received = before.said.received.max(said.received);
        after.said.read = before.said.read.max(said.read);
    }
    if said.since >= before.said.since {
        after.said =
            Receipt { shares: said.shares, shows: said.shows, since: said.since, ..after.said };
    }
    if after == before {
        return Ok(());
    }
    let turned = after.said.shares != before.said.shares;
    let rises = after.shown(true) != before.shown(true);
    let leads = kind == Kind::Direct || turned || is_among_first(turn.sql, &after)?;
    // What others share comes into sight, or goes out of it.
    let uncovers = turned
        && select(turn.sql, "WHERE version > ?1", 0)?
            .iter()
            .any(|other| other.user != by && other.says_something());
    let is_news = (rises && leads) || uncovers;
    if !is_news {
        return Ok(after.save(turn.sql)?);
    }
    after.version = next_quiet_version(turn.sql)?;
    after.save(turn.sql)?;
    let mut rows = vec![after];
    if turned {
        rows.extend(move_up(turn.sql, by, after.version)?);
    }
    Ok(tell(turn, by, after.version, &rows, turned)?)
}

/// Tells everybody who looks of a change, each what they may know.
fn tell(
    turn: &mut Turn<'_>,
    by: UserId,
    version: u64,
    rows: &[Stored],
    turned: bool,
) -> Result<(), Fault> {
    let frame = |rows: Vec<Shown>| ServerFrame::<_, ConversationReply>::Change {
        version,
        rows: rows.into_iter().map(ConversationRow::Receipt).collect(),
    };
    let mut apart = hiding(turn.sql, "shares")?;
    if turned && !apart.contains(&by) {
        apart.push(by);
    }
    for &viewer in &apart {
        let rows = if viewer == by { since(turn.sql, by, version - 1)? } else { Vec::new() };
        turn.push(Audience::LiveOf(viewer), &frame(rows))?;
    }
    let rows = rows.iter().map(|row| row.shown(true)).collect();
    turn.push(Audience::LiveBut(Rc::from(apart)), &frame(rows))
}

/// Who does not share this.
fn hiding(sql: &dyn Sql, what: &str) -> Result<Vec<UserId>, Fault> {
    let rows = sql.query(&format!("SELECT user FROM receipts WHERE {what} = 0"), &[])?;
    rows.iter().map(|row| row.parse(0)).collect()
}

/// Whether fewer than two others have read as far.
fn is_among_first(sql: &dyn Sql, one: &Stored) -> Result<bool, Fault> {
    let rows = sql.query(
        "SELECT 1 FROM receipts WHERE read >= ?1 AND user <> ?2 AND shares = 1 LIMIT 2",
        params![one.said.read, one.user.to_string()],
    )?;
    Ok(rows.len() < 2)
}

fn first_two(sql: &dyn Sql) -> Result<Vec<Stored>, Fault> {
    select(sql, "WHERE shares = 1 AND read > ?1 ORDER BY read DESC, user LIMIT 2", 0)
}

/// Who took the place of `whose` at the front of a group may not have been told of: they are, with this
/// version.
fn move_up(sql: &dyn Sql, whose: UserId, version: u64) -> Result<Vec<Stored>, Fault> {
    let mut first = first_two(sql)?;
    first.retain(|first| first.user != whose);
    for first in &mut first {
        first.version = version;
        first.save(sql)?;
    }
    Ok(first)
}

/// What `viewer` did not hear after `since`, in its final state.
pub(super) fn since(sql: &dyn Sql, viewer: UserId, since: u64) -> Result<Vec<Shown>, Fault> {
    let own = load(sql, viewer)?;
    let shares = own.is_some_and(|own| own.said.shares);
    // When they began to share, or ended it, everything changed for them.
    let from = if own.is_some_and(|own| own.version > since) { 0 } else { since };
    let rows = select(sql, "WHERE version > ?1 ORDER BY version, user", from)?;
    Ok(rows.iter().map(|row| row.shown(shares)).collect())
}

/// What `viewer` may know of everybody.
pub(super) fn all(sql: &dyn Sql, viewer: UserId) -> Result<Vec<Shown>, Fault> {
    let mut rows = since(sql, viewer, 0)?;
    rows.retain(|row| row.received > 0 || row.read > 0);
    Ok(rows)
}

/// Who has read a message, as far as they share it: for its author, who shares it as well. To an author whose account has
/// not said so yet nobody is named.
pub(super) fn readers(sql: &dyn Sql, by: UserId, seq: u64) -> Result<ConversationReply, Failure> {
    let message = changes::require(sql, by, seq)?;
    if message.author != by {
        return Err(Code::NotTheAuthor.into());
    }
    match load(sql, by)?.map(|own| own.said).unwrap_or_default() {
        own if own.shares => {}
        own if own.since > 0 => return Err(Code::ReceiptsHidden.into()),
        _ => return Ok(ConversationReply::Readers { users: Vec::new() }),
    }
    let rows = select(sql, "WHERE shares = 1 AND read >= ?1 ORDER BY user", seq)?;
    let users = rows.into_iter().map(|row| row.user).filter(|&user| user != by).collect();
    Ok(ConversationReply::Readers { users })
}

/// A member is writing: told to who looks and shows the same of themselves.
pub(super) fn typing(turn: &mut Turn<'_>, by: &Member) -> Result<(), Failure> {
    rights::require(turn, by, Deed::Send)?;
    let user = by.member.person.user;
    // Counted before anything else: a limit that does not hold over a block would tell of it.
    limits::spend_often(turn, turn.limits.signal, format!("typing {user}"))?;
    let shows = load(turn.sql, user)?.is_some_and(|own| own.said.shows);
    if !shows || blocks::hold(turn.sql)? {
        return Ok(());
    }
    let mut apart = hiding(turn.sql, "shows")?;
    apart.push(user);
    let rows = vec![ConversationRow::Typing { user }];
    let frame = ServerFrame::<_, ConversationReply>::Signal { rows };
    Ok(turn.push(Audience::LiveBut(Rc::from(apart)), &frame)?)
}
