//! What others get to know of this person, and whether links are looked at: the same on all their devices.

use leptos::prelude::*;
use tideline_shared::protocol::{AccountCommand, Audience, Settings, SettingsChange};

use super::settings::section;
use crate::browser::t;
use crate::kit::{Words, effect, live, segments, switch};
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
            {audience(
                device,
                |t| t.more().age_seen_by,
                |settings| settings.age_seen_by,
                |by| SettingsChange { age_seen_by: Some(by), ..SettingsChange::default() },
            )}
            {audience(
                device,
                |t| t.more().gender_seen_by,
                |settings| settings.gender_seen_by,
                |by| SettingsChange { gender_seen_by: Some(by), ..SettingsChange::default() },
            )}
            {audience(
                device,
                |t| t.more().signature_seen_by,
                |settings| settings.signature_seen_by,
                |by| SettingsChange { signature_seen_by: Some(by), ..SettingsChange::default() },
            )}
            <p class="field__hint">{live(move || t().more().seen_by_hint)}</p>
        </div>
    };
    section("", |t| t.more().privacy, content.into_any())
}

const AUDIENCES: [(&str, Audience); 3] = [
    ("everybody", Audience::Everybody),
    ("contacts", Audience::Contacts),
    ("nobody", Audience::Nobody),
];

/// Who sees a field of the profile.
fn audience(
    device: Device,
    label: Words,
    chosen: fn(Settings) -> Audience,
    change: fn(Audience) -> SettingsChange,
) -> AnyView {
    let words = |audience| Signal::derive(move || (t().more().audience)(audience).to_owned());
    let options = AUDIENCES.map(|(word, audience)| (word, words(audience))).to_vec();
    let value = Signal::derive(move || {
        let chosen = chosen(device.settings());
        let here = AUDIENCES.iter().find(|(_, audience)| *audience == chosen);
        here.map_or("", |(word, _)| word).to_owned()
    });
    let choose = move |word: String| {
        if let Some((_, audience)) = AUDIENCES.iter().find(|(known, _)| *known == word) {
            order(AccountCommand::ChangeSettings(change(*audience)));
        }
    };
    segments(label, options, value, Callback::new(choose))
}

/// A change that hides something, or does not any more.
type Hide = fn(bool) -> SettingsChange;
