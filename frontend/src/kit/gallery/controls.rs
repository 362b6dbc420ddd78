//! What is pressed, typed into and chosen from.

use crate::kit::State;
use leptos::prelude::*;
use tideline_shared::Code;

use super::super::icon::{self, CHECK, COMPOSE, SEARCH, TRASH};
use super::super::{
    Control, FieldKind, Form, MenuItem, QuickItem, Tab, back_button, button, choice, field,
    icon_button, menu, menu_button, segments, submit_button, switch, tabs, words,
};
use super::{HELD, nothing, row, state};
use crate::browser::Fail;

pub(super) fn buttons() -> AnyView {
    let disabled = |class: &'static str| {
        view! { <button type="button" class=class disabled>"Disabled"</button> }
    };
    let held = |class: &str| {
        HELD.map(|held| {
            let class = format!("button {class} {held}");
            view! { <button type="button" class=class>{held}</button> }.into_any()
        })
        .into_iter()
        .collect::<Vec<_>>()
    };
    let kinds = [
        "",
        "button--primary",
        "button--danger",
        "button--danger button--primary",
        "button--quiet",
    ];
    let plain = kinds.map(|class| button(class, None, |t| t.send, nothing));
    let marked = kinds.map(|class| button(class, Some(COMPOSE), |t| t.new_message, nothing));
    let busy = State::new(true);
    let ready = State::new(false);
    view! {
        {state("Plain", row(plain.into_iter().collect::<Vec<_>>()))}
        {state("With an icon", row(marked.into_iter().collect::<Vec<_>>()))}
        {state("Disabled", row((disabled("button"), disabled("button button--primary"))))}
        {state("Sends its form: ready, busy", row((
            submit_button("", |t| t.sign_in, ready),
            submit_button("", |t| t.sign_in, busy),
        )))}
        {state("Pointed at, focused, pressed", row(kinds.map(held).into_iter().collect::<Vec<_>>()))}
        {state("Fills the line", button("button--block", None, |t| t.new_group, nothing))}
        {state("Icons alone", row((
            icon_button(SEARCH, |t| t.search, nothing),
            icon_button(TRASH, |t| t.discard, nothing),
            view! {
                <button type="button" class="icon-button" aria-pressed="true" aria-label="Pressed">
                    {icon::icon(CHECK)}
                </button>
            },
            view! {
                <button type="button" class="icon-button" disabled aria-label="Disabled">
                    {icon::icon(CHECK)}
                </button>
            },
        )))}
        {state("Icons alone: pointed at, focused, pressed", row(HELD.map(|held| view! {
            <button type="button" class=format!("icon-button {held}") aria-label=held>
                {icon::icon(SEARCH)}
            </button>
        }.into_any()).into_iter().collect::<Vec<_>>()))}
        {state("The way back, on a phone only", back_button())}
        {state("A link that acts", view! {
            <button type="button" class="link-button">"Reload"</button>
        }.into_any())}
    }
    .into_any()
}

pub(super) fn fields() -> AnyView {
    const WRONG: &[Code] = &[Code::DisplayNameEmpty];
    let value = |text: &str| State::new(text.to_owned());
    let (form, wrong) = (Form::new(), Form::new());
    wrong.fail.set(Some(Code::DisplayNameEmpty.into()));
    let failed = Form::new();
    failed.fail.set(Some(Fail::Network));
    let hinted = FieldKind {
        hint: Some(|t| t.username_hint),
        placeholder: Some(|t| t.username),
        ..FieldKind::TEXT
    };
    let secret = FieldKind { control: Control::Password, ..FieldKind::TEXT };
    let number = FieldKind { control: Control::Number, optional: true, ..FieldKind::TEXT };
    let lines = FieldKind { control: Control::Lines, ..FieldKind::TEXT };
    let options = [("one", "One"), ("two", "Two")];
    let options =
        options.map(|(word, words)| (word, Signal::derive(move || words.to_owned()))).to_vec();
    let seen = [("everybody", "Everybody"), ("contacts", "Contacts"), ("nobody", "Nobody")];
    let seen = seen.map(|(word, words)| (word, Signal::derive(move || words.to_owned())));
    let by = State::new("contacts".to_owned());
    let on = State::new(true);
    let off = State::new(false);
    view! {
        <div class="form">
            {field(FieldKind::TEXT, |t| t.username, value("marina"), form, &[])}
            {field(hinted, |t| t.username, value(""), form, &[])}
            {field(FieldKind::TEXT, |t| t.your_name, value(""), wrong, WRONG)}
            {field(secret, |t| t.password, value("tide-and-line"), form, &[])}
            {field(number, |t| t.more().age, value("30"), form, &[])}
            {field(lines, |t| t.more().signature, value("Two\nlines"), form, &[])}
            {choice(|t| t.more().language, options, Signal::derive(|| "two".to_owned()), nothing)}
            {segments(
                |t| t.more().age_seen_by,
                seen.to_vec(),
                Signal::derive(move || by.get()),
                Callback::new(move |word| by.set(word)),
            )}
            {switch(|t| t.more().share_receipts, |t| t.more().share_receipts_hint, on)}
            {switch(|t| t.more().share_receipts, |t| t.more().share_receipts_hint, off)}
            {field(lines, |t| t.more().signature, value("Two\nlines"), wrong, WRONG)}
            {failed.alert(&[])}
        </div>
        {still_fields()}
    }
    .into_any()
}

/// Fields that cannot be changed, that are wrong, and that are used.
fn still_fields() -> AnyView {
    let choice = |name: &'static str, class: &'static str, disabled: bool, wrong: bool| {
        view! {
            <select class=format!("select {class}") aria-label=name disabled=disabled
                aria-invalid=wrong.then_some("true")>
                <option>{name}</option>
            </select>
        }
    };
    let switch = |on: bool| {
        view! {
            <label class="switch__label">
                "Disabled"
                <input type="checkbox" role="switch" class="switch__box" checked=on disabled />
            </label>
        }
    };
    let segment = |words: &'static str, chosen: bool, group: &'static str, disabled: bool| {
        view! {
            <label class="segments__one">
                <input type="radio" class="segments__input" name=group checked=chosen disabled=disabled />
                <span class="segments__words">{words}</span>
            </label>
        }
    };
    view! {
        {state("Disabled", view! {
            <div class="form gallery__row">
                <input class="input" aria-label="Disabled" value="Disabled" disabled />
                {choice("Disabled", "", true, false)} {switch(true)} {switch(false)}
                <div class="segments__row">
                    {segment("Chosen", true, "still", true)} {segment("Not", false, "still", true)}
                </div>
            </div>
        }.into_any())}
        {state("To be read only", view! {
            <input class="input" aria-label="To be read only" value="To be read only" readonly />
        }.into_any())}
        {state("A choice that is wrong", choice("Wrong", "", false, true).into_any())}
        {state("Pointed at, focused, pressed", row(HELD.map(|held| view! {
            <input class=format!("input {held}") aria-label=held value=held />
            {choice(held, held, false, false)}
        }.into_any()).into_iter().collect::<Vec<_>>()))}
    }
    .into_any()
}

pub(super) fn tab_rows() -> AnyView {
    let chosen = State::new(0);
    let tab = |shown: &'static str| Tab {
        id: "",
        shown: Signal::derive(move || shown.to_owned()),
        name: None,
    };
    let all = ["Messages", "People", "Groups"].map(tab).into();
    let choose = Callback::new(move |at| chosen.set(at));
    let chosen = Signal::derive(move || Some(chosen.get()));
    let still = |words: &'static str, class: &'static str, disabled: bool| {
        view! {
            <button type="button" role="tab" class=format!("tab {class}") disabled=disabled>
                {words}
            </button>
        }
    };
    let held = HELD.map(|held| still(held, held, false).into_any());
    view! {
        {state("One is chosen", tabs(["tabs", "tab"], words(|t| t.search), None, all, chosen, choose))}
        {state("Pointed at, focused, pressed", view! {
            <div class="tabs" role="tablist" aria-label="Held">{held.into_iter().collect::<Vec<_>>()}</div>
        }.into_any())}
        {state("Disabled", view! {
            <div class="tabs" role="tablist" aria-label="Disabled">{still("Disabled", "", true)}</div>
        }.into_any())}
    }
    .into_any()
}

fn items() -> Vec<MenuItem> {
    let item = |icon, name, danger| MenuItem { icon, name, danger, act: Box::new(|| ()) };
    vec![
        item(icon::REPLY, |t| t.more().reply, false),
        item(icon::FORWARD, |t| t.more().forward, false),
        item(TRASH, |t| t.more().delete, true),
    ]
}

pub(super) fn menus() -> AnyView {
    let open = State::new(false);
    // It would close when the focus leaves it; here it stays.
    let still = State::new(true);
    let quick = ["👍", "🌊", "❤️"].map(|shown| QuickItem {
        shown,
        name: shown.to_owned(),
        pressed: Some(shown == "🌊"),
        act: Box::new(|| ()),
    });
    view! {
        {state("Opens from its button", menu_button(open, "Actions".to_owned(), items))}
        {state("Open, with quick ones above", view! {
            <div class="menu-anchor gallery__menu">{menu(still, false, false, quick.into(), items())}</div>
        }.into_any())}
        {state("Pointed at, focused, pressed, disabled", view! {
            <div class="menu gallery__still" role="menu" aria-label="Held">
                {HELD.map(|held| view! {
                    <button type="button" role="menuitem" class=format!("menu__item {held}")>
                        {icon::icon(icon::REPLY)} {held}
                    </button>
                }.into_any()).into_iter().collect::<Vec<_>>()}
                <button type="button" role="menuitem" class="menu__item" disabled>
                    {icon::icon(icon::REPLY)} "Disabled"
                </button>
            </div>
        }.into_any())}
    }
    .into_any()
}
