//! Tells the person what comes while they look elsewhere, as they chose for this browser.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use leptos::prelude::*;
use serde::Serialize;
use tideline_client::InboxItem;
use tideline_shared::protocol::{SessionCommand, SessionReply};
use tideline_shared::search::Has;
use tideline_shared::{Timestamp, UserId};

use super::list::line;
use super::settings::section;
use crate::browser::{
    Fail, ask_to_notify, called, chime, document, is_looked_at, local_get, local_remove, local_set,
    may_notify, notify, now, post, send, subscribe, t, teach_words, unsubscribe,
};
use crate::kit::{News, State, effect, switch, toast};
use crate::present::{Alerts, Route};
use crate::shell::Device;

/// Kept in this browser: whether the system shows news, with what was written, and whether they sound.
const SHOWN: &str = "tideline.alerts";
const WORDS: &str = "tideline.alerts.words";
const SOUND: &str = "tideline.alerts.sound";
/// What was announced last, by whichever page of the app in this browser.
const LAST: &str = "tideline.alerts.last";
/// Whose notices this browser subscribes to, and the key that signs them.
const KEY: &str = "tideline.alerts.key";
/// So long a page waits for another one that the person may be looking at.
const OTHERS: Duration = Duration::from_millis(250);

thread_local! {
    /// This browser's push service tells of what comes while no page is looked at.
    static IS_TOLD: Cell<bool> = const { Cell::new(false) };
}

/// Follows the list for as long as somebody is signed in. Nothing is drawn.
pub(super) fn alerts(device: Device) -> AnyView {
    let alerts = StoredValue::new_local(RefCell::new(Alerts::default()));
    effect(move || {
        device.inbox.with(|inbox| {
            let Some(list) = inbox else { return };
            let follow = |alerts: &RefCell<Alerts>| {
                let mut alerts = alerts.borrow_mut();
                alerts.follow(list, Timestamp(now())).into_iter().cloned().collect::<Vec<_>>()
            };
            let news = alerts.try_with_value(follow).unwrap_or_default();
            news.into_iter().for_each(|item| announce(device, item));
        });
    });
    effect(move || {
        let words = Words {
            message: t().more().new_message_came,
            notes: t().notes,
            colon: t().colon,
            image: (t().holds)(Has::Image),
            file: (t().holds)(Has::File),
            voice: (t().holds)(Has::Voice),
        };
        leptos::task::spawn_local(async move {
            if let Ok(words) = serde_json::to_string(&words) {
                teach_words(&words).await;
            }
        });
    });
    if local_get(SHOWN).is_some() && may_notify() == Some(true) {
        leptos::task::spawn_local(begin_to_be_told(device.me));
    }
    ().into_any()
}

/// Words of notices for `frontend/sw.js`, in the app's language.
#[derive(Serialize)]
struct Words {
    message: &'static str,
    notes: &'static str,
    colon: &'static str,
    image: &'static str,
    file: &'static str,
    voice: &'static str,
}

/// Has this device told of what comes while the app is closed, as the person chose; where the browser cannot,
/// pages that are open tell.
async fn begin_to_be_told(me: UserId) {
    // The next start tries again.
    let told = subscribe_for(me).await;
    IS_TOLD.set(matches!(told, Ok(true)));
}

/// Whether the browser could.
async fn subscribe_for(me: UserId) -> Result<bool, Fail> {
    let known = local_get(KEY).and_then(|known| {
        let (user, key) = known.split_once(' ')?;
        (user == me.to_string()).then(|| key.to_owned())
    });
    let key = match known {
        Some(key) => key,
        None => match post("/api/session", &SessionCommand::NoticeKey).await? {
            SessionReply::NoticeKey { key } => key,
            _ => return Ok(false),
        },
    };
    let words = local_get(WORDS).is_some();
    let Some(subscription) = subscribe(&key, words).await else { return Ok(false) };
    local_set(KEY, &format!("{me} {key}"));
    let command = SessionCommand::Subscribe { subscription };
    send("/api/session", &command).await?;
    Ok(true)
}

async fn stop_being_told() {
    IS_TOLD.set(false);
    if local_get(KEY).is_some() {
        local_remove(KEY);
        unsubscribe().await;
        // A push service that says so ends it as well.
        let _ = send("/api/session", &SessionCommand::Unsubscribe).await;
    }
}

/// Tells of what came last in a conversation, once in this browser and not to somebody who looks, here or at
/// another device of theirs.
fn announce(device: Device, item: InboxItem) {
    let mark = format!("{} {}", item.conversation, item.at.0);
    if is_looked_at() {
        return local_set(LAST, &mark);
    }
    let tell = move || {
        if local_get(LAST).as_ref() == Some(&mark) {
            return;
        }
        local_set(LAST, &mark);
        if device.is_looked_at_elsewhere() {
            return;
        }
        if local_get(SOUND).is_none() {
            chime();
        }
        let is_told = IS_TOLD.get() && document().hidden();
        if !is_told && local_get(SHOWN).is_some() && may_notify() == Some(true) {
            leptos::task::spawn_local(async move {
                let text = match line(&item) {
                    _ if local_get(WORDS).is_none() => t().more().new_message_came.to_owned(),
                    (Some(author), text) => [&author, t().colon, &text].concat(),
                    (None, text) => text,
                };
                let path = Route::Conversation(item.conversation).path();
                notify(&called(&item.title), &text, &path).await;
            });
        }
    };
    set_timeout(tell, OTHERS);
}

/// The section of the settings.
pub(super) fn alert_settings() -> AnyView {
    let (shown, words) = (kept_as(SHOWN, true), kept_as(WORDS, true));
    let me = Device::here().me;
    effect(move || {
        // As the switches are kept, so the device is told.
        let (shows, _) = (shown.get(), words.get());
        leptos::task::spawn_local(async move {
            if !shows {
                stop_being_told().await;
            } else if may_notify() == Some(true) || ask_to_notify().await {
                begin_to_be_told(me).await;
            } else {
                shown.set(false);
                toast(News::Bad(|t| t.more().alerts_refused));
            }
        });
    });
    let content = view! {
        <div class="form">
            {switch(|t| t.more().show_alerts, |t| t.more().show_alerts_hint, shown)}
            {switch(|t| t.more().alert_words, |t| t.more().alert_words_hint, words)}
            {switch(|t| t.more().alert_sound, |t| t.more().alert_sound_hint, kept_as(SOUND, false))}
        </div>
    };
    section("", |t| t.more().alerts, content.into_any())
}

/// A switch whose place is kept in this browser under a name: when it is on, or else when it is off.
fn kept_as(name: &'static str, when: bool) -> State<bool> {
    let value = State::new(local_get(name).is_some() == when);
    effect(move || {
        if value.get() == when {
            local_set(name, "1");
        } else {
            local_remove(name);
        }
    });
    value
}
