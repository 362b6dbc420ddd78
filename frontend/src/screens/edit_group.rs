//! What a group is, to be changed; and who is kept out of it.

use leptos::prelude::*;
use tideline_shared::protocol::{Banned, ConversationCommand, ConversationReply, RecordChange};
use tideline_shared::{Code, ConversationId};
use web_sys::SubmitEvent;

use super::members::govern;
use super::new_group::{FIELDS, check, text_fields};
use crate::browser::{post, t};
use crate::kit::icon::BAN;
use crate::kit::{
    Form, button, dialog, empty, icon, live, person_row, submit_button, switch, words,
};
use crate::shell::Device;

/// The dialog that changes the group `id`, which is on the screen.
pub(super) fn edit_group(id: ConversationId, open: RwSignal<bool>) -> AnyView {
    let device = Device::here();
    dialog("", open, words(|t| t.more().edit_group), move || {
        let Some(record) = device.record.get_untracked() else { return ().into_any() };
        let [announcements, public, approval] =
            [record.announcements, record.public, record.approval].map(RwSignal::new);
        let texts = [record.name, record.group_type, record.description].map(RwSignal::new);
        let form = Form::new();
        let send = move |event: SubmitEvent| {
            event.prevent_default();
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
        };
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
pub(super) fn banned_people(id: ConversationId, open: RwSignal<bool>) -> AnyView {
    dialog("", open, words(|t| t.more().banned_people), move || {
        let people = RwSignal::new(None::<Vec<Banned>>);
        let form = Form::new();
        form.run(async move {
            let path = format!("/api/conversations/{id}");
            match post(&path, &ConversationCommand::Banned).await? {
                ConversationReply::Banned { people: found } => people.try_set(Some(found)),
                _ => return Err(Code::Unknown.into()),
            };
            Ok(())
        });
        let unban = move |user| {
            form.run(async move {
                govern(id, ConversationCommand::Unban { user }).await?;
                people.try_update(|people| {
                    people.iter_mut().for_each(|all| all.retain(|one| one.person.user != user));
                });
                Ok(())
            });
        };
        let list = move || {
            let people = people.get()?;
            if people.is_empty() {
                let text = words(|t| t.more().nobody_banned_text);
                return Some(empty(
                    icon::icon(BAN),
                    |t| t.more().nobody_banned,
                    text,
                    ().into_any(),
                ));
            }
            let rows = people.into_iter().map(|one| {
                let user = one.person.user;
                view! {
                    <li class="member">
                        <span class="row row--person">{person_row(&one.person)}</span>
                        {button("", None, |t| t.more().unban, move |_| unban(user))}
                    </li>
                }
            });
            let rows = rows.collect::<Vec<_>>();
            Some(view! { <ul aria-label=t().more().banned_people>{rows}</ul> }.into_any())
        };
        view! { <div class="dialog__body">{form.alert(&[])} {list}</div> }.into_any()
    })
}
