//! Lists that are one stop of the Tab key: the arrow keys, Home and End go through them. A list says
//! so by `data-roving`; what in it can have the focus are its entries, those of one `li` beside each
//! other.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::browser::document;

/// What can have the focus.
const ENTRIES: &str = "a[href], button:not(:disabled), input:not(:disabled), select, [role=option]";
/// Where the keys mean something else.
const ELSEWHERE: &str = "input:not([type=checkbox]), select, textarea, [role=menu]";

/// Takes the key, if it is one of a list; says whether it did.
pub(super) fn rove(event: &KeyboardEvent) -> bool {
    let key = event.key();
    if key == "Tab" {
        all(None, "[data-roving]").iter().for_each(tidy);
        return false;
    }
    let changed = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(target) = target.filter(|_| !changed) else { return false };
    let Some(list) = around(&target, "[data-roving]") else { return false };
    if around(&target, ELSEWHERE).is_some() {
        return false;
    }
    match next(&list, &target, &key) {
        // Fails for elements that are gone.
        Some(entry) => entry.focus().is_ok(),
        None => false,
    }
}

/// The entry to which a key leads; none where it leads nowhere.
fn next(list: &Element, from: &Element, key: &str) -> Option<HtmlElement> {
    let entries = all(Some(list), ENTRIES);
    let at = entries.iter().position(|entry| entry.contains(Some(from)))?;
    let row_of = |at: usize| entries.get(at).and_then(|entry| around(entry, "li"));
    let is_beside = |other: usize| row_of(at).is_some() && row_of(at) == row_of(other);
    let is_row = |other: &usize| !is_beside(*other);
    let first_of = |other: usize| {
        let same = |before: &usize| row_of(other).is_some() && row_of(*before) == row_of(other);
        (0..other).rev().take_while(same).last().unwrap_or(other)
    };
    let to = match key {
        "ArrowDown" => (at + 1..entries.len()).find(is_row),
        "ArrowUp" => (0..at).rev().find(is_row).map(first_of),
        "ArrowRight" => Some(at + 1).filter(|&other| is_beside(other)),
        "ArrowLeft" => at.checked_sub(1).filter(|&other| is_beside(other)),
        "Home" => Some(0),
        "End" => entries.len().checked_sub(1).map(first_of),
        _ => None,
    }?;
    entries.get(to).cloned()
}

/// Leaves one stop: the entry with the focus, or which had it last, or the one that is open, or the
/// first. Before Tab is soon enough, for nothing else asks.
fn tidy(list: &HtmlElement) {
    let entries = all(Some(list), ENTRIES);
    let focused = document().active_element();
    let has_focus =
        |entry: &&HtmlElement| focused.as_ref().is_some_and(|it| entry.contains(Some(it)));
    let stopped = |entry: &&HtmlElement| entry.get_attribute("tabindex").as_deref() == Some("0");
    let is_open = |entry: &&HtmlElement| entry.has_attribute("aria-current");
    let stop = entries.iter().find(has_focus);
    let stop = stop.or_else(|| entries.iter().find(stopped));
    let stop = stop.or_else(|| entries.iter().find(is_open)).or(entries.first()).cloned();
    for entry in entries {
        entry.set_tab_index(if Some(&entry) == stop.as_ref() { 0 } else { -1 });
    }
}

fn around(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

/// What fits in an element, or in the document.
fn all(inside: Option<&Element>, selector: &str) -> Vec<HtmlElement> {
    let found = match inside {
        Some(element) => element.query_selector_all(selector),
        None => document().query_selector_all(selector),
    };
    let Ok(found) = found else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}
