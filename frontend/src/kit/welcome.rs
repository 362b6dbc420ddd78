//! The page of those who are not in yet: one card, and the language.

use super::button::pressed;
use leptos::prelude::*;

use super::icon::{GLOBE, mark, sea, small_icon};
use super::{Words, button, live};
use crate::browser::{go, lang, say_lang, t};
use crate::locale::Lang;
use crate::present::Route;

/// A card in the middle of the page.
#[must_use]
pub(crate) fn welcome(content: AnyView) -> AnyView {
    view! {
        <main class="welcome">
            <div class="welcome__card">{content}</div>
            <footer class="welcome__footer">{sea()} {language_switch()}</footer>
        </main>
    }
    .into_any()
}

/// The mark, a title and a line below it.
#[must_use]
pub(crate) fn brand(title: Signal<String>, lead: Signal<String>) -> AnyView {
    view! {
        <header class="welcome__brand">
            {mark()} <h1 class="welcome__title">{live(move || title.get())}</h1>
            <p class="welcome__lead">{live(move || lead.get())}</p>
        </header>
    }
    .into_any()
}

/// A card that says what is not there, with the way home.
#[must_use]
pub(crate) fn dead_end(title: Words, text: Signal<String>) -> AnyView {
    welcome(
        view! {
            {brand(Signal::derive(move || title(t()).into()), text)}
            {button("button--block", None, |t| t.to_start, |_| go(Route::Home))}
        }
        .into_any(),
    )
}

/// Switches to the other language, by its own name.
fn language_switch() -> AnyView {
    let other = || if lang() == Lang::En { Lang::Zh } else { Lang::En };
    view! {
        <button
            type="button"
            class="language-switch"
            lang=move || other().tag()
            on:click=pressed(move |_| say_lang(other()))
        >
            {small_icon(GLOBE)}
            {live(move || other().name())}
        </button>
    }
    .into_any()
}
