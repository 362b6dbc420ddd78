//! Buttons.

use leptos::prelude::*;
use web_sys::{Event, MouseEvent};

use super::icon::{BACK, Icon, icon, svg};
use super::live;
use crate::browser::t;
use crate::locale::Locale;

/// Words of the language that is chosen.
pub(crate) type Words = fn(&Locale) -> &'static str;

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
            aria-label=move || name(t())
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
pub(crate) fn back_button(press: impl Fn(MouseEvent) + 'static) -> AnyView {
    let press = pressed(press);
    view! {
        <button
            type="button"
            class="icon-button pane__back"
            aria-label=move || t().back
            on:click=press
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
pub(crate) fn submit_button(class: &'static str, name: Words, busy: RwSignal<bool>) -> AnyView {
    view! {
        <button
            type="submit"
            class=format!("button button--primary {class}")
            aria-busy=move || busy.get().to_string()
        >
            {live(move || name(t()))}
        </button>
    }
    .into_any()
}
