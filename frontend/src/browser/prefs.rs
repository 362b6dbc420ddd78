//! Language and theme: chosen by the person, else by the system; kept in this browser, the same in
//! all its tabs.

use std::sync::LazyLock;

use crate::kit::effect;
use leptos::prelude::*;
use tideline_shared::Timestamp;
use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

use super::{day_of, document, listen, local_get, local_remove, local_set, now, window};
use crate::locale::{Lang, Locale};

const LANGUAGE: &str = "tideline.language";
const THEME: &str = "tideline.theme";
/// How often the day is looked at, for "today" and "yesterday".
const DAY_CHECK: std::time::Duration = std::time::Duration::from_secs(30);

/// How light the app is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system is.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All of them, in the order of the switch.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word it is kept under.
    #[must_use]
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

static LANG: LazyLock<ArcRwSignal<Lang>> = LazyLock::new(|| ArcRwSignal::new(first_lang()));
static CHOSEN: LazyLock<ArcRwSignal<Theme>> = LazyLock::new(|| ArcRwSignal::new(first_theme()));
static TODAY: LazyLock<ArcRwSignal<u32>> = LazyLock::new(|| ArcRwSignal::new(this_day()));

fn first_lang() -> Lang {
    let kept = local_get(LANGUAGE).or_else(|| window().navigator().language());
    Lang::of_tag(&kept.unwrap_or_default())
}

fn first_theme() -> Theme {
    let kept = local_get(THEME).unwrap_or_default();
    Theme::ALL.into_iter().find(|theme| theme.word() == kept).unwrap_or(Theme::System)
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

/// The theme that was chosen; tracked.
#[must_use]
pub(crate) fn theme() -> Theme {
    CHOSEN.get()
}

/// The number of the day that it is, as [`day_of`] counts; tracked.
#[must_use]
pub(crate) fn today() -> u32 {
    TODAY.get()
}

/// Switches the language, here and in the other tabs.
pub(crate) fn say_lang(lang: Lang) {
    local_set(LANGUAGE, lang.tag());
    LANG.set(lang);
}

/// Switches the theme, here and in the other tabs.
pub(crate) fn say_theme(theme: Theme) {
    match theme {
        Theme::System => local_remove(THEME),
        chosen => local_set(THEME, chosen.word()),
    }
    CHOSEN.set(theme);
}

/// Keeps `<html lang>` and `<html data-theme>` as chosen, and follows other tabs and midnight.
/// Called once.
pub(crate) fn follow_prefs() {
    effect(|| {
        if let Some(html) = document().document_element() {
            // Both names are valid, so neither call can fail.
            let _ = html.set_attribute("lang", lang().tag());
            let _ = match theme() {
                Theme::System => html.remove_attribute("data-theme"),
                chosen => html.set_attribute("data-theme", chosen.word()),
            };
        }
    });
    set_interval(
        || {
            let day = this_day();
            if day != TODAY.get_untracked() {
                TODAY.set(day);
            }
        },
        DAY_CHECK,
    );
    let storage = listen(&window(), "storage", |event| {
        let event: StorageEvent = event.unchecked_into();
        match event.key().as_deref() {
            Some(LANGUAGE) => LANG.set(first_lang()),
            Some(THEME) => CHOSEN.set(first_theme()),
            _ => {}
        }
    });
    // For as long as the page lives.
    std::mem::forget(storage);
}
