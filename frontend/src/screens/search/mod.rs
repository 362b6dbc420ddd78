//! The search page: messages, people, groups. What was typed and found stays while the person looks
//! at what they found.

mod filters;
mod finder;
mod results;

use crate::kit::pressed;
use leptos::prelude::*;
use tideline_shared::{ConversationId, Person};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use self::filters::filters;
pub(super) use self::finder::Finder;
use self::finder::Tab;
use self::results::{groups, messages};
use super::people;
use super::profile::profile_dialog;
use crate::browser::{go, t};
use crate::kit::back_button;
use crate::present::Route;

/// Goes to a message in its place, with what was said around it.
pub(super) fn open_at(finder: Finder, conversation: ConversationId, seq: u64) {
    finder.goal.set_value(Some((conversation, seq)));
    go(Route::Conversation(conversation));
}

/// The page `/search`.
pub(super) fn search_page() -> AnyView {
    let finder: Finder = expect_context();
    let find_people = people::Search::follow(finder.people);
    let shown = RwSignal::new(None);
    let pick = Callback::new(move |person: Person| match person.user_name {
        Some(name) => go(Route::Profile(name)),
        // Guests have no address of their own.
        None => shown.set(Some(person.user)),
    });
    let content = move || match finder.tab.get() {
        Tab::Messages => messages(finder),
        Tab::People => find_people.results(pick),
        Tab::Groups => groups(finder),
    };
    let filters = move || (finder.tab.get() == Tab::Messages).then(|| filters(finder.query));
    view! {
        <div class="search">
            <header class="pane__header">
                {back_button(|_| go(Route::Home))}
                {people::search_box(finder.query, |t| t.search, |t| t.search_hint, "search")}
            </header>
            <div class="search__column tabs" role="tablist" aria-label=move || t().search>
                {Tab::ALL.map(|it| tab(finder, it))}
            </div>
            {filters}
            <div
                class="pane__scroll"
                role="tabpanel"
                id="found"
                aria-labelledby=move || finder.tab.get().id()
            >
                <div class="search__column">{content}</div>
            </div>
        </div>
        {profile_dialog(shown)}
    }
    .into_any()
}

fn tab(finder: Finder, it: Tab) -> AnyView {
    let chosen = move || finder.tab.get() == it;
    view! {
        <button
            type="button"
            class="tab"
            role="tab"
            id=it.id()
            aria-controls="found"
            aria-selected=move || chosen().to_string()
            tabindex=move || if chosen() { "0" } else { "-1" }
            on:click=pressed(move |_| finder.tab.set(it))
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
