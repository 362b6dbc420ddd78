//! One message: who, what, when, how far, and what can be done with it.

use leptos::prelude::*;
use tideline_client::{Action, Item, MessageState};
use tideline_shared::markup::Names;
use tideline_shared::only_emoji;
use tideline_shared::protocol::File;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::actions::Subject;
use super::files::files;
use super::marks;
use super::rows::{Cell, Model};
use super::talk::{Dialog, Talk};
use super::words::words;
use crate::browser::{called, full_time, t, time_of_day, window};
use crate::kit::icon::{ALERT, CHECK, CHECKS, CLOCK, MORE, PIN, icon};
use crate::kit::{Shape, State, avatar, effect, live, memo, pressed, telling, typed};
use crate::present::hue;
use crate::screens::more::{More, more};
use crate::shell::Device;

/// A message's row. In a `group` the author is named and pictured.
pub(super) fn message(
    cell: Cell,
    group: impl Fn() -> bool + Copy + Send + Sync + 'static,
) -> AnyView {
    let actions = Actions { open: State::new(None), talk: expect_context() };
    live(move || cell.with(|model| draw(model, group(), actions))).into_any()
}

/// The menu of a message.
#[derive(Clone, Copy)]
struct Actions {
    /// The menu is open, and hangs upwards or not.
    open: State<Option<bool>>,
    talk: Talk,
}

fn draw(model: &Model, group: bool, actions: Actions) -> AnyView {
    let Item::Message {
        author,
        author_name,
        author_avatar,
        quote,
        forwarded_from,
        reactions,
        card,
        files: carried,
        ..
    } = &model.arranged.row.item
    else {
        return ().into_any();
    };
    let Some(subject) = subject(model) else { return ().into_any() };
    let colour = author.to_string();
    let first = !model.arranged.grouped;
    let shown = group && !subject.own && first;
    let author = called(author_name);
    let picture = shown.then(|| avatar(&colour, &author, "sm", Shape::Person, *author_avatar));
    let name = if shown { "message__author" } else { "visually-hidden" };
    let seq = subject.seq;
    view! {
        <article
            class=class(model, &subject)
            data-hue=hue(&colour).to_string()
            data-seq=seq
            on:contextmenu=pressed(move |event| open_by_context(&event, actions))
        >
            {seq.map(|seq| choice(seq, actions.talk))} {picture} <div class="message__main">
                <div class="message__bubble">
                    <span class=name dir="auto">
                        {author}
                    </span>
                    " "
                    {forwarded_from.as_deref().map(marks::forwarded)}
                    {quote.as_ref().map(marks::quote)}
                    {files(carried, subject.id, seq.is_some(), actions.talk)}
                    <div class="message__content" dir="auto">
                        {body(model, &subject)}
                        " "
                        {meta(model, &subject, actions.talk)}
                    </div>
                    {card
                        .clone()
                        .zip(subject.text.clone())
                        .map(|(card, text)| more(More::Card(card, text)))}
                </div>
                {menu_of(&subject, actions)}
            </div>
            {seq
                .filter(|_| !reactions.is_empty())
                .map(|seq| marks::reactions(seq, reactions))}
            {failure(&subject)}
        </article>
    }
    .into_any()
}

/// What a row says, for those who act on it.
fn subject(model: &Model) -> Option<Subject> {
    let Item::Message { id, seq, author_name, own, text, state, recalled, edited, pinned, .. } =
        &model.arranged.row.item
    else {
        return None;
    };
    let Item::Message { reactions, files, .. } = &model.arranged.row.item else { return None };
    let reacted = reactions.iter().filter(|reaction| reaction.own);
    Some(Subject {
        id: *id,
        seq: *seq,
        at: model.arranged.row.at,
        author: called(author_name),
        own: *own,
        text: text.clone(),
        holds: files.first().map(File::kind),
        recalled: *recalled,
        edited: *edited,
        pinned: *pinned,
        state: *state,
        reacted: reacted.map(|reaction| reaction.emoji.clone()).collect(),
    })
}

/// The mark of a message that is chosen, while messages are.
fn choice(seq: u64, talk: Talk) -> AnyView {
    let choosing = memo(move || talk.chosen.with(Option::is_some));
    let is_chosen = move || talk.chosen.with(|chosen| chosen.iter().flatten().any(|&s| s == seq));
    let mark = move || {
        choosing.get().then(|| {
            view! {
                <label class="message__choice">
                    <input
                        type="checkbox"
                        aria-label=t().select
                        prop:checked=is_chosen
                        on:change=typed(move |_| talk.choose(seq))
                    />
                </label>
            }
        })
    };
    live(mark).into_any()
}

fn class(model: &Model, said: &Subject) -> String {
    let mut class = "message".to_owned();
    let large = said.holds.is_none() && said.text.as_deref().is_some_and(only_emoji);
    for (applies, name) in [
        (!model.arranged.grouped, " message--first"),
        (!model.arranged.continued, " message--last"),
        (said.own, " message--own"),
        (large, " message--emoji"),
        (matches!(said.state, MessageState::Failed(_)), " message--failed"),
        (said.recalled, " message--recalled"),
        (said.holds.is_some(), " message--files"),
        (model.fresh, " message--new"),
    ] {
        if applies {
            class.push_str(name);
        }
    }
    class
}

/// The words, where there are any that this program can show.
fn body(model: &Model, said: &Subject) -> AnyView {
    let names = match &model.arranged.row.item {
        Item::Message { mentions, mentions_all, .. } => Names::mentioned(mentions, *mentions_all),
        _ => Names::default(),
    };
    let note = match &said.text {
        Some(text) if text.is_empty() => return ().into_any(),
        Some(text) => return words(text, &names, Device::here().me),
        None if said.recalled => t().recalled,
        None => t().unknown_body,
    };
    view! { <span class="message__body muted">{note}</span> }.into_any()
}

/// When, and how far an own message is.
fn meta(model: &Model, said: &Subject, talk: Talk) -> AnyView {
    let at = model.arranged.row.at;
    let iso = js_sys::Date::new(&(at.0 as f64).into()).to_iso_string();
    view! {
        <span class="message__meta">
            {said.pinned.then(pin)} {said.edited.then(|| edited(said, talk))}
            <time datetime=String::from(iso) title=full_time(at)>
                {time_of_day(at)}
            </time>
            {said.own.then(|| state(said.state))}
        </span>
    }
    .into_any()
}

fn pin() -> AnyView {
    view! {
        <span title=t().pinned_message>
            {icon(PIN)} <span class="visually-hidden">{t().pinned_message}</span>
        </span>
    }
    .into_any()
}

/// That the words were changed; pressed, it shows what they were.
fn edited(said: &Subject, talk: Talk) -> AnyView {
    let seq = said.seq;
    view! {
        <button
            type="button"
            class="message__edited"
            title=t().earlier_versions
            on:click=pressed(move |_| if let Some(seq) = seq {
                talk.show(Dialog::Revisions(seq));
            })
        >
            {t().edited}
        </button>
    }
    .into_any()
}

fn state(state: MessageState) -> AnyView {
    let (word, picture, words) = match state {
        MessageState::Sending => ("sending", CLOCK, t().sending),
        MessageState::Sent => ("sent", CHECK, t().sent),
        MessageState::Delivered => ("delivered", CHECKS, t().delivered),
        MessageState::Read => ("read", CHECKS, t().read),
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
fn failure(said: &Subject) -> Option<AnyView> {
    let MessageState::Failed(code) = said.state else { return None };
    let (device, id) = (Device::here(), said.id);
    let why = (t().not_sent)((t().reject)(code));
    let view = view! {
        <div class="message__failure" role="alert">
            <span>{why}</span>
            <button type="button" on:click=pressed(move |_| device.act(Action::Retry(id)))>
                {t().retry}
            </button>
            <button type="button" on:click=pressed(move |_| device.act(Action::Discard(id)))>
                {t().discard}
            </button>
        </div>
    };
    Some(view.into_any())
}

fn menu_of(said: &Subject, actions: Actions) -> AnyView {
    let Actions { open, talk } = actions;
    let said = said.clone();
    let press = pressed(move |event| {
        let button = event.current_target().and_then(|node| node.dyn_into::<Element>().ok());
        open.update(|open| {
            *open = match open {
                Some(_) => None,
                None => Some(button.is_some_and(|button| is_low(&button))),
            }
        });
    });
    let shown = move || {
        let up = open.get()?;
        let is_open = State::new(true);
        effect(move || {
            if !is_open.get() {
                open.set(None);
            }
        });
        Some(more(More::Menu(is_open, up, talk, said.clone())))
    };
    view! {
        <div class="message__actions menu-anchor">
            <button
                type="button"
                class="icon-button"
                aria-label=t().message_actions
                aria-haspopup="menu"
                aria-expanded=telling(move || open.get().is_some().to_string())
                on:click=press
            >
                {icon(MORE)}
            </button>
            {live(shown)}
        </div>
    }
    .into_any()
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
