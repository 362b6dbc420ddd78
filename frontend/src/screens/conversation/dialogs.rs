//! What a message's menu opens: where to forward to, earlier words, and questions before what
//! cannot be undone.

use crate::kit::effect;
use crate::kit::typed;
use leptos::prelude::*;
use tideline_client::{Action, InboxItem, Jump};
use tideline_shared::protocol::{ConversationCommand, ConversationReply, Forwarding, Revision};
use tideline_shared::{ConversationId, MessageId};

use super::talk::Talk;
use crate::browser::{called, full_time, iso_date, midnight, now, post, random, t};
use crate::kit::{Form, News, Shape, avatar, button, confirm, dialog, toast, words};
use crate::screens::files::viewer;
use crate::shell::Device;
use web_sys::SubmitEvent;

/// The dialogs of a conversation.
pub(in crate::screens) fn dialogs(talk: Talk) -> AnyView {
    view! {
        {forward(talk)}
        {revisions(talk)}
        {date(talk)}
        {viewer(talk)}
        {sure(talk.recall, |t| t.more().recall_title, |t| t.more().recall_text, |t| t.more().recall, move || {
            talk.recall_now();
        })}
        {sure(talk.hide, |t| t.more().delete_for_me_title, |t| t.more().delete_for_me_text, |t| t.more().delete, move || {
            talk.hide_now();
        })}
    }
    .into_any()
}

/// Asks whether the person is sure, while `messages` has any.
fn sure(
    messages: RwSignal<Vec<u64>>,
    title: fn(&crate::locale::Locale) -> fn(usize) -> String,
    text: crate::kit::Words,
    agree: crate::kit::Words,
    act: impl Fn() + Clone + Send + Sync + 'static,
) -> AnyView {
    let open = follow(messages, Vec::is_empty, Vec::new);
    let title = Signal::derive(move || title(t())(messages.with(Vec::len)));
    confirm(open, title, text, agree, act)
}

/// Open while there is something; closed, there is nothing any more.
pub(in crate::screens) fn follow<T: Send + Sync + 'static>(
    what: RwSignal<T>,
    is_none: impl Fn(&T) -> bool + Copy + Send + Sync + 'static,
    none: impl Fn() -> T + 'static,
) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    effect(move || open.set(!what.with(is_none)));
    Effect::new(move |before: Option<bool>| {
        let is_open = open.get();
        if before == Some(true) && !is_open && !what.with_untracked(is_none) {
            what.set(none());
        }
        is_open
    });
    open
}

/// Where to? One conversation or several.
fn forward(talk: Talk) -> AnyView {
    let open = follow(talk.forward, Vec::is_empty, Vec::new);
    dialog("", open, words(|t| t.more().forward_to), move || {
        let (query, form) = (RwSignal::new(String::new()), Form::new());
        let chosen = RwSignal::new(Vec::<ConversationId>::new());
        // Asked again after a failure, the same messages go out.
        let ids = StoredValue::new(Vec::<((ConversationId, u64), MessageId)>::new());
        let id_of = move |to, seq| {
            let mut id = fresh_id();
            ids.update_value(|ids| match ids.iter().find(|(of, _)| *of == (to, seq)) {
                Some((_, known)) => id = *known,
                None => ids.push(((to, seq), id)),
            });
            id
        };
        let send = move |_| {
            let seqs = talk.forward.get_untracked();
            let to = chosen.get_untracked();
            form.run(async move {
                for to in to {
                    let messages = seqs.iter().map(|&seq| Forwarding { seq, id: id_of(to, seq) });
                    let messages = messages.collect();
                    let command = ConversationCommand::Forward { from: talk.id, messages };
                    let path = format!("/api/conversations/{to}");
                    let _: ConversationReply = post(&path, &command).await?;
                    // Should the next one fail, this one is not asked again.
                    chosen.update(|chosen| chosen.retain(|other| *other != to));
                }
                talk.chosen.set(None);
                talk.forward.set(Vec::new());
                toast(News::Good(|t| t.more().forwarded));
                Ok(())
            });
        };
        view! {
            <div class="dialog__body">
                <input
                    class="input"
                    type="search"
                    autocomplete="off"
                    aria-label=move || t().more().find_conversation
                    placeholder=move || t().more().find_conversation
                    prop:value=move || query.get()
                    on:input=typed(move |event| query.set(event_target_value(&event)))
                />
                {move || targets(&query.get(), chosen)}
                {form.alert(&[])}
            </div>
            <div class="dialog__footer">
                {button("", None, |t| t.cancel, move |_| open.set(false))}
                <button
                    type="button"
                    class="button button--primary"
                    disabled=move || chosen.with(Vec::is_empty) || form.busy.get()
                    on:click=send
                >
                    {move || t().more().forward}
                </button>
            </div>
        }
        .into_any()
    })
}

fn fresh_id() -> MessageId {
    let mut bytes = [0; 10];
    random(&mut bytes);
    MessageId::new(now(), bytes)
}

/// The conversations of the list whose title has the words.
fn targets(query: &str, chosen: RwSignal<Vec<ConversationId>>) -> AnyView {
    let wanted = query.trim().to_lowercase();
    let items = Device::here().inbox.get_untracked().unwrap_or_default();
    let fits = |item: &InboxItem| called(&item.title).to_lowercase().contains(&wanted);
    let rows = items.into_iter().filter(fits).map(|item| target(&item, chosen));
    let rows = rows.collect::<Vec<_>>();
    if rows.is_empty() {
        return view! { <p class="muted">{t().more().no_conversation_found}</p> }.into_any();
    }
    view! { <ul class="targets">{rows}</ul> }.into_any()
}

fn target(item: &InboxItem, chosen: RwSignal<Vec<ConversationId>>) -> AnyView {
    let id = item.conversation;
    let colour = item.peer.map_or_else(|| id.to_string(), |peer| peer.to_string());
    let toggle = move |_| {
        chosen.update(|chosen| match chosen.iter().position(|other| *other == id) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(id),
        });
    };
    view! {
        <li>
            <label class="target">
                {avatar(&colour, &item.title, "sm", Shape::from(item.kind))}
                <span class="target__title" dir="auto">
                    {called(&item.title)}
                </span>
                <input
                    type="checkbox"
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&id))
                    on:change=toggle
                />
            </label>
        </li>
    }
    .into_any()
}

/// Which day?
fn date(talk: Talk) -> AnyView {
    let open = follow(talk.date, Option::is_none, || None);
    dialog("dialog--confirm", open, words(|t| t.jump_to_date), move || {
        let day = talk.date.get_untracked().map(iso_date).unwrap_or_default();
        let day = RwSignal::new(day);
        let go = move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(at) = midnight(&day.get_untracked()) {
                open.set(false);
                Device::here().act(Action::Jump(Jump::Since(at)));
            }
        };
        view! {
            <form on:submit=go>
                <div class="dialog__body">
                    <input
                        class="input"
                        type="date"
                        required
                        aria-label=move || t().more().date
                        prop:value=move || day.get()
                        on:input=typed(move |event| day.set(event_target_value(&event)))
                    />
                </div>
                <div class="dialog__footer">
                    {button("", None, |t| t.cancel, move |_| open.set(false))}
                    <button type="submit" class="button button--primary">
                        {move || t().more().go}
                    </button>
                </div>
            </form>
        }
        .into_any()
    })
}

/// What a message said before.
fn revisions(talk: Talk) -> AnyView {
    let open = follow(talk.revisions, Option::is_none, || None);
    dialog("", open, words(|t| t.earlier_versions), move || {
        let (found, form) = (RwSignal::new(None::<Vec<Revision>>), Form::new());
        if let Some(seq) = talk.revisions.get_untracked() {
            form.run(async move {
                if let ConversationReply::Revisions { revisions } =
                    talk.ask(ConversationCommand::Revisions { seq }).await?
                {
                    found.set(Some(revisions));
                }
                Ok(())
            });
        }
        let list = move || {
            let revisions = found.get()?;
            let rows = revisions.into_iter().map(|revision| {
                view! {
                    <li class="revision">
                        <time class="muted">{full_time(revision.at)}</time>
                        <p dir="auto">{revision.text}</p>
                    </li>
                }
            });
            Some(view! { <ol class="revisions">{rows.collect::<Vec<_>>()}</ol> })
        };
        view! {
            <div class="dialog__body">
                {list} {move || form.busy.get().then(|| view! { <span class="spinner"></span> })}
                {form.alert(&[])}
            </div>
        }
        .into_any()
    })
}
