//! When an actor's own work is due: what it owes to others, erases, looks at.
//!
//! Each kind of work has a table, and every turn ends by asking what of it is due. Most turns change
//! none of these tables, so memory keeps the answer: a table is asked again after a turn that put
//! something into it, and when the time has come.

use tideline_shared::Timestamp;

use crate::turn::Turn;

/// A kind of work, by its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Calls that are owed, in `outbox`.
    Outbox,
    /// Files to be erased, in `files`.
    Files,
    /// Pictures to be erased, in `avatars`.
    Avatars,
    /// Pages to look at, in `looks`.
    Looks,
    /// People who ask to come in, in `requests`.
    Requests,
    /// Devices to be told of something, in `notices`.
    Notices,
    /// People to be told what everybody is told, in `announcing`.
    Announcing,
}

/// Kinds of work.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Works(u8);

impl Works {
    pub(crate) fn with(self, work: Work) -> Self {
        Self(self.0 | 1 << work as u8)
    }

    fn has(self, work: Work) -> bool {
        self.0 & 1 << work as u8 != 0
    }
}

/// When to look after what waits for a call to return, in milliseconds.
const LOOK_AFTER_MS: u64 = 30_000;

/// What memory knows of one kind of work. Nothing, at first.
#[derive(Debug)]
pub(crate) struct Agenda {
    work: Work,
    known: Option<Option<Timestamp>>,
}

impl Agenda {
    /// Of this kind.
    pub(crate) fn of(work: Work) -> Self {
        Self { work, known: None }
    }

    /// When the next of it is due, if that is known and has not come: then the table need not be
    /// asked in this turn. Some(None): there is none.
    pub(crate) fn next(&self, turn: &Turn<'_>) -> Option<Option<Timestamp>> {
        let known = self.known.filter(|_| !turn.stirred.get().has(self.work))?;
        known.is_none_or(|due_at| due_at > turn.now).then_some(known)
    }

    /// Takes in what the table said: when the next is due, none for never.
    pub(crate) fn set(&mut self, next: Option<Timestamp>) {
        self.known = Some(next);
    }

    /// The table is to be asked in the next turn, whatever happens in it.
    pub(crate) fn forget(&mut self) {
        self.known = None;
    }

    /// Takes in when the next is due, and whether something that is due already `waits` until a call
    /// returns, with which the next turn begins; says when the alarm is to look.
    pub(crate) fn settle(
        &mut self,
        now: Timestamp,
        next: Option<Timestamp>,
        waits: bool,
    ) -> Option<Timestamp> {
        self.known = (!waits).then_some(next);
        // Should the memory be lost first, no call returns.
        let again = waits.then(|| now.after(LOOK_AFTER_MS));
        next.into_iter().chain(again).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_for_a_call_is_looked_after_should_none_return() {
        let mut agenda = Agenda::of(Work::Looks);
        let now = Timestamp(1_000);
        assert_eq!(agenda.settle(now, None, false), None);
        assert_eq!(agenda.known, Some(None));
        assert_eq!(agenda.settle(now, None, true), Some(now.after(LOOK_AFTER_MS)));
        assert_eq!(agenda.known, None, "the table is asked in the next turn");
        let soon = now.after(1);
        assert_eq!(agenda.settle(now, Some(soon), true), Some(soon));
    }
}
