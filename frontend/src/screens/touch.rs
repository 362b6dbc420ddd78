//! Fingers: on a phone one from the left edge takes what is open back to where it came from, and one that rests on a
//! message or on a conversation of the list opens its menu.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, MouseEvent, MouseEventInit, PointerEvent};

use super::main::Over;
use crate::browser::{Listener, back, document, is_narrow, listen, route, window};
use crate::present::{Route, Step, Swipe};

/// What `style/touch.css` knows: that a screen follows a finger, or goes the rest of the way by itself; and where
/// it is.
const STATE: &str = "data-swipe";
const PLACE: &str = "--swipe";
/// Longer than it takes to go the rest of the way (`--calm`).
const REST: Duration = Duration::from_millis(240);

/// How long a finger rests for a menu. Browsers that have a long press of their own are a little earlier.
const LONG: Duration = Duration::from_millis(550);
/// What `style/touch.css` knows of a finger that opened a menu and is still on the screen: lifting it presses nothing.
const HELD: &str = "data-held";
/// Longer than it takes from a lifted finger to the click that browsers make of it.
const LIFTED: Duration = Duration::from_millis(100);
/// A finger that rests moves less than this.
const STILL_PX: f64 = 10.0;

/// The finger on its way, and which it is. Copies are the same.
#[derive(Clone, Copy)]
struct Finger {
    over: Over,
    swipe: StoredValue<Option<(i32, Swipe)>>,
    /// Where it rests, and what happens when it stays.
    rest: StoredValue<Option<(f64, f64, TimeoutHandle)>>,
}

/// Follows fingers for as long as somebody is signed in. Nothing is drawn.
pub(super) fn touch() -> AnyView {
    let (swipe, rest) = (StoredValue::new(None), StoredValue::new(None));
    let finger = Finger { over: expect_context(), swipe, rest };
    let listeners = StoredValue::new_local(finger.listen());
    on_cleanup(move || listeners.dispose());
    ().into_any()
}

impl Finger {
    fn listen(self) -> Vec<Listener> {
        let on = |name, act: fn(Self, &PointerEvent)| {
            listen(&document(), name, move |event: Event| act(self, event.unchecked_ref()))
        };
        vec![
            on("pointerdown", Self::down),
            on("pointermove", Self::moved),
            on("pointerup", Self::up),
            // The browser scrolls instead.
            on("pointercancel", |this, _| {
                this.back();
                lifted();
            }),
            on("contextmenu", Self::pressed),
            listen(&window(), "popstate", |_| clear()),
            // The menu keeps the focus.
            on("mousedown", |_, event| {
                if app().is_some_and(|app| app.has_attribute(HELD)) {
                    event.prevent_default();
                }
            }),
        ]
    }

    /// A finger that stays on what has a menu asks for it, as a right click does.
    fn rest(self, event: &PointerEvent) {
        let (x, y) = (event.client_x(), event.client_y());
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(target) = target.filter(has_menu) else { return };
        // Whoever chooses words goes on choosing.
        if is_chosen() {
            return;
        }
        let ask = move || {
            self.stir();
            ask_for_menu(&target, x, y);
        };
        let timer = set_timeout_with_handle(ask, LONG).ok();
        self.rest.try_set_value(timer.map(|timer| (f64::from(x), f64::from(y), timer)));
    }

    /// The browser knows long presses by itself. On words it chooses one, and the menu stays away.
    fn pressed(self, event: &PointerEvent) {
        let rests = self.rest.try_with_value(Option::is_some) == Some(true);
        self.stir();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(target) = target.filter(|_| rests && !event.default_prevented()) {
            event.prevent_default();
            ask_for_menu(&target, event.client_x(), event.client_y());
        }
    }

    /// It does not rest any more.
    fn stir(self) {
        if let Some((_, _, timer)) = self.rest.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    fn down(self, event: &PointerEvent) {
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        self.stir();
        let is_finger = event.is_primary() && event.pointer_type() == "touch";
        if is_finger {
            self.rest(event);
        }
        let free = is_finger && may_begin(event);
        let swipe = free.then(|| Swipe::begin(x, y, event.time_stamp())).flatten();
        self.swipe.try_set_value(swipe.map(|swipe| (event.pointer_id(), swipe)));
    }

    fn moved(self, event: &PointerEvent) {
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let rest = self.rest.try_get_value().flatten();
        if rest.is_some_and(|(x0, y0, _)| (x - x0).abs().max((y - y0).abs()) > STILL_PX) {
            self.stir();
        }
        let step = self.swipe.try_update_value(|finger| {
            let (id, swipe) = finger.as_mut()?;
            (*id == event.pointer_id()).then(|| swipe.to(x, y, event.time_stamp()))
        });
        match step.flatten() {
            Some(Step::Follow(px)) if !is_calm() => put("follows", &format!("{px}px")),
            Some(Step::Leave) => self.back(),
            _ => {}
        }
    }

    fn up(self, event: &PointerEvent) {
        self.stir();
        lifted();
        let width = window().inner_width().ok().and_then(|width| width.as_f64());
        let finger = self.swipe.try_get_value().flatten();
        let goes = finger.is_some_and(|(id, swipe)| {
            id == event.pointer_id() && swipe.goes(width.unwrap_or_default(), event.time_stamp())
        });
        if !goes {
            return self.back();
        }
        self.swipe.try_set_value(None);
        if is_calm() {
            return self.leave();
        }
        put("goes", "100%");
        set_timeout(move || self.leave(), REST);
    }

    /// From details to their conversation; from anything else to where the person came from.
    fn leave(self) {
        let Some(details) = self.over.details.try_get_untracked() else { return };
        if details {
            self.over.details.set(false);
        }
        // What the browser does a moment later is seen in `listen`.
        if details || !back() {
            clear();
        }
    }

    /// The screen is where it was.
    fn back(self) {
        self.stir();
        let was = self.swipe.try_update_value(Option::take).flatten();
        if was.is_some() && app().is_some_and(|app| app.has_attribute(STATE)) {
            put("goes", "0px");
            set_timeout(clear, REST);
        }
    }
}

/// What a right click is, of a finger: on what it rests on, not on the word that it chose.
fn ask_for_menu(target: &Element, x: i32, y: i32) {
    if let Ok(Some(selection)) = window().get_selection() {
        // Fails never.
        let _ = selection.remove_all_ranges();
    }
    let asked = MouseEventInit::new();
    asked.set_bubbles(true);
    asked.set_cancelable(true);
    asked.set_client_x(x);
    asked.set_client_y(y);
    if let Ok(event) = MouseEvent::new_with_mouse_event_init_dict("contextmenu", &asked) {
        // Both fail never: the event is new, and any element takes the attribute.
        let _ = target.dispatch_event(&event);
        let _ = app().map(|app| app.set_attribute(HELD, ""));
    }
}

/// The finger that may have opened a menu is gone.
fn lifted() {
    set_timeout(|| drop(app().map(|app| app.remove_attribute(HELD))), LIFTED);
}

/// Whether words are chosen.
fn is_chosen() -> bool {
    window().get_selection().ok().flatten().is_some_and(|selection| !selection.is_collapsed())
}

/// Whether a place means what it belongs to: a conversation of the list, or a message, but not a link or a
/// button on it.
fn has_menu(target: &Element) -> bool {
    let is = |selector| matches!(target.closest(selector), Ok(Some(_)));
    let is_message = is("article.message") && !is("a, button, input, label, audio, [role=menu]");
    is_message || is("a.row[aria-haspopup=menu]")
}

/// Only from what is open on a phone; not over what lies on it, not out of a text that is chosen or a block that is
/// scrolled sideways.
fn may_begin(event: &PointerEvent) -> bool {
    let open = !matches!(untrack(route), Route::Home | Route::Join(_));
    // Where the screen stands beside the list, there is nothing to swipe back to.
    let phone = untrack(is_narrow);
    let busy = app().is_some_and(|app| app.has_attribute(STATE));
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(target) = target.filter(|_| open && phone && !is_chosen() && !busy) else {
        return false;
    };
    let is_main = matches!(target.closest(".pane--main, .pane--details"), Ok(Some(_)));
    let is_over = matches!(target.closest("dialog, [role=menu], input, audio"), Ok(Some(_)));
    is_main && !is_over && !is_scrolled(target)
}

/// Whether an element, or one that holds it, was scrolled to the right: then the finger scrolls it back.
fn is_scrolled(element: Element) -> bool {
    std::iter::successors(Some(element), |it| it.parent_element()).any(|it| it.scroll_left() > 0)
}

/// Whether the person wants no motion.
pub(super) fn is_calm() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

fn app() -> Option<HtmlElement> {
    document().query_selector(".app").ok()??.dyn_into().ok()
}

fn put(state: &str, place: &str) {
    if let Some(app) = app() {
        // Both fail never: any element takes them.
        let _ = app.set_attribute(STATE, state);
        let _ = app.style().set_property(PLACE, place);
    }
}

fn clear() {
    if let Some(app) = app() {
        let _ = app.remove_attribute(STATE);
        let _ = app.style().remove_property(PLACE);
    }
}
