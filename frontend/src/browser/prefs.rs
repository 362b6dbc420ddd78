//! The language: chosen by the person, else by the system; kept in this browser, the same in all its
//! tabs. And what minute and day it is.

use std::sync::LazyLock;

use crate::kit::{Lasting, effect};
use leptos::prelude::*;
use tideline_shared::Timestamp;
use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

use super::look::{follow_looks, look_changed};
use super::{day_of, document, listen, local_get, local_set, now, window};
use crate::locale::{Lang, Locale};

const LANGUAGE: &str = "tideline.language";
/// How often the clock is looked at, for "a minute ago" and "yesterday".
const CLOCK_CHECK: std::time::Duration = std::time::Duration::from_secs(30);

static LANG: LazyLock<Lasting<Lang>> = LazyLock::new(|| Lasting::new(first_lang()));
static MINUTE: LazyLock<Lasting<u64>> = LazyLock::new(|| Lasting::new(this_minute()));
static TODAY: LazyLock<Lasting<u32>> = LazyLock::new(|| Lasting::new(this_day()));

fn first_lang() -> Lang {
    let kept = local_get(LANGUAGE).or_else(|| window().navigator().language());
    Lang::of_tag(&kept.unwrap_or_default())
}

fn this_minute() -> u64 {
    now() / 60_000
}

fn this_day() -> u32 {
    day_of(Timestamp(now()))
}

/// The language of the app; tracked.
#[must_use]
pub(crate) fn lang() -> Lang {
    LANG.get()
}

/// The words of the app's language; tracked.
#[must_use]
pub(crate) fn t() -> &'static Locale {
    lang().table()
}

/// What somebody is called: their name, or that their account was deleted; tracked.
#[must_use]
pub(crate) fn called(name: &str) -> String {
    if name.is_empty() { t().deleted_account } else { name }.to_owned()
}

/// The number of the day that it is, as [`day_of`] counts; tracked.
#[must_use]
pub(crate) fn today() -> u32 {
    TODAY.get()
}

/// The minute that it is, in milliseconds since 1970; tracked.
#[must_use]
pub(crate) fn minute() -> u64 {
    MINUTE.get() * 60_000
}

/// Switches the language, here and in the other tabs.
pub(crate) fn say_lang(lang: Lang) {
    local_set(LANGUAGE, lang.tag());
    LANG.set(lang);
}

/// Keeps `<html lang>` and the looks as chosen, and follows other tabs and midnight. Called once.
pub(crate) fn follow_prefs() {
    effect(|| {
        if let Some(html) = document().document_element() {
            // The name is valid, so the call cannot fail.
            let _ = html.set_attribute("lang", lang().tag());
        }
    });
    follow_looks();
    set_interval(
        || {
            let (minute, day) = (this_minute(), this_day());
            if minute != MINUTE.get_untracked() {
                MINUTE.set(minute);
            }
            if day != TODAY.get_untracked() {
                TODAY.set(day);
            }
        },
        CLOCK_CHECK,
    );
    let storage = listen(&window(), "storage", |event| {
        let event: StorageEvent = event.unchecked_into();
        match event.key().as_deref() {
            Some(LANGUAGE) => LANG.set(first_lang()),
            Some(key) => look_changed(key),
            None => {}
        }
    });
    // For as long as the page lives.
    std::mem::forget(storage);
}
