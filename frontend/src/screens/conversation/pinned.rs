//! The pinned messages: a line below the header that leads through them, the one pinned last first.

use std::cmp::Reverse;

use crate::kit::effect;
use leptos::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use tideline_client::{Act, Action, Connection, Jump};
use tideline_shared::markup;
use tideline_shared::protocol::{ConversationCommand, ConversationReply, Message};

use super::marks::or_kind;
use super::talk::Talk;
use crate::browser::{Answer, called, t};
use crate::kit::icon::{PIN, PINS, UNPIN, small_icon};
use crate::kit::{State, dialog, icon_button, live, memo, words};
use crate::screens::more::{More, more_when};
use crate::shell::Device;
use tideline_shared::rights::Deed;

/// As much of the answer as says whether anything is pinned.
#[derive(Deserialize)]
struct Count {
    messages: Vec<IgnoredAny>,
}

/// The line, while anything is pinned.
pub(super) fn pinned(talk: Talk) -> AnyView {
    let device = Device::here();
    let answer = State::new(None::<Answer>);
    // Nothing is asked of a conversation that this person may not see.
    let marks = memo(move || {
        let known = device.record.with(Option::is_some);
        let pins = device.timeline.with(|timeline| (!timeline.loading).then_some(timeline.pins));
        (device.connection.get(), pins.filter(|_| known))
    });
    // Nobody answers: the line looks at what this device holds.
    let do_without = move || {
        if untrack(|| answer.with(Option::is_none)) {
            answer.set(device.holds_pins().then(Answer::default));
        }
    };
    // Asked again whenever a pin comes, goes or changes.
    effect(move || match marks.get() {
        asked @ (Connection::Online, Some(_)) => leptos::task::spawn_local(async move {
            let found = talk.send(ConversationCommand::Pinned).await;
            if marks.try_get_untracked() != Some(asked) {
                return;
            }
            match found {
                Ok(found) => {
                    let any = found.read().is_ok_and(|count: Count| !count.messages.is_empty());
                    answer.set(any.then_some(found));
                }
                Err(_) => do_without(),
            }
        }),
        (Connection::Offline, Some(_)) => do_without(),
        _ => {}
    });
    more_when(move || answer.with(Option::is_some), move || More::Pinned(talk, answer))
}

/// The pinned messages by the service's answer, or by what this device holds where there was none.
fn messages_of(talk: Talk, answer: State<Option<Answer>>) -> State<Vec<Message>> {
    let device = Device::here();
    let messages = State::new(Vec::new());
    effect(move || match answer.with(|answer| Some(answer.as_ref()?.read())) {
        None => messages.set(Vec::new()),
        Some(Ok(ConversationReply::Pinned { messages: found })) => messages.set(found),
        Some(_) => leptos::task::spawn_local(async move {
            let mut held = device.held(talk.id).await.messages;
            held.retain(|message| message.pinned_at.is_some());
            held.sort_by_key(|message| Reverse(message.pinned_at));
            messages.set(held);
        }),
    });
    messages
}

/// What the line shows.
pub(in crate::screens) fn pinned_line(talk: Talk, answer: State<Option<Answer>>) -> AnyView {
    let device = Device::here();
    let (at, open) = (State::new(0_usize), State::new(false));
    let messages = messages_of(talk, answer);
    effect(move || {
        messages.with(|_| at.set(0));
    });
    let line = move || {
        let all = messages.get();
        let message = all.get(at.get() % all.len().max(1))?;
        let (seq, text, count) = (message.seq, words_of(message), all.len());
        let press = move |_| {
            device.act(Action::Jump(Jump::To(seq)));
            at.update(|at| *at = (*at + 1) % count);
        };
        let view = view! {
            <div class="pinned">
                <button type="button" class="pinned__line" on:click=press>
                    {small_icon(PIN)}
                    <span class="pinned__words">
                        <span class="pinned__title">{t().pinned_message}</span>
                        <span class="pinned__text" dir="auto">
                            {text}
                        </span>
                    </span>
                </button>
                {icon_button(PINS, |t| t.more().pinned_messages, move |_| open.set(true))}
            </div>
        };
        Some(view.into_any())
    };
    view! {
        {line}
        {pins(talk, messages, open)}
    }
    .into_any()
}

fn words_of(message: &Message) -> String {
    or_kind(message.body.text().map(markup::plain).unwrap_or_default(), message.body.holds())
}

fn pins(talk: Talk, messages: State<Vec<Message>>, open: State<bool>) -> AnyView {
    dialog("", open, words(|t| t.more().pinned_messages), move || {
        let rows = move || {
            let all = messages.get();
            let rows = all.iter().map(|message| row(talk, message, open)).collect::<Vec<_>>();
            // Who took the last one away sees that it worked.
            match rows.is_empty() {
                true => view! { <p class="muted">{t().more().no_pins}</p> }.into_any(),
                false => view! { <ul class="pins" data-roving="">{rows}</ul> }.into_any(),
            }
        };
        view! { <div class="dialog__body">{live(rows)}</div> }.into_any()
    })
}

fn row(talk: Talk, message: &Message, open: State<bool>) -> AnyView {
    let device = Device::here();
    let seq = message.seq;
    let author = called(&device.name_in(talk.id, message.author));
    let go = move |_| {
        open.set(false);
        device.act(Action::Jump(Jump::To(seq)));
    };
    let unpin = talk.may(Deed::Pin).then(|| {
        icon_button(UNPIN, |t| t.more().unpin, move |_| talk.alter(seq, Act::Unpin, String::new()))
    });
    view! {
        <li class="pins__row">
            <button type="button" class="quote" on:click=go>
                <span class="quote__author" dir="auto">
                    {author}
                </span>
                <span class="quote__text" dir="auto">
                    {words_of(message)}
                </span>
            </button>
            {unpin}
        </li>
    }
    .into_any()
}
