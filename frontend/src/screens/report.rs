//! Reporting a message or a person to whoever runs the deployment.

use std::pin::Pin;

use leptos::prelude::*;
use tideline_shared::protocol::{PeopleCommand, PeopleReply, Reason};
use tideline_shared::{Code, Note, UserId};

use crate::browser::{Fail, post, t};
use crate::kit::icon::FLAG;
use crate::kit::{
    Control, FieldKind, Form, News, State, button, choice, dialog, field, live, submit_button,
    submitted, toast, words,
};

const NOTE: &[Code] = &[Code::NoteTooLong];
const REASONS: [(&str, Reason); 5] = [
    ("spam", Reason::Spam),
    ("abuse", Reason::Abuse),
    ("pretence", Reason::Pretence),
    ("illegal", Reason::Illegal),
    ("other", Reason::Other),
];

/// What says a report to the service.
type Say = Box<dyn Fn(Reason, String) -> Pin<Box<dyn Future<Output = Result<(), Fail>>>>>;

/// The dialog in which somebody says why they report something; `send` says it to the service.
pub(super) fn report_dialog<F: Future<Output = Result<(), Fail>> + 'static>(
    open: State<bool>,
    send: impl Fn(Reason, String) -> F + Copy + Send + Sync + 'static,
) -> AnyView {
    dialog("dialog--confirm", open, words(|t| t.more().running.report), move || {
        report_form(open, Box::new(move |reason, note| Box::pin(send(reason, note))))
    })
}

fn report_form(open: State<bool>, say: Say) -> AnyView {
    let (reason, note) = (State::new("spam".to_owned()), State::new(String::new()));
    let form = Form::new();
    let send = submitted(move || {
        let chosen = REASONS.iter().find(|(word, _)| reason.with_untracked(|it| it == word));
        let chosen = chosen.map_or(Reason::Other, |(_, reason)| *reason);
        let note = note.get_untracked();
        let said = match Note::parse(&note) {
            Ok(_) => say(chosen, note),
            Err(reject) => Box::pin(async move { Err(reject.into()) }),
        };
        form.run(async move {
            said.await?;
            open.set(false);
            toast(News::Good(|t| t.more().running.reported));
            Ok(())
        });
    });
    let options = REASONS.map(|(word, reason)| {
        (word, Signal::derive(move || (t().more().running.reason_of)(reason).to_owned()))
    });
    let lines = FieldKind { control: Control::Lines, optional: true, ..FieldKind::TEXT };
    view! {
        <form class="dialog__body form" on:submit=send novalidate>
            <p class="muted">{live(move || t().more().running.report_text)}</p>
            {form.alert(NOTE)}
            {choice(
                |t| t.more().running.report_reason,
                options.into(),
                reason.into(),
                move |word| reason.set(word),
            )} {field(lines, |t| t.more().running.report_note, note, form, NOTE)}
            <div class="form__actions">
                {button("", None, |t| t.cancel, move |_| open.set(false))}
                {submit_button("", |t| t.more().running.send_report, form.busy)}
            </div>
        </form>
    }
    .into_any()
}

/// The button that reports a person.
pub(super) fn report_button(user: UserId) -> AnyView {
    let open = State::new(false);
    let send = move |reason, note| async move {
        let command = PeopleCommand::Report { user, reason, note };
        post::<_, PeopleReply>("/api/people", &command).await.map(drop)
    };
    view! {
        {button(
            "button--quiet button--block",
            Some(FLAG),
            |t| t.more().running.report,
            move |_| open.set(true),
        )}
        {report_dialog(open, send)}
    }
    .into_any()
}
