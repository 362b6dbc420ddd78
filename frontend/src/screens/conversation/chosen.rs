//! What stands in place of the composer while messages are chosen: what can be done with all of them.

use leptos::prelude::*;
use tideline_shared::markup;
use tideline_shared::protocol::Message;

use super::talk::{Dialog, Talk};
use crate::browser::{called, t};
use crate::kit::icon::{CLOSE, COPY, RECALL};
use crate::kit::{copy_and_tell, icon_button, live, pressed};
use crate::shell::Device;

pub(in crate::screens) fn chosen(talk: Talk) -> AnyView {
    let device = Device::here();
    let seqs = move || talk.chosen.get().unwrap_or_default();
    let count = move || seqs().len();
    let messages = move || {
        let chosen = seqs().into_iter().filter_map(|seq| device.message(seq));
        chosen.collect::<Vec<_>>()
    };
    let copy = move || {
        let words = words_of(talk, &messages());
        let any = !words.is_empty();
        let press = move |_| {
            copy_and_tell(words.clone());
            talk.chosen.set(None);
        };
        any.then(|| icon_button(COPY, |t| t.more().copy, press))
    };
    let recall = move || {
        let may =
            |it: &Message| !it.body.is_recalled() && talk.may_recall(it.author == device.me, it.at);
        let all = messages();
        let any = !all.is_empty() && all.len() == count() && all.iter().all(may);
        let press = move |_| talk.show(Dialog::Recall(untrack(seqs)));
        any.then(|| icon_button(RECALL, |t| t.more().recall, press))
    };
    let done = |class: &'static str, name: crate::kit::Words, dialog: fn(Vec<u64>) -> Dialog| {
        view! {
            <button
                type="button"
                class=format!("button {class}")
                disabled=move || count() == 0
                on:click=pressed(move |_| talk.show(dialog(untrack(seqs))))
            >
                {live(move || name(t()))}
            </button>
        }
    };
    view! {
        <div class="chosen" role="toolbar" aria-label=move || t().select>
            {icon_button(CLOSE, |t| t.cancel, move |_| talk.chosen.set(None))}
            <span class="chosen__count" role="status">
                {live(move || (t().more().chosen)(count()))}
            </span>
            {copy}
            {recall}
            {done("button--danger", |t| t.more().delete_for_me, Dialog::Hide)}
            {done("button--primary", |t| t.more().forward, Dialog::Forward)}
        </div>
    }
    .into_any()
}

/// What messages say; of several, who says it.
fn words_of(talk: Talk, messages: &[Message]) -> String {
    let line = |message: &Message| {
        let text = markup::plain(message.body.text().filter(|text| !text.is_empty())?);
        let author = || called(&Device::here().name_in(talk.id, message.author));
        Some(if messages.len() == 1 { text } else { (t().more().said)(&author(), &text) })
    };
    messages.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}
