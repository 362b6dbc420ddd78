//! The pinned messages: a line below the header that leads through them, the one pinned last first.

use crate::kit::effect;
use crate::kit::pressed;
use leptos::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use tideline_client::{Act, Action, Jump};
use tideline_shared::markup;
use tideline_shared::protocol::{ConversationCommand, ConversationReply, Message};

use super::marks::or_kind;
use super::talk::{Dialog, Talk};
use crate::browser::{Answer, called, t};
use crate::kit::icon::{CLOSE, PIN, PINS, UNPIN, small_icon};
use crate::kit::{dialog, icon_button, live, words};
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
    let answer = RwSignal::new(None::<Answer>);
    // Nothing is asked of a conversation that this person may not see.
    let marks = Memo::new(move |_| {
        device
            .record
            .with(Option::is_some)
            .then(|| device.timeline.with(|timeline| timeline.pins.clone()))
    });
    // Asked again whenever a pin comes, goes or changes among what is shown.
    effect(move || {
        // Read, not only tracked: what was never read watches nothing.
        if marks.with(Option::is_none) {
            return;
        }
        leptos::task::spawn_local(async move {
            if let Ok(found) = talk.send(ConversationCommand::Pinned).await {
                let any = found.read().is_ok_and(|count: Count| !count.messages.is_empty());
                answer.try_set(any.then_some(found));
            }
        });
    });
    more_when(move || answer.with(Option::is_some), move || More::Pinned(talk, answer))
}

/// What the line shows.
pub(in crate::screens) fn pinned_line(talk: Talk, answer: RwSignal<Option<Answer>>) -> AnyView {
    let device = Device::here();
    let (at, open) = (RwSignal::new(0_usize), RwSignal::new(false));
    let messages = Memo::new(move |_| match answer.with(|answer| answer.as_ref()?.read().ok()) {
        Some(ConversationReply::Pinned { messages }) => messages,
        _ => Vec::new(),
    });
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

fn pins(talk: Talk, messages: Memo<Vec<Message>>, open: RwSignal<bool>) -> AnyView {
    dialog("", open, words(|t| t.more().pinned_messages), move || {
        let rows = move || {
            let all = messages.get();
            all.iter().map(|message| row(talk, message, open)).collect::<Vec<_>>()
        };
        view! { <ul class="dialog__body pins">{rows}</ul> }.into_any()
    })
}

fn row(talk: Talk, message: &Message, open: RwSignal<bool>) -> AnyView {
    let device = Device::here();
    let seq = message.seq;
    let members = device.members.get_untracked();
    let author = members.into_iter().find(|member| member.person.user == message.author);
    let author = author.map(|member| called(&member.person.display_name)).unwrap_or_default();
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

/// What stands in place of the composer while messages are chosen.
pub(in crate::screens) fn chosen(talk: Talk) -> AnyView {
    let count = move || talk.chosen.with(|chosen| chosen.as_ref().map_or(0, |c| c.len()));
    let seqs = move || {
        let chosen = talk.chosen.get_untracked().unwrap_or_default();
        chosen.into_iter().collect::<Vec<_>>()
    };
    view! {
        <div class="chosen" role="toolbar" aria-label=move || t().select>
            {icon_button(CLOSE, |t| t.cancel, move |_| talk.chosen.set(None))}
            <span class="chosen__count" role="status">
                {live(move || (t().more().chosen)(count()))}
            </span>
            <button
                type="button"
                class="button button--danger"
                disabled=move || count() == 0
                on:click=pressed(move |_| talk.show(Dialog::Hide(seqs())))
            >
                {live(move || t().more().delete_for_me)}
            </button>
            <button
                type="button"
                class="button button--primary"
                disabled=move || count() == 0
                on:click=pressed(move |_| talk.show(Dialog::Forward(seqs())))
            >
                {live(move || t().more().forward)}
            </button>
        </div>
    }
    .into_any()
}
