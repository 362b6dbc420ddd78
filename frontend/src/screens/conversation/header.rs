//! The head of a conversation: who or what, and the way to its details.

use crate::kit::pressed;
use leptos::prelude::*;
use tideline_shared::ConversationId;
use tideline_shared::protocol::Kind;

use super::super::main::Over;
use super::super::search::Lookup;
use super::About;
use crate::browser::{ago, t};
use crate::kit::icon::{INFO, SEARCH, icon};
use crate::kit::{Derived, Shape, avatar, back_button, icon_button, live, said, skeleton, telling};
use crate::shell::Device;

pub(super) fn header(id: ConversationId, about: Derived<Option<About>>) -> AnyView {
    let over: Over = expect_context();
    let picture = move || match about.get() {
        Some(about) => {
            let shape = Shape::of(about.kind, about.is_notes);
            avatar(&about.colour, &about.title, "md", shape, about.avatar)
        }
        None => skeleton("avatar avatar--md"),
    };
    let title = move || match about.get() {
        Some(about) => about.title.into_any(),
        None => {
            let loading = live(move || t().loading);
            view! { <span class="visually-hidden">{loading}</span> {skeleton("skeleton--line")} }
                .into_any()
        }
    };
    let lookup: Lookup = expect_context();
    let look_here = move |_| lookup.within(id);
    view! {
        <header class="conversation__header">
            {back_button()} {live(picture)} <div class="conversation__heading">
                <h1 class="conversation__title" dir="auto">
                    {live(title)}
                </h1>
                {subtitle(about)}
            </div>
            {icon_button(SEARCH, |t| t.find_here, look_here)}
            <button
                type="button"
                class="icon-button"
                aria-label=said(|t| t.conversation_details)
                data-tip=""
                aria-expanded=telling(move || over.details.get().to_string())
                on:click=pressed(move |_| over.details.update(|open| *open = !*open))
            >
                {icon(INFO)}
            </button>
        </header>
    }
    .into_any()
}

/// Who is writing, whether the other one is there; else how many are in the group, a handle, or
/// that nobody else reads it.
fn subtitle(about: Derived<Option<About>>) -> AnyView {
    let device = Device::here();
    let status = move || {
        let is_direct = about.get()?.kind == Kind::Direct;
        device.timeline.with(|timeline| match &timeline.typing[..] {
            [] if timeline.online => Some(t().is_online.to_owned()),
            [] => timeline.last_seen.map(|at| (t().last_seen)(ago(at))),
            names => Some((t().typing)((!is_direct).then_some(names))),
        })
    };
    let words = move || {
        if let Some(status) = status() {
            return Some(status);
        }
        let members = device.members.get();
        let about = about.get()?;
        match about.kind {
            _ if about.is_notes => Some(t().only_you.to_owned()),
            _ if members.is_empty() => None,
            Kind::Group => Some((t().member_count)(members.len() as u64)),
            Kind::Direct => {
                let peer = members.into_iter().find(|member| member.person.user != device.me)?;
                let name = peer.person.user_name.map(|name| format!("@{name}"));
                Some(name.unwrap_or_else(|| t().guest.to_owned()))
            }
        }
    };
    // Its line is always there, so that nothing moves when the words come.
    view! { <p class="conversation__subtitle">{live(move || words().unwrap_or("\u{a0}".into()))}</p> }
        .into_any()
}
