//! The search page. People can be found; the search of messages and groups is not there yet, and
//! so are its tabs.

use leptos::prelude::*;
use tideline_shared::Person;

use super::people::Search;
use super::profile::profile_dialog;
use crate::browser::{go, t};
use crate::kit::back_button;
use crate::present::Route;

/// The page `/search`.
pub(super) fn search_page() -> AnyView {
    let search = Search::follow(RwSignal::new(String::new()));
    let shown = RwSignal::new(None);
    let pick = Callback::new(move |person: Person| match person.user_name {
        Some(name) => go(Route::Profile(name)),
        // Guests have no address of their own.
        None => shown.set(Some(person.user)),
    });
    view! {
        <div class="search">
            <header class="pane__header">
                {back_button(|_| go(Route::Home))} {search.field(|t| t.search, "search")}
            </header>
            <div class="search__column tabs" role="tablist" aria-label=move || t().search>
                <button type="button" class="tab" role="tab" id="tab-people" aria-selected="true">
                    {move || t().people}
                </button>
            </div>
            <div class="pane__scroll" role="tabpanel" aria-labelledby="tab-people">
                <div class="search__column">{search.results(pick)}</div>
            </div>
        </div>
        {profile_dialog(shown)}
    }
    .into_any()
}
