//! Tooltips: what a button without words is called, beside it, for those who see its icon only. An
//! element with `data-tip` has one, and it says the element's name: screen readers hear that already.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, PointerEvent};

use super::effect::effect;
use crate::browser::{Listener, document, listen, window};

/// How long a pointer rests on something before it is told what that is.
const REST: Duration = Duration::from_millis(500);
/// Between an element and its tooltip, and between that and the edge of the page.
const GAP_PX: f64 = 6.0;

/// Copies are the same.
#[derive(Clone, Copy)]
struct Tooltip {
    about: RwSignal<Option<Element>, LocalStorage>,
    /// What the pointer rests on.
    rest: StoredValue<Option<TimeoutHandle>>,
    node: NodeRef<html::Div>,
}

/// The place of all tooltips: once in the app.
#[must_use]
pub(crate) fn tooltips() -> AnyView {
    let tooltip = Tooltip {
        about: RwSignal::new_local(None),
        rest: StoredValue::new(None),
        node: NodeRef::new(),
    };
    let listeners = StoredValue::new_local(tooltip.listen());
    on_cleanup(move || listeners.dispose());
    effect(move || {
        if let (Some(about), Some(node)) = (tooltip.about.get(), tooltip.node.get()) {
            place(&about, &node);
        }
    });
    let words = move || tooltip.about.get().and_then(|about| about.get_attribute("aria-label"));
    // Above dialogs, which only a popover gets to.
    view! {
        <div
            node_ref=tooltip.node
            class="tooltip"
            role="tooltip"
            popover="manual"
            hidden=move || tooltip.about.with(Option::is_none)
        >
            {words}
        </div>
    }
    .into_any()
}

impl Tooltip {
    fn listen(self) -> Vec<Listener> {
        let on = |event, act: fn(Self, Event)| listen(&document(), event, move |it| act(self, it));
        let hide: fn(Self, Event) = |this, _| this.hide();
        vec![
            on("pointerover", |this, event| this.pointed(event.unchecked_into())),
            on("focusin", |this, event| {
                this.hide();
                // A press is no question.
                let about = of(&event).filter(|it| it.matches(":focus-visible").unwrap_or(false));
                if about.is_some() {
                    this.about.set(about);
                }
            }),
            on("focusout", hide),
            on("pointerdown", hide),
            on("keydown", |this, event| {
                let event: web_sys::KeyboardEvent = event.unchecked_into();
                // The keys that lead here show it.
                if event.key() != "Tab" && !event.key().starts_with("Arrow") {
                    this.hide();
                }
            }),
            on("wheel", hide),
        ]
    }

    fn pointed(self, event: PointerEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        // It may be read with the pointer on it.
        let on_it = target.is_some_and(|target| target.class_list().contains("tooltip"));
        let about = of(&event);
        if on_it || about.is_some() && about == self.about.get_untracked() {
            return;
        }
        self.hide();
        if let Some(about) = about.filter(|_| event.pointer_type() == "mouse") {
            let show = move || {
                if about.is_connected() {
                    self.about.set(Some(about));
                }
            };
            self.rest.try_set_value(set_timeout_with_handle(show, REST).ok());
        }
    }

    fn hide(self) {
        let rest = self.rest.try_update_value(Option::take).flatten();
        if let Some(rest) = rest {
            rest.clear();
        }
        if self.about.try_with_untracked(Option::is_some) == Some(true) {
            self.about.set(None);
        }
    }
}

/// What an event is about, if that has a tooltip.
fn of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest("[data-tip]").ok()?
}

/// Above the element, or below it where there is no room; never over the edge of the page.
fn place(about: &Element, node: &web_sys::HtmlElement) {
    let _ = node.remove_attribute("hidden");
    let show = js_sys::Reflect::get(node, &"showPopover".into());
    if let Ok(Ok(show)) = show.map(JsCast::dyn_into::<js_sys::Function>) {
        // Refused for one that is shown.
        let _ = show.call0(node);
    }
    let (at, size) = (about.get_bounding_client_rect(), node.get_bounding_client_rect());
    let page = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or_default();
    let most = (page - size.width() - GAP_PX).max(GAP_PX);
    let left = (at.left() + (at.width() - size.width()) / 2.0).clamp(GAP_PX, most);
    let above = at.top() - size.height() - GAP_PX;
    let top = if above < GAP_PX { at.bottom() + GAP_PX } else { above };
    for (name, value) in [("left", left), ("top", top)] {
        // Fails never: any element takes it.
        let _ = node.style().set_property(name, &format!("{}px", value.round()));
    }
}
