//! The invite link of a group: made when it is asked for, copied, withdrawn.

use crate::kit::effect;
use leptos::html;
use leptos::prelude::*;
use tideline_shared::protocol::{ConversationCommand, ConversationReply, Invite};
use tideline_shared::{Code, ConversationId};

use crate::browser::{Fail, origin, post, short_date, t};
use crate::kit::icon::LINK;
use crate::kit::{Form, News, button, copy_and_tell, icon, toast};

/// The section of the details that holds the link of the group `id`.
pub(super) fn invite_link(id: ConversationId) -> AnyView {
    let invite = RwSignal::new(None::<Invite>);
    let form = Form::new();
    let show = move |_| {
        form.run(async move {
            invite.try_set(Some(find_or_make(id).await?));
            Ok(())
        });
    };
    let content = move || match invite.get() {
        None => view! {
            <button
                type="button"
                class="button button--block"
                aria-busy=move || form.busy.get().to_string()
                on:click=show
            >
                {icon::icon(LINK)}
                {move || t().more().invite_link}
            </button>
        }
        .into_any(),
        Some(shown) => link(id, &shown, invite, form),
    };
    view! { <section class="details__section">{form.alert(&[])} {content}</section> }.into_any()
}

/// The newest link that is in force, or a new one.
async fn find_or_make(id: ConversationId) -> Result<Invite, Fail> {
    let path = format!("/api/conversations/{id}");
    if let ConversationReply::Invites { invites } =
        post(&path, &ConversationCommand::Invites).await?
        && let Some(newest) = invites.into_iter().next()
    {
        return Ok(newest);
    }
    match post(&path, &ConversationCommand::CreateInvite { lifetime_s: None }).await? {
        ConversationReply::Invite(invite) => Ok(invite),
        _ => Err(Code::Unknown.into()),
    }
}

fn link(
    id: ConversationId,
    shown: &Invite,
    invite: RwSignal<Option<Invite>>,
    form: Form,
) -> AnyView {
    let address = format!("{}/join/{}", origin(), shown.token);
    let (token, until) = (shown.token.clone(), shown.expires_at);
    let node = NodeRef::<html::Input>::new();
    effect(move || {
        if let Some(node) = node.get() {
            // Ready to be copied by hand, too. Both fail for elements that are gone.
            let _ = node.focus();
            node.select();
        }
    });
    let to_copy = address.clone();
    let copy_it = move |_| copy_and_tell(to_copy.clone());
    let revoke = move |_| {
        let token = token.clone();
        form.run(async move {
            let path = format!("/api/conversations/{id}");
            let command = ConversationCommand::RevokeInvite { token };
            let _: ConversationReply = post(&path, &command).await?;
            invite.try_set(None);
            toast(News::Good(|t| t.more().link_revoked));
            Ok(())
        });
    };
    view! {
        <div class="invite-link">
            <div class="invite-link__row">
                <input
                    node_ref=node
                    class="input"
                    readonly
                    aria-label=move || t().more().invite_link
                    prop:value=address
                />
                {button("button--primary", None, |t| t.more().copy, copy_it)}
            </div>
            <p class="field__hint">{move || (t().more().invite_link_hint)(&short_date(until))}</p>
            {button("button--danger", None, |t| t.more().revoke_link, revoke)}
        </div>
    }
    .into_any()
}
