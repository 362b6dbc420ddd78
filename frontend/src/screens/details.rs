//! The details of a conversation: what it is, who is in it, how to bring others in, how to leave.

use leptos::prelude::*;
use tideline_shared::protocol::{ConversationCommand, ConversationReply, Kind};
use tideline_shared::rights::Deed;
use tideline_shared::{ConversationId, Timestamp};

use super::conversation::{About, about, date_dialog};
use super::edit_group::{banned_people, edit_group};
use super::keeping::keeping;
use super::main::Over;
use super::members::{i_may, members};
use super::picture::{Pictured, picture_buttons};
use super::profile::{person_card, profile_dialog};
use super::requests::{join_requests, requests};
use super::share::link_row;
use super::unreached::unknown;
use crate::browser::{is_narrow, now, origin, post, replace, t};
use crate::kit::icon::{BAN, CALENDAR, CLOSE, COMPOSE, GROUP_PLUS, LEAVE};
use crate::kit::{
    Derived, Form, Shape, State, Words, avatar, badge, button, confirm, icon_button, live, memo,
    said, tag,
};
use crate::present::Route;
use crate::screens::invite_link::invite_link;
use crate::shell::Device;

/// The pane beside (or over) the conversation `id`, which is on the screen.
pub(super) fn details_pane(id: ConversationId) -> AnyView {
    let device = Device::here();
    let over: Over = expect_context();
    let about = about(device, id);
    let kind = memo(move || about.with(|about| Some(about.as_ref()?.kind)));
    let date = State::new(None);
    let content = move || match kind.get() {
        None => unknown(device),
        Some(Kind::Group) => group(id, about, date),
        Some(Kind::Direct) => {
            view! { {direct(device, about)} {date_button(date)} {keeping(id)} }.into_any()
        }
    };
    // On a phone they are all there is, and the conversation's title is the page's.
    let title = move || {
        let title = about.get().filter(|_| is_narrow()).map(|about| about.title);
        title.map(|title| view! { <h1 class="visually-hidden">{title}</h1> })
    };
    view! {
        <div class="pane pane--details" role=move || is_narrow().then_some("main")>
            <aside aria-label=said(|t| t.conversation_details)>
                <header class="pane__header">
                    {live(title)} <h2 class="pane__title">{live(move || t().more().details)}</h2>
                    {icon_button(CLOSE, |t| t.more().close, move |_| over.details.set(false))}
                </header>
                <div class="pane__scroll">
                    <div class="details">{content}</div>
                </div>
                {date_dialog(date, move || if untrack(is_narrow) { over.details.set(false) })}
            </aside>
        </div>
    }
    .into_any()
}

fn direct(device: Device, about: Derived<Option<About>>) -> AnyView {
    let peer = memo(move || {
        let members = device.members.get();
        let peer = members.into_iter().find(|member| member.person.user != device.me);
        peer.map(|member| member.person.user)
    });
    let is_notes = memo(move || about.with(|it| it.as_ref().is_some_and(|it| it.is_notes)));
    let content = move || match (is_notes.get(), peer.get()) {
        (true, _) => about.get().map(card).into_any(),
        (false, Some(peer)) => person_card(peer),
        (false, None) => unknown(device),
    };
    live(content).into_any()
}

/// The way to what was said on a day.
fn date_button(date: State<Option<Timestamp>>) -> AnyView {
    let press = move |_| date.set(Some(Timestamp(now())));
    button("button--block", Some(CALENDAR), |t| t.jump_to_date, press)
}

fn group(
    id: ConversationId,
    about: Derived<Option<About>>,
    date: State<Option<Timestamp>>,
) -> AnyView {
    let device = Device::here();
    let [leaving, editing, banning, asked] = [(); 4].map(|()| State::new(false));
    let shown = State::new(None);
    let form = Form::new();
    let leave = move || {
        form.run(async move {
            let path = format!("/api/conversations/{id}");
            let _: ConversationReply = post(&path, &ConversationCommand::Leave).await?;
            // There is no way back to it.
            replace(Route::Home);
            Ok(())
        });
    };
    // Offered to those who may.
    let offer = move |deed, icon, name: Words, open: State<bool>| {
        let may = memo(move || i_may(device, deed));
        move || {
            may.get().then(|| button("button--block", Some(icon), name, move |_| open.set(true)))
        }
    };
    let title = move || about.get().map(|about| about.title).unwrap_or_default();
    let question = Signal::derive(move || (t().more().leave_title)(&title()));
    let count = requests(id);
    let asking = move || {
        let count = count.get();
        (count > 0).then(|| badge("", None, count.to_string(), (t().ask_to_come_in)(count)))
    };
    let may_picture = memo(move || i_may(device, Deed::ChangeRecord));
    let picture = move || {
        let has = move || device.record.with(|record| record.as_ref()?.avatar).is_some();
        may_picture.get().then(|| picture_buttons(Pictured::Group(id), has))
    };
    view! {
        {live(move || about.get().map(card))}
        {picture}
        {offer(Deed::ChangeRecord, COMPOSE, |t| t.more().edit_group, editing)}
        {date_button(date)}
        {keeping(id)}
        {public_link(id)}
        {invite_link(id)}
        {members(id, shown)}
        {form.alert(&[])}
        <div class="details__asked">
            {offer(Deed::Admit, GROUP_PLUS, |t| t.more().join_requests, asked)} {asking}
        </div>
        {offer(Deed::Ban, BAN, |t| t.more().banned_people, banning)}
        {button(
            "button--danger button--block",
            Some(LEAVE),
            |t| t.more().leave_group,
            move |_| leaving.set(true),
        )}
        {confirm(leaving, question, |t| t.more().leave_text, |t| t.more().leave_group, leave)}
        {profile_dialog(shown)}
        {edit_group(id, editing)}
        {banned_people(id, banning)}
        {join_requests(id, asked)}
    }
    .into_any()
}

/// Of a public group: the address under which anybody finds it.
fn public_link(id: ConversationId) -> AnyView {
    let device = Device::here();
    let public = memo(move || {
        device.record.with(|record| record.as_ref().is_some_and(|record| record.public))
    });
    let link = move || {
        public.get().then(|| {
            let address = origin() + &Route::Conversation(id).path();
            view! {
                <section class="details__section invite-link">
                    {link_row(|t| t.more().group_link, address, false)}
                    <p class="field__hint">{live(move || t().more().group_link_hint)}</p>
                </section>
            }
        })
    };
    link.into_any()
}

fn card(about: About) -> AnyView {
    let device = Device::here();
    let kind = move || {
        let kind = device.record.get()?.group_type;
        (!kind.is_empty()).then(|| tag("", kind))
    };
    let description = move || {
        let text = device.record.get()?.description;
        (!text.is_empty()).then(|| view! { <p class="details__description" dir="auto">{text}</p> })
    };
    view! {
        <div class="card">
            {avatar(
                &about.colour,
                &about.title,
                "xl",
                Shape::of(about.kind, about.is_notes),
                about.avatar,
            )}
            <h3 class="card__name" dir="auto">
                {about.title.clone()}
            </h3>
            {kind}
            {description}
        </div>
    }
    .into_any()
}
