//! The app of somebody who is signed in: the list beside what was chosen.

use leptos::prelude::*;
use tideline_client::{Action, InboxItem};
use tideline_shared::{Timestamp, UserId};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::conversation::conversation;
use super::list::list_pane;
use super::more::{More, fetch_more, more, more_when};
use super::roving::rove;
use super::search::Lookup;
use crate::browser::{
    document, go, is_wide, listen, local_get, local_remove, local_set, now, route, set_badge,
};
use crate::kit::icon::mark;
use crate::kit::{State, button, effect, empty, live, memo, telling, words};
use crate::present::{Route, beside, unread_aloud};
use crate::shell::Device;

/// Kept in this browser: a key alone does nothing.
pub(super) const LONE_KEYS_OFF: &str = "tideline.lone-keys-off";
/// Kept in this browser: where there is room, details stay open beside every conversation.
const DETAILS: &str = "tideline.details";

/// What can lie over the screen. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Over {
    pub(super) new_message: State<bool>,
    pub(super) new_group: State<bool>,
    /// How to bring others in.
    pub(super) invite: State<bool>,
    pub(super) details: State<bool>,
    pub(super) palette: State<bool>,
    pub(super) shortcuts: State<bool>,
    /// One's own notes are wanted, which may be new.
    pub(super) notes: State<bool>,
}

/// The app of the person `me`.
pub(crate) fn main_screen(me: UserId) -> AnyView {
    local_set("tideline.visited", "1");
    let device = Device::start(me);
    provide_context(device);
    let over = Over {
        new_message: State::new(false),
        new_group: State::new(false),
        invite: State::new(false),
        details: State::new(untrack(is_beside)),
        palette: State::new(false),
        shortcuts: State::new(false),
        notes: State::new(false),
    };
    provide_context(over);
    provide_context(Lookup::start());
    title_with_unread(device);
    let fetched = fetch_more(device);
    follow_keys(device, over);
    keep_details(over.details);
    let place = memo(route);
    let main = move || {
        let place = place.get();
        if !untrack(is_wide) {
            over.details.set(false);
        }
        if !matches!(place, Route::Conversation(_)) {
            device.act(Action::Show(None));
        }
        match place {
            Route::Conversation(id) => conversation(id),
            Route::Profile(name) => more(More::Profile(name)),
            Route::Search => more(More::Search),
            Route::Contacts => more(More::Contacts),
            Route::Settings => more(More::Settings),
            Route::Admin => more(More::Admin),
            Route::Share => more(More::Received),
            Route::Home | Route::Join(_) => nothing_open(over),
            Route::Nowhere => nowhere(),
        }
    };
    // Where the person may not look, there is nothing to tell.
    let are_shown = memo(move || {
        over.details.get() && device.timeline.with(|timeline| timeline.refused.is_none())
    });
    let details = move || match (are_shown.get(), place.get()) {
        (true, Route::Conversation(id)) => Some(more(More::Details(id))),
        _ => None,
    };
    view! {
        <div class="app" data-screen=telling(move || screen(&place.get(), are_shown.get()).to_owned())>
            {list_pane()} <main class="pane pane--main">{live(main)}</main> {live(details)}
            {more_when(move || fetched.get(), || More::Beside)}
        </div>
        {more_when(move || device.uploads.with(|all| !all.is_empty()), || More::Uploads)}
        {more_when(move || over.new_message.get(), move || More::NewMessage(over.new_message))}
        {more_when(move || over.new_group.get(), move || More::NewGroup(over.new_group))}
        {more_when(move || over.invite.get(), move || More::Invite(over))}
        {more_when(move || over.palette.get() || over.shortcuts.get(), move || More::Palette(over))}
    }
    .into_any()
}

/// Whether details are to stand beside the conversation; tracked.
fn is_beside() -> bool {
    is_wide() && local_get(DETAILS).is_some()
}

/// Where there is room for them, details stay as the person left them; elsewhere they lie over the
/// conversation, and are gone with it.
fn keep_details(details: State<bool>) {
    effect(move || {
        if is_beside() {
            details.set(true);
        }
    });
    effect(move || match (details.get(), untrack(is_wide)) {
        (true, true) => local_set(DETAILS, "1"),
        (false, true) => local_remove(DETAILS),
        (_, false) => {}
    });
}

/// What the style sheet calls a place.
fn screen(place: &Route, details: bool) -> &'static str {
    match place {
        Route::Home | Route::Join(_) => "list",
        Route::Conversation(_) if details => "details",
        Route::Conversation(_) => "conversation",
        Route::Search => "search",
        Route::Settings
        | Route::Admin
        | Route::Share
        | Route::Contacts
        | Route::Profile(_)
        | Route::Nowhere => "settings",
    }
}

fn nothing_open(over: Over) -> AnyView {
    empty(mark(), |t| t.pick_conversation, words(|t| t.pick_conversation_text), start_buttons(over))
}

/// The ways to begin, for what is empty.
pub(super) fn start_buttons(over: Over) -> AnyView {
    view! {
        {button("button--primary", None, |t| t.find_someone, move |_| over.new_message.set(true))}
        {button("", None, |t| t.invite_somebody, move |_| over.invite.set(true))}
        {button("", None, |t| t.make_group, move |_| over.new_group.set(true))}
        {button("button--quiet", None, |t| t.write_to_yourself, move |_| over.notes.set(true))}
    }
    .into_any()
}

fn nowhere() -> AnyView {
    let home = button("button--primary", None, |t| t.to_start, |_| go(Route::Home));
    view! {
        <h1 class="visually-hidden">"Tideline"</h1>
        {empty(mark(), |t| t.nowhere, words(|t| t.nowhere_text), home)}
    }
    .into_any()
}

/// The tab says how much is unread, and the icon of the app where it is installed.
fn title_with_unread(device: Device) {
    effect(move || {
        let now = Timestamp(now());
        let unread: u64 = device
            .inbox
            .with(|inbox| inbox.iter().flatten().map(|item| unread_aloud(item, now)).sum());
        set_badge(unread);
        document().set_title(&match unread {
            0 => "Tideline".to_owned(),
            n => format!("({n}) Tideline"),
        });
    });
    on_cleanup(|| {
        set_badge(0);
        document().set_title("Tideline");
    });
}

/// The keys that do something wherever the focus is, unless something that lies over the screen
/// takes them. What they do is told in `shortcuts.rs`.
fn follow_keys(device: Device, over: Over) {
    let listener = listen(&document(), "keydown", move |event| {
        let event: KeyboardEvent = event.unchecked_into();
        let is_free = !event.default_prevented() && !event.is_composing();
        if is_free && rove(&event) {
            return event.prevent_default();
        }
        let covered = matches!(document().query_selector("dialog[open]"), Ok(Some(_)));
        if !is_free || covered {
            return;
        }
        let changed = event.ctrl_key() || event.meta_key();
        let done = match event.key().as_str() {
            "Escape" => {
                over.details.set(false);
                false
            }
            "k" | "K" if changed && !event.alt_key() && !event.shift_key() => {
                over.palette.set(true);
                true
            }
            "?" if !changed
                && local_get(LONE_KEYS_OFF).is_none()
                && !is_in(
                    &event,
                    "input:not([type=checkbox], [type=radio], [type=range]), textarea, select",
                ) =>
            {
                over.shortcuts.set(true);
                true
            }
            // There they open what there is to choose.
            key @ ("ArrowUp" | "ArrowDown")
                if event.alt_key() && !changed && !is_in(&event, "select, [type=date]") =>
            {
                go_beside(device, key == "ArrowDown", event.shift_key());
                true
            }
            _ => false,
        };
        if done {
            event.prevent_default();
        }
    });
    let listener = StoredValue::new_local(listener);
    on_cleanup(move || listener.dispose());
}

fn is_in(event: &KeyboardEvent, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| matches!(target.closest(selector), Ok(Some(_))))
}

/// Goes to the next conversation of the list, or to the one before; or only to unread ones.
fn go_beside(device: Device, below: bool, unread: bool) {
    let here = match untrack(route) {
        Route::Conversation(id) => Some(id),
        _ => None,
    };
    let counts = |item: &InboxItem| !unread || item.unread > 0 || item.kept.unread;
    let list: Vec<_> = device.inbox.with_untracked(|inbox| {
        let shown = inbox.iter().flatten().filter(|item| !item.kept.archived);
        shown.map(|item| (item.conversation, counts(item))).collect()
    });
    if let Some(next) = beside(&list, here, below) {
        go(Route::Conversation(next));
    }
}
