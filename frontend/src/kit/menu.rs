//! Menus: a button, and a list of actions with the keyboard that goes with it (arrows, Home, End,
//! Escape; the focus goes back to the button).

use super::button::{pressed, telling};
use super::effect::effect;
use crate::kit::State;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlElement, KeyboardEvent, Node};

use super::Words;
use super::icon::{Icon, MORE, icon};
use crate::browser::{t, window};

/// Between a menu and the edge of its pane.
const EDGE_PX: f64 = 8.0;
/// A menu is at least so high.
const LEAST_PX: f64 = 160.0;

/// An action of a menu.
pub(crate) struct MenuItem {
    /// Before the words.
    pub icon: Icon,
    /// What it is called.
    pub name: Words,
    /// Whether it takes something away.
    pub danger: bool,
    /// What it does.
    pub act: Box<dyn Fn()>,
}

/// An action of the row above a menu.
pub(crate) struct QuickItem {
    /// What is seen.
    pub shown: &'static str,
    /// What it is called.
    pub name: String,
    /// Whether it is on; nothing for what only leads somewhere.
    pub pressed: Option<bool>,
    /// What it does.
    pub act: Box<dyn Fn()>,
}

/// A menu that is there while `open`, inside of a `.menu-anchor` whose button opens it. `up` and
/// `end` say on which sides of the button it hangs.
#[must_use]
pub(crate) fn menu(
    open: State<bool>,
    up: bool,
    end: bool,
    quick: Vec<QuickItem>,
    items: Vec<MenuItem>,
) -> AnyView {
    let node = NodeRef::<html::Div>::new();
    effect(move || {
        if let Some(menu) = node.get() {
            fit(&menu, up);
            step(&menu, Step::First);
        }
    });
    let close = move || {
        if let Some(menu) = node.get_untracked() {
            focus_button(&menu);
        }
        open.set(false);
    };
    let quick = (!quick.is_empty()).then(|| {
        let row = quick.into_iter().map(|item| quick_entry(item, close)).collect::<Vec<_>>();
        view! { <div class="menu__quick">{row}</div> }
    });
    let items = items.into_iter().map(|item| entry(item, close)).collect::<Vec<_>>();
    view! {
        <div
            node_ref=node
            class="menu"
            role="menu"
            data-side=if up { "up" } else { "down" }
            data-align=if end { "end" } else { "start" }
            on:keydown=move |event| on_key(&event, node, close)
            on:focusout=move |event: FocusEvent| {
                let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
                // Also told of a menu that was just taken away, and its signals with it: then there
                // is nothing to close.
                let Some(menu) = node.try_get_untracked().flatten() else { return };
                // The button toggles by itself.
                if !menu.parent_element().is_some_and(|anchor| anchor.contains(to.as_ref())) {
                    open.set(false);
                }
            }
        >
            {quick}
            {items}
        </div>
    }
    .into_any()
}

/// A button, named for screen readers, and the menu that it opens.
#[must_use]
pub(crate) fn menu_button(
    open: State<bool>,
    name: String,
    items: impl Fn() -> Vec<MenuItem> + Send + 'static,
) -> AnyView {
    let node = NodeRef::<html::Button>::new();
    let shown = move || {
        let up = node.get_untracked().is_some_and(|button| is_low(&button));
        open.get().then(|| menu(open, up, true, Vec::new(), items()))
    };
    view! {
        <div class="menu-anchor">
            <button
                node_ref=node
                type="button"
                class="icon-button"
                aria-label=name
                aria-haspopup="menu"
                aria-expanded=telling(move || open.get().to_string())
                on:click=pressed(move |_| open.update(|open| *open = !*open))
            >
                {icon(MORE)}
            </button>
            {shown}
        </div>
    }
    .into_any()
}

/// Tells the style how high the menu can be before its pane cuts it off.
fn fit(menu: &HtmlElement, up: bool) {
    let pane = menu.closest(".timeline__scroll, .pane__scroll").ok().flatten();
    let (Some(pane), Some(anchor)) = (pane, menu.parent_element()) else { return };
    let (pane, anchor) = (pane.get_bounding_client_rect(), anchor.get_bounding_client_rect());
    let room =
        if up { anchor.top() - pane.top() } else { pane.bottom() - anchor.bottom() } - EDGE_PX;
    // Fails never: any element takes it.
    let _ = menu.style().set_property("--room", &format!("{}px", room.max(LEAST_PX) as i32));
}

/// Whether an element stands in the lower half of the page.
fn is_low(element: &HtmlElement) -> bool {
    let height = window().inner_height().ok().and_then(|height| height.as_f64());
    element.get_bounding_client_rect().top() > height.unwrap_or_default() / 2.0
}

fn entry(item: MenuItem, close: impl Fn() + Copy + 'static) -> AnyView {
    let MenuItem { icon: shape, name, danger, act } = item;
    view! {
        <button
            type="button"
            class=if danger { "menu__item menu__item--danger" } else { "menu__item" }
            role="menuitem"
            tabindex="-1"
            on:click=pressed(move |_| {
                close();
                act();
            })
        >
            {icon(shape)}
            {name(t())}
        </button>
    }
    .into_any()
}

fn quick_entry(item: QuickItem, close: impl Fn() + Copy + 'static) -> AnyView {
    let QuickItem { shown, name, pressed: on, act } = item;
    view! {
        <button
            type="button"
            class="menu__emoji"
            role=if on.is_some() { "menuitemcheckbox" } else { "menuitem" }
            aria-checked=on.map(|on| on.to_string())
            aria-label=name
            data-tip=""
            tabindex="-1"
            on:click=pressed(move |_| {
                close();
                act();
            })
        >
            {shown}
        </button>
    }
    .into_any()
}

enum Step {
    First,
    Last,
    Next,
    Previous,
}

fn on_key(event: &KeyboardEvent, node: NodeRef<html::Div>, close: impl Fn()) {
    let step_to = match event.key().as_str() {
        "ArrowDown" | "ArrowRight" => Step::Next,
        "ArrowUp" | "ArrowLeft" => Step::Previous,
        "Home" => Step::First,
        "End" => Step::Last,
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            return close();
        }
        "Tab" => return close(),
        _ => return,
    };
    event.prevent_default();
    if let Some(menu) = node.get_untracked() {
        step(&menu, step_to);
    }
}

fn step(menu: &HtmlElement, to: Step) {
    let Ok(items) = menu.query_selector_all("[role^=menuitem]") else { return };
    let count = items.length();
    let focused = menu.owner_document().and_then(|document| document.active_element());
    let here = (0..count).find(|at| items.get(*at).as_ref() == focused.as_deref());
    let at = match (to, here) {
        (Step::First, _) | (Step::Next, None) => 0,
        (Step::Last, _) | (Step::Previous, None | Some(0)) => count.saturating_sub(1),
        (Step::Next, Some(at)) => (at + 1) % count,
        (Step::Previous, Some(at)) => at - 1,
    };
    if let Some(item) = items.get(at).and_then(|item| item.dyn_into::<HtmlElement>().ok()) {
        // Fails for elements that are gone.
        let _ = item.focus();
    }
}

fn focus_button(menu: &HtmlElement) {
    let button = menu
        .parent_element()
        .and_then(|anchor| anchor.query_selector("[aria-haspopup]").ok().flatten())
        .and_then(|button| button.dyn_into::<HtmlElement>().ok());
    if let Some(button) = button {
        let _ = button.focus();
    }
}
