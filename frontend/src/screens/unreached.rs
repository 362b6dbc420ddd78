//! What stands where nothing is known yet, and where nothing will be while there is no network.

use leptos::prelude::*;
use tideline_client::Connection;

use crate::browser::Fail;
use crate::kit::icon::{ALERT, icon};
use crate::kit::{Derived, Words, button, empty, live, memo, waiting, words};
use crate::shell::Device;

/// Whether the device is without the service; tracked.
pub(super) fn is_offline(device: Device) -> bool {
    device.connection.get() == Connection::Offline
}

/// That this needs the network, and a way to try it.
pub(super) fn unreached(device: Device) -> AnyView {
    let again = button("", None, |t| t.retry, move |_| device.reach());
    empty(icon(ALERT), |t| t.offline, words(|t| t.not_held), again)
}

/// What stands above why something did not come; `gone` where it never will.
pub(super) fn title_of(fail: Fail, gone: Words) -> Words {
    match fail {
        Fail::Network => |t| t.offline,
        _ if fail.may_pass() => |t| t.not_now,
        Fail::Refused(_) => gone,
    }
}

/// In place of something that this device does not know yet: it waits, or says why it does not come.
pub(super) fn unknown(device: Device) -> AnyView {
    let offline = memo(move || is_offline(device));
    live(move || if offline.get() { unreached(device) } else { waiting() }).into_any()
}

/// Whether the device knows its own account; tracked by a memo.
pub(super) fn is_known(device: Device) -> Derived<bool> {
    memo(move || device.inbox.with(Option::is_some))
}
