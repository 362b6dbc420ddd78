//! Blocking people, and letting them through again.

use leptos::prelude::*;
use tideline_shared::protocol::{PeopleCommand, PeopleReply};
use tideline_shared::{Person, UserId};

use super::settings::section;
use crate::browser::{Fail, by_name, called, post, t};
use crate::kit::icon::BAN;
use crate::kit::{Form, State, button, confirm, list_row, memo};
use crate::shell::Device;

async fn set(user: UserId, blocked: bool) -> Result<(), Fail> {
    let command =
        if blocked { PeopleCommand::Block { user } } else { PeopleCommand::Unblock { user } };
    post::<_, PeopleReply>("/api/people", &command).await.map(drop)
}

/// The button that ends a block.
pub(super) fn unblock_button(user: UserId, class: &'static str, form: Form) -> AnyView {
    button(class, None, |t| t.more().unblock, move |_| form.run(set(user, false)))
}

/// The button that blocks somebody, after a question, or unblocks them.
pub(super) fn block_button(person: &Person, form: Form) -> AnyView {
    let (device, user) = (Device::here(), person.user);
    let asking = State::new(false);
    let name = called(&person.display_name);
    let title = Signal::derive(move || (t().more().block_title)(&name));
    let blocked = memo(move || device.blocks(user));
    let shown = move || {
        if blocked.get() {
            unblock_button(user, "button--block", form)
        } else {
            let ask = move |_| asking.set(true);
            button("button--danger button--block", Some(BAN), |t| t.more().block, ask)
        }
    };
    let act = move || form.run(set(user, true));
    view! {
        {shown}
        {confirm(asking, title, |t| t.more().block_text, |t| t.more().block, act)}
    }
    .into_any()
}

/// The settings' list of everybody who is blocked; nothing while nobody is.
pub(super) fn blocked_people() -> AnyView {
    let device = Device::here();
    let form = Form::new();
    let list = move || {
        let blocked = by_name(device.blocked.get(), |one| one.person.display_name.clone());
        if blocked.is_empty() {
            return None;
        }
        let rows = blocked
            .into_iter()
            .map(|one| list_row(&one.person, unblock_button(one.person.user, "", form)));
        let rows = rows.collect::<Vec<_>>();
        let content = view! {
            {form.alert(&[])}
            <ul data-roving="" aria-label=t().more().blocked_people>{rows}</ul>
        };
        Some(section("", |t| t.more().blocked_people, content.into_any()))
    };
    list.into_any()
}
