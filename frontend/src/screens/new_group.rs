//! The dialog that makes a group.

use leptos::prelude::*;
use tideline_shared::protocol::{ConversationCommand, ConversationReply};
use tideline_shared::{Code, ConversationId, GroupDescription, GroupName, GroupType};

use crate::browser::{Fail, go, now, post, random};
use crate::kit::{Control, FieldKind, Form, State, dialog, field, submit_button, submitted, words};
use crate::present::Route;

const NAME: &[Code] = &[Code::GroupNameEmpty, Code::GroupNameTooLong];
const TYPE: &[Code] = &[Code::GroupTypeTooLong];
const DESCRIPTION: &[Code] = &[Code::GroupDescriptionTooLong];
/// The codes that the fields of a group show.
pub(super) const FIELDS: &[Code] = &[
    Code::GroupNameEmpty,
    Code::GroupNameTooLong,
    Code::GroupTypeTooLong,
    Code::GroupDescriptionTooLong,
];

/// The dialog, while `open`.
pub(super) fn new_group(open: State<bool>) -> AnyView {
    dialog("", open, words(|t| t.new_group), move || {
        let texts = [(); 3].map(|()| State::new(String::new()));
        let form = Form::new();
        // Drawn once: pressing the button again after a lost answer makes no second group.
        let id = new_id();
        let send = submitted(move || {
            form.run(async move {
                let [name, group_type, description] = texts.map(|text| text.get_untracked());
                create(id, name, group_type, description).await?;
                open.set(false);
                go(Route::Conversation(id));
                Ok(())
            });
        });
        view! {
            <form class="dialog__body form" on:submit=send novalidate>
                {form.alert(FIELDS)} {text_fields(texts, form)}
                <div class="form__actions">
                    {submit_button("", |t| t.more().create_group, form.busy)}
                </div>
            </form>
        }
        .into_any()
    })
}

/// The fields of a group's name, type and description.
pub(super) fn text_fields(texts: [State<String>; 3], form: Form) -> AnyView {
    let [name, group_type, description] = texts;
    let first = FieldKind { autofocus: true, ..FieldKind::TEXT };
    let second = FieldKind {
        optional: true,
        placeholder: Some(|t| t.more().group_type_hint),
        ..FieldKind::TEXT
    };
    let third = FieldKind { control: Control::Lines, optional: true, ..FieldKind::TEXT };
    view! {
        {field(first, |t| t.more().group_name, name, form, NAME)}
        {field(second, |t| t.more().group_type, group_type, form, TYPE)}
        {field(third, |t| t.more().description, description, form, DESCRIPTION)}
    }
    .into_any()
}

/// Says at once what is wrong, by the rules that the service has.
pub(super) fn check(name: &str, group_type: &str, description: &str) -> Result<(), Fail> {
    GroupName::parse(name)?;
    GroupType::parse(group_type)?;
    GroupDescription::parse(description)?;
    Ok(())
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
    check(&name, &group_type, &description)?;
    let command = ConversationCommand::CreateGroup { name, group_type, description };
    match post(&format!("/api/conversations/{id}"), &command).await? {
        ConversationReply::Done { .. } => Ok(()),
        _ => Err(Code::Unknown.into()),
    }
}
