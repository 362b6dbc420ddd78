//! The dialog that makes a group.

use leptos::prelude::*;
use tideline_shared::protocol::{ConversationCommand, ConversationReply};
use tideline_shared::{Code, ConversationId, GroupDescription, GroupName, GroupType};
use web_sys::SubmitEvent;

use crate::browser::{Fail, go, now, post, random};
use crate::kit::{Control, FieldKind, Form, dialog, field, submit_button, words};
use crate::present::Route;

const NAME: &[Code] = &[Code::GroupNameEmpty, Code::GroupNameTooLong];
const TYPE: &[Code] = &[Code::GroupTypeTooLong];
const DESCRIPTION: &[Code] = &[Code::GroupDescriptionTooLong];
const FIELDS: &[Code] = &[
    Code::GroupNameEmpty,
    Code::GroupNameTooLong,
    Code::GroupTypeTooLong,
    Code::GroupDescriptionTooLong,
];

/// The dialog, while `open`.
pub(super) fn new_group(open: RwSignal<bool>) -> AnyView {
    dialog("", open, words(|t| t.new_group), move || {
        let [name, group_type, description] = [(); 3].map(|()| RwSignal::new(String::new()));
        let form = Form::new();
        // Drawn once: pressing the button again after a lost answer makes no second group.
        let id = new_id();
        let send = move |event: SubmitEvent| {
            event.prevent_default();
            form.run(async move {
                let [name, group_type, description] =
                    [name, group_type, description].map(|text| text.get_untracked());
                create(id, name, group_type, description).await?;
                open.set(false);
                go(Route::Conversation(id));
                Ok(())
            });
        };
        let first = FieldKind { autofocus: true, ..FieldKind::TEXT };
        let second = FieldKind {
            optional: true,
            placeholder: Some(|t| t.group_type_hint),
            ..FieldKind::TEXT
        };
        let third = FieldKind { control: Control::Lines, optional: true, ..FieldKind::TEXT };
        view! {
            <form class="dialog__body form" on:submit=send novalidate>
                {form.alert(FIELDS)} {field(first, |t| t.group_name, name, form, NAME)}
                {field(second, |t| t.group_type, group_type, form, TYPE)}
                {field(third, |t| t.description, description, form, DESCRIPTION)}
                <div class="form__actions">
                    {submit_button("", |t| t.create_group, form.busy)}
                </div>
            </form>
        }
        .into_any()
    })
}

fn new_id() -> ConversationId {
    let mut bytes = [0; 10];
    random(&mut bytes);
    ConversationId::new(now(), bytes)
}

async fn create(
    id: ConversationId,
    name: String,
    group_type: String,
    description: String,
) -> Result<(), Fail> {
    // Said at once, by the rules that the service has.
    GroupName::parse(&name)?;
    GroupType::parse(&group_type)?;
    GroupDescription::parse(&description)?;
    let command = ConversationCommand::CreateGroup { name, group_type, description };
    match post(&format!("/api/conversations/{id}"), &command).await? {
        ConversationReply::Done { .. } => Ok(()),
        _ => Err(Code::Unknown.into()),
    }
}
