//! The keys among messages. For Tab all of them are one stop; arrows go from one to the next, and through what is in
//! one; Enter opens what can be done with it, and the key for menus does, as everywhere.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FocusEvent, HtmlElement, KeyboardEvent, Node};

use crate::browser::{document, listen};

const LOG: &str = ".timeline__scroll";
const MESSAGE: &str = "article.message";
/// What the focus can go to in a message.
const INSIDE: &str = "a[href], button, input, pre";
/// Where the focus is for the moment in which it leaves the messages forward.
const END: &str = "timeline__end";

/// Copies are the same.
#[derive(Clone, Copy)]
struct Keys {
    /// The message that has the focus, or had it last.
    here: StoredValue<Option<HtmlElement>, LocalStorage>,
    /// Tab is on its way into the messages; out of them, it is not.
    tabs: StoredValue<bool>,
}

/// Follows the keys for as long as somebody is signed in. Nothing is drawn.
pub(in crate::screens) fn message_keys() -> AnyView {
    let keys = Keys { here: StoredValue::new_local(None), tabs: StoredValue::new(false) };
    let on =
        |name, act: fn(Keys, &Event)| listen(&document(), name, move |event| act(keys, &event));
    let listeners = vec![
        on("keydown", |keys, event| keys.key(event.unchecked_ref())),
        on("keyup", |keys, _| keys.tabs.set_value(false)),
        on("pointerdown", |keys, _| keys.tabs.set_value(false)),
        on("focusin", |keys, event| keys.come(event.unchecked_ref())),
        on("focusout", |keys, event| keys.go(event)),
    ];
    let listeners = StoredValue::new_local(listeners);
    on_cleanup(move || listeners.dispose());
    ().into_any()
}

impl Keys {
    fn key(self, event: &KeyboardEvent) {
        let changed = event.ctrl_key() || event.meta_key() || event.alt_key();
        let Some(target) = target(event).filter(|_| !changed && !event.default_prevented()) else {
            return;
        };
        let log = target.closest(LOG).ok().flatten();
        if event.key() == "Tab" {
            self.tabs.set_value(log.is_none());
            return log.into_iter().for_each(|log| leave(&log, event.shift_key()));
        }
        let message = target.closest(MESSAGE).ok().flatten();
        let Some(message) = message.filter(|_| !event.shift_key()) else { return };
        // A menu has keys of its own, and so has what slides or scrolls.
        if matches!(target.closest("[role=menu]"), Ok(Some(_))) {
            return;
        }
        let slides = matches!(target.local_name().as_str(), "input" | "pre");
        let done = match event.key().as_str() {
            "ArrowDown" => beside(&message, true).is_some_and(|next| focus(&next)),
            "ArrowUp" => beside(&message, false).is_some_and(|next| focus(&next)),
            "ArrowRight" if !slides => within(&message, &target, 1),
            "ArrowLeft" if !slides => within(&message, &target, -1),
            "Enter" if target == message => open_actions(&message),
            _ => false,
        };
        if done {
            event.prevent_default();
        }
    }

    /// The focus is somewhere. By Tab it comes to one message, wherever the browser has put it.
    fn come(self, event: &FocusEvent) {
        let Some(target) = target(event) else { return };
        let Some(log) = target.closest(LOG).ok().flatten() else { return };
        let from = event.related_target().and_then(|from| from.dyn_into::<Node>().ok());
        if self.tabs.get_value() && !log.contains(from.as_ref()) {
            self.tabs.set_value(false);
            if let Some(message) = self.current(&log) {
                // Behind this event: it is told of the focus by another one, in which it cannot be told again.
                leptos::task::spawn_local(async move {
                    focus(&message);
                });
            }
        } else if let Some(message) = target.closest(MESSAGE).ok().flatten() {
            self.here.set_value(message.dyn_into().ok());
        }
    }

    /// What said its words for the one who listens is as it was.
    fn go(self, event: &Event) {
        if let Some(target) =
            target(event).filter(|target| matches!(target.matches(MESSAGE), Ok(true)))
        {
            // Fails never.
            let _ = target.remove_attribute("aria-label");
        }
    }

    /// The message that had the focus, while it can be seen; else the last one that can.
    fn current(self, log: &Element) -> Option<HtmlElement> {
        let view = log.get_bounding_client_rect();
        let is_seen = |message: &HtmlElement| {
            let place = message.get_bounding_client_rect();
            message.is_connected() && place.top() < view.bottom() && place.bottom() > view.top()
        };
        let here = self.here.get_value().filter(is_seen);
        here.or_else(|| {
            let all = log.query_selector_all(MESSAGE).ok()?;
            let all = (0..all.length()).rev().filter_map(|at| all.get(at));
            all.filter_map(|it| it.dyn_into::<HtmlElement>().ok()).find(is_seen)
        })
    }
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Tab goes on from the edge of the messages.
fn leave(log: &Element, back: bool) {
    let edge = if back { Some(log.clone()) } else { end_of(log) };
    if let Some(edge) = edge.and_then(|edge| edge.dyn_into::<HtmlElement>().ok()) {
        focus(&edge);
    }
}

/// What stands behind all messages, for the focus only.
fn end_of(log: &Element) -> Option<Element> {
    if let Ok(Some(end)) = log.query_selector(&format!(".{END}")) {
        return Some(end);
    }
    let end: HtmlElement = document().create_element("span").ok()?.dyn_into().ok()?;
    end.set_class_name(END);
    end.set_tab_index(-1);
    // Nothing is scrolled to get there.
    end.style().set_property("position", "fixed").ok()?;
    log.append_child(&end).ok()?;
    Some(end.into())
}

/// The next message, or the one before.
fn beside(message: &Element, below: bool) -> Option<HtmlElement> {
    let step = |at: &Element| {
        if below { at.next_element_sibling() } else { at.previous_element_sibling() }
    };
    let mut others = std::iter::successors(step(message), step);
    others.find(|other| matches!(other.matches(MESSAGE), Ok(true)))?.dyn_into().ok()
}

/// Goes through what is in a message. Before all of it is the message itself.
fn within(message: &Element, target: &Element, by: isize) -> bool {
    let Ok(all) = message.query_selector_all(INSIDE) else { return false };
    let all = (0..all.length()).filter_map(|at| all.get(at)?.dyn_into::<HtmlElement>().ok());
    let stops = message.clone().dyn_into().into_iter().chain(all).collect::<Vec<HtmlElement>>();
    let here = stops.iter().position(|stop| AsRef::<Element>::as_ref(stop) == target);
    let next = here.and_then(|here| here.checked_add_signed(by)).and_then(|at| stops.get(at));
    next.is_some_and(focus)
}

fn open_actions(message: &Element) -> bool {
    let button = message.query_selector(".message__actions > button").ok().flatten();
    let button = button.and_then(|button| button.dyn_into::<HtmlElement>().ok());
    button.is_some_and(|button| {
        button.click();
        true
    })
}

/// Gives an element the focus; a message then has its words for a name, so that they are read out.
fn focus(element: &HtmlElement) -> bool {
    if matches!(element.matches(MESSAGE), Ok(true)) {
        let words = element.text_content().unwrap_or_default();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        // Fails never: any element takes it.
        element.set_tab_index(-1);
        let _ = element.set_attribute("aria-label", &words);
    }
    // Fails for elements that are gone.
    element.focus().is_ok()
}
