//! The rows of a timeline, each with what stands above it, drawn once and changed in place.

use leptos::prelude::*;
use tideline_client::Item;
use tideline_shared::Timestamp;

use super::message::message;
use super::scroll::{Scroller, Shape};
use super::talk::{Dialog, Talk};
use crate::browser::{called, day_of, day_title, t};
use crate::kit::icon::ripple;
use crate::kit::{self, Lasting, Row, State, effect, live, memo, pressed, said};
use crate::present::{Arranged, Keyed, arrange};
use crate::shell::Device;

/// What a row on the screen shows.
#[derive(Clone, PartialEq)]
pub(super) struct Model {
    pub(super) arranged: Arranged,
    /// It came while the reader was there: it may move in.
    pub(super) fresh: bool,
}

pub(super) type Cell = Lasting<Model>;

/// The rows, kept in the reader's place by `scroller`. `group` says whether it is a group's.
pub(super) fn rows(
    scroller: Scroller,
    group: impl Fn() -> bool + Copy + Send + Sync + 'static,
) -> AnyView {
    let device = Device::here();
    let mut keyed = Keyed::<String, Cell>::new();
    let mut drawn = false;
    let shown = State::new(Vec::new());
    effect(move || {
        let timeline = device.timeline.get();
        let shape = Shape::of(&timeline);
        let newest = last_key(&timeline).filter(|_| drawn);
        let models = arrange(&timeline, day_of).into_iter().map(|arranged| {
            let fresh = newest.as_ref() == Some(&arranged.row.key);
            (arranged.row.key.clone(), Model { arranged, fresh })
        });
        let change = |cell: &Cell, model: Model| {
            let fresh = cell.with_untracked(|shown| shown.fresh);
            let model = Model { fresh, ..model };
            if cell.with_untracked(|shown| *shown != model) {
                cell.set(model);
            }
        };
        let cells = keyed.follow(models, change, Lasting::new).into_iter();
        let as_row = |(key, cell): (String, Cell)| Row::new(key, move || row(cell.clone(), group));
        shown.set(cells.map(as_row).collect());
        scroller.shape.set(shape);
        drawn |= !shape.loading;
        // The page is changed by tasks that this effect has woken; the next tick comes behind
        // them and before the browser paints.
        leptos::task::spawn_local(async move {
            leptos::task::tick().await;
            scroller.settle();
        });
    });
    kit::rows(shown)
}

/// The key of the window's last row, if nothing is below it.
fn last_key(timeline: &tideline_client::Timeline) -> Option<String> {
    let last = timeline.rows.last().filter(|_| timeline.at_end)?;
    Some(last.key.clone())
}

fn row(cell: Cell, group: impl Fn() -> bool + Copy + Send + Sync + 'static) -> AnyView {
    let above = {
        let cell = cell.clone();
        let above =
            memo(move || cell.with(|model| (model.arranged.day, model.arranged.unread_line)));
        move || {
            let (day, line) = above.get();
            (day.map(day_line), line.then(unread_line))
        }
    };
    let is_message =
        cell.with_untracked(|model| matches!(model.arranged.row.item, Item::Message { .. }));
    let content = if is_message { message(cell, group) } else { event(cell) };
    view! {
        {live(above)}
        {content}
    }
    .into_any()
}

/// The day; pressed, it asks for another one to go to.
fn day_line(day: Timestamp) -> AnyView {
    let talk: Talk = expect_context();
    view! {
        <div class="day">
            <button
                type="button"
                class="day__button"
                title=said(|t| t.jump_to_date)
                on:click=pressed(move |_| talk.show(Dialog::Date(day)))
            >
                {live(move || day_title(day))}
            </button>
        </div>
    }
    .into_any()
}

fn unread_line() -> AnyView {
    view! {
        <div class="unread-line" role="separator">
            {ripple()} {live(move || t().new_messages)} {ripple()}
        </div>
    }
    .into_any()
}

fn event(cell: Cell) -> AnyView {
    let words = move || {
        cell.with(|model| match &model.arranged.row.item {
            Item::Joined { person } => (t().joined)(&called(&person.display_name)),
            Item::Left { person, removed: false } => (t().left)(&called(&person.display_name)),
            Item::Left { person, removed: true } => {
                (t().was_removed)(&called(&person.display_name))
            }
            Item::Message { .. } => String::new(),
        })
    };
    view! { <p class="event">{live(words)}</p> }.into_any()
}
