//! The settings page: profile, appearance, this device; and for guests the way to stay.

use crate::kit::effect;
use leptos::prelude::*;
use tideline_client::{Action, Connection};
use tideline_shared::protocol::{SessionCommand, SessionReply};
use tideline_shared::{Age, Code, DisplayName, Gender, Password, Profile, Signature, UserName};

use super::alerts::alert_settings;
use super::blocks::blocked_people;
use super::main::Over;
use super::picture::{Pictured, picture_buttons};
use super::privacy::privacy;
use super::sessions::{devices, password_change};
use super::share::personal_link;
use super::shortcuts::keyboard;
use super::sign_in::{CREDENTIALS, PASSWORD, USER_NAME};
use super::storage::storage;
use super::unreached::{is_offline, unknown};
use super::your_data::your_data;
use crate::browser::{Fail, Look, go, lang, post, say_lang, t};
use crate::kit::icon::{CHECK, LEAVE, small_icon};
use crate::kit::{
    Control, Derived, FieldKind, Form, News, State, back_button, button, choice, field, live, memo,
    person_avatar, submit_button, submitted, toast, waiting,
};
use crate::locale::Lang;
use crate::present::Route;
use crate::shell::{Device, leave};

const NAME: &[Code] = &[Code::DisplayNameEmpty, Code::DisplayNameTooLong];
const AGE: &[Code] = &[Code::AgeOutOfRange];
const SIGNATURE: &[Code] = &[Code::SignatureTooLong];
const FIELDS: &[Code] = &[
    Code::DisplayNameEmpty,
    Code::DisplayNameTooLong,
    Code::AgeOutOfRange,
    Code::SignatureTooLong,
];
const GENDERS: [(&str, Gender); 4] = [
    ("unstated", Gender::Unstated),
    ("female", Gender::Female),
    ("male", Gender::Male),
    ("other", Gender::Other),
];

/// The page `/settings`. It waits until it knows whose settings these are, so that nothing moves when it does; without
/// a network it shows what there is.
pub(super) fn settings_page() -> AnyView {
    let (device, over) = (Device::here(), expect_context::<Over>());
    let known = memo(move || device.profile.with(Option::is_some));
    let ready = memo(move || known.get() || is_offline(device));
    let content = move || if ready.get() { sections(device, over, known) } else { waiting() };
    view! {
        <header class="pane__header">
            {back_button()}
            <h1 class="pane__title">{live(move || t().settings)}</h1>
        </header>
        <div class="pane__scroll">{live(content)}</div>
    }
    .into_any()
}

fn sections(device: Device, over: Over, known: Derived<bool>) -> AnyView {
    // The form is made from what is known first, and not again while somebody fills it in.
    let profile = move || {
        let profile = known.get().then(|| device.profile.get_untracked()).flatten();
        profile.map_or_else(|| unknown(device), |profile| profile_form(device, profile))
    };
    let is_guest = memo(move || {
        device.profile.with(|profile| {
            profile.as_ref().is_some_and(|profile| profile.person.user_name.is_none())
        })
    });
    let has_picture =
        move || device.profile.with(|profile| profile.as_ref()?.person.avatar).is_some();
    view! {
        <div class="settings">
            <div class="settings__head">
                {live(move || device.profile.get().map(|profile| me(&profile)))}
                {picture_buttons(Pictured::Me, has_picture)}
            </div>
            {live(move || is_guest.get().then(keep_account))} {profile} {own_link(device)} {appearance()}
            {keyboard(over)} {contacts_link()} {admin_link(device)} {alert_settings()} {privacy(device)} {blocked_people()} {devices()} {password_change(device)}
            {this_device(device)} {storage(device)} {your_data(device)}
        </div>
    }
    .into_any()
}

fn contacts_link() -> AnyView {
    let open = button("", None, |t| t.more().contacts, |_| go(Route::Contacts));
    section("", |t| t.more().contacts, view! { <div>{open}</div> }.into_any())
}

/// For whoever owns the deployment.
fn admin_link(device: Device) -> AnyView {
    let is_owner = memo(move || device.owns_deployment());
    let link = move || {
        is_owner.get().then(|| {
            let open = button("", None, |t| t.more().running.open, |_| go(Route::Admin));
            let content = view! {
                <p class="settings__text">{live(move || t().more().running.link_text)}</p>
                <div>{open}</div>
            };
            section("", |t| t.more().running.title, content.into_any())
        })
    };
    link.into_any()
}

/// For whoever has a user name: the address under which others find them.
fn own_link(device: Device) -> AnyView {
    let name = memo(move || device.profile.with(|it| it.as_ref()?.person.user_name.clone()));
    let link = move || {
        let name = name.get()?;
        Some(section("", |t| t.more().personal_link, personal_link(&name)))
    };
    link.into_any()
}

fn me(profile: &Profile) -> AnyView {
    let person = &profile.person;
    let handle = person.user_name.as_ref().map(|name| format!("@{name}"));
    view! {
        <div class="settings__me">
            {person_avatar(person, "xl")} <div>
                <h2 class="settings__name" dir="auto">
                    {person.display_name.clone()}
                </h2>
                <p class="muted">{handle.unwrap_or_else(|| t().guest.to_owned())}</p>
            </div>
        </div>
    }
    .into_any()
}

pub(super) fn section(class: &'static str, title: crate::kit::Words, content: AnyView) -> AnyView {
    view! {
        <section class=format!("settings__section {class}")>
            <h2 class="settings__heading">{live(move || title(t()))}</h2>
            {content}
        </section>
    }
    .into_any()
}

fn profile_form(device: Device, profile: Profile) -> AnyView {
    let name = State::new(profile.person.display_name);
    let age = State::new(profile.age.map(|age| age.years().to_string()).unwrap_or_default());
    let signature = State::new(profile.signature);
    let gender = State::new(profile.gender);
    let form = Form::new();
    let saved = State::new(false);
    device.answer.set(None);
    effect(move || {
        if let Some(answer) = device.answer.get() {
            form.busy.set(false);
            // Without a connection the engine has nobody to ask.
            let offline = device.connection.get_untracked() != Connection::Online;
            let fail = |reject| if offline { Fail::Network } else { Fail::Refused(reject) };
            form.fail.set(answer.err().map(fail));
            saved.set(answer.is_ok());
        }
    });
    effect(move || {
        // Changed again: not saved any more.
        name.track();
        age.track();
        signature.track();
        gender.track();
        saved.set(false);
    });
    let send = submitted(move || {
        saved.set(false);
        let update = update(name.get(), &age.get(), gender.get(), signature.get());
        form.fail.set(update.as_ref().err().copied());
        if let Ok(update) = update {
            form.busy.set(true);
            device.act(update);
        }
    });
    let first = FieldKind { autocomplete: "nickname", ..FieldKind::TEXT };
    let number = FieldKind { control: Control::Number, optional: true, ..FieldKind::TEXT };
    let lines = FieldKind { control: Control::Lines, optional: true, ..FieldKind::TEXT };
    let content = view! {
        <form class="form" on:submit=send novalidate>
            {form.alert(FIELDS)} {field(first, |t| t.more().display_name, name, form, NAME)}
            <div class="form__row">
                {field(number, |t| t.more().age, age, form, AGE)} {gender_choice(gender)}
            </div>
            {field(lines, |t| t.more().signature, signature, form, SIGNATURE)}
            <div class="form__actions">
                <span class="saved" role="status">
                    {live(move || saved.get().then(|| view! { {small_icon(CHECK)} {t().more().saved} }))}
                </span>
                {submit_button("", |t| t.more().save, form.busy)}
            </div>
        </form>
    };
    section("", |t| t.more().profile, content.into_any())
}

fn gender_choice(gender: State<Gender>) -> AnyView {
    let options = GENDERS
        .into_iter()
        .map(|(word, gender)| {
            (word, Signal::derive(move || (t().more().gender_of)(gender).to_owned()))
        })
        .collect();
    let value = Signal::derive(move || {
        let here = GENDERS.iter().find(|(_, of)| *of == gender.get());
        here.map_or("unstated", |(word, _)| word).to_owned()
    });
    choice(
        |t| t.more().gender,
        options,
        value,
        move |word| {
            let chosen = GENDERS.iter().find(|(of, _)| *of == word);
            gender.set(chosen.map_or(Gender::Unstated, |(_, gender)| *gender));
        },
    )
}

/// What the form says, by the rules that the service has.
fn update(
    display_name: String,
    age: &str,
    gender: Gender,
    signature: String,
) -> Result<Action, Fail> {
    DisplayName::parse(&display_name)?;
    Signature::parse(&signature)?;
    let age = match age.trim() {
        "" => None,
        typed => {
            let years = typed.parse().map_err(|_| Code::AgeOutOfRange)?;
            Age::parse(years)?;
            Some(years)
        }
    };
    Ok(Action::UpdateProfile { display_name, age, gender, signature })
}

fn appearance() -> AnyView {
    let languages = Lang::ALL
        .into_iter()
        .map(|lang| (lang.tag(), Signal::derive(move || lang.name().to_owned())))
        .collect();
    let language = Signal::derive(|| lang().tag().to_owned());
    let content = view! {
        <div class="form__row">
            {choice(|t| t.more().language, languages, language, |tag| say_lang(Lang::of_tag(&tag)))}
            {look(Look::Theme)}
        </div>
        <div class="form__row">
            {look(Look::TextSize)} {look(Look::Density)}
        </div>
    };
    section("", |t| t.more().appearance, content.into_any())
}

/// What a look is called.
pub(super) fn look_name(of: Look) -> crate::kit::Words {
    match of {
        Look::Theme => |t| t.more().theme,
        Look::TextSize => |t| t.more().text_size,
        Look::Density => |t| t.more().density,
    }
}

fn look(of: Look) -> AnyView {
    let options = of
        .words()
        .iter()
        .map(|&word| (word, Signal::derive(move || (t().more().look_of)(word).to_owned())));
    let chosen = Signal::derive(move || of.chosen().to_owned());
    choice(look_name(of), options.collect(), chosen, move |word| of.choose(&word))
}

fn this_device(device: Device) -> AnyView {
    let form = Form::new();
    let out = move |_| form.run(leave(device.me));
    let content = view! {
        {form.alert(&[])}
        <div>{button("button--danger", Some(LEAVE), |t| t.more().sign_out, out)}</div>
    };
    section("", |t| t.more().this_device, content.into_any())
}

/// For guests: a user name and a password, with which they can come back.
fn keep_account() -> AnyView {
    let (name, password) = (State::new(String::new()), State::new(String::new()));
    let form = Form::new();
    let send = submitted(move || {
        form.run(async move {
            let (user_name, password) = (name.get_untracked(), password.get_untracked());
            UserName::parse(&user_name)?;
            Password::parse(&password)?;
            let command = SessionCommand::SetCredentials { user_name, password };
            let _: SessionReply = post("/api/session", &command).await?;
            toast(News::Good(|t| t.more().account_kept));
            Ok(())
        });
    });
    let user =
        FieldKind { autocomplete: "username", hint: Some(|t| t.username_hint), ..FieldKind::TEXT };
    let secret = FieldKind {
        control: Control::Password,
        autocomplete: "new-password",
        hint: Some(|t| t.password_hint),
        ..FieldKind::TEXT
    };
    let content = view! {
        <p class="settings__text">{live(move || t().more().keep_account_text)}</p>
        <form class="form" on:submit=send novalidate>
            {form.alert(CREDENTIALS)} {field(user, |t| t.username, name, form, USER_NAME)}
            {field(secret, |t| t.password, password, form, PASSWORD)}
            <div class="form__actions">
                {submit_button("", |t| t.more().keep_account_button, form.busy)}
            </div>
        </form>
    };
    section("settings__section--keep", |t| t.more().keep_account, content.into_any())
}
