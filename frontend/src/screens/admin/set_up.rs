//! How the deployment is set up.

use leptos::prelude::*;
use tideline_shared::protocol::{
    AdminCommand, AdminReply, Announcement, FileLimits, RegistrationMode,
};

use tideline_shared::{Code, limits};

use super::{ask, fetched, w};
use crate::browser::t;
use crate::kit::{
    Control, FieldKind, Form, News, State, button, choice, field, live, submit_button, submitted,
    toast,
};
use crate::screens::files::size;

const MODES: [(&str, RegistrationMode); 3] = [
    ("open", RegistrationMode::Open),
    ("invite", RegistrationMode::Invite),
    ("closed", RegistrationMode::Closed),
];

const ANNOUNCEMENT: &[Code] = &[Code::AnnouncementEmpty, Code::AnnouncementTooLong];
const FILES: [(&str, Option<u64>); 4] =
    [("1", Some(1_000_000)), ("5", Some(5_000_000)), ("10", Some(10_000_000)), ("25", None)];
const ROOMS: [(&str, Option<u64>); 5] = [
    ("0.1", Some(100_000_000)),
    ("0.5", Some(500_000_000)),
    ("1", Some(1_000_000_000)),
    ("5", Some(5_000_000_000)),
    ("none", None),
];

pub(super) fn set_up() -> AnyView {
    let read = |reply| match reply {
        AdminReply::Settings(settings) => Some(settings),
        _ => None,
    };
    fetched(AdminCommand::Settings, read, |settings| {
        view! {
            {registration(settings.registration)}
            {room(settings.limits)}
            {announcement(settings.announcement)}
        }
        .into_any()
    })
}

/// How much may be uploaded.
fn room(now: FileLimits) -> AnyView {
    let (set, form) = (State::new(now), Form::new());
    let save = move |wanted: FileLimits| {
        let before = set.get_untracked();
        set.set(wanted);
        form.run(async move {
            let answer = ask(AdminCommand::SetLimits(wanted)).await;
            match &answer {
                Ok(_) => toast(News::Good(|t| t.more().saved)),
                Err(_) => set.set(before),
            }
            answer.map(drop)
        });
    };
    let file = Signal::derive(move || word_of(&FILES, set.get().file_bytes));
    let room = Signal::derive(move || word_of(&ROOMS, set.get().conversation_bytes));
    view! {
        {form.alert(&[])}
        {choice(
            |t| t.more().running.largest_file,
            sizes(&FILES, || size(limits::FILE_BYTES)),
            file,
            move |word| {
                save(FileLimits { file_bytes: bytes_of(&FILES, &word), ..set.get_untracked() });
            },
        )}
        {choice(
            |t| t.more().running.room,
            sizes(&ROOMS, || w().no_bound.to_owned()),
            room,
            move |word| {
                let conversation_bytes = bytes_of(&ROOMS, &word);
                save(FileLimits { conversation_bytes, ..set.get_untracked() });
            },
        )}
        <p class="settings__text">{live(move || w().room_text)}</p>
    }
    .into_any()
}

/// What everybody is told.
fn announcement(now: Option<Announcement>) -> AnyView {
    let is_told = State::new(now.is_some());
    let (text, form) = (State::new(now.map(|now| now.text).unwrap_or_default()), Form::new());
    let say = move |command: AdminCommand, told: bool| {
        form.run(async move {
            ask(command).await?;
            is_told.set(told);
            toast(News::Good(|t| t.more().saved));
            Ok(())
        });
    };
    let announce = submitted(move || {
        say(AdminCommand::Announce { text: text.get_untracked() }, true);
    });
    let withdraw = move |_| {
        text.set(String::new());
        say(AdminCommand::Withdraw, false);
    };
    let lines = FieldKind {
        control: Control::Lines,
        hint: Some(|t| t.more().running.announcement_text),
        ..FieldKind::TEXT
    };
    view! {
        <form class="form" on:submit=announce novalidate>
            {form.alert(ANNOUNCEMENT)}
            {field(lines, |t| t.more().running.announcement, text, form, ANNOUNCEMENT)}
            <div class="form__actions">
                {live(move || {
                    is_told.get().then(|| button("", None, |t| t.more().running.withdraw, withdraw))
                })} {submit_button("", |t| t.more().running.announce, form.busy)}
            </div>
        </form>
    }
    .into_any()
}

/// Sizes to choose from, each with its word.
type Sizes = [(&'static str, Option<u64>)];

fn sizes(sizes: &'static Sizes, unbounded: fn() -> String) -> Vec<(&'static str, Signal<String>)> {
    let words = |bytes: Option<u64>| Signal::derive(move || bytes.map_or_else(unbounded, size));
    sizes.iter().map(|&(word, bytes)| (word, words(bytes))).collect()
}

/// The word of a size, or of the nearest one above it.
fn word_of(sizes: &Sizes, bytes: Option<u64>) -> String {
    let fits = |of: Option<u64>| of.is_none_or(|of| bytes.is_some_and(|bytes| bytes <= of));
    sizes.iter().find(|(_, of)| fits(*of)).map_or("", |(word, _)| word).to_owned()
}

fn bytes_of(sizes: &Sizes, word: &str) -> Option<u64> {
    sizes.iter().find(|(of, _)| *of == word).and_then(|(_, bytes)| *bytes)
}

fn registration(now: RegistrationMode) -> AnyView {
    let (mode, form) = (State::new(now), Form::new());
    let options =
        MODES.map(|(word, mode)| (word, Signal::derive(move || (w().mode_of)(mode).to_owned())));
    let value = Signal::derive(move || {
        let chosen = MODES.iter().find(|(_, of)| *of == mode.get());
        chosen.map_or("closed", |(word, _)| word).to_owned()
    });
    let choose = move |word: String| {
        let Some((_, wanted)) = MODES.iter().find(|(of, _)| *of == word) else { return };
        let (before, wanted) = (mode.get_untracked(), *wanted);
        mode.set(wanted);
        form.run(async move {
            let answer = ask(AdminCommand::SetRegistration { mode: wanted }).await;
            match &answer {
                Ok(_) => toast(News::Good(|t| t.more().saved)),
                Err(_) => mode.set(before),
            }
            answer.map(drop)
        });
    };
    view! {
        {form.alert(&[])}
        {choice(|t| t.more().running.registration, options.into(), value, choose)}
        <p class="settings__text">{live(move || t().more().running.registration_text)}</p>
    }
    .into_any()
}
