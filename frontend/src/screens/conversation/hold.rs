//! Holds the place of a reader who is not at the newest message: the rows that they see stay where they
//! are on the screen, whatever comes, goes or changes its size above them, and however wide the pane is.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Less than this is nobody's doing: places are fractions of pixels.
const STILL_PX: f64 = 1.0;

/// The rows that are held, and how far the reader scrolled. Places are measured from the top of the column,
/// which no scrolling changes.
#[derive(Default)]
pub(super) struct Hold {
    /// The best first.
    rows: Vec<(Element, f64)>,
    top: f64,
}

impl Hold {
    /// Nothing is held: the reader is wherever the caller has put them.
    pub(super) fn nothing(node: &HtmlElement) -> Self {
        let top = column(node).map_or(0.0, |column| top(node) - top(&column));
        Self { rows: Vec::new(), top }
    }

    /// Holds what can be seen, and before all of it `first`.
    pub(super) fn new(node: &HtmlElement, first: Option<Element>) -> Self {
        let Some(column) = column(node) else { return Self::default() };
        let from = top(&column);
        let rows = first.into_iter().chain(in_sight(node, &column));
        let rows = rows.map(|row| (top(&row) - from, row)).map(|(at, row)| (row, at)).collect();
        Self { rows, top: top(node) - from }
    }

    /// Whether the reader went up since, which nobody else does: browsers go up only to the end of what is left.
    pub(super) fn is_left(&self, node: &HtmlElement) -> bool {
        let now = column(node).map_or(0.0, |column| top(node) - top(&column));
        let most = f64::from(node.scroll_height() - node.client_height());
        now < self.top - STILL_PX && now < most - STILL_PX
    }

    /// Puts the rows back to where they were. Whether the reader went up since.
    pub(super) fn keep(&mut self, node: &HtmlElement) -> bool {
        let Some(column) = column(node).filter(|_| node.client_height() > 0) else { return false };
        let from = top(&column);
        let now = top(node) - from;
        let held = self.rows.iter().find(|(row, _)| row.is_connected());
        let moved = held.map_or(0.0, |(row, at)| top(row) - from - at);
        // Where there is less to scroll than before, browsers go to the end of it by themselves.
        let most = f64::from(node.scroll_height() - node.client_height());
        let was = if now < self.top && now >= most - STILL_PX { self.top } else { now };
        let by = was + moved - now;
        if by != 0.0 {
            // Not by whole pixels, which `scrollTop` of these bindings has.
            node.scroll_by_with_x_and_y(0.0, by);
        }
        let scrolled = was - self.top;
        if held.is_none() || scrolled.abs() >= STILL_PX {
            *self = Self::new(node, None);
        } else {
            // Further up or down by now.
            let from = top(&column);
            self.rows.retain(|(row, _)| row.is_connected());
            self.rows.iter_mut().for_each(|(row, at)| *at = top(row) - from);
            self.top = top(node) - from;
        }
        scrolled <= -STILL_PX
    }
}

/// What the rows stand in, one below the other.
fn column(node: &HtmlElement) -> Option<HtmlElement> {
    node.first_element_child()?.dyn_into().ok()
}

fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}

/// The rows that can be seen, those first whose beginning can.
fn in_sight(node: &HtmlElement, column: &Element) -> Vec<Element> {
    let view = node.get_bounding_client_rect();
    let children = column.children();
    let child = |at: u32| children.item(at).map(|child| (child.get_bounding_client_rect(), child));
    // Halving finds the first of them.
    let (mut from, mut to) = (0, children.length());
    while from < to {
        let middle = (from + to) / 2;
        let above = child(middle).is_some_and(|(place, _)| place.bottom() <= view.top());
        (from, to) = if above { (middle + 1, to) } else { (from, middle) };
    }
    let seen = (from..children.length()).map_while(child);
    let seen = seen.take_while(|(place, _)| place.top() < view.bottom());
    let (whole, cut): (Vec<_>, Vec<_>) =
        seen.filter(|(_, child)| is_row(child)).partition(|(place, _)| place.top() >= view.top());
    whole.into_iter().chain(cut).map(|(_, row)| row).collect()
}

/// Whether a child of the column stays with what it shows. What marks a day or the edge of the
/// window does not.
fn is_row(child: &Element) -> bool {
    matches!(child.local_name().as_str(), "article" | "p")
}
