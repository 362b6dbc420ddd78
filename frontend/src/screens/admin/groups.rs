//! All groups: how much there is of them, never what is said there.

use leptos::prelude::*;
use tideline_shared::protocol::{AdminCommand, AdminReply, ListedGroup};

use super::paged::Paged;
use super::{narrow, w};
use crate::kit::icon::{USERS, icon};
use crate::kit::{Shape, State, avatar, empty, live, words};
use crate::screens::files::size;

pub(super) fn groups() -> AnyView {
    let query = State::new(String::new());
    let list = Paged::new(
        move |last: Option<ListedGroup>| AdminCommand::Groups {
            query: query.get_untracked(),
            before: last.map(|last| last.conversation),
        },
        |reply| match reply {
            AdminReply::Groups { groups, more } => Some((groups, more)),
            _ => None,
        },
    );
    let none = || {
        let text = words(|t| t.more().running.nothing_text);
        empty(icon(USERS), |t| t.more().running.nothing, text, ().into_any())
    };
    view! {
        {narrow(|t| t.more().running.find_groups, query, move || list.anew())}
        {list.draw(|t| t.more().running.groups, none, |group| row(&group))}
    }
    .into_any()
}

fn row(group: &ListedGroup) -> AnyView {
    let ListedGroup { conversation, name, public, members, messages, bytes } = group.clone();
    let kind = move || if public { w().public } else { w().private };
    view! {
        <li class="admin__row">
            {avatar(&conversation.to_string(), &name, "md", Shape::Group, None)}
            <span class="admin__words">
                <span class="admin__name" dir="auto">
                    {name}
                </span>
                <span class="muted">
                    {live(move || (w().group_facts)(members, messages, size(bytes)))}
                </span>
            </span>
            <span class="tag">{kind}</span>
        </li>
    }
    .into_any()
}
