//! What is asked of the service when it is first drawn: on its way, here, or why not and what to do.

use std::pin::Pin;

use crate::kit::State;
use leptos::prelude::*;
use leptos::reactive::owner::LocalStorage;

use super::{Form, button, live};
use crate::browser::{Fail, t};

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Fail>>>>;
type Ask<T> = Box<dyn Fn() -> Answer<T>>;

/// Something that is asked for. Copies are the same.
pub(crate) struct Asked<T: Clone + Send + Sync + 'static> {
    /// None before it came.
    pub found: State<Option<T>>,
    /// Also for what is done about it.
    pub form: Form,
    ask: StoredValue<Ask<T>, LocalStorage>,
}

impl<T: Clone + Send + Sync + 'static> Clone for Asked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync + 'static> Copy for Asked<T> {}

impl<T: Clone + Send + Sync + 'static> Asked<T> {
    /// Asks.
    #[must_use]
    pub(crate) fn new<F>(ask: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, Fail>> + 'static,
    {
        let ask: Ask<T> = Box::new(move || Box::pin(ask()));
        let (found, form) = (State::new(None), Form::new());
        let it = Self { found, form, ask: StoredValue::new_local(ask) };
        it.again();
        it
    }

    /// Asks again. What is known stays until the answer is there.
    pub(crate) fn again(self) {
        let Some(answer) = self.ask.try_with_value(|ask| ask()) else { return };
        self.form.run(async move {
            let found = answer.await?;
            self.found.set(Some(found));
            Ok(())
        });
    }

    /// Draws it: as `show` does, once it is here.
    pub(crate) fn draw(self, show: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
        let content = move || match self.found.get() {
            Some(found) => show(found),
            None if self.form.busy.get() => waiting(),
            None => retry(move || self.again()),
        };
        view! { {self.form.alert(&[])} {content} }.into_any()
    }
}

/// That something is on its way.
#[must_use]
pub(crate) fn waiting() -> AnyView {
    view! {
        <p class="waiting" role="status">
            <span class="spinner"></span>
            {live(move || t().loading)}
        </p>
    }
    .into_any()
}

/// The button that tries again what did not work.
#[must_use]
pub(crate) fn retry(again: impl Fn() + Send + Sync + 'static) -> AnyView {
    view! { <p class="waiting">{button("", None, |t| t.retry, move |_| again())}</p> }.into_any()
}
