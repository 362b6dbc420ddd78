//! What stands around a message's words: what it answers, where it comes from, who reacted.

use crate::kit::pressed;
use leptos::prelude::*;
use tideline_client::{Act, Action, Jump, QuoteItem, ReactionItem};
use tideline_shared::search::Has;

use super::talk::Talk;
use crate::browser::{called, t};
use crate::kit::icon::{FORWARD, small_icon};
use crate::shell::Device;

/// What the message answers; pressed, it leads there.
pub(super) fn quote(quote: &QuoteItem) -> AnyView {
    let device = Device::here();
    let seq = quote.seq;
    let author = called(&quote.author_name);
    let text = quote.text.clone().unwrap_or_else(|| t().recalled.to_owned());
    let text = or_kind(text, quote.holds);
    let name = (t().answers)(&author, &text);
    view! {
        <button
            type="button"
            class="quote"
            aria-label=name
            on:click=pressed(move |_| device.act(Action::Jump(Jump::To(seq))))
        >
            <span class="quote__author" dir="auto">
                {author}
            </span>
            <span class="quote__text" dir="auto">
                {text}
            </span>
        </button>
    }
    .into_any()
}

/// The words, or where there are none, what the file is.
pub(in crate::screens) fn or_kind(text: String, holds: Option<Has>) -> String {
    match holds {
        Some(holds) if text.is_empty() => (t().holds)(holds).to_owned(),
        _ => text,
    }
}

/// Who said it first.
pub(super) fn forwarded(from: &str) -> AnyView {
    view! {
        <p class="message__forwarded">
            {small_icon(FORWARD)} <span dir="auto">{(t().forwarded_from)(&called(from))}</span>
        </p>
    }
    .into_any()
}

/// The emoji under a message; pressed, one's own comes or goes.
pub(super) fn reactions(seq: u64, reactions: &[ReactionItem]) -> AnyView {
    let talk: Talk = expect_context();
    let one = |reaction: &ReactionItem| {
        let ReactionItem { emoji, names, own } = reaction.clone();
        let names =
            names.iter().map(|name| called(name)).collect::<Vec<_>>().join(t().between_names);
        let count = reaction.names.len();
        // What is seen comes first, for those who speak to their browser.
        let label = format!("{emoji} {count}{}{names}", t().colon);
        let shown = emoji.clone();
        let press = pressed(move |_| {
            talk.alter(seq, if own { Act::Unreact } else { Act::React }, emoji.clone());
        });
        view! {
            <button
                type="button"
                class="reaction"
                aria-pressed=own.to_string()
                aria-label=label
                title=names
                on:click=press
            >
                <span class="reaction__emoji">{shown}</span>
                {count}
            </button>
        }
    };
    let all = reactions.iter().map(one).collect::<Vec<_>>();
    view! {
        <div class="reactions" role="group" aria-label=t().reactions>
            {all}
        </div>
    }
    .into_any()
}
