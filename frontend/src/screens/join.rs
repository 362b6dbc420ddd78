//! The page behind an invite link.

use leptos::prelude::*;
use serde::Deserialize;
use tideline_shared::protocol::{InviteCommand, InvitePreview};
use tideline_shared::{Code, ConversationId, DisplayName, UserId};

use super::sign_in::{credentials_form, registration};
use super::unreached::title_of;
use crate::browser::{Fail, post, replace, t};
use crate::kit::{
    FieldKind, Form, Shape, State, avatar_from, brand, button, dead_end, field, live, memo, said,
    skeleton, skeleton_lines, submit_button, submitted, tag, welcome, words,
};
use crate::present::Route;
use crate::shell::sign_in;

const NAME: &[Code] = &[Code::DisplayNameEmpty, Code::DisplayNameTooLong];

/// The page of an invite, for the person `me` or for somebody who is not signed in.
pub(crate) fn join_page(token: String, me: Option<UserId>) -> AnyView {
    let found = State::new(None::<Result<InvitePreview, Fail>>);
    let asked = token.clone();
    let ask = move || {
        found.set(None);
        let command = InviteCommand::Preview { token: asked.clone() };
        leptos::task::spawn_local(async move {
            found.set(Some(post("/api/invites", &command).await));
        });
    };
    ask();
    let page = move || match found.get() {
        None => welcome(skeletons()),
        // The invite may be as good as ever.
        Some(Err(fail)) if fail.may_pass() => {
            let ask = ask.clone();
            let again = button("button--block", None, |t| t.retry, move |_| ask());
            let title = title_of(fail, |t| t.dead_invite);
            let head = brand(words(title), Signal::derive(move || fail.sentence(t())));
            welcome(view! { {head} {again} }.into_any())
        }
        Some(Err(fail)) => dead_end(|t| t.dead_invite, Signal::derive(move || fail.sentence(t()))),
        Some(Ok(preview)) => {
            let form = if me.is_some() { join_form(&token) } else { guest_form(&token) };
            welcome(view! { {invitation(preview, &token)} {form} }.into_any())
        }
    };
    live(page).into_any()
}

fn skeletons() -> AnyView {
    view! {
        <header class="invitation" aria-busy="true" aria-label=said(|t| t.loading)>
            {skeleton("skeleton--avatar")} {skeleton_lines()}
        </header>
    }
    .into_any()
}

fn invitation(preview: InvitePreview, token: &str) -> AnyView {
    let InvitePreview { conversation, name, group_type, description, members, avatar } = preview;
    let address = avatar.map(|_| format!("/api/invites/{token}/avatar"));
    let picture = avatar_from(&conversation.to_string(), &name, "xl", Shape::Group, address);
    let kind = (!group_type.is_empty()).then(|| tag("", group_type));
    let about = (!description.is_empty())
        .then(|| view! { <p class="invitation__description" dir="auto">{description}</p> });
    view! {
        <header class="invitation">
            {picture} <p class="invitation__from">{live(move || t().invited_to)}</p>
            <h1 class="invitation__name" dir="auto">
                {name}
            </h1>
            <p class="invitation__facts">{kind} {live(move || (t().member_count)(members))}</p>
            {about}
        </header>
    }
    .into_any()
}

/// For somebody who is signed in.
fn join_form(token: &str) -> AnyView {
    let form = Form::new();
    let token = token.to_owned();
    let send = submitted(move || {
        form.run(follow(InviteCommand::Join { token: token.clone() }));
    });
    view! {
        <form class="form" on:submit=send>
            {form.alert(&[])} {submit_button("button--block", |t| t.join_group, form.busy)}
        </form>
    }
    .into_any()
}

/// For somebody who is not: one field and they are in, or the way to their account.
fn guest_form(token: &str) -> AnyView {
    let account = State::new(false);
    let new = State::new(false);
    let token = token.to_owned();
    let (_, closed) = registration();
    // Whoever may come by an invite only comes by an invite: the answer that says so leaves the form
    // as it is, with what was typed meanwhile.
    let is_closed =
        memo(move || closed.get().and_then(Fail::code) == Some(Code::RegistrationClosed));
    let way = move || {
        if account.get() {
            return credentials_form(new);
        }
        if is_closed.get() {
            return view! {
                <p role="status">{live(move || (t().reject)(Code::RegistrationClosed))}</p>
                {button("button--block", None, |t| t.sign_in, move |_| account.set(true))}
            }
            .into_any();
        }
        view! {
            {name_form(token.clone())} <div class="welcome__divider">{live(move || t().or)}</div>
            {button("button--block", None, |t| t.sign_in, move |_| account.set(true))}
        }
        .into_any()
    };
    live(way).into_any()
}

fn name_form(token: String) -> AnyView {
    let name = State::new(String::new());
    let form = Form::new();
    let send = submitted(move || {
        let (token, display_name) = (token.clone(), name.get_untracked());
        form.run(async move {
            DisplayName::parse(&display_name)?;
            follow(InviteCommand::JoinAsGuest { token, display_name }).await
        });
    });
    let kind = FieldKind {
        autocomplete: "nickname",
        autofocus: true,
        hint: Some(|t| t.guest_hint),
        ..FieldKind::TEXT
    };
    view! {
        <form class="form" on:submit=send novalidate>
            {form.alert(NAME)} {field(kind, |t| t.your_name, name, form, NAME)}
            {submit_button("button--block", |t| t.join_as_guest, form.busy)}
        </form>
    }
    .into_any()
}

/// As much of the answers to those who follow an invite as is needed here
/// ([`InviteReply`](tideline_shared::protocol::InviteReply)).
#[derive(Deserialize)]
struct Joined {
    conversation: ConversationId,
    /// The guest that was made.
    user: Option<UserId>,
}

async fn follow(command: InviteCommand) -> Result<(), Fail> {
    let Joined { conversation, user } = post("/api/invites", &command).await?;
    // First the place, so that the invite's page is not drawn again for a moment.
    replace(Route::Conversation(conversation));
    if let Some(user) = user {
        sign_in(user);
    }
    Ok(())
}
