//! What stands in the place of the composer for somebody who may not write.

use std::time::Duration;

use crate::kit::effect;
use leptos::prelude::*;
use tideline_shared::protocol::{Kind, Muted};
use tideline_shared::{Timestamp, UserId};

use crate::browser::{full_time, now, t};
use crate::kit::Form;
use crate::kit::icon::{BAN, MUTE, icon};
use crate::screens::blocks::unblock_button;
use crate::screens::more::{More, more};
use crate::shell::Device;

/// Why nobody can write here.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::screens) enum Why {
    Muted(Muted),
    /// I blocked the other one.
    Blocked(UserId),
}

/// `composer` while I may write, and otherwise why I may not.
pub(super) fn unless_silent(composer: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let device = Device::here();
    let again = RwSignal::new(());
    let silent = Memo::new(move |_| {
        again.track();
        let is_direct = device.record.with(|record| record.as_ref().map(|it| it.kind));
        let others = || {
            device
                .members
                .with(|all| all.iter().map(|one| one.person.user).find(|user| device.blocks(*user)))
        };
        let blocked = if is_direct == Some(Kind::Direct) { others() } else { None };
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
    (move || match silent.get() {
        None => composer(),
        Some(why) => more(More::Silence(why)),
    })
    .into_any()
}

/// What says so.
pub(in crate::screens) fn silence(why: Why) -> AnyView {
    let form = Form::new();
    let (shape, unblock) = match why {
        Why::Muted(_) => (MUTE, None),
        Why::Blocked(user) => (BAN, Some(unblock_button(user, "", form))),
    };
    let words = move || match why {
        Why::Muted(Muted { until: Some(until) }) => (t().more().muted_until)(&full_time(until)),
        Why::Muted(_) => t().more().muted_for_good.to_owned(),
        Why::Blocked(_) => t().more().you_blocked.to_owned(),
    };
    view! {
        <div class="composer composer--silent">
            {icon(shape)} <p role="status">{words}</p> {unblock} {form.alert(&[])}
        </div>
    }
    .into_any()
}
