//! Tabs: one of a few is chosen, by a press or by the arrows.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::button::pressed;
use super::live;

/// A tab.
pub(crate) struct Tab {
    /// Its id in the page, for the panel that it names; empty without one.
    pub id: &'static str,
    /// What is seen.
    pub shown: Signal<String>,
    /// What it is called, where that is not what is seen.
    pub name: Option<Signal<String>>,
}

/// Tabs, of which `chosen` is chosen, if any. `classes` are those of the row and of each tab, and
/// `panel` is the id of what they change.
#[must_use]
pub(crate) fn tabs(
    classes: [&'static str; 2],
    name: Signal<String>,
    panel: Option<&'static str>,
    tabs: Vec<Tab>,
    chosen: Signal<Option<usize>>,
    choose: Callback<usize>,
) -> AnyView {
    let [row, class] = classes;
    let one = |(at, tab): (usize, Tab)| {
        let Tab { id, shown, name } = tab;
        let name = move || name.map(|name| name.get());
        view! {
            <button
                type="button"
                class=class
                role="tab"
                id=(!id.is_empty()).then_some(id)
                aria-controls=panel
                aria-selected=move || (chosen.get() == Some(at)).to_string()
                tabindex=move || if chosen.get().unwrap_or(0) == at { "0" } else { "-1" }
                aria-label=name
                data-tip=name().is_some().then_some("")
                on:click=pressed(move |_| choose.run(at))
            >
                {live(move || shown.get())}
            </button>
        }
    };
    let tabs = tabs.into_iter().enumerate().map(one).collect::<Vec<_>>();
    view! {
        <div class=row role="tablist" aria-label=move || name.get() on:keydown=|event| rove(&event)>
            {tabs}
        </div>
    }
    .into_any()
}

/// Arrow keys go through neighbours, and choose.
pub(super) fn rove(event: &KeyboardEvent) {
    let here = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(here) = here else { return };
    let row = here.parent_element();
    let next = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => here.next_element_sibling(),
        "ArrowLeft" | "ArrowUp" => here.previous_element_sibling(),
        "Home" => row.and_then(|row| row.first_element_child()),
        "End" => row.and_then(|row| row.last_element_child()),
        _ => return,
    };
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        next.click();
        // Fails for elements that are gone.
        let _ = next.focus();
    }
}
