//! The timeline: the rows of the window, and what floats over them.

use crate::kit::pressed;
use leptos::prelude::*;
use tideline_client::{Action, Connection, Jump};
use tideline_shared::ConversationId;
use tideline_shared::protocol::Kind;

use super::About;
use super::rows::rows;
use super::scroll::Scroller;
use crate::browser::t;
use crate::kit::icon::{ALERT, ARROW_DOWN, ARROW_UP, icon, small_icon};
use crate::kit::{Derived, Shape, avatar, badge, live, memo, said, skeleton, telling};
use crate::screens::unreached::{is_offline, unreached};
use crate::shell::Device;

pub(super) fn timeline(
    id: ConversationId,
    about: Derived<Option<About>>,
    scroller: Scroller,
) -> AnyView {
    let group = memo(move || {
        about.with(|about| about.as_ref().is_some_and(|about| about.kind == Kind::Group))
    });
    let group = move || group.get();
    let class = move || if group() { "timeline timeline--group" } else { "timeline" };
    let shape = scroller.shape;
    scroller.follow_size();
    view! {
        <div class=class>
            {banner()}
            <div
                node_ref=scroller.node
                class="timeline__scroll"
                role="log"
                // What comes in is said by `announcer.rs`.
                aria-live="off"
                aria-label=said(|t| t.messages)
                aria-busy=telling(move || shape.get().loading.to_string())
                tabindex="0"
                on:scroll=move |_| scroller.scrolled()
            >
                <div class="timeline__column">
                    {live(move || before(about, scroller))} {rows(scroller, group)}
                    {live(move || after(scroller))}
                </div>
            </div>
            {jump_up(scroller)}
            {jump(id, scroller)}
        </div>
    }
    .into_any()
}

/// Above the oldest row: the beginning, or room for what is being fetched.
fn before(about: Derived<Option<About>>, scroller: Scroller) -> AnyView {
    let shape = scroller.shape.get();
    match (shape.loading, shape.at_start) {
        (true, _) if is_offline(Device::here()) => unreached(Device::here()),
        (true, _) => skeletons(),
        (false, true) => about.get().map(start).into_any(),
        (false, false) => spinner(shape.loading_older),
    }
}

/// Below the newest row of the window, while newer ones exist.
fn after(scroller: Scroller) -> Option<AnyView> {
    let shape = scroller.shape.get();
    (!shape.loading && !shape.at_end).then(|| spinner(shape.loading_newer))
}

fn spinner(turning: bool) -> AnyView {
    let spinner = turning.then(|| view! { <span class="spinner"></span> });
    view! { <div class="timeline__loading">{spinner}</div> }.into_any()
}

fn start(about: About) -> AnyView {
    let About { title, kind, is_notes, colour, avatar: picture } = about;
    let words = match kind {
        _ if is_notes => t().start_notes.to_owned(),
        Kind::Group => (t().start_group)(&title),
        Kind::Direct => (t().start_direct)(&title),
    };
    view! {
        <header class="history-start">
            {avatar(&colour, &title, "xl", Shape::of(kind, is_notes), picture)}
            <h2 class="history-start__title" dir="auto">
                {title}
            </h2>
            <p class="history-start__text">{words}</p>
        </header>
    }
    .into_any()
}

fn banner() -> AnyView {
    let device = Device::here();
    let offline = memo(move || device.connection.get() == Connection::Offline);
    let banner = move || {
        offline.get().then(|| {
            view! {
                <p class="banner" role="status">
                    {small_icon(ALERT)}
                    {live(move || t().offline_banner)}
                </p>
            }
        })
    };
    live(banner).into_any()
}

/// The way to the first unread message, while it is above what is shown.
fn jump_up(scroller: Scroller) -> AnyView {
    let device = Device::here();
    let past = move || scroller.past_line.get();
    let from = memo(move || scroller.shape.get().unread_from.filter(|_| past()));
    let button = move || {
        from.get().map(|seq| {
            view! {
                <button
                    type="button"
                    class="jump jump--up"
                    on:click=pressed(move |_| device.act(Action::Jump(Jump::To(seq))))
                >
                    {small_icon(ARROW_UP)}
                    {t().jump_to_unread}
                </button>
            }
        })
    };
    live(button).into_any()
}

/// The way to the newest message, while the reader is elsewhere.
fn jump(id: ConversationId, scroller: Scroller) -> AnyView {
    let device = Device::here();
    // While the end is out of sight nothing is read: what is unread is what waits below.
    let unread = memo(move || device.listed(id).map_or(0, |item| item.unread));
    let name = move || match unread.get() {
        0 => t().jump_to_newest.to_owned(),
        n => format!("{}, {}", t().jump_to_newest, (t().unread)(n)),
    };
    let badge = move || {
        let n = unread.get();
        (n > 0).then(|| badge("", None, n.to_string(), String::new()))
    };
    let button = move || {
        let shown = scroller.away.get() && !scroller.shape.get().loading;
        shown.then(|| {
            view! {
                <button
                    type="button"
                    class="jump"
                    aria-label=name
                    on:click=pressed(move |_| scroller.go_to_end())
                >
                    {icon(ARROW_DOWN)}
                    {live(badge)}
                </button>
            }
        })
    };
    live(button).into_any()
}

/// Bubbles of light, while nothing is known.
fn skeletons() -> AnyView {
    let rows = [false, false, true, false, true, true, false, true].into_iter().enumerate();
    let rows = rows
        .map(|(at, own)| {
            let message = "message message--first message--last";
            let class = if own { format!("{message} message--own") } else { message.to_owned() };
            let bubble = match at % 3 {
                1 => "skeleton--bubble skeleton--bubble-tall",
                _ => "skeleton--bubble",
            };
            view! {
                <div class=class>
                    <div class="message__main">{skeleton(bubble)}</div>
                </div>
            }
        })
        .collect::<Vec<_>>();
    // The column shows it like rows of its own.
    rows.into_any()
}
