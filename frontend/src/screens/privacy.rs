//! What others get to know of this person, and whether links are looked at: the same on all their devices.

use leptos::prelude::*;
use tideline_shared::protocol::{AccountCommand, Audience, Settings, SettingsChange};

use super::settings::section;
use crate::browser::t;
use crate::kit::{Derived, State, Words, effect, live, memo, segments, switch};
use crate::shell::{Device, order_or};

/// The section of the settings.
pub(super) fn privacy(device: Device) -> AnyView {
    let one = move |label: Words, hint: Words, is_hidden: fn(Settings) -> bool, hide: Hide| {
        let (stored, shown) = following(move || !is_hidden(device.settings()));
        effect(move || {
            let shares = shown.get();
            if shares != stored.get_untracked() {
                change(hide(!shares), stored, shown);
            }
        });
        switch(label, hint, shown)
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
            {audience(
                device,
                |t| t.more().avatar_seen_by,
                |settings| settings.avatar_seen_by,
                |by| SettingsChange { avatar_seen_by: Some(by), ..SettingsChange::default() },
            )}
            <p class="field__hint">{live(move || t().more().seen_by_hint)}</p>
        </div>
    };
    section("", |t| t.more().privacy, content.into_any())
}

/// What is stored, and what is shown of it: at once what the person chose.
fn following<T: Clone + PartialEq + Send + Sync + 'static>(
    read: impl Fn() -> T + Send + Sync + 'static,
) -> (Derived<T>, State<T>) {
    let stored = memo(read);
    let shown = State::new(stored.get_untracked());
    effect(move || shown.set(stored.get()));
    (stored, shown)
}

/// Has the account store a change. Where it does not, what is stored is shown again.
fn change<T: Clone + Send + Sync + 'static>(
    change: SettingsChange,
    stored: Derived<T>,
    shown: State<T>,
) {
    let again = move || {
        if let Some(stored) = stored.try_get_untracked() {
            shown.set(stored);
        }
    };
    order_or(AccountCommand::ChangeSettings(change), again);
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
    to: fn(Audience) -> SettingsChange,
) -> AnyView {
    let words = |audience| Signal::derive(move || (t().more().audience)(audience).to_owned());
    let options = AUDIENCES.map(|(word, audience)| (word, words(audience))).to_vec();
    let (stored, shown) = following(move || chosen(device.settings()));
    let value = Signal::derive(move || {
        let here = AUDIENCES.iter().find(|(_, audience)| *audience == shown.get());
        here.map_or("", |(word, _)| word).to_owned()
    });
    let choose = move |word: String| {
        if let Some(&(_, audience)) = AUDIENCES.iter().find(|(known, _)| *known == word) {
            shown.set(audience);
            change(to(audience), stored, shown);
        }
    };
    segments(label, options, value, Callback::new(choose))
}

/// A change that hides something, or does not any more.
type Hide = fn(bool) -> SettingsChange;
