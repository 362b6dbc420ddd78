//! The list of conversations.

use leptos::prelude::*;
use tideline_client::{Connection, InboxItem, MessageState};
use tideline_shared::protocol::Kind;
use tideline_shared::{ConversationId, Timestamp};
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::contacts::requests;
use super::conversation::or_kind;
use super::main::{Over, start_buttons};
use super::more::{More, more_when};
use super::unreached::{is_offline, unreached};
use crate::browser::{Ticker, called, go, is_narrow, list_time, now, route, t};
use crate::kit::icon::{
    ALERT, CLOCK, COMPOSE, GROUP_PLUS, MUTE, PIN, SEARCH, mark, small_icon, svg,
};
use crate::kit::{
    self, Lasting, Row, Shape, State, avatar, badge, effect, empty, icon_button, live, memo,
    pressed, said, skeleton_list, telling, words,
};
use crate::present::{Keyed, Route};
use crate::shell::Device;

/// Above this the badge says that there are more.
const BADGE_MOST: u64 = 99;

/// What a row shows, and whether it is muted at this time.
type Cell = Lasting<(InboxItem, bool)>;

/// The pane of the list.
pub(super) fn list_pane() -> AnyView {
    let over: Over = expect_context();
    let device = Device::here();
    view! {
        <div class="pane pane--list" role=move || is_alone().then_some("main")>
        <nav aria-label=said(|t| t.conversations)>
            <header class="list-header">
                {me_button()} <div class="list-header__title">
                    <h1 class="list-header__name">"Tideline"</h1>
                    {connection()}
                </div>
                {icon_button(GROUP_PLUS, |t| t.new_group, move |_| over.new_group.set(true))}
                {icon_button(COMPOSE, |t| t.new_message, move |_| over.new_message.set(true))}
            </header>
            <button type="button" class="search-trigger" on:click=pressed(|_| go(Route::Search))>
                {small_icon(SEARCH)}
                {live(move || t().search)}
            </button>
            {more_when(move || device.is_told(), || More::Announcement)} {requests()} <div class="pane__scroll">{list()}</div>
        </nav>
        </div>
    }
    .into_any()
}

/// On a phone the list is all there is; tracked.
fn is_alone() -> bool {
    is_narrow() && matches!(route(), Route::Home | Route::Join(_))
}

/// The own avatar, which leads to the settings.
fn me_button() -> AnyView {
    let device = Device::here();
    let picture = move || {
        device.profile.with(|profile| {
            let person = profile.as_ref().map(|profile| &profile.person);
            let name = person.map_or(" ", |person| &person.display_name);
            let picture = person.and_then(|person| person.avatar);
            avatar(&device.me.to_string(), name, "sm", Shape::Person, picture)
        })
    };
    view! {
        <button
            type="button"
            class="list-header__me"
            aria-label=said(|t| t.settings)
            data-tip=""
            on:click=pressed(|_| go(Route::Settings))
        >
            {live(picture)}
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
            aria-label=said(|t| t.connection)
            data-state=telling(move || state().0.to_owned())
        >
            {live(move || state().1)}
        </div>
    }
    .into_any()
}

fn list() -> AnyView {
    let device = Device::here();
    let over: Over = expect_context();
    let is_empty = memo(move || device.inbox.with(|inbox| Some(inbox.as_ref()?.is_empty())));
    let content = move || match is_empty.get() {
        None if is_offline(device) => unreached(device),
        None => skeleton_list(8),
        Some(true) => empty(
            mark(),
            |t| t.no_conversations,
            words(|t| t.no_conversations_text),
            start_buttons(over),
        ),
        Some(false) => rows(device, over),
    };
    live(content).into_any()
}

fn rows(device: Device, over: Over) -> AnyView {
    let mut keyed = Keyed::<ConversationId, Cell>::new();
    let shown = State::new(Vec::new());
    let away = State::new(false);
    // Whoever asks what is muted looks again when that ends.
    let ended = StoredValue::new_local(Ticker::new(move || device.inbox.update(|_| {})));
    effect(move || {
        let items = device.inbox.get().unwrap_or_default();
        let (away, now) = (away.get(), Timestamp(now()));
        if let Some(end) = next_sound(&items, now) {
            ended.with_value(|ticker| ticker.after(end.since(now)));
        }
        let items = items.into_iter().filter(|item| item.kept.archived == away);
        let cells = keyed.follow(
            items.map(|item| {
                let quiet = item.kept.is_muted(now);
                (item.conversation, (item, quiet))
            }),
            |cell, model| {
                if cell.with_untracked(|shown| *shown != model) {
                    cell.set(model);
                }
            },
            Lasting::new,
        );
        let cells = cells.into_iter();
        let as_row = |(id, cell): (ConversationId, Cell)| {
            Row::new(id.to_string(), move || row(id, cell.clone()))
        };
        shown.set(cells.map(as_row).collect());
    });
    let nothing = memo(move || {
        let archived = |item: &InboxItem| item.kept.archived;
        !away.get() && device.inbox.with(|inbox| inbox.iter().flatten().all(archived))
    });
    let menu = State::new(None);
    view! {
        <ul class="list" data-roving="" on:contextmenu=pressed(move |event| open_menu(&event, menu))>
            {kit::rows(shown)}
        </ul>
        {move || {
            nothing.get().then(|| {
                let text = words(|t| t.all_archived_text);
                empty(mark(), |t| t.all_archived, text, start_buttons(over))
            })
        }}
        {archive(device, away)}
        {more_when(move || menu.with(Option::is_some), move || More::RowMenu(menu))}
    }
    .into_any()
}

/// When the next one is heard again.
fn next_sound(items: &[InboxItem], now: Timestamp) -> Option<Timestamp> {
    let ends = items.iter().filter_map(|item| item.kept.muted?.until);
    ends.filter(|end| *end > now).min()
}

/// The way to what is archived, and back.
fn archive(device: Device, away: State<bool>) -> AnyView {
    let count = memo(move || {
        device.inbox.with(|inbox| inbox.iter().flatten().filter(|item| item.kept.archived).count())
    });
    effect(move || {
        if count.get() == 0 {
            away.set(false);
        }
    });
    let line = move || {
        (count.get() > 0).then(|| {
            view! {
                <button
                    type="button"
                    class="requests"
                    aria-pressed=telling(move || away.get().to_string())
                    on:click=pressed(move |_| away.update(|away| *away = !*away))
                >
                    {live(move || {
                        if away.get() { t().not_archived.to_owned() } else { (t().archived)(count.get()) }
                    })}
                </button>
            }
        })
    };
    live(line).into_any()
}

/// A right click, a long press, or the key for it opens the menu of a row.
fn open_menu(event: &MouseEvent, menu: State<Option<String>>) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a").ok().flatten());
    if let Some(path) = link.and_then(|link| link.get_attribute("href")) {
        event.prevent_default();
        menu.set(Some(path));
    }
}

fn row(id: ConversationId, cell: Cell) -> AnyView {
    let here = move || (route() == Route::Conversation(id)).then_some("page");
    let class = {
        let cell = cell.clone();
        let unread = |(item, _): &(InboxItem, bool)| item.unread > 0 || item.kept.unread;
        move || if cell.with(unread) { "row row--unread" } else { "row" }
    };
    view! {
        <li class="list__item">
            <a
                class=class
                href=Route::Conversation(id).path()
                aria-current=here
                aria-haspopup="menu"
            >
                {live(move || {
                    let (item, quiet) = cell.get();
                    row_content(&item, quiet, here().is_some())
                })}
            </a>
        </li>
    }
    .into_any()
}

fn row_content(item: &InboxItem, quiet: bool, is_open: bool) -> AnyView {
    // A direct conversation has the colour of the other person.
    let id = item.peer.map_or_else(|| item.conversation.to_string(), |peer| peer.to_string());
    let state = item.preview.as_ref().map(|preview| preview.state);
    view! {
        {avatar(&id, &item.title, "lg", Shape::of(item.kind, item.is_notes()), item.avatar)}
        <span class="row__title" dir="auto">
            {called(&item.title)}
        </span>
        " "
        <time class="row__time">{list_time(item.at)}</time>
        " "
        <span class="row__preview" dir="auto">
            {if item.draft.is_empty() || is_open {
                preview(item)
            } else {
                draft(&item.draft)
            }}
        </span>
        " "
        <span class="row__marks">
            {state_mark(state)} {keeping_marks(item, quiet)} {requests_mark(item.requests)}
            {mention(item.mentions)}
            {unread_badge(item.unread, quiet)}
        </span>
    }
    .into_any()
}

fn preview(item: &InboxItem) -> AnyView {
    let (author, text) = line(item);
    let author = author.map(|name| view! { <span class="row__author">{name} {t().colon}</span> });
    view! {
        {author}
        {text}
    }
    .into_any()
}

/// What a conversation's second line says, and whose words that are where it has to be said.
pub(super) fn line(item: &InboxItem) -> (Option<String>, String) {
    let Some(preview) = &item.preview else { return (None, t().no_messages_yet.to_owned()) };
    let author = match (preview.own, item.kind) {
        // In notes nobody else writes.
        (true, _) => (!item.is_notes()).then(|| t().you.to_owned()),
        (false, Kind::Group) => Some(called(&preview.author_name)),
        (false, Kind::Direct) => None,
    };
    let text = if preview.recalled { t().recalled.to_owned() } else { preview.text.clone() };
    (author, or_kind(text, preview.holds))
}

fn state_mark(state: Option<MessageState>) -> Option<AnyView> {
    let (picture, words) = match state? {
        MessageState::Sent | MessageState::Delivered | MessageState::Read => return None,
        MessageState::Sending => (small_icon(CLOCK), t().sending),
        MessageState::Failed(_) => (svg(ALERT, "icon icon--sm row__failed"), t().failed),
    };
    Some(view! { {picture} <span class="visually-hidden">{words}</span> }.into_any())
}

/// That people ask to come in.
fn requests_mark(requests: u64) -> Option<AnyView> {
    let words = || (t().ask_to_come_in)(requests);
    (requests > 0)
        .then(|| badge("badge--requests", Some(GROUP_PLUS), requests.to_string(), words()))
}

/// That this person is meant.
fn mention(mentions: u64) -> Option<AnyView> {
    (mentions > 0).then(|| badge("badge--mention", None, "@".to_owned(), (t().mentions)(mentions)))
}

fn draft(text: &str) -> AnyView {
    view! {
        <span class="row__draft">{t().draft} {t().colon}</span>
        {text.to_owned()}
    }
    .into_any()
}

/// How the person keeps it.
fn keeping_marks(item: &InboxItem, quiet: bool) -> Vec<AnyView> {
    let kept = item.kept;
    let mark = |icon, words| {
        view! {
            {svg(icon, "icon icon--sm row__kept")}
            <span class="visually-hidden">{words}</span>
        }
        .into_any()
    };
    let muted = quiet.then(|| mark(MUTE, t().silent));
    let pinned = kept.pinned.then(|| mark(PIN, t().pinned));
    let marked = (kept.unread && item.unread == 0)
        .then(|| badge("badge--mark", None, String::new(), t().marked_unread.to_owned()));
    muted.into_iter().chain(pinned).chain(marked).collect()
}

fn unread_badge(unread: u64, quiet: bool) -> Option<AnyView> {
    if unread == 0 {
        return None;
    }
    let short = if unread > BADGE_MOST { format!("{BADGE_MOST}+") } else { unread.to_string() };
    Some(badge(if quiet { "badge--quiet" } else { "" }, None, short, (t().unread)(unread)))
}
