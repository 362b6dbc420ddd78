//! One message: who, what, when, how far, and what can be done with it.

use leptos::prelude::*;
use tideline_client::{Action, Item, MessageState};
use tideline_shared::markup::{self, Names};
use tideline_shared::{MessageId, only_emoji};
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::rows::{Cell, Model};
use super::words::words;
use crate::browser::{called, full_time, t, time_of_day, window};
use crate::kit::icon::{ALERT, CHECK, CLOCK, COPY, MORE, RETRY, TRASH, icon};
use crate::kit::{MenuItem, Shape, avatar, copy_and_tell, menu};
use crate::present::hue;
use crate::shell::Device;

/// A message's row. In a `group` the author is named and pictured.
pub(super) fn message(
    cell: Cell,
    group: impl Fn() -> bool + Copy + Send + Sync + 'static,
) -> AnyView {
    let actions = Actions { open: RwSignal::new(None) };
    (move || cell.with(|model| draw(model, group(), actions))).into_any()
}

/// The menu of a message.
#[derive(Clone, Copy)]
struct Actions {
    /// The menu is open, and hangs upwards or not.
    open: RwSignal<Option<bool>>,
}

/// What a message's row says.
struct Said {
    id: MessageId,
    author: String,
    own: bool,
    text: Option<String>,
    state: MessageState,
}

fn draw(model: &Model, group: bool, actions: Actions) -> AnyView {
    let Item::Message { id, author, author_name, own, text, state, .. } = &model.arranged.row.item
    else {
        return ().into_any();
    };
    let said =
        Said { id: *id, author: called(author_name), own: *own, text: text.clone(), state: *state };
    let colour = author.to_string();
    let first = !model.arranged.grouped;
    let shown = group && !said.own && first;
    let picture = shown.then(|| avatar(&colour, &said.author, "sm", Shape::Person));
    let name = if shown { "message__author" } else { "visually-hidden" };
    view! {
        <article
            class=class(model, &said)
            data-hue=hue(&colour).to_string()
            on:contextmenu=move |event| open_by_context(&event, actions)
        >
            {picture} <div class="message__main">
                <div class="message__bubble">
                    <span class=name dir="auto">
                        {said.author.clone()}
                    </span>
                    " "
                    <div class="message__content" dir="auto">
                        {body(said.text.as_deref())}
                        " "
                        {meta(model, &said)}
                    </div>
                </div>
                {menu_of(&said, actions)}
            </div>
            {failure(&said)}
        </article>
    }
    .into_any()
}

fn class(model: &Model, said: &Said) -> String {
    let mut class = "message".to_owned();
    let large = said.text.as_deref().is_some_and(only_emoji);
    for (applies, name) in [
        (!model.arranged.grouped, " message--first"),
        (!model.arranged.continued, " message--last"),
        (said.own, " message--own"),
        (large, " message--emoji"),
        (matches!(said.state, MessageState::Failed(_)), " message--failed"),
        (model.fresh, " message--new"),
    ] {
        if applies {
            class.push_str(name);
        }
    }
    class
}

/// The words, where this program can show them.
fn body(text: Option<&str>) -> AnyView {
    let Some(text) = text else {
        return view! { <span class="message__body muted">{t().unknown_body}</span> }.into_any();
    };
    words(text, &Names::default(), Device::here().me)
}

/// When, and how far an own message is.
fn meta(model: &Model, said: &Said) -> AnyView {
    let at = model.arranged.row.at;
    let iso = js_sys::Date::new(&(at.0 as f64).into()).to_iso_string();
    view! {
        <span class="message__meta">
            <time datetime=String::from(iso) title=full_time(at)>
                {time_of_day(at)}
            </time>
            {said.own.then(|| state(said.state))}
        </span>
    }
    .into_any()
}

fn state(state: MessageState) -> AnyView {
    let (word, picture, words) = match state {
        MessageState::Sending => ("sending", CLOCK, t().sending),
        MessageState::Sent => ("sent", CHECK, t().sent),
        MessageState::Failed(_) => ("failed", ALERT, t().failed),
    };
    view! {
        <span class="message__state" data-state=word title=words>
            {icon(picture)} <span class="visually-hidden">{words}</span>
        </span>
    }
    .into_any()
}

/// Why it was not sent, and what to do.
fn failure(said: &Said) -> Option<AnyView> {
    let MessageState::Failed(code) = said.state else { return None };
    let (device, id) = (Device::here(), said.id);
    let why = (t().not_sent)((t().reject)(code));
    let view = view! {
        <div class="message__failure" role="alert">
            <span>{why}</span>
            <button type="button" on:click=move |_| device.act(Action::Retry(id))>
                {t().retry}
            </button>
            <button type="button" on:click=move |_| device.act(Action::Discard(id))>
                {t().discard}
            </button>
        </div>
    };
    Some(view.into_any())
}

fn menu_of(said: &Said, actions: Actions) -> AnyView {
    let open = actions.open;
    let (id, own, text) = (said.id, said.own, said.text.clone());
    let failed = matches!(said.state, MessageState::Failed(_));
    let press = move |event: MouseEvent| {
        let button = event.current_target().and_then(|node| node.dyn_into::<Element>().ok());
        open.update(|open| {
            *open = match open {
                Some(_) => None,
                None => Some(button.is_some_and(|button| is_low(&button))),
            }
        });
    };
    let shown = move || {
        let up = open.get()?;
        let is_open = RwSignal::new(true);
        Effect::new(move || {
            if !is_open.get() {
                open.try_set(None);
            }
        });
        Some(menu(is_open, up, own, items(id, text.clone(), failed)))
    };
    view! {
        <div class="message__actions menu-anchor">
            <button
                type="button"
                class="icon-button"
                aria-label=t().message_actions
                aria-haspopup="menu"
                aria-expanded=move || open.get().is_some().to_string()
                on:click=press
            >
                {icon(MORE)}
            </button>
            {shown}
        </div>
    }
    .into_any()
}

fn items(id: MessageId, text: Option<String>, failed: bool) -> Vec<MenuItem> {
    let device = Device::here();
    let mut items = Vec::new();
    if let Some(text) = text {
        let act = Box::new(move || copy_and_tell(markup::plain(&text)));
        items.push(MenuItem { icon: COPY, name: |t| t.copy, danger: false, act });
    }
    if failed {
        let act = Box::new(move || device.act(Action::Retry(id)));
        items.push(MenuItem { icon: RETRY, name: |t| t.retry, danger: false, act });
        let act = Box::new(move || device.act(Action::Discard(id)));
        items.push(MenuItem { icon: TRASH, name: |t| t.discard, danger: true, act });
    }
    items
}

/// Right click and long press open the menu, but on links and selected text, which have the
/// browser's own.
fn open_by_context(event: &MouseEvent, actions: Actions) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(target) = target else { return };
    let link = matches!(target.closest("a"), Ok(Some(_)));
    let selected = window().get_selection().ok().flatten().is_some_and(|s| !s.is_collapsed());
    if !link && !selected {
        event.prevent_default();
        actions.open.set(Some(is_low(&target)));
    }
}

/// Whether an element stands in the lower half of the page.
fn is_low(element: &Element) -> bool {
    let height = window().inner_height().ok().and_then(|height| height.as_f64());
    element.get_bounding_client_rect().top() > height.unwrap_or_default() / 2.0
}
