//! The search page: messages, people, groups. What was typed and found stays while the person looks
//! at what they found.

mod filters;
mod finder;
mod lookup;
mod results;

use leptos::prelude::*;
use tideline_shared::Person;

use self::filters::filters;
pub(super) use self::lookup::Lookup;
use self::lookup::Tab;
use self::results::{groups, messages};
use super::people;
use super::profile::profile_dialog;
use crate::browser::{go, t};
use crate::kit::{self, State, back_button, live, tabs, words};
use crate::present::Route;

/// The page `/search`.
pub(super) fn search_page() -> AnyView {
    let lookup: Lookup = expect_context();
    let finder = lookup.finder();
    let find_people = people::Search::follow(finder.people);
    let shown = State::new(None);
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
    let filters = move || (lookup.tab.get() == Tab::Messages).then(|| filters(lookup));
    view! {
        <div class="search">
            <h1 class="visually-hidden">{live(move || t().search)}</h1>
            <header class="pane__header">
                {back_button()}
                {people::search_box(lookup.query, |t| t.search, |t| t.more().search_hint, "search")}
            </header>
            {tab_row(lookup)}
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

fn tab_row(lookup: Lookup) -> AnyView {
    let tab = |it: Tab| kit::Tab {
        id: it.id(),
        shown: Signal::derive(move || it.words(t()).to_owned()),
        name: None,
    };
    let chosen = Signal::derive(move || Tab::ALL.iter().position(|it| *it == lookup.tab.get()));
    let choose = Callback::new(move |at: usize| {
        if let Some(it) = Tab::ALL.get(at) {
            lookup.tab.set(*it);
        }
    });
    let (classes, name) = (["search__column tabs", "tab"], words(|t| t.search));
    tabs(classes, name, Some("found"), Tab::ALL.map(tab).into(), chosen, choose)
}
