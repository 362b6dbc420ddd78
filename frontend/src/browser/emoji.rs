//! The table of emoji, fetched when it is first needed, and what this browser remembers of them.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::kit::Lasting;
use gloo_net::http::Request;

use super::{local_get, local_set};
use crate::present::{EmojiTable, TONES};

/// `frontend/emoji.mjs` writes it; a new one gets a new name.
const ADDRESS: &str = "/assets/emoji-17.0.txt";
const RECENT: &str = "tideline.emoji";
const TONE: &str = "tideline.tone";
/// Emoji that are remembered: four rows of the picker.
const MOST_RECENT: usize = 32;

static TABLE: LazyLock<Lasting<EmojiTable>> = LazyLock::new(Default::default);
static ASKED: AtomicBool = AtomicBool::new(false);
static FAILED: LazyLock<Lasting<bool>> = LazyLock::new(Default::default);

/// All emoji; none before they are here. Tracked; the first call fetches them.
#[must_use]
pub(crate) fn with_emoji<T>(f: impl FnOnce(&EmojiTable) -> T) -> T {
    if !ASKED.swap(true, Ordering::Relaxed) {
        leptos::task::spawn_local(async {
            match fetch().await {
                Some(text) => TABLE.set(EmojiTable::read(Box::leak(text.into()))),
                None => FAILED.set(true),
            }
        });
    }
    TABLE.with(f)
}

/// Whether they could not be fetched; tracked.
#[must_use]
pub(crate) fn emoji_failed() -> bool {
    FAILED.get()
}

/// Has them fetched once more, if they could not be.
pub(crate) fn ask_for_emoji_again() {
    if FAILED.get_untracked() {
        ASKED.store(false, Ordering::Relaxed);
        FAILED.set(false);
    }
}

async fn fetch() -> Option<String> {
    let answer = Request::get(ADDRESS).send().await.ok()?;
    if answer.ok() { answer.text().await.ok() } else { None }
}

/// What was used last, the newest first.
#[must_use]
pub(crate) fn recent_emoji() -> Vec<String> {
    let kept = local_get(RECENT).unwrap_or_default();
    kept.split(' ').filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

/// Remembers that an emoji was used.
pub(crate) fn used_emoji(text: &str) {
    let mut all = recent_emoji();
    all.retain(|known| known != text);
    all.insert(0, text.to_owned());
    all.truncate(MOST_RECENT);
    local_set(RECENT, &all.join(" "));
}

/// The tone of skins that was chosen; 0 is yellow.
#[must_use]
pub(crate) fn skin_tone() -> u8 {
    local_get(TONE).and_then(|tone| tone.parse().ok()).filter(|tone| *tone < TONES).unwrap_or(0)
}

/// Chooses a tone.
pub(crate) fn say_skin_tone(tone: u8) {
    local_set(TONE, &tone.to_string());
}
