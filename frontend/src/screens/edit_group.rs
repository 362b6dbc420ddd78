//! What a group is, to be changed; and who is kept out of it.

use leptos::prelude::*;
use tideline_shared::protocol::{Banned, ConversationCommand, ConversationReply, RecordChange};
use tideline_shared::{Code, ConversationId};

use super::members::govern;
use super::new_group::{FIELDS, check, text_fields};
use crate::browser::{post, t};
use crate::kit::icon::BAN;
use crate::kit::{
    Asked, Form, State, button, dialog, empty, icon, list_row, live, submit_button, submitted,
    switch, words,
};
use crate::shell::Device;

/// The dialog that changes the group `id`, which is on the screen.
pub(super) fn edit_group(id: ConversationId, open: State<bool>) -> AnyView {
    let device = Device::here();
    dialog("", open, words(|t| t.more().edit_group), move || {
        let Some(record) = device.record.get_untracked() else { return ().into_any() };
        let [announcements, public, approval] =
            [record.announcements, record.public, record.approval].map(State::new);
        let texts = [record.name, record.group_type, record.description].map(State::new);
        let form = Form::new();
        let send = submitted(move || {
            form.run(async move {
                let [name, group_type, description] = texts.map(|text| text.get_untracked());
                check(&name, &group_type, &description)?;
                let change = RecordChange {
                    name: Some(name),
                    group_type: Some(group_type),
                    description: Some(description),
                    announcements: Some(announcements.get_untracked()),
                    public: Some(public.get_untracked()),
                    approval: Some(approval.get_untracked()),
                };
                govern(id, ConversationCommand::ChangeRecord(change)).await?;
                open.set(false);
                Ok(())
            });
        });
        view! {
            <form class="dialog__body form" on:submit=send novalidate>
                {form.alert(FIELDS)} {text_fields(texts, form)}
                {switch(
                    |t| t.more().announcements,
                    |t| t.more().announcements_hint,
                    announcements,
                )}
                {switch(|t| t.more().public, |t| t.more().public_hint, public)}
                {live(move || {
                    public
                        .get()
                        .then(|| {
                            switch(|t| t.more().approval, |t| t.more().approval_hint, approval)
                        })
                })}
                <div class="form__actions">{submit_button("", |t| t.more().save, form.busy)}</div>
            </form>
        }
        .into_any()
    })
}

/// The dialog that lists who is kept out of the group `id`, and lets them in again.
pub(super) fn banned_people(id: ConversationId, open: State<bool>) -> AnyView {
    dialog("", open, words(|t| t.more().banned_people), move || {
        let asked = Asked::new(move || async move {
            let path = format!("/api/conversations/{id}");
            match post(&path, &ConversationCommand::Banned).await? {
                ConversationReply::Banned { people } => Ok(people),
                _ => Err(Code::Unknown.into()),
            }
        });
        let (people, form) = (asked.found, asked.form);
        let unban = move |user| {
            form.run(async move {
                govern(id, ConversationCommand::Unban { user }).await?;
                people.update(|people| {
                    people.iter_mut().for_each(|all| all.retain(|one| one.person.user != user));
                });
                Ok(())
            });
        };
        let list = move |people: Vec<Banned>| {
            if people.is_empty() {
                let text = words(|t| t.more().nobody_banned_text);
                return empty(icon::icon(BAN), |t| t.more().nobody_banned, text, ().into_any());
            }
            let rows = people.into_iter().map(|one| {
                let user = one.person.user;
                let back = button("", None, |t| t.more().unban, move |_| unban(user));
                list_row(&one.person, back)
            });
            let rows = rows.collect::<Vec<_>>();
            view! { <ul data-roving="" aria-label=t().more().banned_people>{rows}</ul> }.into_any()
        };
        view! { <div class="dialog__body">{asked.draw(list)}</div> }.into_any()
    })
}
