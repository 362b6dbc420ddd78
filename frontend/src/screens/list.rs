//! The list of conversations.

use crate::kit::effect;
use crate::kit::pressed;
use leptos::prelude::*;
use tideline_client::{Connection, InboxItem, MessageState, PreviewItem};
use tideline_shared::ConversationId;
use tideline_shared::protocol::Kind;
use web_sys::KeyboardEvent;

use super::contacts::requests;
use super::main::{Over, start_buttons};
use crate::browser::{called, go, list_time, route, t};
use crate::kit::icon::{ALERT, CLOCK, COMPOSE, GROUP_PLUS, SEARCH, mark, small_icon, svg};
use crate::kit::{Shape, avatar, empty, icon_button, words};
use crate::present::{Keyed, Route};
use crate::shell::Device;

/// Above this the badge says that there are more.
const BADGE_MOST: u64 = 99;

type Cell = ArcRwSignal<InboxItem>;

/// The pane of the list.
pub(super) fn list_pane() -> AnyView {
    let over: Over = expect_context();
    view! {
        <nav class="pane pane--list" aria-label=move || t().conversations>
            <header class="list-header">
                {me_button()} <div class="list-header__title">
                    <div class="list-header__name">"Tideline"</div>
                    {connection()}
                </div>
                {icon_button(GROUP_PLUS, |t| t.new_group, move |_| over.new_group.set(true))}
                {icon_button(COMPOSE, |t| t.new_message, move |_| over.new_message.set(true))}
            </header>
            <button type="button" class="search-trigger" on:click=|_| go(Route::Search)>
                {small_icon(SEARCH)}
                {move || t().search}
            </button>
            {requests()} <div class="pane__scroll">{list()}</div>
        </nav>
    }
    .into_any()
}

/// The own avatar, which leads to the settings.
fn me_button() -> AnyView {
    let device = Device::here();
    let picture = move || {
        let name = device
            .profile
            .with(|profile| profile.as_ref().map(|profile| profile.person.display_name.clone()));
        avatar(&device.me.to_string(), name.as_deref().unwrap_or(" "), "sm", Shape::Person)
    };
    view! {
        <button
            type="button"
            class="list-header__me"
            aria-label=move || t().settings
            title=move || t().settings
            on:click=pressed(|_| go(Route::Settings))
        >
            {picture}
        </button>
    }
    .into_any()
}

fn connection() -> AnyView {
    let device = Device::here();
    let state = move || match device.connection.get() {
        Connection::Online => ("online", t().online),
        Connection::Connecting => ("connecting", t().connecting),
        Connection::Offline => ("offline", t().offline),
    };
    view! {
        <div
            class="connection"
            role="status"
            aria-label=move || t().connection
            data-state=move || state().0
        >
            {move || state().1}
        </div>
    }
    .into_any()
}

fn list() -> AnyView {
    let device = Device::here();
    let over: Over = expect_context();
    let is_empty = Memo::new(move |_| device.inbox.with(|inbox| Some(inbox.as_ref()?.is_empty())));
    let content = move || match is_empty.get() {
        None => skeleton(),
        Some(true) => empty(
            mark(),
            |t| t.no_conversations,
            words(|t| t.no_conversations_text),
            start_buttons(over),
        ),
        Some(false) => rows(device),
    };
    content.into_any()
}

fn rows(device: Device) -> AnyView {
    let mut keyed = Keyed::<ConversationId, Cell>::new();
    let cells = RwSignal::new(Vec::new());
    effect(move || {
        let items = device.inbox.get().unwrap_or_default();
        cells.set(keyed.follow(
            items.into_iter().map(|item| (item.conversation, item)),
            |cell, item| {
                if cell.with_untracked(|shown| *shown != item) {
                    cell.set(item);
                }
            },
            ArcRwSignal::new,
        ));
    });
    view! {
        <ul class="list" on:keydown=move_focus>
            <For each=move || cells.get() key=|(id, _)| *id let((id, cell))>
                {row(id, cell)}
            </For>
        </ul>
    }
    .into_any()
}

fn row(id: ConversationId, cell: Cell) -> AnyView {
    let here = move || (route() == Route::Conversation(id)).then_some("page");
    let class = {
        let cell = cell.clone();
        move || if cell.with(|item| item.unread > 0) { "row row--unread" } else { "row" }
    };
    view! {
        <li class="list__item">
            <a class=class href=Route::Conversation(id).path() aria-current=here>
                {move || row_content(&cell.get())}
            </a>
        </li>
    }
    .into_any()
}

fn row_content(item: &InboxItem) -> AnyView {
    // A direct conversation has the colour of the other person.
    let id = item.peer.map_or_else(|| item.conversation.to_string(), |peer| peer.to_string());
    let state = item.preview.as_ref().map(|preview| preview.state);
    view! {
        {avatar(&id, &item.title, "lg", Shape::from(item.kind))}
        <span class="row__title" dir="auto">
            {called(&item.title)}
        </span>
        " "
        <time class="row__time">{list_time(item.at)}</time>
        " "
        <span class="row__preview" dir="auto">
            {preview(item.preview.as_ref(), item.kind)}
        </span>
        " "
        <span class="row__marks">{state_mark(state)} {mention(item.mentions)} {badge(item.unread)}</span>
    }
    .into_any()
}

fn preview(preview: Option<&PreviewItem>, kind: Kind) -> AnyView {
    let Some(preview) = preview else { return t().no_messages_yet.into_any() };
    let author = match (preview.own, kind) {
        (true, _) => Some(t().you.to_owned()),
        (false, Kind::Group) => Some(called(&preview.author_name)),
        (false, Kind::Direct) => None,
    };
    let author = author.map(|name| view! { <span class="row__author">{name} ": "</span> });
    let text = if preview.recalled { t().recalled.to_owned() } else { preview.text.clone() };
    view! {
        {author}
        {text}
    }
    .into_any()
}

fn state_mark(state: Option<MessageState>) -> Option<AnyView> {
    let (picture, words) = match state? {
        MessageState::Sent => return None,
        MessageState::Sending => (small_icon(CLOCK), t().sending),
        MessageState::Failed(_) => (svg(ALERT, "icon icon--sm row__failed"), t().failed),
    };
    Some(view! { {picture} <span class="visually-hidden">{words}</span> }.into_any())
}

/// That this person is meant.
fn mention(mentions: u64) -> Option<AnyView> {
    let view = view! {
        <span class="badge badge--mention">
            <span aria-hidden="true">"@"</span>
            " "
            <span class="visually-hidden">{(t().mentions)(mentions)}</span>
        </span>
    };
    (mentions > 0).then(|| view.into_any())
}

fn badge(unread: u64) -> Option<AnyView> {
    if unread == 0 {
        return None;
    }
    let short = if unread > BADGE_MOST { format!("{BADGE_MOST}+") } else { unread.to_string() };
    let view = view! {
        <span class="badge">
            <span aria-hidden="true">{short}</span>
            " "
            <span class="visually-hidden">{(t().unread)(unread)}</span>
        </span>
    };
    Some(view.into_any())
}

fn skeleton() -> AnyView {
    let rows = (0..8)
        .map(|_| {
            view! {
                <li class="list__item">
                    <div class="row">
                        <span class="skeleton skeleton--avatar"></span>
                        <span class="row__title">
                            <span class="skeleton skeleton--line"></span>
                        </span>
                        <span class="row__preview">
                            <span class="skeleton skeleton--line skeleton--line-long"></span>
                        </span>
                    </div>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <ul class="list" aria-busy="true" aria-hidden="true">
            {rows}
        </ul>
    }
    .into_any()
}

/// Arrow keys go through the list.
fn move_focus(event: KeyboardEvent) {
    use wasm_bindgen::JsCast;
    let down = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let row = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let item = row.and_then(|row| row.closest("li").ok().flatten());
    let next = item.and_then(|item| {
        if down { item.next_element_sibling() } else { item.previous_element_sibling() }
    });
    let link = next.and_then(|item| item.query_selector("a").ok().flatten());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        event.prevent_default();
        // Fails for elements that are gone.
        let _ = link.focus();
    }
}
