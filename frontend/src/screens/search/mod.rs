//! The search page: messages, people, groups. What was typed and found stays while the person looks
//! at what they found.

mod filters;
mod finder;
mod lookup;
mod results;

use crate::kit::pressed;
use leptos::prelude::*;
use tideline_shared::Person;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use self::filters::filters;
pub(super) use self::lookup::Lookup;
use self::lookup::Tab;
use self::results::{groups, messages};
use super::people;
use super::profile::profile_dialog;
use crate::browser::{go, t};
use crate::kit::back_button;
use crate::present::Route;

/// The page `/search`.
pub(super) fn search_page() -> AnyView {
    let lookup: Lookup = expect_context();
    let finder = lookup.finder();
    let find_people = people::Search::follow(finder.people);
    let shown = RwSignal::new(None);
    let pick = Callback::new(move |person: Person| match person.user_name {
        Some(name) => go(Route::Profile(name)),
        // Guests have no address of their own.
        None => shown.set(Some(person.user)),
    });
    let content = move || match lookup.tab.get() {
        Tab::Messages => messages(finder),
        Tab::People => find_people.results(pick),
        Tab::Groups => groups(finder),
    };
    let filters = move || (lookup.tab.get() == Tab::Messages).then(|| filters(lookup.query));
    view! {
        <div class="search">
            <h1 class="visually-hidden">{move || t().search}</h1>
            <header class="pane__header">
                {back_button(|_| go(Route::Home))}
                {people::search_box(lookup.query, |t| t.search, |t| t.more().search_hint, "search")}
            </header>
            <div class="search__column tabs" role="tablist" aria-label=move || t().search>
                {Tab::ALL.map(|it| tab(lookup, it))}
            </div>
            {filters}
            <div
                class="pane__scroll"
                role="tabpanel"
                id="found"
                aria-labelledby=move || lookup.tab.get().id()
            >
                <div class="search__column">{content}</div>
            </div>
        </div>
        {profile_dialog(shown)}
    }
    .into_any()
}

fn tab(lookup: Lookup, it: Tab) -> AnyView {
    let chosen = move || lookup.tab.get() == it;
    view! {
        <button
            type="button"
            class="tab"
            role="tab"
            id=it.id()
            aria-controls="found"
            aria-selected=move || chosen().to_string()
            tabindex=move || if chosen() { "0" } else { "-1" }
            on:click=pressed(move |_| lookup.tab.set(it))
            on:keydown=move_focus
        >
            {move || it.words(t())}
        </button>
    }
    .into_any()
}

/// Arrow keys go from tab to tab.
fn move_focus(event: KeyboardEvent) {
    let here = event.current_target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let to = here.and_then(|here| match event.key().as_str() {
        "ArrowRight" => here.next_element_sibling(),
        "ArrowLeft" => here.previous_element_sibling(),
        _ => None,
    });
    if let Some(to) = to.and_then(|to| to.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        // Fails for elements that are gone.
        let _ = to.focus();
        to.click();
    }
}
