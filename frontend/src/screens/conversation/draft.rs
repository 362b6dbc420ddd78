//! The text of a composer, which is a draft for as long as it is not sent: the engine keeps it, and tells
//! this person's other devices.

use leptos::prelude::*;

use super::talk::{Talk, Writing};
use crate::kit::{State, effect, memo};
use crate::shell::Device;

/// A draft's text, in step with what other devices write, while its composer is there.
pub(super) fn draft(talk: Talk) -> State<String> {
    let (device, id) = (Device::here(), talk.id);
    let text = State::new(device.draft(id));
    // What the engine knows.
    let known = StoredValue::new(text.get_untracked());
    effect(move || {
        let text = text.get();
        if talk.writing.with_untracked(Writing::is_edit) {
            return;
        }
        known.set_value(text.clone());
        device.keep_draft(id, text);
    });
    let elsewhere = memo(move || {
        device.inbox.track();
        device.draft(id)
    });
    effect(move || {
        let found = elsewhere.get();
        if text.with_untracked(|text| *text != found && known.with_value(|known| known == text)) {
            text.set(found);
        }
    });
    text
}
