//! What stands in the place of the composer for somebody who may not write.

use std::time::Duration;

use crate::kit::effect;
use leptos::prelude::*;
use tideline_shared::protocol::Muted;
use tideline_shared::{ConversationId, Timestamp, UserId};

use crate::browser::{full_time, now, t};
use crate::kit::Form;
use crate::kit::icon::{BAN, MUTE, icon};
use crate::screens::blocks::unblock_button;
use crate::shell::Device;

/// Why nobody can write here.
#[derive(Clone, Copy, PartialEq)]
enum Why {
    Muted(Muted),
    /// I blocked the other one.
    Blocked(UserId),
}

/// `composer` while I may write, and otherwise why I may not.
pub(super) fn unless_silent(
    id: ConversationId,
    composer: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let device = Device::here();
    let again = RwSignal::new(());
    let silent = Memo::new(move |_| {
        again.track();
        let me = device.me;
        let blocked = device.blocked.with(|all| {
            let here = |user: &UserId| ConversationId::direct(me, *user) == id;
            all.iter().map(|one| one.person.user).find(here)
        });
        let muted = || device.my_membership()?.muted;
        let muted = || muted().filter(|muted| muted.holds(Timestamp(now())));
        blocked.map(Why::Blocked).or_else(|| muted().map(Why::Muted))
    });
    effect(move || {
        if let Some(Why::Muted(Muted { until: Some(until) })) = silent.get() {
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

fn note(why: Why) -> AnyView {
    let form = Form::new();
    let (shape, unblock) = match why {
        Why::Muted(_) => (MUTE, None),
        Why::Blocked(user) => (BAN, Some(unblock_button(user, "", form))),
    };
    let words = move || match why {
        Why::Muted(Muted { until: Some(until) }) => (t().muted_until)(&full_time(until)),
        Why::Muted(_) => t().muted_for_good.to_owned(),
        Why::Blocked(_) => t().you_blocked.to_owned(),
    };
    view! {
        <div class="composer composer--silent">
            {icon(shape)} <p role="status">{words}</p> {unblock} {form.alert(&[])}
        </div>
    }
    .into_any()
}
