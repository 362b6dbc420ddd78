//! Says to those who listen what others say in the conversation that is open. The timeline itself is silent: it
//! would tell of every mark that changes and every page that comes.

use std::time::Duration;

use leptos::prelude::*;

use super::marks::or_kind;
use crate::browser::{Ticker, called, t};
use crate::kit::{State, effect, live};
use crate::present::{Ear, Heard};
use crate::shell::Device;

/// What comes within so long is said together.
const TOGETHER_MS: u64 = 700;
/// After so long it was read out.
const FORGOTTEN: Duration = Duration::from_secs(10);
/// Of more messages than this only the number is said.
const MOST: usize = 3;

/// What is said, which nobody sees.
pub(in crate::screens) fn announcer() -> AnyView {
    let device = Device::here();
    let said = State::new(String::new());
    let waiting = StoredValue::new(Vec::new());
    let ticker = StoredValue::new_local(Ticker::new(move || {
        if let Some(heard) = waiting.try_update_value(std::mem::take) {
            say(said, &heard);
        }
    }));
    let mut ear = Ear::default();
    effect(move || {
        let heard = device.timeline.with(|timeline| ear.hear(timeline));
        if heard.is_empty() {
            return;
        }
        if waiting.with_value(Vec::is_empty) {
            ticker.with_value(|ticker| ticker.after(TOGETHER_MS));
        }
        waiting.update_value(|waiting| waiting.extend(heard));
    });
    view! {
        <p class="visually-hidden" role="status" aria-label=move || t().new_messages>
            {live(move || said.get())}
        </p>
    }
    .into_any()
}

fn say(said: State<String>, heard: &[Heard]) {
    let mut words = sentence(heard);
    // The same words once more are no change to a browser.
    if said.with_untracked(|said| *said == words) {
        words.push('\u{a0}');
    }
    said.set(words.clone());
    // What may be recalled does not stay here.
    let forget = move || {
        if said.try_with_untracked(|said| *said == words) == Some(true) {
            said.set(String::new());
        }
    };
    set_timeout(forget, FORGOTTEN);
}

fn sentence(heard: &[Heard]) -> String {
    let one = |heard: &Heard| match heard {
        Heard::Said { author_name, text, holds, .. } => {
            (t().more().said)(&called(author_name), &or_kind(text.clone(), *holds))
        }
        Heard::Below(count) => (t().more().new_count)(*count),
    };
    let count = |heard: &Heard| match heard {
        Heard::Said { .. } => 1,
        Heard::Below(count) => *count,
    };
    if heard.len() > MOST {
        return (t().more().new_count)(heard.iter().map(count).sum());
    }
    heard.iter().map(one).collect::<Vec<_>>().join("\n")
}
