//! A voice message: its waveform, which plays from wherever it is pressed.

use leptos::html;
use leptos::prelude::*;
use tideline_shared::protocol::File;

use super::{address, clock, unsent_address};
use crate::browser::t;
use crate::kit::icon::{PAUSE, PLAY, icon};
use crate::kit::{State, live, typed};
use crate::screens::conversation::Talk;

/// Steps of the waveform that is drawn.
const STEPS: usize = 48;

/// A player.
pub(super) fn voice(talk: Talk, file: &File, stored: bool) -> AnyView {
    let id = file.id;
    let there = stored.then(|| address(talk.id, id));
    let node = NodeRef::<html::Audio>::new();
    let playing = State::new(false);
    let at_ms = State::new(0_u32);
    let whole = file.duration_ms.unwrap_or_default().max(1);
    let toggle = move |_| {
        let Some(audio) = node.get_untracked() else { return };
        if audio.paused() {
            // Rejected where the browser wants the person to press once more.
            drop(audio.play());
        } else {
            drop(audio.pause());
        }
    };
    let follow = move |_| {
        if let Some(audio) = node.get_untracked() {
            at_ms.set((audio.current_time() * 1_000.0) as u32);
        }
    };
    let seek = typed(move |event| {
        let at: f64 = event_target_value(&event).parse().unwrap_or_default();
        if let Some(audio) = node.get_untracked() {
            audio.set_current_time(at / 1_000.0);
            at_ms.set(at as u32);
        }
    });
    let name = move || if playing.get() { t().more().pause } else { t().more().play };
    let time = move || clock(if at_ms.get() == 0 { whole } else { at_ms.get() });
    view! {
        <div class="voice" role="group" aria-label=t().more().voice_message>
            <button type="button" class="voice__play" aria-label=name data-tip="" on:click=toggle>
                {live(move || icon(if playing.get() { PAUSE } else { PLAY }))}
            </button>
            <div class="voice__track">
                {waves(&file.waveform, at_ms, whole)}
                <input
                    class="voice__seek"
                    type="range"
                    min="0"
                    max=whole
                    step="100"
                    aria-label=t().more().position
                    aria-valuetext=time
                    prop:value=move || at_ms.get().to_string()
                    on:input=seek
                />
            </div>
            <span class="voice__time">{time}</span>
            <audio
                node_ref=node
                preload="none"
                src=move || there.clone().or_else(|| unsent_address(id))
                on:play=move |_| playing.set(true)
                on:pause=move |_| playing.set(false)
                on:ended=move |_| {
                    playing.set(false);
                    at_ms.set(0);
                }
                on:timeupdate=follow
            ></audio>
        </div>
    }
    .into_any()
}

/// The waveform, filled up to where it plays.
fn waves(levels: &[u8], at_ms: State<u32>, whole: u32) -> AnyView {
    let level = |step: usize| {
        let at = step * levels.len() / STEPS;
        f64::from(levels.get(at).copied().unwrap_or(64)) / 255.0
    };
    let bars = (0..STEPS).map(|step| {
        let height = 2.0 + 22.0 * level(step);
        let x = step * 4 + 1;
        format!("M{x} {:.1}v{height:.1}", 12.0 - height / 2.0)
    });
    let path = bars.collect::<String>();
    let filled = move || 4.0 * STEPS as f64 * f64::from(at_ms.get()) / f64::from(whole);
    view! {
        <svg class="voice__waves" viewBox="0 0 192 24" preserveAspectRatio="none" aria-hidden="true">
            <path d=path.clone()></path>
            <svg width=filled height="24">
                <path class="voice__heard" d=path></path>
            </svg>
        </svg>
    }
    .into_any()
}
