//! Rows of lists: somebody or something, and what can be done about it beside. And what stands there while it is on
//! its way.

use leptos::prelude::*;
use tideline_shared::Person;

use super::{person_row, pressed, skeleton};
use crate::browser::called;

/// Somebody, only to be read, and what can be done about them.
#[must_use]
pub(crate) fn list_row(person: &Person, buttons: AnyView) -> AnyView {
    let row = view! { <span class="row row--person">{person_row(person)}</span> };
    item(row.into_any(), about_person(person, buttons))
}

/// A row that opens what it is about.
#[must_use]
pub(crate) fn list_link(content: AnyView, beside: AnyView, press: impl Fn() + 'static) -> AnyView {
    let row = view! {
        <button type="button" class="row row--person" on:click=pressed(move |_| press())>
            {content}
        </button>
    };
    item(row.into_any(), beside)
}

fn item(row: AnyView, beside: AnyView) -> AnyView {
    view! { <li class="list-row">{row} {beside}</li> }.into_any()
}

/// What can be done about somebody or something in a list: each row has the same buttons, so they are a group of this
/// name for whoever does not see what they stand beside.
#[must_use]
pub(crate) fn about(
    name: impl Fn() -> String + Send + Sync + 'static,
    buttons: AnyView,
) -> AnyView {
    view! {
        <span class="about" role="group" aria-label=name>
            {buttons}
        </span>
    }
    .into_any()
}

/// The same about somebody.
#[must_use]
pub(crate) fn about_person(person: &Person, buttons: AnyView) -> AnyView {
    let name = called(&person.display_name);
    about(move || name.clone(), buttons)
}

/// What stands in the place of rows that are on their way.
#[must_use]
pub(crate) fn skeleton_list(rows: usize) -> AnyView {
    let row = || {
        view! {
            <li class="list__item">
                <div class="row">
                    {skeleton("skeleton--avatar")}
                    <span class="row__title">{skeleton("skeleton--line")}</span>
                    <span class="row__preview">
                        {skeleton("skeleton--line skeleton--line-long")}
                    </span>
                </div>
            </li>
        }
    };
    let rows = (0..rows).map(|_| row()).collect::<Vec<_>>();
    view! {
        <ul class="list" aria-busy="true" aria-hidden="true">
            {rows}
        </ul>
    }
    .into_any()
}
