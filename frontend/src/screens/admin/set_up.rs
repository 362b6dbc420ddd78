//! How the deployment is set up.

use leptos::prelude::*;
use tideline_shared::protocol::{AdminCommand, AdminReply, RegistrationMode};

use super::{ask, fetched, w};
use crate::browser::t;
use crate::kit::{Form, News, choice, toast};

const MODES: [(&str, RegistrationMode); 3] = [
    ("open", RegistrationMode::Open),
    ("invite", RegistrationMode::Invite),
    ("closed", RegistrationMode::Closed),
];

pub(super) fn set_up() -> AnyView {
    let read = |reply| match reply {
        AdminReply::Settings(settings) => Some(settings),
        _ => None,
    };
    fetched(AdminCommand::Settings, read, |settings| registration(settings.registration))
}

fn registration(now: RegistrationMode) -> AnyView {
    let (mode, form) = (RwSignal::new(now), Form::new());
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
                Err(_) => drop(mode.try_set(before)),
            }
            answer.map(drop)
        });
    };
    view! {
        {form.alert(&[])}
        {choice(|t| t.more().running.registration, options.into(), value, choose)}
        <p class="settings__text">{move || t().more().running.registration_text}</p>
    }
    .into_any()
}
