//! What a form is doing, and what is wrong with it.

use std::pin::Pin;

use crate::kit::State;
use leptos::prelude::*;
use tideline_shared::Code;

use super::live;
use crate::browser::{Fail, t};

/// The state of a form. Copies are the same form.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    /// Waiting for an answer.
    pub busy: State<bool>,
    /// Why the last attempt failed.
    pub fail: State<Option<Fail>>,
}

impl Form {
    /// A form that nobody has sent.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self { busy: State::new(false), fail: State::new(None) }
    }

    /// Runs an attempt, unless one is running.
    pub(crate) fn run(self, attempt: impl Future<Output = Result<(), Fail>> + 'static) {
        self.run_boxed(Box::pin(attempt));
    }

    fn run_boxed(self, attempt: Pin<Box<dyn Future<Output = Result<(), Fail>>>>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        leptos::task::spawn_local(async move {
            let result = attempt.await;
            // The form may be gone when the answer comes.
            self.busy.set(false);
            self.fail.set(result.err());
        });
    }

    /// What to say about a failure that has one of these codes; tracked.
    #[must_use]
    pub(crate) fn about(self, codes: &[Code]) -> Option<String> {
        let fail = self.fail.get()?;
        let ours = fail.code().is_some_and(|code| codes.contains(&code));
        ours.then(|| fail.sentence(t()))
    }

    /// What to say about a failure that has none of these codes; tracked.
    #[must_use]
    pub(crate) fn beside(self, codes: &[Code]) -> Option<String> {
        let fail = self.fail.get()?;
        let theirs = fail.code().is_some_and(|code| codes.contains(&code));
        (!theirs).then(|| fail.sentence(t()))
    }

    /// Where the form says what no field says: `fields` are the codes that belong to fields.
    #[must_use]
    pub(crate) fn alert(self, fields: &'static [Code]) -> AnyView {
        view! {
            <p class="alert" role="alert">
                {live(move || self.beside(fields))}
            </p>
        }
        .into_any()
    }
}

impl Default for Form {
    fn default() -> Self {
        Self::new()
    }
}
