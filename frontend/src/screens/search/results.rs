//! What was found: messages by conversation, and groups.

use crate::kit::pressed;
use leptos::prelude::*;
use tideline_client::Sweep;
use tideline_shared::ConversationId;
use tideline_shared::protocol::{FoundGroup, FoundMessages, Hit};

use super::finder::Finder;
use crate::browser::{Fail, called, full_time, list_time, t};
use crate::kit::icon::{SEARCH, icon, mark};
use crate::kit::{Shape, Words, avatar, button, empty, live, memo, retry, words};
use crate::present::Route;
use crate::screens::contacts::nickname;
use crate::screens::conversation::or_kind;
use crate::shell::Device;

/// How far a search is.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Idle,
    Under { nothing: bool },
    Done { nothing: bool, missing: usize },
}

pub(super) fn messages(finder: Finder) -> AnyView {
    let stage = memo(move || {
        finder.sweep.with(|sweep| match sweep {
            None => Stage::Idle,
            Some(sweep) => {
                let (nothing, missing) = (sweep.found().is_empty(), sweep.missing().len());
                let failed = finder.form.fail.with(Option::is_some);
                match sweep.is_done() || failed {
                    true => Stage::Done { nothing, missing },
                    false => Stage::Under { nothing },
                }
            }
        })
    });
    let found = move || finder.sweep.get().as_ref().map(Sweep::found).unwrap_or_default().to_vec();
    let around = move || match stage.get() {
        Stage::Idle => {
            Some(none(mark(), |t| t.more().search_messages, |t| t.more().search_messages_text))
        }
        Stage::Done { nothing: true, missing: 0 } if finder.form.fail.with(Option::is_none) => {
            Some(none(
                icon(SEARCH),
                |t| t.more().no_message_found,
                |t| t.more().no_message_found_text,
            ))
        }
        _ => None,
    };
    let status = move || match stage.get() {
        Stage::Under { .. } => t().more().searching.to_owned(),
        Stage::Done { .. } if finder.offline.get() => t().more().search_offline.to_owned(),
        Stage::Done { missing: 1.., .. } => t().more().search_incomplete.to_owned(),
        _ => String::new(),
    };
    // Not reached, not wholly, or refused for now.
    let failed = memo(move || {
        let partly = matches!(stage.get(), Stage::Done { missing: 1.., .. })
            || finder.offline.get() && matches!(stage.get(), Stage::Done { .. });
        partly || finder.form.fail.with(|fail| fail.is_some_and(Fail::may_pass))
    });
    view! {
        {finder.form.alert(&[])}
        <div data-roving="">
            <For each=found key=|row| (row.conversation, row.hits.len(), row.next) let(row)>
                {place(finder, row)}
            </For>
        </div>
        {around}
        <p class="search__status" role="status">
            {status}
        </p>
        {move || failed.get().then(|| retry(move || finder.again()))}
    }
    .into_any()
}

fn none(picture: AnyView, title: Words, text: Words) -> AnyView {
    empty(picture, title, words(text), ().into_any())
}

/// What was found in one conversation.
fn place(finder: Finder, row: FoundMessages) -> AnyView {
    let device = Device::here();
    let FoundMessages { conversation, hits, next } = row;
    let item = device.listed(conversation);
    let (title, shape, picture) =
        item.as_ref().map_or((String::new(), Shape::Group, None), |item| {
            (called(&item.title), Shape::of(item.kind, item.is_notes()), item.avatar)
        });
    let colour = item
        .and_then(|item| item.peer)
        .map_or_else(|| conversation.to_string(), |peer| peer.to_string());
    let hits = hits.into_iter().map(|found| hit(finder, conversation, &found)).collect::<Vec<_>>();
    let more = next.map(|_| {
        button("button--quiet", None, |t| t.more().more_here, move |_| finder.more(conversation))
    });
    let label = title.clone();
    view! {
        <section class="found" aria-label=label>
            <h2 class="found__place" dir="auto">
                {avatar(&colour, &title, "xs", shape, picture)}
                {title}
            </h2>
            <ul>{hits}</ul>
            {more}
        </section>
    }
    .into_any()
}

fn hit(finder: Finder, conversation: ConversationId, hit: &Hit) -> AnyView {
    let seq = hit.seq;
    let author = nickname(Device::here(), hit.author).unwrap_or_else(|| called(&hit.author_name));
    let text = if hit.excerpt.is_empty() {
        or_kind(String::new(), hit.holds).into_any()
    } else {
        marked(&hit.excerpt, &hit.marks).into_any()
    };
    view! {
        <li>
            <a
                class="hit"
                href=Route::Conversation(conversation).path()
                on:click=pressed(move |event| {
                    if !(event.meta_key() || event.ctrl_key() || event.shift_key()) {
                        event.prevent_default();
                        finder.lookup.open_at(conversation, seq);
                    }
                })
            >
                <span class="hit__author" dir="auto">
                    {author}
                </span>
                " "
                <time class="hit__time" title=full_time(hit.at)>
                    {list_time(hit.at)}
                </time>
                " "
                <span class="hit__text" dir="auto">
                    {text}
                </span>
            </a>
        </li>
    }
    .into_any()
}

/// A text with what was found in it marked.
fn marked(text: &str, marks: &[(u32, u32)]) -> Vec<AnyView> {
    let mut chars = text.chars();
    let mut at = 0;
    let mut take = |to: u32| {
        let part: String = chars.by_ref().take(to.saturating_sub(at) as usize).collect();
        at = at.max(to);
        part
    };
    let mut parts = Vec::new();
    for &(from, to) in marks {
        parts.push(take(from).into_any());
        parts.push(view! { <mark>{take(to)}</mark> }.into_any());
    }
    parts.push(take(u32::MAX).into_any());
    parts
}

pub(super) fn groups(finder: Finder) -> AnyView {
    let list = move || match (finder.groups.get(), finder.public.get()) {
        (None, _) if finder.form.busy.get() || finder.form.fail.with(Option::is_some) => {
            ().into_any()
        }
        (None, _) => none(mark(), |t| t.more().search_groups, |t| t.more().search_groups_text),
        (Some(own), Some(public)) if own.is_empty() && public.is_empty() => {
            none(icon(SEARCH), |t| t.more().no_group_found, |t| t.more().search_groups_text)
        }
        (Some(own), public) => view! {
            <div data-roving="">
                {part(|t| t.more().your_groups, own)}
                {part(|t| t.more().public_groups, public.unwrap_or_default())}
            </div>
        }
        .into_any(),
    };
    let status = move || finder.form.busy.get().then(|| t().more().searching);
    let failed = memo(move || finder.form.fail.with(|fail| fail.is_some_and(Fail::may_pass)));
    view! {
        {finder.form.alert(&[])}
        {move || failed.get().then(|| retry(move || finder.again()))}
        {list}
        <p class="search__status" role="status">
            {status}
        </p>
    }
    .into_any()
}

fn part(title: Words, found: Vec<FoundGroup>) -> Option<AnyView> {
    if found.is_empty() {
        return None;
    }
    let rows = found.into_iter().map(group).collect::<Vec<_>>();
    let part = view! {
        <section class="found" aria-label=move || title(t())>
            <h2 class="found__place">{live(move || title(t()))}</h2>
            <ul class="list">{rows}</ul>
        </section>
    };
    Some(part.into_any())
}

fn group(found: FoundGroup) -> AnyView {
    let FoundGroup { conversation, name, group_type, description, members, avatar: picture } =
        found;
    let about = [group_type, description, (t().member_count)(members)];
    let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
    view! {
        <li class="list__item">
            <a class="row" href=Route::Conversation(conversation).path()>
                {avatar(&conversation.to_string(), &name, "lg", Shape::Group, picture)}
                <span class="row__title" dir="auto">
                    {name}
                </span>
                " "
                <span class="row__preview" dir="auto">
                    {about.join(" · ")}
                </span>
            </a>
        </li>
    }
    .into_any()
}
