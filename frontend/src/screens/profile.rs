//! What somebody says about themselves: as a page, and as a dialog.

use crate::kit::effect;
use leptos::prelude::*;
use tideline_shared::protocol::{PeopleCommand, PeopleReply};
use tideline_shared::{Code, Gender, Person, Profile, UserId};

use super::blocks::block_button;
use super::contacts::{contact_buttons, contact_note, nickname};
use super::people::open_direct;
use super::report::report_button;
use super::share::personal_link;
use super::unreached::title_of;
use crate::browser::{Fail, go, post, short_date, t};
use crate::kit::icon::ALERT;
use crate::kit::{
    Form, State, back_button, button, dialog, empty, live, memo, person_avatar, skeleton,
    skeleton_lines, words,
};
use crate::present::Route;
use crate::shell::Device;

/// The page `/u/<user name>`.
pub(super) fn profile_page(user_name: String) -> AnyView {
    view! {
        <header class="pane__header">
            {back_button()}
            <h1 class="pane__title">{live(move || t().more().profile)}</h1>
        </header>
        <div class="pane__scroll">
            <div class="settings">{card(PeopleCommand::ProfileByName { user_name }, None)}</div>
        </div>
    }
    .into_any()
}

/// A dialog with the profile of whoever `shown` names.
pub(super) fn profile_dialog(shown: State<Option<UserId>>) -> AnyView {
    let open = State::new(false);
    effect(move || {
        if shown.get().is_some() {
            open.set(true);
        }
    });
    dialog("dialog--confirm dialog--card", open, words(|t| t.more().profile), move || {
        let content =
            shown.get_untracked().map(|user| card(PeopleCommand::Profile { user }, Some(open)));
        view! { <div class="dialog__body">{content}</div> }.into_any()
    })
}

/// Somebody's profile, as a part of another screen.
pub(super) fn person_card(user: UserId) -> AnyView {
    card(PeopleCommand::Profile { user }, None)
}

/// A profile, once the service has answered. `open` is the dialog that it is in.
fn card(command: PeopleCommand, open: Option<State<bool>>) -> AnyView {
    let found = State::new(None::<Result<Profile, Fail>>);
    let look = Callback::new(move |()| {
        let command = command.clone();
        found.set(None);
        leptos::task::spawn_local(async move {
            let answer = match post("/api/people", &command).await {
                Ok(PeopleReply::Profile(profile)) => Ok(profile),
                Ok(_) => Err(Code::Unknown.into()),
                Err(fail) => Err(fail),
            };
            found.set(Some(answer));
        });
    });
    look.run(());
    let content = move || match found.get() {
        None => skeletons(),
        Some(Ok(profile)) => facts(&profile, open),
        Some(Err(fail)) => {
            let text = Signal::derive(move || fail.sentence(t()));
            let picture = crate::kit::icon::icon(ALERT);
            let again = button("", None, |t| t.retry, move |_| look.run(()));
            let again = fail.may_pass().then_some(again).into_any();
            let alert = empty(picture, title_of(fail, |t| t.nowhere), text, again);
            view! { <div role="alert">{alert}</div> }.into_any()
        }
    };
    content.into_any()
}

fn skeletons() -> AnyView {
    view! {
        <div class="card" aria-hidden="true">
            {skeleton("avatar avatar--xl")} {skeleton_lines()}
        </div>
    }
    .into_any()
}

fn facts(profile: &Profile, open: Option<State<bool>>) -> AnyView {
    let Profile { person, age, gender, signature, created_at } = profile.clone();
    let fact = |term: crate::kit::Words, value: Option<String>| {
        value.map(|value| {
            view! {
                <div>
                    <dt class="facts__term">{term(t())}</dt>
                    <dd class="facts__value">{value}</dd>
                </div>
            }
        })
    };
    let gender = (gender != Gender::Unstated).then(|| (t().more().gender_of)(gender).to_owned());
    let handle = person.user_name.as_ref().map(|name| format!("@{name}"));
    let handle = handle.unwrap_or_else(|| t().guest.to_owned());
    // What I call them; then their own name stands with the handle.
    let (device, user) = (Device::here(), person.user);
    let called = memo(move || nickname(device, user));
    let own = person.display_name.clone();
    let picture = {
        let person = person.clone();
        move || {
            let own = person.display_name.clone();
            let shown = Person { display_name: called.get().unwrap_or(own), ..person.clone() };
            person_avatar(&shown, "xl")
        }
    };
    let name = {
        let own = own.clone();
        move || called.get().unwrap_or_else(|| own.clone())
    };
    let handle = move || match called.get() {
        Some(_) => format!("{own} · {handle}"),
        None => handle.clone(),
    };
    let signature = (!signature.is_empty())
        .then(|| view! { <p class="card__signature" dir="auto">{signature}</p> });
    view! {
        <div class="card">
            {picture}
            <h2 class="card__name" dir="auto">
                {name}
            </h2>
            <p class="card__handle">{handle}</p>
            {signature}
            {contact_note(user)}
            <dl class="facts">
                {fact(|t| t.more().age, age.map(|age| age.years().to_string()))}
                {fact(|t| t.more().gender, gender)}
                {fact(|t| t.more().member_since, Some(short_date(created_at)))}
            </dl>
            {actions(person, open)}
        </div>
    }
    .into_any()
}

fn actions(person: Person, open: Option<State<bool>>) -> AnyView {
    let device = Device::here();
    let form = Form::new();
    let close = move || {
        if let Some(open) = open {
            open.set(false);
        }
    };
    let write = move |_| {
        form.run(async move {
            open_direct(device, person.user).await?;
            close();
            Ok(())
        });
    };
    let action = if person.user == device.me {
        let edit = move |_| {
            close();
            go(Route::Settings);
        };
        let link = person.user_name.as_deref().map(personal_link);
        let edit = button("button--block", None, |t| t.more().edit_profile, edit);
        view! { {link} {edit} }.into_any()
    } else {
        let contact = contact_buttons(&person, form);
        let block = block_button(&person, form);
        let write = button("button--primary button--block", None, |t| t.more().write_to, write);
        let report = report_button(person.user);
        view! { {write} {contact} {block} {report} }.into_any()
    };
    view! { <div class="card__actions">{form.alert(&[])} {action}</div> }.into_any()
}
