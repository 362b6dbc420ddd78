//! A group as somebody sees it who is not in it: where it is public, what it is and the way in.

use leptos::prelude::*;
use tideline_client::Action;
use tideline_shared::protocol::{ConversationCommand, ConversationReply, GroupPreview, Standing};
use tideline_shared::{Code, ConversationId};

use super::conversation::refusal;
use crate::browser::{Fail, post, t};
use crate::kit::{Asked, Form, Shape, avatar, back_button, button, live, memo, tag};
use crate::shell::Device;

/// What is known of it. Copies are the same.
#[derive(Clone, Copy)]
struct Outside {
    id: ConversationId,
    device: Device,
    form: Form,
    seen: Asked<GroupPreview>,
}

/// The conversation `id`, which is on the screen.
pub(super) fn outside(id: ConversationId) -> AnyView {
    let seen = Asked::new(move || async move {
        match ask(id, ConversationCommand::Preview).await? {
            ConversationReply::Preview(preview) => Ok(preview),
            _ => Err(Code::Unknown.into()),
        }
    });
    let page = Outside { id, device: Device::here(), form: Form::new(), seen };
    let title = move || match seen.found.get() {
        Some(preview) => preview.name,
        None if seen.form.fail.get().is_some() => t().cannot_show.to_owned(),
        None => t().loading.to_owned(),
    };
    // What is refused is refused the next time, too.
    let for_good = move || seen.form.fail.get().filter(|fail| !fail.may_pass());
    let refused = memo(move || for_good().and_then(Fail::code));
    let content = move || match refused.get() {
        Some(code) => refusal(code),
        None => seen.draw(move |preview| page.card(preview)),
    };
    view! {
        <header class="pane__header">
            {back_button()} <h1 class="pane__title" dir="auto">
                {title}
            </h1>
        </header>
        <div class="pane__scroll">
            <div class="settings">{content}</div>
        </div>
    }
    .into_any()
}

async fn ask(id: ConversationId, command: ConversationCommand) -> Result<ConversationReply, Fail> {
    post(&format!("/api/conversations/{id}"), &command).await
}

impl Outside {
    /// Has the service do something, and shows how the person stands to the group then.
    fn act(self, command: ConversationCommand) {
        self.form.run(async move {
            let ConversationReply::Standing { standing } = ask(self.id, command).await? else {
                return Err(Code::Unknown.into());
            };
            self.stand(standing);
            Ok(())
        });
    }

    fn stand(self, now: Standing) {
        if now == Standing::Member {
            // Draws the conversation in this place.
            return self.device.act(Action::Show(Some(self.id)));
        }
        self.seen.found.update(|seen| {
            if let Some(preview) = seen {
                preview.standing = now;
            }
        });
    }

    fn card(self, preview: GroupPreview) -> AnyView {
        let GroupPreview {
            name,
            group_type,
            description,
            members,
            approval,
            avatar: picture,
            standing,
        } = preview;
        let kind = (!group_type.is_empty()).then(|| tag("", group_type));
        let about = (!description.is_empty())
            .then(|| view! { <p class="details__description" dir="auto">{description}</p> });
        let way = match (standing, approval) {
            (Standing::Member, _) => ().into_any(),
            (Standing::Asked, _) => view! {
                <p role="status">{live(move || t().more().you_asked)}</p>
                {button(
                    "button--block",
                    None,
                    |t| t.more().take_back_request,
                    move |_| self.act(ConversationCommand::TakeBack),
                )}
            }
            .into_any(),
            (Standing::None, asks) => button(
                "button--primary button--block",
                None,
                if asks { |t| t.more().ask_to_join } else { |t| t.join_group },
                move |_| self.act(ConversationCommand::Join),
            ),
        };
        view! {
            <div class="card">
                {avatar(&self.id.to_string(), &name, "xl", Shape::Group, picture)}
                <h2 class="card__name" dir="auto">
                    {name}
                </h2>
                {kind}
                <p class="muted">{live(move || (t().member_count)(members))}</p>
                {about}
                <div class="card__actions">{self.form.alert(&[])} {way}</div>
            </div>
        }
        .into_any()
    }
}
