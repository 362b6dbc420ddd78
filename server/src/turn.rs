//! One turn of an actor: what it is given, and what it asks the shell to do afterwards.

use std::cell::Cell;
use std::rc::Rc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tideline_shared::{ConversationId, Random, Reject, SessionId, Timestamp, UserId};

use crate::agenda::{Work, Works};
use crate::host::Env;
use crate::limits::{Buckets, Limits};
use crate::notice::Dispatch;
use crate::sql::{Fault, Sql};

/// An actor, as others call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "actor", content = "id", rename_all = "snake_case")]
pub enum Address {
    /// A person's account.
    Account(UserId),
    /// A conversation.
    Conversation(ConversationId),
    /// A shard of the directory, below [`crate::directory::SHARDS`].
    Directory(u32),
    /// The deployment as a whole.
    Deployment,
}

/// Whose socket it is, and whether it takes part. Kept with the socket, across hibernation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// The person.
    pub user: UserId,
    /// The signed-in device.
    pub session: SessionId,
    /// Whether it has said hello: only then it gets live changes.
    #[serde(default)]
    pub live: bool,
}

/// Which of the actor's sockets are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The one whose frame is being handled.
    Caller,
    /// All that said hello.
    Live,
    /// All of one person that said hello.
    LiveOf(UserId),
    /// All that said hello, but for those of these people.
    LiveBut(Rc<[UserId]>),
    /// All of one person.
    User(UserId),
    /// All of one session.
    Session(SessionId),
}

/// Tells calls of one object apart. Numbers are not reused while the object is in memory, also not
/// when a fault makes its actor begin anew: an answer to an old call is nobody's then.
pub type CallId = u64;

/// Calls of one object that may be under way at the same time, whoever in it makes them.
const UNDER_WAY: usize = 16;

/// The calls of one object that are under way, whoever in it made them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Calls {
    pub(crate) last: CallId,
    pub(crate) under_way: usize,
}

/// What the shell has to do, in order, once the turn is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send a text frame.
    Push {
        /// To whom.
        to: Audience,
        /// The frame, serialised once for all of them.
        frame: Rc<str>,
    },
    /// The caller's socket is live from now on: keep that with it.
    GoLive,
    /// Close sockets with this code (RFC 6455, section 7.4).
    Close {
        /// Whose.
        to: Audience,
        /// 4000 to 4999 are ours.
        code: u16,
    },
    /// Call another actor, without waiting; report to [`crate::Host::returned`].
    Call {
        /// To tell the answers apart.
        id: CallId,
        /// Whom.
        to: Address,
        /// The call, serialised.
        body: Rc<str>,
    },
    /// Take these out of the store of files, without waiting; report to [`crate::Host::returned`], with
    /// [`ERASED`] when none of them is there any more.
    Erase {
        /// To tell the answers apart.
        id: CallId,
        /// Which.
        keys: Vec<String>,
    },
    /// Look at a page ([`crate::card::look`]), without waiting; report to [`crate::Host::returned`].
    Look {
        /// To tell the answers apart.
        id: CallId,
        /// The page's address.
        url: String,
    },
    /// Tell a device something through its push service, without waiting; report to
    /// [`crate::Host::returned`] what that answers, a [`crate::notice::Answer`].
    Notify {
        /// To tell the answers apart.
        id: CallId,
        /// What.
        dispatch: Box<Dispatch>,
    },
    /// Have [`crate::Host::alarm`] called after so many milliseconds, if the object is still in
    /// memory then: a plain timer, which costs no write. What must not be forgotten has a
    /// [`Effect::WakeAt`] besides.
    WakeSoon(u64),
    /// Have [`crate::Host::alarm`] called at this time; replaces an earlier wish. Must be stored in
    /// the same commit as the turn.
    WakeAt(Timestamp),
}

/// How an [`Effect::Erase`] comes back.
pub const ERASED: &str = r#"{"Ok":null}"#;

/// Why a turn did not succeed. It has changed nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// For the person who asked.
    #[error("{0}")]
    Reject(#[from] Reject),
    /// For the log; the person gets `internal`.
    #[error("{0}")]
    Fault(#[from] Fault),
}

impl From<tideline_shared::Code> for Failure {
    fn from(code: tideline_shared::Code) -> Self {
        Self::Reject(code.into())
    }
}

/// What an actor works with during one turn.
pub struct Turn<'a> {
    /// The service's clock.
    pub now: Timestamp,
    /// The actor's database, in a transaction.
    pub sql: &'a dyn Sql,
    /// How much of what is too much.
    pub limits: &'a Limits,
    random: Random<'a>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) calls: Calls,
    /// Of what there may be more, or sooner, than the [`crate::agenda`] knows.
    pub(crate) stirred: Cell<Works>,
    /// How much of what was spent lately.
    pub(crate) buckets: Buckets,
}

impl<'a> Turn<'a> {
    /// A turn that begins now.
    pub(crate) fn new(env: Env<'a>, calls: Calls, buckets: Buckets) -> Self {
        let Env { now, random, sql, limits } = env;
        let stirred = Cell::default();
        Self { now, sql, limits, random, effects: Vec::new(), calls, stirred, buckets }
    }

    /// Random bytes.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }

    /// There is more of this to do, or it is due sooner.
    pub(crate) fn stir(&self, work: Work) {
        self.stirred.set(self.stirred.get().with(work));
    }

    /// Asks the shell for something, should the turn succeed.
    pub(crate) fn ask(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Calls another actor, should the turn succeed.
    pub(crate) fn call(&mut self, to: Address, body: Rc<str>) -> CallId {
        let id = self.next_call();
        self.ask(Effect::Call { id, to, body });
        id
    }

    /// Whether another call may be under way. Whoever has one to make and finds no room looks again in
    /// the next turn: one begins when a call returns.
    pub(crate) fn has_room(&self) -> bool {
        self.calls.under_way < UNDER_WAY
    }

    fn next_call(&mut self) -> CallId {
        self.calls.last += 1;
        self.calls.under_way += 1;
        self.calls.last
    }

    /// Takes files out of their store, should the turn succeed.
    pub(crate) fn erase(&mut self, keys: Vec<String>) -> CallId {
        let id = self.next_call();
        self.ask(Effect::Erase { id, keys });
        id
    }

    /// Has a page looked at, should the turn succeed.
    pub(crate) fn look(&mut self, url: String) -> CallId {
        let id = self.next_call();
        self.ask(Effect::Look { id, url });
        id
    }

    /// Tells a device something through its push service, should the turn succeed.
    pub(crate) fn notify(&mut self, dispatch: Dispatch) -> CallId {
        let id = self.next_call();
        self.ask(Effect::Notify { id, dispatch: Box::new(dispatch) });
        id
    }

    /// Sends a frame.
    pub(crate) fn push(&mut self, to: Audience, frame: &impl Serialize) -> Result<(), Fault> {
        let frame = to_json(frame)?.into();
        self.ask(Effect::Push { to, frame });
        Ok(())
    }
}

/// Serialises what goes over the wire or into a column.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault(error.to_string()))
}

/// An actor: one object's rules. Memory holds only what can be rebuilt from the database, and
/// changes only in `pump` and `returned`, never in a turn that may still be undone.
pub trait Actor: Sized {
    /// What others ask it.
    type Call: DeserializeOwned;
    /// What it answers.
    type Answer: Serialize;

    /// Brings the database's schema up to date and the memory back.
    ///
    /// # Errors
    /// When the storage fails.
    fn open(sql: &dyn Sql, now: Timestamp) -> Result<Self, Fault>;

    /// Answers another actor, or the gateway.
    ///
    /// # Errors
    /// The refusal, or a fault; either way the turn is undone.
    fn call(&self, turn: &mut Turn<'_>, call: Self::Call) -> Result<Self::Answer, Failure>;

    /// May this socket be opened?
    ///
    /// # Errors
    /// As [`Actor::call`].
    fn connect(&self, turn: &mut Turn<'_>, peer: &Peer) -> Result<(), Failure>;

    /// Handles a text frame of a socket that this actor accepted.
    ///
    /// # Errors
    /// As [`Actor::call`].
    fn frame(&self, turn: &mut Turn<'_>, peer: &Peer, frame: &str) -> Result<(), Failure>;

    /// An outgoing call came back: `Ok` with the answer or the refusal of the one called, `Err`
    /// when it could not be reached or did not answer.
    ///
    /// # Errors
    /// When the storage fails.
    fn returned(
        &mut self,
        turn: &mut Turn<'_>,
        id: CallId,
        answer: Result<Result<serde_json::Value, Reject>, Unreachable>,
    ) -> Result<(), Fault>;

    /// Sends out what is due, and says when to be woken for the rest. Runs after every turn.
    ///
    /// # Errors
    /// When the storage fails.
    fn pump(&mut self, turn: &mut Turn<'_>) -> Result<(), Fault>;
}

/// The called actor did not answer: nobody knows whether the call took effect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unreachable: {0}")]
pub struct Unreachable(pub String);
