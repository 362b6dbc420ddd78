//! Contacts: who is among them, who asks, who is asked; and what I call somebody.

use leptos::prelude::*;
use tideline_shared::protocol::{Contact, ContactState, PeopleCommand, PeopleReply};
use tideline_shared::{Code, Nickname, Note, Person, UserId};

use super::main::Over;
use super::people::open_direct;
use super::unreached::{is_known, unknown};
use crate::browser::{Fail, by_name, go, post, t};
use crate::kit::icon::COMPOSE;
use crate::kit::{
    Control, FieldKind, Form, State, Words, about_person, back_button, button, dialog, empty,
    field, icon, list_link, live, memo, person_row, pressed, submit_button, submitted, words,
};
use crate::present::Route;
use crate::shell::Device;

const NICKNAME: &[Code] = &[Code::NicknameTooLong];
const NOTE: &[Code] = &[Code::NoteTooLong];
const FIELDS: &[Code] = &[Code::NicknameTooLong, Code::NoteTooLong];

async fn ask(command: PeopleCommand) -> Result<(), Fail> {
    post::<_, PeopleReply>("/api/people", &command).await.map(drop)
}

/// How I stand to somebody; tracked.
fn standing(device: Device, user: UserId) -> ContactState {
    let find =
        |all: &Vec<Contact>| all.iter().find(|one| one.person.user == user).map(|one| one.state);
    device.contacts.with(find).unwrap_or(ContactState::None)
}

/// What I can do about somebody's being among my contacts.
fn standing_buttons(user: UserId, state: ContactState, class: &'static str, form: Form) -> AnyView {
    let act = move |name: Words, command: fn(UserId) -> PeopleCommand, style: &'static str| {
        let class = if style.is_empty() { class.to_owned() } else { format!("{class} {style}") };
        view! {
            <button
                type="button"
                class=format!("button {class}")
                on:click=pressed(move |_| form.run(ask(command(user))))
            >
                {live(move || name(t()))}
            </button>
        }
        .into_any()
    };
    let add = |user| PeopleCommand::AddContact { user };
    let remove = |user| PeopleCommand::RemoveContact { user };
    let decline = |user| PeopleCommand::DeclineContact { user };
    match state {
        ContactState::None => act(|t| t.more().add_contact, add, ""),
        ContactState::Asked => act(|t| t.more().take_back_request, remove, ""),
        ContactState::Mutual => act(|t| t.more().remove_contact, remove, "button--danger"),
        ContactState::Asks => view! {
            {act(|t| t.more().accept, add, "button--primary")}
            {act(|t| t.more().decline, decline, "")}
        }
        .into_any(),
    }
}

/// What a profile offers besides writing: to be contacts, and a name for them.
pub(super) fn contact_buttons(person: &Person, form: Form) -> AnyView {
    let (device, user) = (Device::here(), person.user);
    let state = memo(move || standing(device, user));
    let naming = State::new(false);
    // What ends something comes last; whom I blocked I do not want to be asked by.
    let standing = move |ends: bool| {
        let state = state.get();
        let hidden = state == ContactState::Asks && device.blocks(user);
        let here = (state == ContactState::Mutual) == ends && !hidden;
        here.then(|| standing_buttons(user, state, "button--block", form))
    };
    view! {
        {live(move || standing(false))}
        {button(
            "button--quiet button--block",
            Some(COMPOSE),
            |t| t.more().nickname_and_note,
            move |_| naming.set(true),
        )}
        {live(move || standing(true))}
        {naming_dialog(user, naming)}
    }
    .into_any()
}

/// What I call somebody, if I chose a name for them; tracked.
pub(super) fn nickname(device: Device, user: UserId) -> Option<String> {
    let find = |all: &Vec<Contact>| {
        all.iter().find(|one| one.person.user == user).map(|one| one.nickname.clone())
    };
    device.contacts.with(find).filter(|name| !name.is_empty())
}

/// What I noted about somebody.
pub(super) fn contact_note(user: UserId) -> AnyView {
    let device = Device::here();
    let note = move || {
        let note = device
            .contacts
            .with(|all| all.iter().find(|one| one.person.user == user).map(|one| one.note.clone()));
        let note = note.filter(|note| !note.is_empty())?;
        Some(view! { <p class="card__note" dir="auto">{note}</p> })
    };
    note.into_any()
}

/// The dialog in which I say what I call somebody.
fn naming_dialog(user: UserId, open: State<bool>) -> AnyView {
    let device = Device::here();
    dialog("dialog--confirm", open, words(|t| t.more().nickname_and_note), move || {
        let known = device.contacts.with_untracked(|all| {
            let known = all.iter().find(|one| one.person.user == user);
            known.map(|one| (one.nickname.clone(), one.note.clone())).unwrap_or_default()
        });
        let (nickname, note) = (State::new(known.0), State::new(known.1));
        let form = Form::new();
        let send = submitted(move || {
            form.run(async move {
                let (nickname, note) = (nickname.get_untracked(), note.get_untracked());
                Nickname::parse(&nickname)?;
                Note::parse(&note)?;
                ask(PeopleCommand::NameContact { user, nickname, note }).await?;
                open.set(false);
                Ok(())
            });
        });
        let first = FieldKind { optional: true, autofocus: true, ..FieldKind::TEXT };
        let second = FieldKind {
            control: Control::Lines,
            optional: true,
            hint: Some(|t| t.more().note_hint),
            ..FieldKind::TEXT
        };
        view! {
            <form class="dialog__body form" on:submit=send novalidate>
                {form.alert(FIELDS)} {field(first, |t| t.more().nickname, nickname, form, NICKNAME)}
                {field(second, |t| t.more().note, note, form, NOTE)}
                <div class="form__actions">{submit_button("", |t| t.more().save, form.busy)}</div>
            </form>
        }
        .into_any()
    })
}

/// The page `/contacts`.
pub(super) fn contacts_page() -> AnyView {
    let device = Device::here();
    let over: Over = expect_context();
    let form = Form::new();
    let known = is_known(device);
    let content = move || {
        let all = by_name(device.contacts.get(), |one| as_called(one).display_name);
        // Whom I blocked I do not want to be asked by.
        let shown = |one: &&Contact| !device.blocks(one.person.user);
        let of = |state| {
            let some = all.iter().filter(shown).filter(move |one| one.state == state);
            some.cloned().collect::<Vec<_>>()
        };
        let (asks, mutual, asked) =
            (of(ContactState::Asks), of(ContactState::Mutual), of(ContactState::Asked));
        if asks.is_empty() && mutual.is_empty() && asked.is_empty() {
            if !known.get() {
                return unknown(device);
            }
            let text = words(|t| t.more().no_contacts_text);
            let find = button(
                "button--primary",
                None,
                |t| t.find_someone,
                move |_| over.new_message.set(true),
            );
            return empty(icon::mark(), |t| t.more().no_contacts, text, find);
        }
        view! {
            {part(|t| t.more().contact_requests, asks, device, form)}
            {part(|t| t.more().contacts, mutual, device, form)}
            {part(|t| t.more().requests_sent, asked, device, form)}
        }
        .into_any()
    };
    view! {
        <header class="pane__header">
            {back_button()}
            <h1 class="pane__title">{live(move || t().more().contacts)}</h1>
        </header>
        <div class="pane__scroll">
            <div class="settings">{form.alert(&[])} {content}</div>
        </div>
    }
    .into_any()
}

fn part(title: Words, people: Vec<Contact>, device: Device, form: Form) -> Option<AnyView> {
    if people.is_empty() {
        return None;
    }
    let rows = people.into_iter().map(|one| {
        let (user, state) = (one.person.user, one.state);
        let person = as_called(&one);
        let open = move || form.run(open_direct(device, user));
        let buttons = (state != ContactState::Mutual)
            .then(|| about_person(&person, standing_buttons(user, state, "", form)));
        list_link(person_row(&person), buttons.into_any(), open)
    });
    let rows = rows.collect::<Vec<_>>();
    let list = view! {
        <section class="settings__section">
            <h2 class="settings__heading">{title(t())}</h2>
            <ul data-roving="" aria-label=title(t())>{rows}</ul>
        </section>
    };
    Some(list.into_any())
}

/// Somebody by the name that I chose for them.
pub(super) fn as_called(contact: &Contact) -> Person {
    let mut person = contact.person.clone();
    if !contact.nickname.is_empty() {
        person.display_name.clone_from(&contact.nickname);
    }
    person
}

/// The line above the list that says that somebody asks; nothing while nobody does.
pub(super) fn requests() -> AnyView {
    let device = Device::here();
    let count = memo(move || {
        let asks =
            |one: &&Contact| one.state == ContactState::Asks && !device.blocks(one.person.user);
        device.contacts.with(|all| all.iter().filter(asks).count())
    });
    let line = move || {
        (count.get() > 0).then(|| {
            view! {
                <button type="button" class="requests" on:click=pressed(|_| go(Route::Contacts))>
                    {live(move || (t().asks_for_you)(count.get() as u64))}
                </button>
            }
        })
    };
    live(line).into_any()
}
