//! Tells the person what comes while they look elsewhere, as they chose for this browser.

use std::cell::RefCell;
use std::time::Duration;

use leptos::prelude::*;
use tideline_client::InboxItem;
use tideline_shared::Timestamp;

use super::list::line;
use super::settings::section;
use crate::browser::{
    ask_to_notify, called, chime, is_looked_at, local_get, local_remove, local_set, may_notify,
    notify, now, t,
};
use crate::kit::{News, effect, switch, toast};
use crate::present::{Alerts, Route};
use crate::shell::Device;

/// Kept in this browser: whether the system shows news, with what was written, and whether they sound.
const SHOWN: &str = "tideline.alerts";
const WORDS: &str = "tideline.alerts.words";
const SOUND: &str = "tideline.alerts.sound";
/// What was announced last, by whichever page of the app in this browser.
const LAST: &str = "tideline.alerts.last";
/// So long a page waits for another one that the person may be looking at.
const OTHERS: Duration = Duration::from_millis(250);

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
            news.into_iter().for_each(announce);
        });
    });
    ().into_any()
}

/// Tells of what came last in a conversation, once in this browser and not to somebody who looks.
fn announce(item: InboxItem) {
    let mark = format!("{} {}", item.conversation, item.at.0);
    if is_looked_at() {
        return local_set(LAST, &mark);
    }
    let tell = move || {
        if local_get(LAST).as_ref() == Some(&mark) {
            return;
        }
        local_set(LAST, &mark);
        if local_get(SOUND).is_none() {
            chime();
        }
        if local_get(SHOWN).is_some() && may_notify() == Some(true) {
            leptos::task::spawn_local(async move {
                let text = match line(&item) {
                    _ if local_get(WORDS).is_none() => t().more().new_message_came.to_owned(),
                    (Some(author), text) => format!("{author}: {text}"),
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
    let shown = kept_as(SHOWN, true);
    effect(move || {
        if shown.get() && may_notify() != Some(true) {
            leptos::task::spawn_local(async move {
                if !ask_to_notify().await {
                    shown.try_set(false);
                    toast(News::Bad(|t| t.more().alerts_refused));
                }
            });
        }
    });
    let content = view! {
        <div class="form">
            {switch(|t| t.more().show_alerts, |t| t.more().show_alerts_hint, shown)}
            {switch(|t| t.more().alert_words, |t| t.more().alert_words_hint, kept_as(WORDS, true))}
            {switch(|t| t.more().alert_sound, |t| t.more().alert_sound_hint, kept_as(SOUND, false))}
        </div>
    };
    section("", |t| t.more().alerts, content.into_any())
}

/// A switch whose place is kept in this browser under a name: when it is on, or else when it is off.
fn kept_as(name: &'static str, when: bool) -> RwSignal<bool> {
    let value = RwSignal::new(local_get(name).is_some() == when);
    effect(move || {
        if value.get() == when {
            local_set(name, "1");
        } else {
            local_remove(name);
        }
    });
    value
}
