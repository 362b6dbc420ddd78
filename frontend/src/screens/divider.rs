//! The edge between the list and what is open: dragged, or moved by keys; kept in this browser.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

use crate::browser::{document, local_remove, local_set, window};
use crate::kit::{State, said};
use crate::present::Bounds;

/// Kept in this browser, in pixels, and put on the page by `boot.js` before anything is drawn;
/// `style/layout.css` reads it from the page.
const KEPT: &str = "tideline.list";
const PROPERTY: &str = "--list";

/// Copies are the same.
#[derive(Clone, Copy)]
struct Divider {
    node: NodeRef<html::Div>,
    /// How wide the list is, and may be.
    width: State<f64>,
    bounds: State<Bounds>,
    /// Where the pointer took it, and how wide the list was then.
    taken: StoredValue<Option<(f64, f64)>>,
}

/// The edge: the last part of the list's pane, on wide screens only. Its code comes later than the pane.
pub(super) fn divider() -> AnyView {
    let pane = document().query_selector(".pane--list > nav").ok().flatten();
    let pane = pane.and_then(|pane| pane.dyn_into::<HtmlElement>().ok());
    let mounted = pane.map(|pane| leptos::mount::mount_to(pane, edge));
    let mounted = StoredValue::new_local(mounted);
    on_cleanup(move || mounted.dispose());
    ().into_any()
}

fn edge() -> AnyView {
    let divider = Divider {
        node: NodeRef::new(),
        width: State::new(0.0),
        bounds: State::new(Bounds { least: 0.0, most: 0.0 }),
        taken: StoredValue::new(None),
    };
    divider.measure();
    view! {
        <div
            node_ref=divider.node
            class="divider"
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label=said(|t| t.more().list_width)
            aria-valuemin=move || divider.bounds.get().least.round().to_string()
            aria-valuemax=move || divider.bounds.get().most.round().to_string()
            aria-valuenow=move || divider.width.get().round().to_string()
            on:focus=move |_| divider.measure()
            on:pointerdown=move |event| divider.take(&event)
            on:pointermove=move |event| divider.drag(&event)
            on:pointerup=move |_| divider.drop()
            on:pointercancel=move |_| divider.drop()
            on:dblclick=move |_| divider.reset()
            on:keydown=move |event| divider.key(&event)
        ></div>
    }
    .into_any()
}

impl Divider {
    /// Sees how wide the list is: the window may have changed since.
    fn measure(self) {
        let list = document().query_selector(".pane--list").ok().flatten();
        let width = list.map_or(0.0, |list| list.get_bounding_client_rect().width());
        let page = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or_default();
        self.bounds.set(Bounds::of(page, letter().unwrap_or(16.0)));
        self.width.set(width);
    }

    fn take(self, event: &PointerEvent) {
        let Some(node) = self.node.get_untracked().filter(|_| event.button() == 0) else { return };
        self.measure();
        // Fails for a pointer that is gone.
        let _ = node.set_pointer_capture(event.pointer_id());
        self.taken.set_value(Some((f64::from(event.client_x()), self.width.get_untracked())));
    }

    /// Nothing is measured here: the browser lays out once a frame.
    fn drag(self, event: &PointerEvent) {
        if let Some((from, width)) = self.taken.get_value() {
            self.show(self.bounds.get_untracked().fit(width + f64::from(event.client_x()) - from));
        }
    }

    fn drop(self) {
        if let Some((_, before)) = self.taken.try_update_value(Option::take).flatten() {
            self.keep(before);
        }
    }

    fn key(self, event: &KeyboardEvent) {
        let before = self.width.get_untracked();
        if event.key() == "Enter" {
            return self.reset();
        }
        let width = self.bounds.get_untracked().key(&event.key(), event.shift_key(), before);
        if let Some(width) = width.filter(|_| !event.alt_key()) {
            event.prevent_default();
            self.show(width);
            self.keep(before);
        }
    }

    fn show(self, width: f64) {
        if self.width.get_untracked() == width {
            return;
        }
        self.width.set(width);
        if let Some(page) = page() {
            // Fails never: any element takes it.
            let _ = page.style().set_property(PROPERTY, &format!("{width}px"));
        }
    }

    /// Keeps the width, if it is another one than before.
    fn keep(self, before: f64) {
        let width = self.width.get_untracked();
        if width != before {
            local_set(KEPT, &format!("{width}px"));
        }
        // Beside an open pane of details there may be less room.
        self.measure();
    }

    /// As wide as the window suggests.
    fn reset(self) {
        local_remove(KEPT);
        if let Some(page) = page() {
            let _ = page.style().remove_property(PROPERTY);
        }
        self.measure();
    }
}

fn page() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}

/// How large the page's letters are, in pixels.
fn letter() -> Option<f64> {
    let style = window().get_computed_style(&document().document_element()?).ok()??;
    style.get_property_value("font-size").ok()?.trim_end_matches("px").parse().ok()
}
