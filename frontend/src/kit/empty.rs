//! Empty states: what this is, and what to do next.

use leptos::prelude::*;

use super::Words;
use super::live;
use crate::browser::t;

/// An empty state. `actions` are buttons, or nothing.
#[must_use]
pub(crate) fn empty(
    picture: AnyView,
    title: Words,
    text: Signal<String>,
    actions: AnyView,
) -> AnyView {
    view! {
        <div class="empty">
            {picture} <h2 class="empty__title">{live(move || title(t()))}</h2>
            <p class="empty__text">{live(move || text.get())}</p>
            <div class="empty__actions">{actions}</div>
        </div>
    }
    .into_any()
}

/// Words as a signal, for what takes one.
#[must_use]
pub(crate) fn words(words: Words) -> Signal<String> {
    Signal::derive(move || words(t()).to_owned())
}
