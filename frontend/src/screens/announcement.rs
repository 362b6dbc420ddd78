//! What whoever owns the deployment tells everybody: a banner above the list, until one dismisses it.

use leptos::prelude::*;
use tideline_shared::protocol::AccountCommand;

use crate::kit::icon::CLOSE;
use crate::kit::{icon_button, memo, said};
use crate::shell::{Device, order};

pub(super) fn announcement() -> AnyView {
    let device = Device::here();
    let told = memo(move || device.announcement());
    let banner = move || {
        told.get().map(|announcement| {
            let n = announcement.n;
            let dismiss = move |_| order(AccountCommand::DismissAnnouncement { n });
            view! {
                <section class="announcement" aria-label=said(|t| t.more().running.announcement)>
                    <p class="announcement__text" dir="auto">
                        {announcement.text}
                    </p>
                    {icon_button(CLOSE, |t| t.dismiss, dismiss)}
                </section>
            }
        })
    };
    banner.into_any()
}
