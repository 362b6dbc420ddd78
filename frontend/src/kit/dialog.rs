//! Native modal dialogs: the browser keeps the focus inside, gives it back, and closes on Escape.

use super::effect::effect;
use crate::kit::State;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::field::fresh_id;
use super::icon::CLOSE;
use super::icon_button;
use super::live;
use crate::browser::t;

/// A dialog that is there while `open`. Its content is made anew each time it opens.
///
/// `class` completes `dialog`; without a `title` the content names the dialog by an element whose
/// id it is handed.
#[must_use]
pub(crate) fn dialog(
    class: &'static str,
    open: State<bool>,
    title: Signal<String>,
    content: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    boxed(class, open, title, Box::new(content))
}

/// Compiled once for all of them.
fn boxed(
    class: &'static str,
    open: State<bool>,
    title: Signal<String>,
    content: Box<dyn Fn() -> AnyView + Send + Sync>,
) -> AnyView {
    let node = NodeRef::<html::Dialog>::new();
    let id = fresh_id();
    let labelled = id.clone();
    effect(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            // Fails only for a dialog that is open already, or not in the page.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let outside = move |event: web_sys::MouseEvent| {
        // What is pressed is the dialog itself only where its content is not: the backdrop.
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if target.is_some_and(|target| target.tag_name() == "DIALOG") {
            open.set(false);
        }
    };
    view! {
        <dialog
            node_ref=node
            class=format!("dialog {class}")
            aria-labelledby=labelled
            on:close=move |_| open.set(false)
            on:mousedown=outside
        >
            {live(move || {
                open.get()
                    .then(|| {
                        view! {
                            <header class="dialog__header">
                                <h2 class="dialog__title" id=id.clone()>
                                    {move || title.get()}
                                </h2>
                                {icon_button(CLOSE, |t| t.more().close, move |_| open.set(false))}
                            </header>
                            {content()}
                        }
                    })
            })}
        </dialog>
    }
    .into_any()
}

/// Asks before something that cannot be undone. `act` runs when the person agrees.
#[must_use]
pub(crate) fn confirm(
    open: State<bool>,
    title: Signal<String>,
    text: super::Words,
    agree: super::Words,
    act: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    let act = Callback::new(move |()| act());
    dialog("dialog--confirm", open, title, move || {
        view! {
            <div class="dialog__body">
                <p class="muted">{live(move || text(t()))}</p>
            </div>
            <div class="dialog__footer">
                {super::button("", None, |t| t.cancel, move |_| open.set(false))}
                {super::button(
                    "button--danger button--primary",
                    None,
                    agree,
                    move |_| {
                        open.set(false);
                        act.run(());
                    },
                )}
            </div>
        }
        .into_any()
    })
}
