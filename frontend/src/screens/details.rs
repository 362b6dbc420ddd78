//! The details of a conversation: what it is, who is in it, how to bring others in, how to leave.

use crate::kit::pressed;
use leptos::prelude::*;
use tideline_client::MemberItem;
use tideline_shared::ConversationId;
use tideline_shared::protocol::{ConversationCommand, ConversationReply, Kind, Role};

use super::conversation::{About, about};
use super::main::Over;
use super::people::person_row;
use super::profile::{person_card, profile_dialog};
use crate::browser::{go, post, t};
use crate::kit::icon::{CLOSE, LEAVE};
use crate::kit::{Form, Shape, avatar, button, confirm, icon_button};
use crate::present::Route;
use crate::screens::invite_link::invite_link;
use crate::shell::Device;

/// The pane beside (or over) the conversation `id`, which is on the screen.
pub(super) fn details_pane(id: ConversationId) -> AnyView {
    let device = Device::here();
    let over: Over = expect_context();
    let about = about(device, id);
    let kind = Memo::new(move |_| about.with(|about| Some(about.as_ref()?.kind)));
    let content = move || match kind.get() {
        None => ().into_any(),
        Some(Kind::Group) => group(id, about),
        Some(Kind::Direct) => direct(device),
    };
    view! {
        <aside class="pane pane--details" aria-label=move || t().conversation_details>
            <header class="pane__header">
                <h2 class="pane__title">{move || t().details}</h2>
                {icon_button(CLOSE, |t| t.close, move |_| over.details.set(false))}
            </header>
            <div class="pane__scroll">
                <div class="details">{content}</div>
            </div>
        </aside>
    }
    .into_any()
}

fn direct(device: Device) -> AnyView {
    let peer = Memo::new(move |_| {
        let members = device.members.get();
        let peer = members.into_iter().find(|member| member.person.user != device.me);
        peer.map(|member| member.person.user)
    });
    (move || peer.get().map(person_card)).into_any()
}

fn group(id: ConversationId, about: Memo<Option<About>>) -> AnyView {
    let leaving = RwSignal::new(false);
    let shown = RwSignal::new(None);
    let form = Form::new();
    let leave = move || {
        form.run(async move {
            let path = format!("/api/conversations/{id}");
            let _: ConversationReply = post(&path, &ConversationCommand::Leave).await?;
            go(Route::Home);
            Ok(())
        });
    };
    let title = move || about.get().map(|about| about.title).unwrap_or_default();
    let question = Signal::derive(move || (t().leave_title)(&title()));
    view! {
        {move || about.get().map(card)}
        {invite_link(id)}
        {members(shown)}
        {form.alert(&[])}
        {button(
            "button--danger button--block",
            Some(LEAVE),
            |t| t.leave_group,
            move |_| leaving.set(true),
        )}
        {confirm(leaving, question, |t| t.leave_text, |t| t.leave_group, leave)}
        {profile_dialog(shown)}
    }
    .into_any()
}

fn card(about: About) -> AnyView {
    let device = Device::here();
    let kind = move || {
        let kind = device.record.get()?.group_type;
        (!kind.is_empty()).then(|| view! { <span class="tag">{kind}</span> })
    };
    let description = move || {
        let text = device.record.get()?.description;
        (!text.is_empty()).then(|| view! { <p class="details__description" dir="auto">{text}</p> })
    };
    view! {
        <div class="card">
            {avatar(&about.colour, &about.title, "xl", Shape::Group)}
            <h3 class="card__name" dir="auto">
                {about.title.clone()}
            </h3>
            {kind}
            {description}
        </div>
    }
    .into_any()
}

fn members(shown: RwSignal<Option<tideline_shared::UserId>>) -> AnyView {
    let device = Device::here();
    let rows = move || {
        let members = device.members.get();
        members.into_iter().map(|member| row(&member, shown)).collect::<Vec<_>>()
    };
    view! {
        <section class="details__section">
            <h3 class="details__heading">
                {move || t().members} " "
                <span class="muted">{move || device.members.with(Vec::len)}</span>
            </h3>
            <ul class="details__members" aria-label=move || t().members>
                {rows}
            </ul>
        </section>
    }
    .into_any()
}

fn row(member: &MemberItem, shown: RwSignal<Option<tideline_shared::UserId>>) -> AnyView {
    let device = Device::here();
    let user = member.person.user;
    let you = (user == device.me).then(|| t().member_you);
    let owner = (member.role == Role::Owner).then(|| t().owner);
    let tags = [you, owner].into_iter().flatten();
    let tags = tags.map(|words| view! { <span class="tag tag--plain">{words}</span> });
    view! {
        <li>
            <button
                type="button"
                class="row row--person"
                on:click=pressed(move |_| shown.set(Some(user)))
            >
                {person_row(&member.person)}
                " "
                <span class="row__marks">{tags.collect::<Vec<_>>()}</span>
            </button>
        </li>
    }
    .into_any()
}
