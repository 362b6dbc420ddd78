//! Keeps the reader's place. The engine decides which rows are there; here is decided where they
//! stand on the screen: at the newest message while the reader is there, else wherever they are (`hold.rs`).

use crate::kit::{State, effect};
use leptos::html;
use leptos::prelude::*;
use tideline_client::{Action, Item, Row, Timeline};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};

use super::hold::Hold;
use crate::browser::now;
use crate::shell::Device;

/// More rows are asked for when this many pixels are left.
const NEAR_PX: f64 = 600.0;
/// The newest message counts as seen while it is this close to the edge.
const AT_END_PX: f64 = 48.0;
/// A row behind which more was asked for in vain is not asked about again for so long.
const AGAIN_MS: u64 = 2_000;
/// Where the line "new messages" stands when a conversation is opened, from the top.
const LINE_PX: f64 = 96.0;

/// The line "new messages".
const LINE: &str = ".unread-line";
/// The class of the message that was gone to.
const TARGET: &str = "message--target";

/// What of a timeline the place depends on.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Shape {
    pub(super) loading: bool,
    pub(super) at_start: bool,
    pub(super) at_end: bool,
    pub(super) loading_older: bool,
    pub(super) loading_newer: bool,
    /// Marks of the outermost rows: they change when the window moves.
    first: u64,
    last: u64,
    /// Where the person asked to go, and the how-manieth time.
    target: Option<(u64, u64)>,
    /// The first unread message, if any was when the conversation was opened.
    pub(super) unread_from: Option<u64>,
    /// The line before it is above the window.
    unread_above: bool,
}

impl Shape {
    pub(super) fn of(timeline: &Timeline) -> Self {
        Self {
            loading: timeline.loading,
            at_start: timeline.at_start,
            at_end: timeline.at_end,
            loading_older: timeline.loading_older,
            loading_newer: timeline.loading_newer,
            first: timeline.rows.first().map_or(0, mark),
            last: timeline.rows.last().map_or(0, mark),
            target: timeline.target,
            unread_from: timeline.unread_after.map(|seq| seq + 1),
            unread_above: unread_above(timeline),
        }
    }
}

/// Whether the first unread message is above the window.
fn unread_above(timeline: &Timeline) -> bool {
    let Some(after) = timeline.unread_after else { return false };
    let seqs = timeline.rows.iter().filter_map(|row| match row.item {
        Item::Message { seq, .. } => seq,
        _ => None,
    });
    seqs.min().is_some_and(|first| after + 1 < first)
}

/// Tells rows apart well enough.
fn mark(row: &Row) -> u64 {
    row.key.bytes().fold(row.at.0, |mark, byte| mark.rotate_left(5) ^ u64::from(byte))
}

/// Where the reader is. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Scroller {
    device: Device,
    /// The element that scrolls.
    pub(super) node: NodeRef<html::Div>,
    /// What the timeline on the screen is like.
    pub(super) shape: State<Shape>,
    /// Whether the reader is away from the newest message.
    pub(super) away: State<bool>,
    /// Whether the line "new messages" is above what is shown.
    pub(super) past_line: State<bool>,
    state: StoredValue<Progress>,
    hold: StoredValue<Hold, LocalStorage>,
}

#[derive(Clone, Copy)]
struct Progress {
    /// The first place was found.
    placed: bool,
    /// Stay at the newest message.
    stick: bool,
    /// What the engine believes of the end being seen.
    told: bool,
    /// The last target that was gone to.
    target: Option<(u64, u64)>,
    /// Where and when more was asked for last: what has not moved since is not asked for again.
    older: Asked,
    newer: Asked,
}

/// The outermost row when more was asked for, and the time.
type Asked = Option<(u64, u64)>;

impl Scroller {
    /// For a conversation that was put on the screen this moment.
    pub(super) fn new(device: Device) -> Self {
        let state = Progress {
            placed: false,
            stick: true,
            told: false,
            target: None,
            older: None,
            newer: None,
        };
        Self {
            device,
            node: NodeRef::new(),
            shape: State::new(Shape::default()),
            away: State::new(false),
            past_line: State::new(false),
            state: StoredValue::new(state),
            hold: StoredValue::new_local(Hold::default()),
        }
    }

    /// After rows changed, in the same frame: the reader is where they were, or where they asked to go.
    pub(super) fn settle(self) {
        let Some(node) = self.node.get_untracked() else { return };
        let Some(mut state) = self.state.try_get_value() else { return };
        let shape = self.shape.get_untracked();
        if shape.target.is_some() && shape.target != state.target {
            state.placed |= !shape.loading;
            state.target = shape.target;
            state.stick = false;
            self.state.set_value(state);
            let row = show_target(&node, shape.target.map_or(0, |(seq, _)| seq));
            self.hold.set_value(Hold::new(&node, row));
        } else if !state.placed && !shape.loading {
            let row = go_to_line(&node);
            state.placed = true;
            state.stick = row.is_none();
            self.state.set_value(state);
            self.hold.set_value(Hold::new(&node, row));
        }
        self.stay(&node);
        self.look(&node);
    }

    /// The reader is where they were: at the newest message, or with the rows that they see.
    fn stay(self, node: &HtmlElement) {
        let is_left = self.hold.try_update_value(|hold| hold.is_left(node)).unwrap_or_default();
        if self.sticks() && !is_left {
            go_to_bottom(node);
            self.hold.set_value(Hold::nothing(node));
        } else {
            // Also who left this moment, of whose scrolling the browser did not tell yet.
            self.state.update_value(|state| state.stick = false);
            self.hold.try_update_value(|hold| hold.keep(node));
        }
    }

    /// The reader scrolled.
    pub(super) fn scrolled(self) {
        let Some(node) = self.node.get_untracked() else { return };
        let up = self.hold.try_update_value(|hold| hold.keep(&node)).unwrap_or_default();
        let end = self.shape.get_untracked().at_end && below(&node) <= AT_END_PX;
        // What is taller all of a sudden takes nobody from the end.
        self.state.update_value(|it| it.stick = it.placed && (end || it.stick && !up));
        self.look(&node);
    }

    /// Back to the newest message, and stay there.
    pub(super) fn go_to_end(self) {
        self.state.update_value(|state| state.stick = true);
        if !self.shape.get_untracked().at_end {
            return self.device.act(Action::Newest);
        }
        if let Some(node) = self.node.get_untracked() {
            self.stay(&node);
            self.look(&node);
        }
    }

    /// Keeps the place when something changes its size, before anybody sees it: a message that is edited, a
    /// card or a picture that comes, a keyboard that comes up, a composer that grows, a window that is made
    /// narrower.
    pub(super) fn follow_size(self) {
        let changed = Closure::<dyn FnMut()>::new(move || {
            let Some(node) = self.node.try_get_untracked().flatten() else { return };
            self.stay(&node);
            self.look(&node);
        });
        let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else { return };
        let held = StoredValue::new_local((observer.clone(), changed));
        effect(move || {
            if let Some(node) = self.node.get() {
                held.with_value(|(observer, _)| observer.observe(&node));
                if let Some(column) = node.first_element_child() {
                    held.with_value(|(observer, _)| observer.observe(&column));
                }
            }
        });
        on_cleanup(move || observer.disconnect());
    }

    fn sticks(self) -> bool {
        self.state.try_get_value().is_some_and(|state| state.stick)
    }

    /// Sees what is near, and tells the engine.
    fn look(self, node: &HtmlElement) {
        let Some(mut state) = self.state.try_get_value() else { return };
        let shape = self.shape.get_untracked();
        if !state.placed || node.client_height() == 0 {
            return;
        }
        let end = shape.at_end && below(node) <= AT_END_PX;
        if self.away.get_untracked() == end {
            self.away.set(!end);
        }
        let past = shape.unread_above || !end && shape.unread_from.is_some() && is_past_line(node);
        if self.past_line.get_untracked() != past {
            self.past_line.set(past);
        }
        if state.told != end {
            state.told = end;
            self.state.set_value(state);
            self.device.act(Action::AtEnd(end));
            // The answer may move things: what is near is seen behind it.
            leptos::task::spawn_local(async move {
                leptos::task::tick().await;
                if let Some(node) = self.node.try_get_untracked().flatten() {
                    self.look(&node);
                }
            });
            return;
        }
        let (older, newer) = (
            top(node) < NEAR_PX && !shape.at_start && !shape.loading_older,
            below(node) < NEAR_PX && !shape.at_end && !shape.loading_newer,
        );
        let now = now();
        let older = older && ask(&mut state.older, shape.first, now);
        let newer = newer && ask(&mut state.newer, shape.last, now);
        self.state.set_value(state);
        if older {
            self.device.act(Action::Older);
        }
        if newer {
            self.device.act(Action::Newer);
        }
    }
}

/// Whether to ask for more behind `row`, and if so, remembers it.
fn ask(asked: &mut Asked, row: u64, now: u64) -> bool {
    let again = asked.is_none_or(|(last, at)| last != row || now.saturating_sub(at) > AGAIN_MS);
    if again {
        *asked = Some((row, now));
    }
    again
}

fn top(node: &HtmlElement) -> f64 {
    f64::from(node.scroll_top())
}

fn set_top(node: &HtmlElement, top: f64) {
    node.set_scroll_top(top.round() as i32);
}

fn below(node: &HtmlElement) -> f64 {
    f64::from(node.scroll_height() - node.client_height()) - top(node)
}

fn go_to_bottom(node: &HtmlElement) {
    node.set_scroll_top(node.scroll_height());
}

/// Puts the line "new messages" near the top, and says what is below it. Nothing when there is no line, or when
/// everything from it on fits: then the newest message is the place to be.
fn go_to_line(node: &HtmlElement) -> Option<Element> {
    let line = node.query_selector(LINE).ok()??;
    let from_top = line.get_bounding_client_rect().top() - node.get_bounding_client_rect().top();
    let wanted = top(node) + from_top - LINE_PX;
    let most = f64::from(node.scroll_height() - node.client_height());
    if wanted >= most {
        return None;
    }
    set_top(node, wanted.max(0.0));
    line.next_element_sibling()
}

/// Whether the line "new messages" is above what can be seen.
fn is_past_line(node: &HtmlElement) -> bool {
    let Ok(Some(line)) = node.query_selector(LINE) else { return false };
    line.get_bounding_client_rect().bottom() < node.get_bounding_client_rect().top()
}

/// Brings a message into the middle, and lights it up.
fn show_target(node: &HtmlElement, seq: u64) -> Option<Element> {
    let row = node.query_selector(&format!("[data-seq='{seq}']")).ok()??;
    let (place, view) = (row.get_bounding_client_rect(), node.get_bounding_client_rect());
    let middle = place.top() - view.top() - (view.height() - place.height()).max(0.0) / 2.0;
    set_top(node, (top(node) + middle).max(0.0));
    // Begun anew where it was lit before.
    let _ = row.class_list().remove_1(TARGET);
    let _ = row.get_bounding_client_rect();
    let _ = row.class_list().add_1(TARGET);
    Some(row)
}
