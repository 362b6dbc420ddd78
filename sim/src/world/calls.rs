//! How many calls objects have under way.

use std::collections::BTreeMap;

use tideline_server::{Address, CallId};

use super::World;

/// Most calls that an object may have under way.
const ALL: usize = 16;
/// Most of an account that are of its outbox: owed, and tried until they are answered.
const OWED: usize = 8;
/// Most of a conversation that are of its fan-out.
const TOLD: usize = 12;

/// Calls under way.
#[derive(Default)]
pub(super) struct Calls {
    /// By who made them and in which life of it; those that have a bound of their own with the actor that made
    /// them: one that begins anew after a fault does not know of those before.
    under_way: BTreeMap<(Address, u64), BTreeMap<CallId, Option<u64>>>,
}

/// How many such calls there may be: of an account's those that it owes, which what it says of who is there
/// is not; of a conversation's those of its fan-out.
fn bound(from: Address, body: &str) -> Option<usize> {
    let is_passed = [r#"{"type":"watch""#, r#"{"type":"presence""#];
    match from {
        Address::Account(_) if !is_passed.iter().any(|one| body.starts_with(one)) => Some(OWED),
        Address::Conversation(_) if body.starts_with(r#"{"type":"deliver""#) => Some(TOLD),
        _ => None,
    }
}

impl World {
    /// A call to another object.
    pub(super) fn count_call_to(
        &mut self,
        (from, life, id): (Address, u64, CallId),
        actor: u64,
        body: &str,
    ) {
        let bound = bound(from, body);
        self.begin_call((from, life, id), bound.map(|most| (actor, most)));
    }

    /// A call to something outside.
    pub(super) fn count_call(&mut self, from: Address, life: u64, id: CallId) {
        self.begin_call((from, life, id), None);
    }

    /// Nobody has more calls under way than they say.
    fn begin_call(
        &mut self,
        (from, life, id): (Address, u64, CallId),
        bound: Option<(u64, usize)>,
    ) {
        let calls = self.calls.under_way.entry((from, life)).or_default();
        calls.insert(id, bound.map(|(actor, _)| actor));
        let all = calls.len();
        let alike = bound.map_or(0, |(actor, _)| {
            calls.values().filter(|&&made_by| made_by == Some(actor)).count()
        });
        if all > ALL || bound.is_some_and(|(_, most)| alike > most) {
            self.violate(format!("{from:?} has {all} calls under way, {alike} of one kind"));
        }
    }

    /// A call came back.
    pub(super) fn end_call(&mut self, from: Address, life: u64, id: CallId) {
        if let Some(calls) = self.calls.under_way.get_mut(&(from, life)) {
            calls.remove(&id);
        }
    }
}
