//! The settings' part about what the service keeps of a person: taking it along, and deleting it.

use leptos::prelude::*;
use tideline_shared::Code;
use web_sys::{AbortController, AbortSignal, SubmitEvent};

use super::files::size;
use super::settings::section;
use crate::browser::{Fail, collect, fetch, save, t};
use crate::kit::icon::TRASH;
use crate::kit::{
    Control, FieldKind, Form, News, button, dialog, field, live, submit_button, toast, words,
};
use crate::present::Folders;
use crate::shell::{Device, delete_account};

const PASSWORD: &[Code] = &[Code::WrongCredentials];

/// Export and deletion.
pub(super) fn your_data(device: Device) -> AnyView {
    let asks = RwSignal::new(false);
    let content = view! {
        <p class="settings__text">{live(move || t().more().export_text)}</p>
        {export()}
        <p class="settings__text">{live(move || t().more().delete_account_text)}</p>
        <div>
            {button("button--danger", Some(TRASH), |t| t.more().delete_account, move |_| asks.set(true))}
        </div>
        {deletion(device, asks)}
    };
    section("", |t| t.more().your_data, content.into_any())
}

/// How far an archive is that is on its way.
#[derive(Clone, Copy, Default)]
struct Far {
    /// Of so many conversations, this one has begun.
    begun: u64,
    all: u64,
    bytes: u64,
}

/// Takes everything along. While that runs it says how far it is, and can be stopped.
fn export() -> AnyView {
    let (form, far) = (Form::new(), RwSignal::new(Far::default()));
    let stop = StoredValue::new_local(None::<AbortController>);
    let end = move || {
        if let Some(Some(stop)) = stop.try_update_value(Option::take) {
            stop.abort();
        }
    };
    on_cleanup(end);
    let begin = move |_| {
        let Ok(controller) = AbortController::new() else { return };
        let signal = controller.signal();
        stop.set_value(Some(controller));
        far.set(Far::default());
        form.run(async move {
            match take_along(far, &signal).await {
                // Whoever stopped it knows.
                Err(_) if signal.aborted() => Ok(()),
                result => result,
            }
        });
    };
    let running = move || {
        let Far { begun, all, bytes } = far.get();
        let value = (all > 0).then(|| begun.saturating_sub(1).to_string());
        view! {
            <progress class="bar" max=all.max(1).to_string() value=value aria-label=t().more().export_button></progress>
            <p class="settings__text" aria-live="off">
                {(t().more().export_far)(begun, all)} " · " {size(bytes)}
            </p>
            {button("", None, |t| t.cancel, move |_| end())}
        }
        .into_any()
    };
    view! {
        <div class="settings__export">
            {form.alert(&[])}
            {live(move || if form.busy.get() {
                running()
            } else {
                button("", None, |t| t.more().export_button, begin)
            })}
        </div>
    }
    .into_any()
}

async fn take_along(far: RwSignal<Far>, stop: &AbortSignal) -> Result<(), Fail> {
    let response = fetch("/api/export", stop).await?;
    let all = response.headers().get("tideline-conversations");
    let all = all.and_then(|all| all.parse().ok()).unwrap_or(0);
    let (mut folders, mut bytes) = (Folders::default(), 0);
    let archive = collect(&response, |piece| {
        bytes += piece.len() as u64;
        far.try_set(Far { begun: folders.take(piece).min(all), all, bytes });
    });
    save(&archive.await?, "tideline.zip").map_err(|_| Fail::Network)?;
    toast(News::Good(|t| t.more().export_saved));
    Ok(())
}

/// Asks once more, and for the password of whoever has one.
fn deletion(device: Device, open: RwSignal<bool>) -> AnyView {
    dialog("dialog--confirm", open, words(|t| t.more().delete_account), move || {
        let has_password = device.profile.with_untracked(|profile| {
            profile.as_ref().is_some_and(|profile| profile.person.user_name.is_some())
        });
        let password = RwSignal::new(String::new());
        let form = Form::new();
        let send = move |event: SubmitEvent| {
            event.prevent_default();
            form.run(async move {
                let password = has_password.then(|| password.get_untracked());
                delete_account(device.me, password).await?;
                toast(News::Good(|t| t.more().account_deleted));
                Ok(())
            });
        };
        let secret = FieldKind {
            control: Control::Password,
            autocomplete: "current-password",
            autofocus: true,
            ..FieldKind::TEXT
        };
        view! {
            <form class="dialog__body form" on:submit=send novalidate>
                <p class="muted">{live(move || t().more().delete_account_text)}</p>
                {form.alert(PASSWORD)}
                {has_password.then(|| field(secret, |t| t.password, password, form, PASSWORD))}
                <div class="form__actions">
                    {button("", None, |t| t.cancel, move |_| open.set(false))}
                    {submit_button("button--danger", |t| t.more().delete_for_good, form.busy)}
                </div>
            </form>
        }
        .into_any()
    })
}
