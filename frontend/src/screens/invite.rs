//! The dialog that brings others in: one's own link, at once, and the way by a group.

use leptos::prelude::*;

use super::main::Over;
use super::share::{personal_address, personal_link};
use crate::browser::t;
use crate::kit::icon::GROUP_PLUS;
use crate::kit::{button, dialog, live, qr_code, words};
use crate::shell::Device;

/// The dialog, while it is open.
pub(super) fn invite(over: Over) -> AnyView {
    let device = Device::here();
    dialog("", over.invite, words(|t| t.invite_somebody), move || {
        // Guests have no address of their own.
        let own = move || {
            let profile = device.profile.get()?;
            let name = profile.person.user_name?;
            let address = personal_address(&name);
            Some(view! {
                {personal_link(&name)}
                <div class="invite__code">{qr_code(&address, (t().more().qr_code_of)(&address))}</div>
            })
        };
        let make_group = move |_| {
            over.invite.set(false);
            over.new_group.set(true);
        };
        view! {
            <div class="dialog__body form">
                {live(own)} <p class="muted">{live(move || t().more().invite_group_text)}</p>
                {button("button--block", Some(GROUP_PLUS), |t| t.make_group, make_group)}
            </div>
        }
        .into_any()
    })
}
