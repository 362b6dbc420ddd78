//! Buttons.

use crate::kit::State;
use leptos::prelude::*;
use web_sys::{Event, MouseEvent, SubmitEvent};

use super::icon::{BACK, Icon, icon, svg};
use super::live;
use crate::browser::{back, t};
use crate::locale::Locale;

/// Words of the language that is chosen.
pub(crate) type Words = fn(&Locale) -> &'static str;

/// Words as the value of an attribute. One closure, so that what has them is compiled once.
pub(crate) fn said(words: Words) -> impl Fn() -> &'static str + Copy + Send + Sync {
    move || words(t())
}

/// What is called at a press. A view is compiled anew for every kind of closure in it; boxed, all of
/// them are one kind.
#[must_use]
pub(crate) fn pressed(act: impl FnMut(MouseEvent) + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(act)
}

/// The same for what is typed or chosen.
#[must_use]
pub(crate) fn typed(act: impl FnMut(Event) + 'static) -> Box<dyn FnMut(Event)> {
    Box::new(act)
}

/// The same for a form that is sent; the page stays.
#[must_use]
pub(crate) fn submitted(mut act: impl FnMut() + 'static) -> Box<dyn FnMut(SubmitEvent)> {
    Box::new(move |event| {
        event.prevent_default();
        act();
    })
}

/// The same for an attribute that says something else from time to time.
#[must_use]
pub(crate) fn telling(
    say: impl FnMut() -> String + Send + 'static,
) -> Box<dyn FnMut() -> String + Send> {
    Box::new(say)
}

/// A button with an icon in place of words; `name` is what a screen reader says.
#[must_use]
pub(crate) fn icon_button(
    shape: Icon,
    name: Words,
    press: impl Fn(MouseEvent) + 'static,
) -> AnyView {
    let press = pressed(press);
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=said(name)
            data-tip=""
            on:click=press
        >
            {icon(shape)}
        </button>
    }
    .into_any()
}

/// The way back on a phone; hidden where there is nothing to go back to.
#[must_use]
pub(crate) fn back_button() -> AnyView {
    view! {
        <button
            type="button"
            class="icon-button pane__back"
            aria-label=said(|t| t.back)
            on:click=pressed(|_| {
                back();
            })
        >
            {svg(BACK, "icon icon--directional")}
        </button>
    }
    .into_any()
}

/// A button with words, and an icon before them. `class` completes `button`.
#[must_use]
pub(crate) fn button(
    class: &'static str,
    shape: Option<Icon>,
    name: Words,
    press: impl Fn(MouseEvent) + 'static,
) -> AnyView {
    let press = pressed(press);
    view! {
        <button type="button" class=format!("button {class}") on:click=press>
            {shape.map(icon)}
            {live(move || name(t()))}
        </button>
    }
    .into_any()
}

/// The button that sends its form; it turns while `busy`.
#[must_use]
pub(crate) fn submit_button(class: &'static str, name: Words, busy: State<bool>) -> AnyView {
    view! {
        <button
            type="submit"
            class=format!("button button--primary {class}")
            aria-busy=telling(move || busy.get().to_string())
        >
            {live(move || name(t()))}
        </button>
    }
    .into_any()
}
