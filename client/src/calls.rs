//! Commands that left and are not answered yet.

use tideline_shared::{ConversationId, MessageId};

use crate::io::{Jump, Link, Mirror};
use crate::sorted::SortedMap;

/// An answer that takes longer than this many milliseconds is not coming: the service answers
/// pings by machine, so a link can look alive over an actor that has lost the question.
pub(crate) const ANSWER_MS: u64 = 20_000;

/// What a call is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Hello,
    Send(ConversationId, MessageId),
    /// The alteration of this number.
    Alter(ConversationId, u64),
    /// Messages before this `seq`.
    Older(ConversationId, u64),
    /// Messages after this `seq`.
    Newer(ConversationId, u64),
    /// Messages around a place.
    Around(ConversationId, Jump),
    /// The mark at this `seq`.
    Read(ConversationId, u64),
    /// What is being written.
    Draft(ConversationId, String),
    Profile,
    /// A device has messages up to this `seq`.
    Received(ConversationId, u64),
    /// Something that passes.
    Signal,
}

#[derive(Debug)]
struct Call {
    link: Link,
    purpose: Purpose,
    deadline: u64,
}

/// By reference. A `hello` has none on the wire, but is waited for like the others.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    last: u32,
    open: SortedMap<u32, Call>,
}

impl Calls {
    /// Notes a call that leaves now; its reference.
    pub(crate) fn begin(&mut self, now: u64, link: Link, purpose: Purpose) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.open.insert(self.last, Call { link, purpose, deadline: now + ANSWER_MS });
        self.last
    }

    /// An answer came over this link: what it answers, unless nobody waits for it any more.
    pub(crate) fn end(&mut self, link: Link, reference: u32) -> Option<Purpose> {
        let call = self.open.get(&reference)?;
        if call.link != link || call.purpose == Purpose::Hello {
            return None;
        }
        self.open.remove(&reference).map(|call| call.purpose)
    }

    /// Nobody waits any more for the answers to these.
    pub(crate) fn forget(&mut self, mut which: impl FnMut(Mirror, &Purpose) -> bool) {
        self.open.retain(|_, call| !which(call.link.mirror, &call.purpose));
    }

    /// The link is gone, and with it all answers. What they were for, in the order of asking.
    pub(crate) fn lose(&mut self, mirror: Mirror) -> Vec<Purpose> {
        let lost = self.open.take_if(|call| call.link.mirror == mirror);
        lost.into_iter().map(|call| call.purpose).collect()
    }

    /// Whether an answer to such a call is waited for.
    pub(crate) fn any(&self, mut which: impl FnMut(&Purpose) -> bool) -> bool {
        self.open.values().any(|call| which(&call.purpose))
    }

    /// An answer that takes too long.
    pub(crate) fn overdue(&self, now: u64) -> Option<Mirror> {
        self.open.values().find(|call| call.deadline <= now).map(|call| call.link.mirror)
    }

    /// When the next answer takes too long.
    pub(crate) fn deadline(&self) -> Option<u64> {
        self.open.values().map(|call| call.deadline).min()
    }
}
