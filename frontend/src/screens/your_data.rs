//! The settings' part about what the service keeps of a person: taking it along, and deleting it.

use leptos::prelude::*;
use tideline_shared::Code;
use web_sys::{AbortController, AbortSignal};

use super::files::size;
use super::settings::section;
use crate::browser::{Fail, collect, fetch, save, t};
use crate::kit::icon::TRASH;
use crate::kit::{
    Control, FieldKind, Form, News, State, button, dialog, field, live, submit_button, submitted,
    toast, words,
};
use crate::present::Folders;
use crate::shell::{Device, delete_account};

const PASSWORD: &[Code] = &[Code::WrongCredentials];

/// Export and deletion.
pub(super) fn your_data(device: Device) -> AnyView {
    let asks = State::new(false);
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
    let (form, far) = (Form::new(), State::new(Far::default()));
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

async fn take_along(far: State<Far>, stop: &AbortSignal) -> Result<(), Fail> {
    let response = fetch("/api/export", stop).await?;
    let all = response.headers().get("tideline-conversations");
    let all = all.and_then(|all| all.parse().ok()).unwrap_or(0);
    let (mut folders, mut bytes) = (Folders::default(), 0);
    let archive = collect(&response, |piece| {
        bytes += piece.len() as u64;
        far.set(Far { begun: folders.take(piece).min(all), all, bytes });
    });
    save(&archive.await?, "tideline.zip").map_err(|_| Fail::Network)?;
    toast(News::Good(|t| t.more().export_saved));
    Ok(())
}

/// Asks twice: first what will happen, and for the password of whoever has one; then, as there is no way back, for
/// the user name.
#[derive(Clone, Copy)]
struct Deletion {
    open: State<bool>,
    /// The first question was answered.
    agreed: State<bool>,
    /// None for guests, who have neither a user name nor a password.
    user_name: StoredValue<Option<String>>,
    password: State<String>,
    typed: State<String>,
    form: Form,
}

fn deletion(device: Device, open: State<bool>) -> AnyView {
    dialog("dialog--confirm", open, words(|t| t.more().delete_account), move || {
        let user_name =
            device.profile.with_untracked(|profile| profile.as_ref()?.person.user_name.clone());
        let asks = Deletion {
            open,
            agreed: State::new(false),
            user_name: StoredValue::new(user_name),
            password: State::new(String::new()),
            typed: State::new(String::new()),
            form: Form::new(),
        };
        let question = move || if asks.agreed.get() { asks.last(device) } else { asks.first() };
        question.into_any()
    })
}

impl Deletion {
    fn first(self) -> AnyView {
        let go_on = submitted(move || {
            self.form.fail.set(None);
            self.agreed.set(true);
        });
        let secret = FieldKind {
            control: Control::Password,
            autocomplete: "current-password",
            autofocus: true,
            ..FieldKind::TEXT
        };
        let has_password = self.user_name.with_value(Option::is_some);
        view! {
            <form class="dialog__body form" on:submit=go_on novalidate>
                <p class="muted">{live(move || t().more().delete_account_text)}</p>
                {self.form.alert(PASSWORD)}
                {has_password
                    .then(|| field(secret, |t| t.password, self.password, self.form, PASSWORD))}
                <div class="form__actions">
                    {button("", None, |t| t.cancel, move |_| self.open.set(false))}
                    {submit_button("button--danger", |t| t.more().delete_go_on, self.form.busy)}
                </div>
            </form>
        }
        .into_any()
    }

    fn last(self, device: Device) -> AnyView {
        let send = submitted(move || {
            if untrack(|| self.is_sure()) {
                self.form.run(self.delete(device));
            }
        });
        let name = FieldKind { autofocus: true, ..FieldKind::TEXT };
        let text = move || {
            self.user_name.with_value(|name| (t().more().delete_last_text)(name.as_deref()))
        };
        let has_name = self.user_name.with_value(Option::is_some);
        view! {
            <form class="dialog__body form" on:submit=send novalidate>
                <p>{live(text)}</p>
                {self.form.alert(&[])}
                {has_name.then(|| field(name, |t| t.username, self.typed, self.form, &[]))}
                <div class="form__actions">
                    {button("", None, |t| t.cancel, move |_| self.open.set(false))}
                    <button
                        type="submit"
                        class="button button--danger button--primary"
                        disabled=move || !self.is_sure()
                        aria-busy=move || self.form.busy.get().to_string()
                    >
                        {live(move || t().more().delete_for_good)}
                    </button>
                </div>
            </form>
        }
        .into_any()
    }

    /// Whether the user name stands there; guests have none to type.
    fn is_sure(self) -> bool {
        let typed = self.typed.get();
        let typed = typed.trim().trim_start_matches('@').to_lowercase();
        self.user_name
            .with_value(|name| name.as_ref().is_none_or(|name| name.to_lowercase() == typed))
    }

    async fn delete(self, device: Device) -> Result<(), Fail> {
        let password = self.user_name.with_value(Option::is_some);
        let password = password.then(|| self.password.get_untracked());
        let deleted = delete_account(device.me, password).await;
        // The wrong password is asked for again, where it was asked for.
        if let Err(fail) = &deleted
            && fail.code().is_some_and(|code| PASSWORD.contains(&code))
        {
            self.agreed.set(false);
        }
        deleted?;
        toast(News::Good(|t| t.more().account_deleted));
        Ok(())
    }
}
