//! What people reported, and what becomes of it.

use leptos::prelude::*;
use tideline_shared::protocol::{AdminCommand, AdminReply, Outcome, Report};

use super::paged::Paged;
use super::w;
use crate::browser::{called, full_time, t};
use crate::kit::icon::{FLAG, icon};
use crate::kit::{State, Words, about_person, button, choice, confirm, empty, live, words};

pub(super) fn reports() -> AnyView {
    let done = State::new(false);
    let list = Paged::new(
        move |last: Option<Report>| AdminCommand::Reports {
            done: done.get_untracked(),
            from: last.map(|last| last.report),
        },
        |reply| match reply {
            AdminReply::Reports { reports, more } => Some((reports, more)),
            _ => None,
        },
    );
    let options = vec![
        ("open", words(|t| t.more().running.open_reports)),
        ("done", words(|t| t.more().running.done_reports)),
    ];
    let value = Signal::derive(move || if done.get() { "done" } else { "open" }.to_owned());
    let choose = move |word: String| {
        done.set(word == "done");
        list.anew();
    };
    let (asking, asked) = (State::new(false), State::new(None::<Report>));
    let title = Signal::derive(move || {
        let name =
            asked.with(|asked| asked.as_ref().map(|asked| called(&asked.about.display_name)));
        (w().ban_title)(&name.unwrap_or_default())
    });
    let ban = move || {
        if let Some(asked) = asked.get_untracked() {
            let (report, outcome) = (asked.report, Outcome::Ban);
            list.act(AdminCommand::Resolve { report, outcome });
        }
    };
    let ask = Callback::new(move |report| {
        asked.set(Some(report));
        asking.set(true);
    });
    let none = || {
        let text = words(|t| t.more().running.no_reports_text);
        empty(icon(FLAG), |t| t.more().running.no_reports, text, ().into_any())
    };
    view! {
        {choice(|t| t.more().running.show, options, value, choose)}
        {list.draw(|t| t.more().running.reports, none, move |report| row(list, &report, ask))}
        {confirm(asking, title, |t| t.more().running.ban_text, |t| t.more().running.ban, ban)}
    }
    .into_any()
}

/// A report; `ban` asks whether the person whom it is about is to be banned.
fn row(list: Paged<Report>, report: &Report, ban: Callback<Report>) -> AnyView {
    let Report { report: number, at, by, about, reason, note, message, outcome } = report.clone();
    let words = message.as_ref().map(|message| {
        let files = message.files;
        let files = (files > 0)
            .then(|| view! { <p class="muted">{live(move || (w().with_files)(files))}</p> });
        view! {
            <blockquote class="report__words" dir="auto">
                {message.text.clone()}
            </blockquote>
            {files}
        }
    });
    let note = (!note.is_empty()).then(|| view! { <p dir="auto">{note}</p> });
    let decide = move |name: Words, class: &'static str, outcome: Outcome| {
        let act = move |_| list.act(AdminCommand::Resolve { report: number, outcome });
        view! {
            <button type="button" class=format!("button {class}") on:click=act>
                {live(move || name(t()))}
            </button>
        }
    };
    let decision = match outcome {
        Some(outcome) => {
            view! { <p class="muted">{live(move || (w().outcome_of)(outcome))}</p> }.into_any()
        }
        None => {
            let report = report.clone();
            let ban = move |_| ban.run(report.clone());
            let recall = message
                .is_some()
                .then(|| decide(|t| t.more().running.recall, "button--danger", Outcome::Recall));
            let buttons = view! {
                <div class="report__actions">
                    {decide(|t| t.more().running.dismiss, "", Outcome::Dismiss)} {recall}
                    {button("button--danger", None, |t| t.more().running.ban, ban)}
                </div>
            };
            about_person(&about, buttons.into_any())
        }
    };
    let (about, by) = (called(&about.display_name), called(&by.display_name));
    view! {
        <li class="report">
            <h2 class="report__title">{live(move || (w().about)(&about))}</h2>
            <p>
                <span class="tag">{live(move || (w().reason_of)(reason))}</span>
            </p>
            {words}
            {note}
            <p class="muted">{live(move || (w().reported_by)(&by, full_time(at)))}</p>
            {decision}
        </li>
    }
    .into_any()
}
