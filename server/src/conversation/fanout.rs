//! Bringing what happened here to every member's account.
//!
//! Off the path that people wait on: a message is acknowledged once it is stored, and this works
//! through what is stored. Each account is brought from the version that it confirmed to the newest
//! in one call; what happens while that call is under way, or shortly after it, travels together in
//! the next.
//!
//! The database knows one number, up to which everybody has confirmed (it follows some seconds behind),
//! and a row for each account that lags behind it. Memory knows the rest. When it is lost, everybody is told again from that
//! number on; an account that knows already says so and writes nothing.

use std::collections::BTreeMap;
use std::rc::Rc;

use tideline_shared::protocol::Kind;
use tideline_shared::{Code, Reject, Timestamp, UserId};

use super::blocks::Veil;
use super::messages::News;
use super::{Clock, clock, members, messages, record};
use crate::account::{AccountCall, Delivery, Welcome};
use crate::sql::{Fault, Sql};
use crate::turn::{Address, CallId, Effect, Turn, Unreachable, to_json};
use crate::{backoff, params};

/// Most calls under way at a time, so that a large group does not crowd out its own members.
const IN_FLIGHT: usize = 12;
/// Most calls that the conversation owes others meanwhile: with these, the sixteen that an object may have.
pub(super) const OTHERS_IN_FLIGHT: usize = 4;
/// Every so many calls go to who heard the least, whether they look or not, so that nobody waits for ever
/// behind those who do.
const IN_TURN: u64 = 4;
/// For so long after a call, what is new waits for company, in milliseconds: a busy conversation costs
/// each account a call in that time, whatever is said in it. What comes after a pause waits for nothing;
/// and who looks at the conversation is told by it at once.
const GROUP_WINDOW_MS: u64 = 900;
/// The same between two people, of whom the other one may be about to be told by their phone.
const DIRECT_WINDOW_MS: u64 = 400;
/// So many calls begin within [`PACE_MS`], and no more: whoever writes meanwhile comes between.
const AT_ONCE: usize = 6;
/// See [`AT_ONCE`], in milliseconds.
const PACE_MS: u64 = 20;
/// Everybody's turn comes within so many milliseconds, however many there are: those who look at a device are told first.
/// Where all accounts of a large group share a machine, faster is too fast: nobody is heard any more.
const ROUND_MS: u64 = 2_500;
/// When the alarm looks after what the database does not know to be confirmed, in milliseconds: it stores
/// the watermark, or, should the memory be lost, everybody is told again.
const LOOK_AFTER_MS: u64 = 10_000;
/// Most messages that one call carries; of more, an account gets the newest, and its devices read
/// the rest here.
const MESSAGES: usize = 50;
/// How far the stored watermark may fall behind in a conversation that never rests, in versions.
const WATERMARK_LAG: u64 = 500;

/// How far one account is.
#[derive(Debug)]
struct Reach {
    /// Up to which version it has confirmed.
    confirmed: u64,
    /// Whether a call to it is under way.
    under_way: bool,
    /// Tries that failed since the last that did not.
    attempts: u64,
    /// Not before.
    due_at: Timestamp,
    /// Its person has left, with this version.
    left: Option<u64>,
    /// Its person came in with this version, at this time and after this message.
    joined: (u64, Welcome),
    /// There is a row for it in `lag`.
    lags: bool,
    /// Its person looked at a device when it last answered: they are told first.
    looks: bool,
}

/// The memory of the fan-out.
#[derive(Debug, Default)]
pub(super) struct Fanout {
    /// Everybody, once they were read from the database.
    reaches: Option<BTreeMap<UserId, Reach>>,
    /// The version up to which changes of members are known here.
    seen: u64,
    under_way: BTreeMap<CallId, (UserId, u64)>,
    /// How long an account is left in peace after a call.
    window_ms: u64,
    /// When the alarm comes for the watermark.
    settles_at: Option<Timestamp>,
    /// Calls so far.
    started: u64,
    /// Calls that began since the pace last began, and when it begins next.
    begun: usize,
    begins_at: Timestamp,
}

impl Fanout {
    /// Starts the calls that are due; says when to come back for the others.
    pub(super) fn pump(
        &mut self,
        turn: &mut Turn<'_>,
        clock: Clock,
    ) -> Result<Option<Timestamp>, Fault> {
        if clock.version == 0 {
            return Ok(None);
        }
        self.see_members(turn.sql, clock)?;
        self.start(turn, clock)?;
        let clock = self.keep_watermark(turn, clock)?;
        Ok(self.wake(turn, clock))
    }

    /// Takes in how a call ended.
    pub(super) fn returned(
        &mut self,
        turn: &mut Turn<'_>,
        id: CallId,
        answer: Result<Result<serde_json::Value, Reject>, Unreachable>,
    ) -> Result<(), Fault> {
        let Some((user, until)) = self.under_way.remove(&id) else { return Ok(()) };
        let Some(reaches) = &mut self.reaches else { return Ok(()) };
        let Some(reach) = reaches.get_mut(&user) else { return Ok(()) };
        reach.under_way = false;
        let failed = match answer {
            Ok(Ok(answer)) => {
                reach.looks = answer["looks"].as_bool().unwrap_or(false);
                false
            }
            Ok(Err(reject)) if reject.code == Code::UnknownPerson => {
                // There is no such account any more. Whoever it told of its end, it was not us.
                reaches.remove(&user);
                forget_lag(turn.sql, user)?;
                return members::gone(turn, user, members::LAST_VERSION);
            }
            // Any other refusal is final as well: nothing to retry.
            Ok(Err(reject)) => reject.code == Code::Internal,
            Err(_) => true,
        };
        if failed {
            reach.due_at = turn.now.after(backoff::wait_ms(reach.attempts, turn.random()));
            reach.attempts += 1;
            return reach.save(turn.sql, user);
        }
        reach.confirmed = reach.confirmed.max(until);
        reach.attempts = 0;
        reach.due_at = turn.now.after(self.window_ms);
        if reach.is_done_with() {
            reaches.remove(&user);
            return forget_lag(turn.sql, user);
        }
        if !reach.lags {
            Ok(())
        } else if reach.left.is_some() || reach.confirmed < clock(turn.sql)?.confirmed {
            // Who left and was not told so is known by this row alone.
            reach.save(turn.sql, user)
        } else {
            reach.lags = false;
            forget_lag(turn.sql, user)
        }
    }

    /// Brings the memory up to date with who is in the conversation.
    fn see_members(&mut self, sql: &dyn Sql, clock: Clock) -> Result<(), Fault> {
        if self.reaches.is_some() && self.seen == clock.version {
            return Ok(());
        }
        let fresh = self.reaches.is_none();
        if !fresh && members::last_change(sql)? <= self.seen {
            self.seen = clock.version;
            return Ok(());
        }
        let reaches = self.reaches.get_or_insert_default();
        for stored in members::changed_since(sql, if fresh { 0 } else { self.seen })? {
            let member = &stored.member;
            let welcome = Welcome { at: member.joined_at, seq: member.joined_seq };
            let known = reaches.remove(&member.person.user);
            if member.left.is_some() && fresh {
                // Long gone and told so, unless `lag` says otherwise below.
                continue;
            }
            // Somebody new has heard nothing; after a restart, everybody has heard what the
            // watermark says.
            let heard = if fresh { clock.confirmed } else { stored.joined_version - 1 };
            let mut reach = known.unwrap_or(Reach::new(heard));
            reach.joined = (stored.joined_version, welcome);
            reach.left = member.left.map(|_| stored.version);
            reach.lags |= reach.left.is_some();
            reaches.insert(member.person.user, reach);
        }
        if fresh {
            read_lag(sql, reaches)?;
            let kind = record::load(sql)?.map(|stored| stored.record.kind);
            self.window_ms = match kind {
                Some(Kind::Direct) => DIRECT_WINDOW_MS,
                _ => GROUP_WINDOW_MS,
            };
        }
        self.seen = clock.version;
        Ok(())
    }

    fn start(&mut self, turn: &mut Turn<'_>, clock: Clock) -> Result<(), Fault> {
        let Some(reaches) = &mut self.reaches else { return Ok(()) };
        let mut deliveries = None;
        let pace_ms = PACE_MS.min(ROUND_MS * AT_ONCE as u64 / reaches.len().max(1) as u64);
        while self.under_way.len() < IN_FLIGHT && turn.has_room() {
            let in_turn = self.started.is_multiple_of(IN_TURN);
            let due = |reach: &Reach| {
                !reach.under_way
                    && reach.confirmed < clock.told
                    && reach.is_due(turn.now, self.window_ms)
            };
            let next = reaches.iter_mut().filter(|(_, reach)| due(reach));
            let next = next.min_by_key(|(_, reach)| (!in_turn && !reach.looks, reach.confirmed));
            let Some((&user, reach)) = next else { break };
            if has_come(self.begins_at, turn.now, pace_ms) {
                (self.begun, self.begins_at) = (0, turn.now.after(pace_ms));
            }
            if self.begun >= AT_ONCE {
                turn.ask(Effect::WakeSoon(self.begins_at.since(turn.now)));
                break;
            }
            let deliveries = match &mut deliveries {
                Some(deliveries) => deliveries,
                none => none.insert(Deliveries::of(turn.sql, clock)?),
            };
            let (body, until) = deliveries.for_account(turn.sql, user, reach)?;
            reach.under_way = true;
            self.started += 1;
            self.begun += 1;
            self.under_way.insert(turn.call(Address::Account(user), body), (user, until));
        }
        Ok(())
    }

    /// Stores up to where everybody has confirmed, now and then: not with every message.
    fn keep_watermark(&mut self, turn: &Turn<'_>, clock: Clock) -> Result<Clock, Fault> {
        let Some(reaches) = &self.reaches else { return Ok(clock) };
        let is_due = self.settles_at.is_some_and(|settles_at| settles_at <= turn.now);
        if !is_due && clock.told.saturating_sub(clock.confirmed) <= WATERMARK_LAG {
            return Ok(clock);
        }
        self.settles_at = None;
        let floor = reaches.values().filter(|reach| !reach.lags).map(|reach| reach.confirmed).min();
        let confirmed = floor.unwrap_or(clock.version).max(clock.confirmed);
        if confirmed > clock.confirmed {
            turn.sql.execute("UPDATE clock SET confirmed = ?1", params![confirmed])?;
        }
        Ok(Clock { confirmed, ..clock })
    }

    /// When to come back: soon, with a timer, for what waits for company; with the alarm for what
    /// failed, and for what would be forgotten with the memory.
    fn wake(&mut self, turn: &mut Turn<'_>, clock: Clock) -> Option<Timestamp> {
        let reaches = self.reaches.as_ref()?;
        let waiting =
            || reaches.values().filter(|reach| !reach.under_way && reach.confirmed < clock.told);
        let (now, window_ms) = (turn.now, self.window_ms);
        let not_yet = |reach: &&Reach| !reach.is_due(now, window_ms);
        let soon = waiting().filter(|reach| reach.attempts == 0).filter(not_yet);
        if let Some(due_at) = soon.map(|reach| reach.due_at).min() {
            turn.ask(Effect::WakeSoon(due_at.since(turn.now)));
        }
        // What is due already only waits for a place, and goes with the next answer.
        let later = waiting().filter(|reach| reach.attempts > 0).filter(not_yet);
        let retry = later.map(|reach| reach.due_at).min();
        let unsettled = clock.confirmed < clock.told || !self.under_way.is_empty();
        let settles_at = self.settles_at.unwrap_or_else(|| turn.now.after(LOOK_AFTER_MS));
        self.settles_at = unsettled.then_some(settles_at);
        retry.into_iter().chain(self.settles_at).min()
    }
}

impl Reach {
    fn new(confirmed: u64) -> Self {
        Self {
            confirmed,
            under_way: false,
            attempts: 0,
            due_at: Timestamp(0),
            left: None,
            joined: (0, Welcome { at: Timestamp(0), seq: 0 }),
            lags: false,
            looks: false,
        }
    }

    /// May be called now.
    fn is_due(&self, now: Timestamp, window_ms: u64) -> bool {
        let wait_ms = if self.attempts == 0 { window_ms } else { backoff::LONGEST_MS };
        has_come(self.due_at, now, wait_ms)
    }

    /// Left, and told so.
    fn is_done_with(&self) -> bool {
        self.left.is_some_and(|left| self.confirmed >= left)
    }

    fn save(&mut self, sql: &dyn Sql, user: UserId) -> Result<(), Fault> {
        self.lags = true;
        sql.execute(
            "INSERT OR REPLACE INTO lag (user, confirmed, attempts, due_at)
             VALUES (?1, ?2, ?3, ?4)",
            params![user.to_string(), self.confirmed, self.attempts, self.due_at.0],
        )
    }
}

/// Whether a time has come that was set `wait_ms` ahead at most: it has, too, where the clock stepped back behind
/// that.
fn has_come(at: Timestamp, now: Timestamp, wait_ms: u64) -> bool {
    at <= now || at.since(now) > wait_ms
}

fn forget_lag(sql: &dyn Sql, user: UserId) -> Result<(), Fault> {
    sql.execute("DELETE FROM lag WHERE user = ?1", params![user.to_string()])
}

fn read_lag(sql: &dyn Sql, reaches: &mut BTreeMap<UserId, Reach>) -> Result<(), Fault> {
    for row in sql.query("SELECT user, confirmed, attempts, due_at FROM lag", &[])? {
        let user: UserId = row.parse(0)?;
        let left = match members::load(sql, user)? {
            Some(stored) => stored.member.left.map(|_| stored.version),
            None => continue,
        };
        let reach = reaches.entry(user).or_insert_with(|| Reach::new(0));
        reach.confirmed = row.number(1)?;
        reach.attempts = row.number(2)?;
        reach.due_at = Timestamp(row.number(3)?);
        reach.left = left;
        reach.lags = true;
    }
    Ok(())
}

/// The bodies of one round of calls: accounts that are equally far get the same bytes.
struct Deliveries {
    clock: Clock,
    stored: record::Stored,
    /// By the version confirmed, the version joined with where that has not been told, and the
    /// person where something is withheld from them.
    bodies: BTreeMap<(u64, u64, Option<UserId>), Rc<str>>,
}

impl Deliveries {
    /// None yet, of the conversation as it is now.
    fn of(sql: &dyn Sql, clock: Clock) -> Result<Self, Fault> {
        let stored = record::load(sql)?.ok_or_else(|| Fault("members of nothing".to_owned()))?;
        Ok(Self { clock, stored, bodies: BTreeMap::new() })
    }

    /// The call for one account, and the version that it brings.
    fn for_account(
        &mut self,
        sql: &dyn Sql,
        user: UserId,
        reach: &Reach,
    ) -> Result<(Rc<str>, u64), Fault> {
        let Self { clock, stored, bodies } = self;
        if let Some(version) = reach.left {
            let call = AccountCall::Remove { conversation: stored.conversation, version };
            return Ok((to_json(&call)?.into(), version));
        }
        let new = reach.joined.0 > reach.confirmed;
        let veil = match stored.record.kind {
            Kind::Group => Veil::clear(user),
            Kind::Direct => Veil::of(sql, user)?,
        };
        let own = (!veil.is_clear()).then_some(user);
        let key = (reach.confirmed, if new { reach.joined.0 } else { 0 }, own);
        if let Some(body) = bodies.get(&key) {
            return Ok((Rc::clone(body), clock.version));
        }
        let welcome = new.then_some(reach.joined.1);
        let delivery = delivery(sql, *clock, stored, reach.confirmed, welcome, &veil)?;
        let body: Rc<str> = to_json(&AccountCall::Deliver(Box::new(delivery)))?.into();
        bodies.insert(key, Rc::clone(&body));
        Ok((body, clock.version))
    }
}

fn delivery(
    sql: &dyn Sql,
    clock: Clock,
    stored: &record::Stored,
    since: u64,
    welcome: Option<Welcome>,
    veil: &Veil,
) -> Result<Delivery, Fault> {
    let (messages, all) = messages::told_since(sql, since, MESSAGES)?;
    let news = match messages.first() {
        Some(first) if !all => News::since(sql, since, first.version)?,
        _ => News::of(&messages),
    };
    let News { recalled, unnamed, mut mentioned, changed, spoke } = news;
    mentioned.retain(|mentioned| !veil.covers(mentioned.seq));
    let last = messages.iter().find(|message| message.seq == clock.last_seq);
    let preview = messages::preview(sql, veil, last)?;
    // What is withheld does not even reach the account.
    let messages = messages.into_iter().filter(|message| !veil.keeps_from(message));
    let messages = messages.map(|message| veil.over(message)).collect();
    let pair = match stored.record.kind {
        Kind::Group => Vec::new(),
        Kind::Direct => members::everybody(sql)?.into_iter().map(|s| s.member.person).collect(),
    };
    let unspoken = stored.record.kind == Kind::Direct && preview.is_none();
    let (last_at, preview) = match preview {
        Some((at, preview)) => (at, Some(preview)),
        None => (stored.record.created_at, None),
    };
    Ok(Delivery {
        conversation: stored.conversation,
        kind: stored.record.kind,
        name: stored.record.name.clone(),
        avatar: stored.record.avatar,
        pair,
        opened_by: unspoken.then_some(stored.created_by),
        since,
        until: clock.version,
        last_seq: clock.last_seq,
        last_at,
        preview,
        messages,
        spoke,
        recalled,
        changed,
        unnamed,
        mentioned,
        read_to: veil.read_to(clock.last_seq),
        welcome,
    })
}
