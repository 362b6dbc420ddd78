//! The settings' part about what the service keeps of a person: taking it along, and deleting it.

use leptos::prelude::*;
use tideline_shared::Code;
use web_sys::SubmitEvent;

use super::settings::section;
use crate::browser::t;
use crate::kit::icon::TRASH;
use crate::kit::{
    Control, FieldKind, Form, News, button, dialog, field, submit_button, toast, words,
};
use crate::shell::{Device, delete_account};

const PASSWORD: &[Code] = &[Code::WrongCredentials];

/// Export and deletion.
pub(super) fn your_data(device: Device) -> AnyView {
    let asks = RwSignal::new(false);
    let content = view! {
        <p class="settings__text">{move || t().more().export_text}</p>
        <div>
            // The browser shows how far it is, and keeps it out of memory.
            <a class="button" href="/api/export" download rel="external">
                {move || t().more().export_button}
            </a>
        </div>
        <p class="settings__text">{move || t().more().delete_account_text}</p>
        <div>
            {button("button--danger", Some(TRASH), |t| t.more().delete_account, move |_| asks.set(true))}
        </div>
        {deletion(device, asks)}
    };
    section("", |t| t.more().your_data, content.into_any())
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
                <p class="muted">{move || t().more().delete_account_text}</p>
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
