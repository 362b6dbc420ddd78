//! The settings' part about what this browser keeps.

use std::time::Duration;

use leptos::prelude::*;
use tideline_client::Action;

use super::files::size;
use super::settings::section;
use crate::browser::{Kept, keep_for_good, kept, t};
use crate::kit::{News, State, button, live, memo, toast};
use crate::shell::Device;

/// How long a browser may take until it counts what was just freed.
const COUNTED: Duration = Duration::from_millis(500);

/// How much is here, and what can be done about it.
pub(super) fn storage(device: Device) -> AnyView {
    // Not known yet, or not to be known.
    let found = State::new(None::<Option<Kept>>);
    let look = move || {
        leptos::task::spawn_local(async move {
            let kept = kept().await;
            found.set(Some(kept));
        });
    };
    look();
    let words = move || match found.get() {
        None => t().loading.to_owned(),
        Some(None) => t().more().storage_unknown.to_owned(),
        Some(Some(kept)) => (t().more().storage_held)(&size(kept.bytes)),
    };
    let lasting =
        memo(move || found.with(|found| found.as_ref()?.as_ref().map(|kept| kept.lasting)));
    let keep = move |_| {
        leptos::task::spawn_local(async move {
            let news = match keep_for_good().await {
                true => News::Good(|t| t.more().storage_lasts),
                false => News::Bad(|t| t.more().storage_refused),
            };
            toast(news);
            look();
        });
    };
    let free = move |_| {
        device.act(Action::FreeStore);
        toast(News::Good(|t| t.more().storage_freed));
        set_timeout(look, COUNTED);
    };
    let content = view! {
        <p class="settings__text" role="status">
            {words}
        </p>
        {live(move || {
            (lasting.get() == Some(true))
                .then(|| view! { <p class="settings__text">{t().more().storage_lasts}</p> })
        })}
        <p class="settings__text">{live(move || t().more().storage_text)}</p>
        <div class="avatar-buttons__row">
            {live(move || {
                (lasting.get() == Some(false))
                    .then(|| button("", None, |t| t.more().storage_keep, keep))
            })} {button("", None, |t| t.more().storage_free, free)}
        </div>
    };
    section("", |t| t.more().storage, content.into_any())
}
