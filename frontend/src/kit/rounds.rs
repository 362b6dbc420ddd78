//! Questions that follow what somebody types.

use std::time::Duration;

use leptos::prelude::*;

/// How long a pause in typing is before anything is asked: longer than between two keys of most people.
const PAUSE: Duration = Duration::from_millis(100);

/// Questions of which only the last one counts. They end with the part of the page that asks. Copies are the same.
#[derive(Clone, Copy)]
pub(crate) struct Rounds {
    round: StoredValue<u32>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Rounds {
    pub(crate) fn new() -> Self {
        let waiting = StoredValue::new(None::<TimeoutHandle>);
        on_cleanup(move || cancel(waiting));
        Self { round: StoredValue::new(0), waiting }
    }

    /// Something else is asked from now on: answers that are on their way do not count, and what waits for
    /// a pause is not asked.
    pub(crate) fn turn(self) {
        cancel(self.waiting);
        self.round.update_value(|round| *round += 1);
    }

    /// Asks after a pause.
    pub(crate) fn ask(self, ask: impl FnOnce() + 'static) {
        self.waiting.set_value(set_timeout_with_handle(ask, PAUSE).ok());
    }

    /// Which round this is; none where nobody asks any more.
    pub(crate) fn now(self) -> Option<u32> {
        self.round.try_get_value()
    }

    /// Whether it is still that one.
    pub(crate) fn is(self, round: u32) -> bool {
        self.now() == Some(round)
    }
}

fn cancel(waiting: StoredValue<Option<TimeoutHandle>>) {
    if let Some(handle) = waiting.try_get_value().flatten() {
        handle.clear();
    }
}
