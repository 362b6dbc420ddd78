//! What others get to know of this person, and whether links are looked at: switches, the same on all their
//! devices.

use leptos::prelude::*;
use tideline_shared::protocol::{AccountCommand, Settings, SettingsChange};

use super::settings::section;
use crate::kit::{Words, effect, switch};
use crate::shell::{Device, order};

/// The section of the settings.
pub(super) fn privacy(device: Device) -> AnyView {
    let one = move |label: Words, hint: Words, is_hidden: fn(Settings) -> bool, hide: Hide| {
        let shared = move || !is_hidden(device.settings());
        let value = RwSignal::new(untrack(shared));
        let stored = Memo::new(move |_| shared());
        effect(move || value.set(stored.get()));
        effect(move || {
            let value = value.get();
            if value != stored.get_untracked() {
                order(AccountCommand::ChangeSettings(hide(!value)));
            }
        });
        switch(label, hint, value)
    };
    let content = view! {
        <div class="form">
            {one(
                |t| t.more().share_receipts,
                |t| t.more().share_receipts_hint,
                |settings| settings.hides_receipts,
                |hide| SettingsChange { hides_receipts: Some(hide), ..SettingsChange::default() },
            )}
            {one(
                |t| t.more().share_presence,
                |t| t.more().share_presence_hint,
                |settings| settings.hides_presence,
                |hide| SettingsChange { hides_presence: Some(hide), ..SettingsChange::default() },
            )}
            {one(
                |t| t.more().share_last_seen,
                |t| t.more().share_last_seen_hint,
                |settings| settings.hides_last_seen,
                |hide| SettingsChange { hides_last_seen: Some(hide), ..SettingsChange::default() },
            )}
            {one(
                |t| t.more().link_previews,
                |t| t.more().link_previews_hint,
                |settings| settings.hides_previews,
                |hide| SettingsChange { hides_previews: Some(hide), ..SettingsChange::default() },
            )}
        </div>
    };
    section("", |t| t.more().privacy, content.into_any())
}

/// A change that hides something, or does not any more.
type Hide = fn(bool) -> SettingsChange;
