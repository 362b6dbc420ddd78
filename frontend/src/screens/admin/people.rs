//! Everybody who has an account.

use leptos::prelude::*;
use tideline_shared::Person;
use tideline_shared::protocol::{AdminCommand, AdminReply, ListedPerson};

use super::paged::Paged;
use super::{narrow, w};
use crate::browser::{called, short_date, t};
use crate::kit::icon::{USERS, icon};
use crate::kit::{State, about_person, button, confirm, empty, live, person_avatar, words};
use crate::shell::Device;

pub(super) fn people() -> AnyView {
    let query = State::new(String::new());
    let list = Paged::new(
        move |last: Option<ListedPerson>| AdminCommand::People {
            query: query.get_untracked(),
            before: last.map(|last| last.person.user),
        },
        |reply| match reply {
            AdminReply::People { people, more } => Some((people, more)),
            _ => None,
        },
    );
    let (asking, whom) = (State::new(false), State::new(None::<Person>));
    let title = Signal::derive(move || {
        let name = whom.with(|whom| whom.as_ref().map(|whom| called(&whom.display_name)));
        (w().ban_title)(&name.unwrap_or_default())
    });
    let ban = move || {
        if let Some(person) = whom.get_untracked() {
            list.act(AdminCommand::Ban { user: person.user });
        }
    };
    let draw = move |one: ListedPerson| {
        let person = one.person.clone();
        let user = person.user;
        let action = if one.banned {
            Some(button(
                "",
                None,
                |t| t.more().running.unban,
                move |_| {
                    list.act(AdminCommand::Unban { user });
                },
            ))
        } else if user == Device::here().me {
            None
        } else {
            Some(button(
                "button--danger",
                None,
                |t| t.more().running.ban,
                move |_| {
                    whom.set(Some(person.clone()));
                    asking.set(true);
                },
            ))
        };
        row(&one, action)
    };
    let none = || {
        let text = words(|t| t.more().running.nothing_text);
        empty(icon(USERS), |t| t.more().running.nothing, text, ().into_any())
    };
    view! {
        {narrow(|t| t.more().running.find_people, query, move || list.anew())}
        {list.draw(|t| t.more().running.people, none, draw)}
        {confirm(asking, title, |t| t.more().running.ban_text, |t| t.more().running.ban, ban)}
    }
    .into_any()
}

fn row(one: &ListedPerson, action: Option<AnyView>) -> AnyView {
    let ListedPerson { person, since, banned } = one.clone();
    let picture = person_avatar(&person, "md");
    let handle = person.user_name.map(|name| format!("@{name}"));
    let facts = move || {
        let handle = handle.clone().unwrap_or_else(|| t().guest.to_owned());
        format!("{handle} · {}", (w().since)(short_date(since)))
    };
    let tag = banned.then(|| view! { <span class="tag">{live(move || w().banned)}</span> });
    view! {
        <li class="admin__row">
            {picture}
            <span class="admin__words">
                <span class="admin__name" dir="auto">
                    {person.display_name}
                </span>
                <span class="muted">{facts}</span>
            </span>
            {tag}
            {action.map(|action| about_person(&one.person, action))}
        </li>
    }
    .into_any()
}
