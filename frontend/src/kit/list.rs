//! Rows of lists: somebody or something, and what can be done about it beside. And what stands there while it is on
//! its way.

use leptos::prelude::*;

use super::{pressed, skeleton};

/// A row that is only read.
#[must_use]
pub(crate) fn list_row(content: AnyView, beside: AnyView) -> AnyView {
    let row = view! { <span class="row row--person">{content}</span> };
    item(row.into_any(), beside)
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
