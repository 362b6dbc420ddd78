//! A device: the real engine, a store that is a map, and a clock that need not be right.

use std::collections::BTreeMap;

use tideline_client::{Engine, Link, Write};
use tideline_shared::UserId;

use crate::mistake::Ear;
use crate::random::{Random, Stream};
use crate::service::SocketId;
use crate::world::Signed;

/// Most that a device's clock may be wrong, either way.
const WRONG_MS: u64 = 8 * 3_600_000;

/// One browser of somebody's.
pub(crate) struct Device {
    pub(crate) me: UserId,
    /// The user name of whoever has it.
    pub(crate) user_name: String,
    pub(crate) cookie: String,
    /// The id of its session.
    pub(crate) session: String,
    /// The service ended its session.
    pub(crate) is_out: bool,
    pub(crate) engine: Engine,
    pub(crate) store: BTreeMap<String, String>,
    /// Counts the times that its program started.
    pub(crate) life: u64,
    /// How far its clock is ahead, in milliseconds; behind, where that is negative.
    pub(crate) ahead: i64,
    pub(crate) online: bool,
    /// The sockets that are open, as far as it knows.
    pub(crate) sockets: BTreeMap<Link, SocketId>,
    /// Ids and waits of its engine.
    pub(crate) random: Stream,
    /// What whoever uses it does, and when.
    pub(crate) habits: Random,
    pub(crate) ear: Ear,
    /// What was written on it since it was new, in order.
    pub(crate) written: Vec<Written>,
    /// What messages were edited to on it since it was new.
    pub(crate) edited: Vec<Edited>,
}

/// New words of a message.
#[derive(Clone, Debug)]
pub(crate) struct Edited {
    pub(crate) conversation: tideline_shared::ConversationId,
    pub(crate) seq: u64,
    pub(crate) text: String,
    /// It may have been lost for a reason: as [`Written::may_miss`], or it was replaced, or refused.
    pub(crate) may_miss: bool,
}

/// A message that somebody wrote.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) conversation: tideline_shared::ConversationId,
    pub(crate) text: String,
    /// It may have been lost for a reason: the device forgot everything, its author had left.
    pub(crate) may_miss: bool,
    pub(crate) has_file: bool,
}

impl Device {
    pub(crate) fn new(user_name: String, signed: Signed, seed: u64) -> Self {
        let Signed { user: me, cookie, session } = signed;
        let mut habits = Random::of(seed, "habits");
        let ahead = habits.below(2 * WRONG_MS) as i64 - WRONG_MS as i64;
        Self {
            me,
            user_name,
            cookie,
            session,
            is_out: false,
            engine: Engine::new(me),
            store: BTreeMap::new(),
            life: 0,
            ahead,
            online: true,
            sockets: BTreeMap::new(),
            random: Stream::of(seed, "engine"),
            habits,
            ear: Ear::default(),
            written: Vec::new(),
            edited: Vec::new(),
        }
    }

    /// Writes to the store: all of it.
    pub(crate) fn keep(&mut self, writes: Vec<Write>) {
        for write in writes {
            match write {
                Write::Put { key, value } => drop(self.store.insert(key, value)),
                Write::Delete { key } => drop(self.store.remove(&key)),
                Write::DeleteAll { prefix } => {
                    self.store.retain(|key, _| !key.starts_with(&prefix));
                }
            }
        }
    }

    /// What the store holds below a prefix.
    pub(crate) fn below(&self, prefix: &str) -> Vec<(String, String)> {
        let rows = self.store.iter().filter(|(key, _)| key.starts_with(prefix));
        rows.map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}
