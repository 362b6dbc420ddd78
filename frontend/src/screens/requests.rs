//! Who asks to come into a group, to be let in or turned away.

use leptos::prelude::*;
use tideline_shared::protocol::{ConversationCommand, ConversationReply, JoinRequest};
use tideline_shared::{Code, ConversationId, UserId};

use super::members::govern;
use crate::browser::{post, t};
use crate::kit::icon::GROUP_PLUS;
use crate::kit::{
    Asked, Derived, State, button, dialog, effect, empty, icon, list_row, memo, words,
};
use crate::shell::Device;

/// How many ask to come into the group `id`, as far as this person may know.
pub(super) fn requests(id: ConversationId) -> Derived<u64> {
    let device = Device::here();
    memo(move || device.listed(id).map_or(0, |item| item.requests))
}

/// The dialog that lists who asks to come into the group `id`.
pub(super) fn join_requests(id: ConversationId, open: State<bool>) -> AnyView {
    dialog("", open, words(|t| t.more().join_requests), move || {
        let asked = Asked::new(move || async move {
            let path = format!("/api/conversations/{id}");
            match post(&path, &ConversationCommand::Requests).await? {
                ConversationReply::Requests { people } => Ok(people),
                _ => Err(Code::Unknown.into()),
            }
        });
        let (people, form) = (asked.found, asked.form);
        let count = requests(id);
        effect(move || {
            // Read, not only tracked: a memo that nobody has read hears of no change.
            let _ = count.get();
            asked.again();
        });
        let settle = move |user, command| {
            form.run(async move {
                let settled = govern(id, command).await;
                let over = settled.err().and_then(crate::browser::Fail::code);
                if settled.is_ok() || over == Some(Code::NoJoinRequest) {
                    people.update(|people| {
                        let others = |all: &mut Vec<JoinRequest>| {
                            all.retain(|one| one.person.user != user);
                        };
                        people.iter_mut().for_each(others);
                    });
                }
                settled
            });
        };
        let list = move |people: Vec<JoinRequest>| {
            if people.is_empty() {
                let text = words(|t| t.more().nobody_asks_text);
                let picture = icon::icon(GROUP_PLUS);
                return empty(picture, |t| t.more().nobody_asks, text, ().into_any());
            }
            let rows = people.into_iter().map(|one| {
                let user: UserId = one.person.user;
                let admit = move |_| settle(user, ConversationCommand::Admit { user });
                let turn_away = move |_| settle(user, ConversationCommand::TurnAway { user });
                let buttons = (
                    button("button--primary", None, |t| t.more().accept, admit),
                    button("", None, |t| t.more().decline, turn_away),
                );
                list_row(&one.person, buttons.into_any())
            });
            let rows = rows.collect::<Vec<_>>();
            view! { <ul data-roving="" aria-label=t().more().join_requests>{rows}</ul> }.into_any()
        };
        view! { <div class="dialog__body">{asked.draw(list)}</div> }.into_any()
    })
}
