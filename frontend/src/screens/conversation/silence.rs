//! What stands in the place of the composer for somebody who may not write.

use std::time::Duration;

use leptos::prelude::*;
use tideline_shared::protocol::{Kind, Muted, Record};
use tideline_shared::rights::{Deed, check};
use tideline_shared::{Code, Timestamp, UserId};

use crate::browser::{full_time, now, t};
use crate::kit::icon::{BAN, MUTE, SHIELD, icon};
use crate::kit::{Form, State, effect, live, memo};
use crate::screens::blocks::unblock_button;
use crate::screens::more::{More, more};
use crate::shell::Device;

/// Why nobody can write here.
#[derive(Clone, Copy, PartialEq)]
enum Why {
    Muted(Muted),
    /// Only those who lead the group write.
    Announcements,
    /// I blocked the other one.
    Blocked(UserId),
}

impl Why {
    /// Why I may not write in the conversation on the screen, if so; tracked.
    fn of(device: Device) -> Option<Self> {
        let kind = device.record.with(|record| record.as_ref().map(|record| record.kind));
        let blocked = device.members.with(|all| {
            let blocked = |user: &UserId| kind == Some(Kind::Direct) && device.blocks(*user);
            all.iter().map(|one| one.person.user).find(blocked)
        });
        let muted = || device.my_membership()?.muted;
        let muted = || muted().filter(|muted| muted.holds(Timestamp(now())));
        let announced = || {
            let role = device.my_membership()?.role;
            let refused = |record: &Record| check(role, record, Deed::Send).is_err();
            let refused = device.record.with(|record| record.as_ref().is_some_and(refused));
            refused.then_some(Self::Announcements)
        };
        blocked.map(Self::Blocked).or_else(|| muted().map(Self::Muted)).or_else(announced)
    }
}

/// `composer` while I may write, and otherwise why I may not.
pub(super) fn unless_silent(composer: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let device = Device::here();
    let again = State::new(false);
    let silent = memo(move || {
        again.track();
        Why::of(device).is_some()
    });
    live(move || if silent.get() { more(More::Silence(again)) } else { composer() }).into_any()
}

/// Says why, and has `again` looked when it may be over.
pub(in crate::screens) fn silence(again: State<bool>) -> AnyView {
    let device = Device::here();
    let why = memo(move || Why::of(device));
    effect(move || {
        if let Some(Why::Muted(Muted { until: Some(until) })) = why.get() {
            let left = until.0.saturating_sub(now()).min(i32::MAX as u64);
            let look = move || {
                // The conversation may have been left by then.
                again.update(|again| *again = !*again);
            };
            set_timeout(look, Duration::from_millis(left));
        }
    });
    (move || why.get().map(note)).into_any()
}

fn note(why: Why) -> AnyView {
    let form = Form::new();
    let (shape, unblock) = match why {
        Why::Muted(_) => (MUTE, None),
        Why::Announcements => (SHIELD, None),
        Why::Blocked(user) => (BAN, Some(unblock_button(user, "", form))),
    };
    let words = move || match why {
        Why::Muted(Muted { until: Some(until) }) => (t().more().muted_until)(&full_time(until)),
        Why::Muted(_) => t().more().muted_for_good.to_owned(),
        Why::Announcements => (t().reject)(Code::AnnouncementsOnly).to_owned(),
        Why::Blocked(_) => t().more().you_blocked.to_owned(),
    };
    view! {
        <div class="composer composer--silent">
            {icon(shape)} <p role="status">{words}</p> {unblock} {form.alert(&[])}
        </div>
    }
    .into_any()
}
