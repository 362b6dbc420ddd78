//! The picture of a person or a group: choosing one, taking it away.

use leptos::{html, prelude::*};
use tideline_shared::protocol::{AccountCommand, ConversationCommand};
use tideline_shared::{Code, ConversationId};
use web_sys::{Blob, HtmlInputElement};

use super::crop::Cropper;
use crate::browser::{send, send_bytes};
use crate::kit::{Form, button, live, typed};

/// Whose picture it is.
#[derive(Clone, Copy)]
pub(super) enum Pictured {
    /// This person.
    Me,
    /// A group.
    Group(ConversationId),
}

impl Pictured {
    fn path(self) -> String {
        match self {
            Self::Me => "/api/account".to_owned(),
            Self::Group(id) => format!("/api/conversations/{id}"),
        }
    }
}

/// Buttons that change the picture; whether there `is_one` is tracked.
pub(super) fn picture_buttons(
    of: Pictured,
    is_one: impl Fn() -> bool + Copy + Send + Sync + 'static,
) -> AnyView {
    let form = Form::new();
    let cropper = Cropper::new(matches!(of, Pictured::Me));
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = typed(move |event| {
        let input: HtmlInputElement = event_target(&event);
        let chosen = input.files().and_then(|files| files.get(0));
        // The same file can be chosen again.
        input.set_value("");
        let Some(chosen) = chosen else { return };
        leptos::task::spawn_local(async move {
            if cropper.begin(&chosen).await {
                form.fail.set(None);
            } else {
                form.fail.set(Some(Code::NotAPicture.into()));
            }
        });
    });
    let set = move |made: Option<Blob>| {
        form.run(async move {
            let picture = made.ok_or(Code::NotAPicture)?;
            send_bytes(&format!("{}/avatar", of.path()), &picture).await
        });
    };
    let remove = move |_| {
        form.run(async move {
            let path = of.path();
            let sent = match of {
                Pictured::Me => send(&path, &AccountCommand::RemoveAvatar).await,
                Pictured::Group(_) => send(&path, &ConversationCommand::RemoveAvatar).await,
            };
            sent.map(drop)
        });
    };
    view! {
        <div class="avatar-buttons">
            {form.alert(&[])} {cropper.dialog(set)}
            <input
                node_ref=input
                type="file"
                accept="image/*"
                hidden
                tabindex="-1"
                aria-hidden="true"
                on:change=take
            />
            <div class="avatar-buttons__row" aria-busy=move || form.busy.get().to_string()>
                {button("", None, |t| t.more().change_picture, choose)}
                {live(move || {
                    is_one()
                        .then(|| button("", None, |t| t.more().remove_picture, remove))
                })}
            </div>
        </div>
    }
    .into_any()
}
