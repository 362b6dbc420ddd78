//! What stands between a shell and an actor: every turn is one transaction, every refusal leaves
//! nothing, every fault is logged and answered with one opaque sentence.

use std::collections::BTreeSet;

use serde::Deserialize;
use tideline_shared::{Code, Random, Reject, Timestamp, limits};

use crate::account::Account;
use crate::cache::{Cache, Cached};
use crate::conversation::Conversation;
use crate::deployment::Deployment;
use crate::directory::Directory;
use crate::limits::{Buckets, Limits};
use crate::mirror::{self, Refusal};
use crate::sql::{Fault, Sql};
use crate::turn::{
    Actor, Address, CallId, Calls, Effect, Failure, Peer, Turn, Unreachable, to_json,
};

/// Before a shell hands an alarm to [`Host::alarm`], it sets another one, this many milliseconds
/// later, unless there is one already; it takes it back when the turn is over. An alarm that an
/// object dies of six times is given up by the platform; this one is not.
pub const ALARM_AGAIN_MS: u64 = 60_000;

/// What a shell hands in for a turn.
pub struct Env<'a> {
    /// The service's clock.
    pub now: Timestamp,
    /// Random bytes.
    pub random: Random<'a>,
    /// The object's own database.
    pub sql: &'a dyn Sql,
    /// How much of what is too much.
    pub limits: &'a Limits,
}

/// What a turn comes to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// To carry out, in order, after the commit.
    pub effects: Vec<Effect>,
    /// For the log.
    pub faults: Vec<Fault>,
}

/// An actor with its door-keeper.
pub struct Host<A> {
    actor: Option<A>,
    /// This and what is under way outlive an actor that a fault took the memory of.
    last_call: CallId,
    under_way: BTreeSet<CallId>,
    buckets: Buckets,
    cache: Cache,
}

impl<A: Actor> Default for Host<A> {
    fn default() -> Self {
        Self {
            actor: None,
            last_call: 0,
            under_way: BTreeSet::new(),
            buckets: Buckets::default(),
            cache: Cache::default(),
        }
    }
}

impl<A: Actor> Host<A> {
    /// Answers a call of the gateway or of another actor: JSON in, JSON out
    /// (`{"Ok": answer}` or `{"Err": reject}`).
    pub fn call(&mut self, env: Env<'_>, body: &str) -> (String, Outcome) {
        let mut answer = None;
        let outcome = self.turn(env, |actor, turn| {
            let call = serde_json::from_str(body)
                .map_err(|error| Fault(format!("unreadable call: {error}")))?;
            let said = actor.call(turn, call)?;
            answer = Some(to_json(&Ok::<_, Reject>(said))?);
            Ok(())
        });
        let answer = match (outcome.1, answer) {
            (None, Some(answer)) => answer,
            (refused, _) => {
                let reject = refused.unwrap_or(Reject::new(Code::Internal));
                // A reject is two plain fields; should serialising it fail, the text is still JSON.
                to_json(&Err::<(), _>(reject)).unwrap_or_else(|_| "null".to_owned())
            }
        };
        (answer, outcome.0)
    }

    /// Whether a socket of this peer may be accepted; when not, what to tell it before it is
    /// closed.
    pub fn connect(&mut self, env: Env<'_>, peer: &Peer) -> (Result<(), Refusal>, Outcome) {
        let (outcome, refused) = self.turn(env, |actor, turn| actor.connect(turn, peer));
        (refused.map_or(Ok(()), |reject| Err(Refusal::of(reject))), outcome)
    }

    /// Handles what a socket said: `frame` is none when it was not UTF-8 text.
    pub fn frame(&mut self, env: Env<'_>, peer: &Peer, frame: Option<&str>) -> Outcome {
        let (mut outcome, refused) = self.turn(env, |actor, turn| {
            let frame = frame.ok_or(Code::NotText)?;
            if frame.len() > limits::FRAME_BYTES {
                return Err(Code::TooLarge.into());
            }
            actor.frame(turn, peer, frame)
        });
        if let Some(reject) = refused {
            outcome.effects.push(mirror::rejected(frame.and_then(reference), reject));
        }
        outcome
    }

    /// Reports how an [`Effect::Call`] ended: the answer's JSON, or that there was none. What is reported
    /// again is nobody's.
    pub fn returned(
        &mut self,
        env: Env<'_>,
        id: CallId,
        answer: Result<String, Unreachable>,
    ) -> Outcome {
        if !self.under_way.remove(&id) {
            return Outcome::default();
        }
        self.mutate(env, |actor, turn| {
            let answer = answer.and_then(|body| {
                serde_json::from_str(&body)
                    .map_err(|error| Unreachable(format!("unreadable answer: {error}")))
            });
            actor.returned(turn, id, answer)
        })
    }

    /// The time asked for by [`Effect::WakeAt`] has come.
    pub fn alarm(&mut self, env: Env<'_>) -> Outcome {
        self.mutate(env, |_, _| Ok(()))
    }

    /// A turn that may be refused.
    fn turn(
        &mut self,
        env: Env<'_>,
        body: impl FnOnce(&A, &mut Turn<'_>) -> Result<(), Failure>,
    ) -> (Outcome, Option<Reject>) {
        match self.run(env, |actor, turn| body(actor, turn)) {
            Ok(effects) => (Outcome { effects, faults: Vec::new() }, None),
            Err(Failure::Reject(reject)) => (Outcome::default(), Some(reject)),
            Err(Failure::Fault(fault)) => {
                let outcome = Outcome { effects: Vec::new(), faults: vec![fault] };
                (outcome, Some(Reject::new(Code::Internal)))
            }
        }
    }

    /// A turn that nobody waits for.
    fn mutate(
        &mut self,
        env: Env<'_>,
        body: impl FnOnce(&mut A, &mut Turn<'_>) -> Result<(), Fault>,
    ) -> Outcome {
        // Should the turn be lost, the work is still due.
        let later = Effect::WakeAt(env.now.after(crate::backoff::FIRST_MS));
        match self.run(env, |actor, turn| Ok(body(actor, turn)?)) {
            Ok(effects) => Outcome { effects, faults: Vec::new() },
            Err(Failure::Reject(_)) => Outcome { effects: vec![later], faults: Vec::new() },
            Err(Failure::Fault(fault)) => Outcome { effects: vec![later], faults: vec![fault] },
        }
    }

    /// One transaction: `body`, then the sending of what became due by it.
    fn run(
        &mut self,
        env: Env<'_>,
        body: impl FnOnce(&mut A, &mut Turn<'_>) -> Result<(), Failure>,
    ) -> Result<Vec<Effect>, Failure> {
        let Env { now, random, sql, limits } = env;
        let cache = std::mem::take(&mut self.cache);
        let cached = Cached { sql, cache: &cache };
        let env = Env { now, random, sql: &cached, limits };
        let mut turn = Turn::new(env, self.calls(), std::mem::take(&mut self.buckets));
        let result = self.open(&turn).map_err(Failure::Fault).and_then(|actor| {
            turn.sql.atomically(|| {
                body(actor, &mut turn)?;
                Ok(actor.pump(&mut turn)?)
            })
        });
        let Turn { mut buckets, effects, calls, .. } = turn;
        buckets.settle(now, result.is_ok());
        self.buckets = buckets;
        self.cache = cache;
        match &result {
            Ok(()) => self.begin(calls.last),
            Err(Failure::Reject(_)) => {}
            // What memory holds may be ahead of the database now: read it anew next time.
            Err(Failure::Fault(_)) => self.actor = None,
        }
        result.map(|()| effects)
    }

    fn calls(&self) -> Calls {
        Calls { last: self.last_call, under_way: self.under_way.len() }
    }

    /// The calls up to this one are on their way.
    fn begin(&mut self, last: CallId) {
        self.under_way.extend(self.last_call + 1..=last);
        self.last_call = last;
    }

    fn open(&mut self, turn: &Turn<'_>) -> Result<&mut A, Fault> {
        match &mut self.actor {
            Some(actor) => Ok(actor),
            none => {
                let actor = turn.sql.atomically(|| A::open(turn.sql, turn.now))?;
                Ok(none.insert(actor))
            }
        }
    }
}

/// An actor of any kind with its door-keeper, for shells that hold all of them side by side.
pub enum AnyHost {
    /// A person's.
    Account(Host<Account>),
    /// A conversation's.
    Conversation(Box<Host<Conversation>>),
    /// A shard's.
    Directory(Host<Directory>),
    /// The deployment's.
    Deployment(Host<Deployment>),
}

/// Does the same with a host of any kind.
macro_rules! any {
    ($any:expr, $host:ident => $body:expr) => {
        match $any {
            AnyHost::Account($host) => $body,
            AnyHost::Conversation($host) => $body,
            AnyHost::Directory($host) => $body,
            AnyHost::Deployment($host) => $body,
        }
    };
}

impl AnyHost {
    /// The host of the actor with this address.
    #[must_use]
    pub fn new(of: Address) -> Self {
        match of {
            Address::Account(_) => Self::Account(Host::default()),
            Address::Conversation(_) => Self::Conversation(Box::default()),
            Address::Directory(_) => Self::Directory(Host::default()),
            Address::Deployment => Self::Deployment(Host::default()),
        }
    }

    /// See [`Host::call`].
    pub fn call(&mut self, env: Env<'_>, body: &str) -> (String, Outcome) {
        any!(self, host => host.call(env, body))
    }

    /// See [`Host::connect`].
    pub fn connect(&mut self, env: Env<'_>, peer: &Peer) -> (Result<(), Refusal>, Outcome) {
        any!(self, host => host.connect(env, peer))
    }

    /// See [`Host::frame`].
    pub fn frame(&mut self, env: Env<'_>, peer: &Peer, frame: Option<&str>) -> Outcome {
        any!(self, host => host.frame(env, peer, frame))
    }

    /// See [`Host::returned`].
    pub fn returned(
        &mut self,
        env: Env<'_>,
        id: CallId,
        answer: Result<String, Unreachable>,
    ) -> Outcome {
        any!(self, host => host.returned(env, id, answer))
    }

    /// See [`Host::alarm`].
    pub fn alarm(&mut self, env: Env<'_>) -> Outcome {
        any!(self, host => host.alarm(env))
    }
}

/// The `ref` of a call that could not be read otherwise, so that its sender is not left waiting.
fn reference(frame: &str) -> Option<u32> {
    #[derive(Deserialize)]
    struct Call {
        #[serde(rename = "ref")]
        reference: Option<u32>,
    }
    serde_json::from_str::<Call>(frame).ok()?.reference
}
