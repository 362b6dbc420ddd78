//! What stands in the place of the composer for somebody who may not write.

use std::time::Duration;

use crate::kit::effect;
use leptos::prelude::*;
use tideline_shared::Timestamp;
use tideline_shared::protocol::Muted;

use crate::browser::{full_time, now, t};
use crate::kit::icon::{MUTE, icon};
use crate::shell::Device;

/// `composer` while I may write, and otherwise why I may not.
pub(super) fn unless_silent(composer: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let device = Device::here();
    let again = RwSignal::new(());
    let silent = Memo::new(move |_| {
        again.track();
        let muted = device.my_membership()?.muted;
        muted.filter(|muted| muted.holds(Timestamp(now())))
    });
    effect(move || {
        if let Some(Muted { until: Some(until) }) = silent.get() {
            let left = until.0.saturating_sub(now()).min(i32::MAX as u64);
            let look = move || {
                // The conversation may have been left by then.
                again.try_set(());
            };
            set_timeout(look, Duration::from_millis(left));
        }
    });
    (move || silent.get().map_or_else(&composer, note)).into_any()
}

fn note(muted: Muted) -> AnyView {
    let words = move || match muted.until {
        Some(until) => (t().muted_until)(&full_time(until)),
        None => t().muted_for_good.to_owned(),
    };
    view! { <p class="composer composer--silent" role="status">{icon(MUTE)} {words}</p> }.into_any()
}
