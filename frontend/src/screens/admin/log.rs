//! What was changed, by whom, when.

use leptos::prelude::*;
use tideline_shared::protocol::{AdminCommand, AdminReply, LogRow};

use super::paged::Paged;
use super::w;
use crate::browser::{called, full_time};
use crate::kit::icon::{HISTORY, icon};
use crate::kit::{empty, live, words};

pub(super) fn log() -> AnyView {
    let list = Paged::new(
        |last: Option<LogRow>| AdminCommand::Log { before: last.map(|last| last.n) },
        |reply| match reply {
            AdminReply::Log { rows, more } => Some((rows, more)),
            _ => None,
        },
    );
    let none = || {
        let text = words(|t| t.more().running.no_log_text);
        empty(icon(HISTORY), |t| t.more().running.log, text, ().into_any())
    };
    list.draw(|t| t.more().running.log, none, |row| draw(&row))
}

fn draw(row: &LogRow) -> AnyView {
    let LogRow { at, by, did, .. } = row.clone();
    let by = called(&by.display_name);
    view! {
        <li class="log__row">
            <span dir="auto">{live(move || (w().did)(&did))}</span>
            <span class="muted">{live(move || format!("{by} · {}", full_time(at)))}</span>
        </li>
    }
    .into_any()
}
