//! Signing in, and making an account: one form, two ways.

use leptos::prelude::*;
use serde::Deserialize;
use tideline_shared::protocol::{RegistrationMode, SessionCommand};
use tideline_shared::{Code, Password, UserName};

use crate::browser::{Fail, post, t};
use crate::kit::{
    Control, FieldKind, Form, State, brand, field, live, memo, pressed, submit_button, submitted,
    welcome,
};
use crate::shell::{SignedIn, sign_in};

/// What can be wrong with a user name, and is said at its field.
pub(super) const USER_NAME: &[Code] = &[
    Code::UserNameTooShort,
    Code::UserNameTooLong,
    Code::UserNameBadCharacter,
    Code::UserNameTaken,
];
/// What can be wrong with a password, and is said at its field.
pub(super) const PASSWORD: &[Code] = &[Code::PasswordTooShort, Code::PasswordTooLong];
/// Both.
pub(super) const CREDENTIALS: &[Code] = &[
    Code::UserNameTooShort,
    Code::UserNameTooLong,
    Code::UserNameBadCharacter,
    Code::UserNameTaken,
    Code::PasswordTooShort,
    Code::PasswordTooLong,
];

/// The page of those who are not signed in; `why` not any more, if it was not their wish.
pub(crate) fn sign_in_page(why: Option<Code>) -> AnyView {
    let new = State::new(why.is_none() && !has_been_here());
    let title = Signal::derive(|| "Tideline".to_owned());
    let lead = Signal::derive(move || {
        let words = if new.get() { t().register_lead } else { t().sign_in_lead };
        words.to_owned()
    });
    let notice = move || {
        why.map(|why| {
            let words = move || format!("{} {}", t().signed_out_elsewhere, (t().reject)(why));
            view! { <p class="alert" role="alert">{live(words)}</p> }
        })
    };
    welcome(view! { {brand(title, lead)} {notice()} {credentials_form(new)} }.into_any())
}

/// Whoever signed in here once sees the form for signing in first.
fn has_been_here() -> bool {
    crate::browser::local_get("tideline.visited").is_some()
}

/// The form, and the switch between its two ways.
pub(super) fn credentials_form(new: State<bool>) -> AnyView {
    let (name, password) = (State::new(String::new()), State::new(String::new()));
    let form = Form::new();
    let (first, closed) = registration();
    // Whoever types when the service answers goes on typing.
    let way = memo(move || {
        let new = new.get();
        (new, closed.get().filter(|_| new))
    });
    let send = submitted(move || {
        form.run(enter(new.get_untracked(), name.get_untracked(), password.get_untracked()));
    });
    let switch = pressed(move |_| {
        form.fail.set(None);
        new.update(|new| *new = !*new);
    });
    view! {
        {live(move || {
            (first.get() && new.get()).then(|| view! { <p role="status">{t().first_account}</p> })
        })}
        <form class="form" on:submit=send novalidate>
            {live(move || match way.get() {
                (_, Some(why)) => {
                    view! { <p role="status">{live(move || why.sentence(t()))}</p> }.into_any()
                }
                (new, None) => fields(new, name, password, form),
            })}
        </form>
        <p class="welcome__switch">
            {live(move || if new.get() { "" } else { t().new_here })} " "
            <button type="button" class="link-button" on:click=switch>
                {live(move || if new.get() { t().have_account } else { t().create_an_account })}
            </button>
        </p>
    }
    .into_any()
}

/// As much of [`SessionReply::Registration`](tideline_shared::protocol::SessionReply) as is needed here.
#[derive(Deserialize)]
struct Registration {
    mode: RegistrationMode,
    #[serde(default)]
    first: bool,
}

/// Whether whoever registers now will own the deployment, and why nobody can register; once the
/// service has said so.
pub(super) fn registration() -> (State<bool>, State<Option<Fail>>) {
    let (is_first, closed) = (State::new(false), State::new(None));
    leptos::task::spawn_local(async move {
        let answer = post("/api/session", &SessionCommand::Registration).await;
        let Ok(Registration { mode, first }) = answer else { return };
        if first {
            is_first.set(true);
            return;
        }
        let why = match mode {
            RegistrationMode::Open => return,
            RegistrationMode::Invite => Code::InvitedOnly,
            RegistrationMode::Closed => Code::RegistrationClosed,
        };
        closed.set(Some(why.into()));
    });
    (is_first, closed)
}

fn fields(new: bool, name: State<String>, password: State<String>, form: Form) -> AnyView {
    let user = FieldKind { autocomplete: "username", autofocus: true, ..FieldKind::TEXT };
    let secret = FieldKind { control: Control::Password, ..FieldKind::TEXT };
    let (user, secret) = if new {
        (
            FieldKind { hint: Some(|t| t.username_hint), ..user },
            FieldKind { autocomplete: "new-password", hint: Some(|t| t.password_hint), ..secret },
        )
    } else {
        (user, FieldKind { autocomplete: "current-password", ..secret })
    };
    view! {
        {form.alert(CREDENTIALS)}
        {field(user, |t| t.username, name, form, USER_NAME)}
        {field(secret, |t| t.password, password, form, PASSWORD)}
        {submit_button(
            "button--block",
            if new { |t| t.create_account } else { |t| t.sign_in },
            form.busy,
        )}
    }
    .into_any()
}

async fn enter(new: bool, user_name: String, password: String) -> Result<(), Fail> {
    let command = if new {
        // Said at once, by the rules that the service has.
        UserName::parse(&user_name)?;
        Password::parse(&password)?;
        SessionCommand::Register { user_name, password, display_name: None }
    } else {
        SessionCommand::SignIn { user_name, password }
    };
    let SignedIn { user } = post("/api/session", &command).await?;
    sign_in(user);
    Ok(())
}
