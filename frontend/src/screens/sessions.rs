//! The settings' part about where the account is signed in, and its password.

use leptos::prelude::*;
use tideline_shared::protocol::{Session, SessionCommand, SessionReply};
use tideline_shared::{Code, Password, SessionId};

use super::settings::section;
use super::sign_in::PASSWORD;
use crate::browser::{Fail, ago, full_time, post, t};
use crate::kit::{
    Control, FieldKind, Form, News, State, about, button, confirm, field, live, memo, said,
    submit_button, submitted, toast, words,
};
use crate::shell::Device;

const PRESENT: &[Code] = &[Code::WrongCredentials];
const FIELDS: &[Code] = &[Code::WrongCredentials, Code::PasswordTooShort, Code::PasswordTooLong];

async fn ask(command: SessionCommand) -> Result<SessionReply, Fail> {
    post("/api/session", &command).await
}

/// Where the account is signed in: this device, then the others.
pub(super) fn devices() -> AnyView {
    let sessions = State::new(None::<Vec<Session>>);
    let form = Form::new();
    let look = move || {
        form.run(async move {
            if let SessionReply::Sessions { sessions: found } =
                ask(SessionCommand::Sessions).await?
            {
                sessions.set(Some(found));
            }
            Ok(())
        });
    };
    look();
    let asking = State::new(false);
    let end = move |command: SessionCommand| {
        form.run(async move {
            ask(command).await?;
            if let SessionReply::Sessions { sessions: left } = ask(SessionCommand::Sessions).await?
            {
                sessions.set(Some(left));
            }
            Ok(())
        });
    };
    let list = move || match sessions.get() {
        None if form.fail.get().is_some() => button("", None, |t| t.retry, move |_| look()),
        None => view! { <p class="muted">{t().loading}</p> }.into_any(),
        Some(all) if all.len() < 2 => {
            view! { <p class="settings__text">{t().more().only_this_device}</p> }.into_any()
        }
        Some(all) => {
            let rows = all.iter().map(|one| {
                row(one, move |session| {
                    end(SessionCommand::EndSession { session });
                })
            });
            let rows = rows.collect::<Vec<_>>();
            view! {
                <ul class="sessions" data-roving="" aria-label=said(|t| t.more().devices)>{rows}</ul>
                <div>
                    {button("button--danger", None, |t| t.more().end_others, move |_| asking.set(true))}
                </div>
            }
            .into_any()
        }
    };
    let content = view! {
        {form.alert(&[])} {list}
        {confirm(
            asking,
            words(|t| t.more().end_others_title),
            |t| t.more().end_others_text,
            |t| t.more().end_others,
            move || end(SessionCommand::EndOtherSessions),
        )}
    };
    section("", |t| t.more().devices, content.into_any())
}

fn row(session: &Session, end: impl Fn(SessionId) + Copy + Send + Sync + 'static) -> AnyView {
    let id = session.session;
    let (began, seen, is_this) = (session.began_at, session.seen_at, session.is_this);
    let device = session.device.clone();
    let title = move || match device.as_str() {
        "" => t().more().unknown_device.to_owned(),
        device => device.to_owned(),
    };
    let name = title.clone();
    let line = move || {
        let since = (t().more().signed_in_since)(full_time(began));
        match is_this {
            true => format!("{} · {since}", t().more().this_device),
            false => format!("{} · {since}", (t().more().used_last)(ago(seen))),
        }
    };
    let end = (!session.is_this)
        .then(|| about(name, button("", None, |t| t.more().end_session, move |_| end(id))));
    view! {
        <li class="sessions__row">
            <span class="sessions__words">
                <span>{title}</span>
                <span class="muted">{line}</span>
            </span>
            {end}
        </li>
    }
    .into_any()
}

/// For whoever has a password: another one.
pub(super) fn password_change(device: Device) -> AnyView {
    let is_needed = memo(move || {
        device.profile.with(|profile| profile.as_ref()?.person.user_name.clone()).is_some()
    });
    (move || is_needed.get().then(change)).into_any()
}

fn change() -> AnyView {
    let (present, new) = (State::new(String::new()), State::new(String::new()));
    let form = Form::new();
    let send = submitted(move || {
        form.run(async move {
            let (password, new_password) = (present.get_untracked(), new.get_untracked());
            Password::parse(&new_password)?;
            ask(SessionCommand::ChangePassword { password, new_password }).await?;
            for field in [present, new] {
                field.set(String::new());
            }
            toast(News::Good(|t| t.more().password_changed));
            Ok(())
        });
    });
    let old = FieldKind {
        control: Control::Password,
        autocomplete: "current-password",
        ..FieldKind::TEXT
    };
    let fresh = FieldKind {
        control: Control::Password,
        autocomplete: "new-password",
        hint: Some(|t| t.password_hint),
        ..FieldKind::TEXT
    };
    let content = view! {
        <form class="form" on:submit=send novalidate>
            {form.alert(FIELDS)} {field(old, |t| t.more().present_password, present, form, PRESENT)}
            {field(fresh, |t| t.more().new_password, new, form, PASSWORD)}
            <p class="settings__text">{live(move || t().more().password_change_text)}</p>
            <div class="form__actions">
                {submit_button("", |t| t.more().change_password, form.busy)}
            </div>
        </form>
    };
    section("", |t| t.password, content.into_any())
}
