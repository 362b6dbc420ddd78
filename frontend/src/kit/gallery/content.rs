//! What is read: people, lists, news, what is empty or on its way, and what lies over the screen.

use crate::kit::State;
use leptos::prelude::*;
use tideline_shared::{Person, UserId};

use super::super::icon::{self, ALERT, CHECK, SEARCH};
use super::super::{
    FieldKind, Form, News, Shape, about, about_person, avatar, avatar_from, badge, brand, button,
    confirm, copy_and_tell, dead_end, dialog, emoji_picker, empty, field, icon_button, list_link,
    list_row, person_avatar, person_row, qr_code, retry, skeleton, skeleton_lines, skeleton_list,
    submit_button, tag, toast, waiting, welcome, words,
};
use super::{nothing, row, state};
use crate::browser::{Fail, t};

const PEOPLE: [&str; 6] = ["Marina Costa", "林海", "Ben", "Ødegård", "潮", "Zoë"];

fn somebody(at: u8) -> Person {
    let name = PEOPLE[usize::from(at) % PEOPLE.len()];
    Person {
        user: UserId::new(1_700_000_000_000, [at.wrapping_mul(37); 10]),
        user_name: (at.is_multiple_of(2)).then(|| name.to_lowercase().replace(' ', ".")),
        display_name: name.to_owned(),
        avatar: None,
    }
}

pub(super) fn avatars() -> AnyView {
    let sizes = ["xs", "sm", "md", "lg", "xl"];
    let people = (0..6).map(|at| person_avatar(&somebody(at), "lg")).collect::<Vec<_>>();
    let of = |shape| {
        sizes
            .map(|size| avatar("tide pool", "Tide pool", size, shape, None))
            .into_iter()
            .collect::<Vec<_>>()
    };
    let picture = Some("/icon.svg".to_owned());
    let none = Some("/no-such-picture.png".to_owned());
    view! {
        {state("People", row(people))} {state("Person", row(of(Shape::Person)))}
        {state("Group", row(of(Shape::Group)))} {state("Notes", row(of(Shape::Notes)))}
        {state("Picture", avatar_from("x", "Tide", "lg", Shape::Person, picture))}
        {state("A picture that does not come", avatar_from("x", "Tide", "lg", Shape::Person, none))}
    }
    .into_any()
}

pub(super) fn badges() -> AnyView {
    let counts = ["1", "12", "99+"].map(|n| badge("", None, n.to_owned(), format!("{n} unread")));
    view! {
        {state("Unread", row(counts.into_iter().collect::<Vec<_>>()))}
        {state("Muted, mention, marked, requests", row((
            badge("badge--quiet", None, "3".to_owned(), "3 unread".to_owned()),
            badge("badge--mention", None, "@".to_owned(), "1 mentions you".to_owned()),
            badge("badge--mark", None, String::new(), "Marked as unread".to_owned()),
            badge("badge--requests", Some(icon::GROUP_PLUS), "2".to_owned(), "2 ask".to_owned()),
        )))}
        {state("Tags", row((tag("", "Friends".to_owned()), tag("tag--plain", "Owner".to_owned()))))}
    }
    .into_any()
}

pub(super) fn list() -> AnyView {
    let plain = |rows: Vec<AnyView>| view! { <ul aria-label="People">{rows}</ul> }.into_any();
    let beside = || button("", None, |t| t.more().unblock, nothing);
    let read = (0..2).map(|at| list_row(&somebody(at), beside())).collect();
    let opens =
        (0..3).map(|at| list_link(person_row(&somebody(at)), ().into_any(), || ())).collect();
    let held = ["is-hover", "is-focus", "is-chosen"].into_iter().enumerate().map(|(at, held)| {
        let chosen = (held == "is-chosen").then_some("page");
        view! {
            <li class="list-row">
                <button type="button" class=format!("row row--person {held}") aria-current=chosen>
                    {person_row(&somebody(u8::try_from(at).unwrap_or_default()))}
                </button>
            </li>
        }
        .into_any()
    });
    view! {
        {state("Read, with what can be done beside", plain(read))}
        {state("What can be done, with a name for who does not see the row", row((
            about(|| "Unknown device".to_owned(), beside()),
            about_person(&somebody(0), beside()),
        )))}
        {state("Opens", plain(opens))}
        {state("Pointed at, focused, chosen", plain(held.collect()))}
        {state("Unread", plain(vec![unread()]))}
        {state("Loading", skeleton_list(2))}
        {state("Empty", empty(icon::mark(), |t| t.no_conversations, words(|t| t.no_conversations_text), ().into_any()))}
    }
    .into_any()
}

/// A conversation of the list in which something came.
fn unread() -> AnyView {
    view! {
        <li class="list__item">
            <a class="row row--unread" href="/kit">
                {person_avatar(&somebody(1), "lg")}
                <span class="row__title">{PEOPLE[1]}</span>
                <time class="row__time">"12:30"</time>
                <span class="row__preview">"涨潮的时候最好看，下次一起来"</span>
                <span class="row__marks">{badge("", None, "3".to_owned(), "3 unread".to_owned())}</span>
            </a>
        </li>
    }
    .into_any()
}

pub(super) fn dialogs() -> AnyView {
    let [open, asking, picking] = [(); 3].map(|()| State::new(false));
    let body = || view! { <div class="dialog__body">"What it is about."</div> }.into_any();
    view! {
        <div class="gallery__row">
            {button("", None, |t| t.conversation_details, move |_| open.set(true))}
            {button("button--danger", None, |t| t.more().delete, move |_| asking.set(true))}
            {button("", None, |t| t.emoji, move |_| picking.set(true))}
        </div>
        {dialog("", open, words(|t| t.conversation_details), body)}
        {confirm(
            asking,
            words(|t| t.more().delete_for_me),
            |t| t.more().delete_for_me_text,
            |t| t.more().delete,
            || (),
        )}
        {emoji_picker(picking, Callback::new(|_| ()))}
        {state("At rest, failing and busy", still_dialog())}
    }
    .into_any()
}

/// A dialog that was sent and failed, and is being sent again.
fn still_dialog() -> AnyView {
    let form = Form::new();
    form.fail.set(Some(Fail::Network));
    let name = State::new("Tide pool".to_owned());
    view! {
        <dialog open class="dialog dialog--confirm gallery__still" aria-label="New group">
            <header class="dialog__header">
                <h2 class="dialog__title">{t().new_group}</h2>
                {icon_button(icon::CLOSE, |t| t.more().close, nothing)}
            </header>
            <div class="dialog__body form">
                {form.alert(&[])} {field(FieldKind::TEXT, |t| t.more().group_name, name, form, &[])}
                <div class="form__actions">
                    {button("", None, |t| t.cancel, nothing)}
                    {submit_button("", |t| t.more().create_group, State::new(true))}
                </div>
            </div>
        </dialog>
    }
    .into_any()
}

pub(super) fn news() -> AnyView {
    let still = |role, shape, words| {
        view! {
            <div class="toast" role=role>
                {icon::icon(shape)} <span class="toast__text">{words}</span>
                {icon_button(icon::CLOSE, |t| t.dismiss, nothing)}
            </div>
        }
    };
    view! {
        {state("At rest", row((
            still("status", CHECK, "Copied"),
            still("alert", ALERT, "The network does not answer."),
        )))}
        {state("Shown", row((
            button("", None, |t| t.copied, |_| toast(News::Good(|t| t.copied))),
            button("", None, |t| t.copy_failed, |_| toast(News::Bad(|t| t.copy_failed))),
            button("", None, |t| t.retry, |_| toast(News::Failed(Fail::Network))),
            button("", None, |t| t.reload, |_| toast(News::Update)),
            button("", None, |t| t.more().copy, |_| copy_and_tell("Tideline".to_owned())),
        )))}
        {state("Tooltip, at rest and when asked for", row((
            view! { <span class="tooltip gallery__still">"Search"</span> },
            icon_button(SEARCH, |t| t.search, nothing),
        )))}
    }
    .into_any()
}

pub(super) fn skeletons() -> AnyView {
    view! {
        {state("Line and avatar", row((skeleton("skeleton--avatar"), skeleton("skeleton--line"))))}
        {state("Words", skeleton_lines())}
        {state("Message", skeleton("skeleton--bubble"))}
        {state("On its way", waiting())}
        {state("To be tried again", retry(|| ()))}
    }
    .into_any()
}

pub(super) fn emptiness() -> AnyView {
    let find = button("button--primary", None, |t| t.find_someone, nothing);
    let (title, text) = (words(|t| t.no_conversations_text), words(|t| t.nowhere_text));
    view! {
        {empty(icon::mark(), |t| t.no_conversations, title, find)}
        {empty(icon::icon(SEARCH), |t| t.nowhere, text, ().into_any())}
    }
    .into_any()
}

pub(super) fn codes() -> AnyView {
    let code = qr_code("https://tideline.example/join/tide", "A link".to_owned());
    view! { <div class="gallery__code">{code}</div> }.into_any()
}

pub(super) fn outside() -> AnyView {
    let card = view! { {brand(words(|t| t.sign_in), words(|t| t.sign_in_lead))} };
    view! {
        <div class="gallery__page">{welcome(card.into_any())}</div>
        <div class="gallery__page">{dead_end(|t| t.dead_invite, words(|t| t.nowhere_text))}</div>
    }
    .into_any()
}
