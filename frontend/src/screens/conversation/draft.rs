//! What is being written, kept for all of the person's devices: after a pause in typing, and when
//! they turn elsewhere.

use std::time::Duration;

use leptos::prelude::*;
use tideline_shared::ConversationId;
use tideline_shared::protocol::AccountCommand;

use super::talk::{Talk, Writing};
use crate::browser::send;
use crate::kit::effect;
use crate::shell::Device;

/// How long a pause in typing is before a draft is sent.
const PAUSE: Duration = Duration::from_secs(1);

/// A draft's text, in step with what other devices write, while its composer is there.
pub(super) fn draft(talk: Talk) -> RwSignal<String> {
    let (device, id) = (Device::here(), talk.id);
    let text = RwSignal::new(device.draft(id));
    // What the service has, or is being sent.
    let shared = StoredValue::new(untrack(|| shared_draft(device, id)));
    let share = move || {
        let draft = device.draft(id);
        if shared.get_value() != draft {
            shared.set_value(draft.clone());
            let command = AccountCommand::Draft { conversation: id, text: draft };
            // Where it fails, the words stay here, and go out with the next ones.
            leptos::task::spawn_local(async move { drop(send("/api/account", &command).await) });
        }
    };
    let pause = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(pause) = pause.try_update_value(Option::take).flatten() {
            pause.clear();
        }
    };
    effect(move || {
        let text = text.get();
        if matches!(*talk.writing.read_untracked(), Writing::Edit { .. }) {
            return;
        }
        let is_sent = text.is_empty();
        device.keep_draft(id, text);
        stop();
        if is_sent {
            share();
        } else {
            pause.set_value(set_timeout_with_handle(share, PAUSE).ok());
        }
    });
    let elsewhere = Memo::new(move |_| shared_draft(device, id));
    effect(move || {
        let found = elsewhere.get();
        let known = shared.get_value();
        // What is typed here meanwhile wins: it is shared in a moment.
        if found != known && text.with_untracked(|text| *text == known) {
            shared.set_value(found.clone());
            text.set(found);
        }
    });
    on_cleanup(move || {
        stop();
        share();
    });
    text
}

/// What the list says is being written; tracked.
fn shared_draft(device: Device, id: ConversationId) -> String {
    device.listed(id).map(|item| item.draft).unwrap_or_default()
}
