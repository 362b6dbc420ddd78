//! Which part of a conversation is on the screen, and how it moves.
//!
//! A window lies within one segment of the history: it never shows two messages side by side that
//! have a hole between them.

use crate::place::{Place, Places, Slot};

/// Most rows in a window.
pub(crate) const WINDOW_ROWS: usize = 200;
/// To so many rows a window grows by what comes in: what the page holds of a busy room stays small.
const FOLLOWED_ROWS: usize = 100;
/// Rows shown at first, and by how many rows a window moves: one page of history.
pub(crate) const WINDOW_STEP: usize = tideline_shared::limits::PAGE_MESSAGES as usize;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Window {
    /// A message within the window's segment.
    anchor: Option<u64>,
    /// The first row; none before the window was placed.
    top: Option<Place>,
    /// The last row; none while the window reaches to the end of its segment, wherever that moves.
    bottom: Option<Place>,
    /// How many rows it had last.
    len: usize,
}

impl Window {
    /// A window about to be placed around a message that is held.
    pub(crate) fn at(seq: u64) -> Self {
        Self { anchor: Some(seq), top: None, bottom: None, len: 0 }
    }

    /// Places the window around a message: a page of rows with it in the middle.
    pub(crate) fn surround(&mut self, places: &Places<'_>, seq: u64) {
        let middle = Place::message(seq);
        let mut rows = places.above(Some(middle), WINDOW_STEP / 2);
        let below = places.from(middle, WINDOW_STEP / 2 + 2);
        let all = below.len() < WINDOW_STEP / 2 + 2;
        rows.extend(below);
        if !all {
            rows.pop();
        }
        self.set_rows(&rows);
        self.bottom = rows.last().copied().filter(|_| !all);
    }

    /// A message that says in which segment the window lies; none for the newest one.
    pub(crate) fn anchor(&self) -> Option<u64> {
        self.anchor
    }

    /// Whether the window reaches to the end of its segment.
    pub(crate) fn is_at_end(&self) -> bool {
        self.bottom.is_none()
    }

    /// The places shown, oldest first.
    pub(crate) fn rows(&self, places: &Places<'_>) -> Vec<Place> {
        let mut rows = self.top.map_or_else(Vec::new, |top| places.from(top, WINDOW_ROWS));
        if let Some(bottom) = self.bottom {
            rows.retain(|&place| place <= bottom);
        }
        rows
    }

    /// Whether nothing of the segment is above the window.
    pub(crate) fn is_at_top(&self, places: &Places<'_>) -> bool {
        self.top.is_none_or(|top| places.above(Some(top), 1).is_empty())
    }

    /// Fits the window to what there is now. While the person follows the end, what comes in
    /// pushes the oldest rows out; else the newest rows wait below.
    pub(crate) fn fit(&mut self, places: &Places<'_>, follows: bool) {
        let top = self.top.map(|top| top.max(places.first()));
        let mut rows = top.map_or_else(Vec::new, |top| places.from(top, WINDOW_ROWS + 1));
        if self.bottom.is_some_and(|bottom| places.from(bottom, 2).iter().all(|&p| p <= bottom)) {
            self.bottom = None;
        }
        // Who went up for older rows keeps as many.
        let most = self.len.clamp(FOLLOWED_ROWS, WINDOW_ROWS);
        match self.bottom {
            Some(bottom) => rows.retain(|&place| place <= bottom),
            None if rows.len() > most && follows => {
                rows = places.above(None, most);
            }
            None => {}
        }
        if rows.len() > WINDOW_ROWS {
            rows.truncate(WINDOW_ROWS);
            self.bottom = rows.last().copied();
        }
        if rows.is_empty() {
            // What was shown is gone.
            self.bottom = None;
        }
        if rows.len() < WINDOW_STEP {
            let missing = WINDOW_STEP - rows.len();
            let mut more = places.above(rows.first().copied(), missing);
            more.append(&mut rows);
            rows = more;
        }
        self.set_rows(&rows);
    }

    /// Moves up by so many rows. Says how many there were too few.
    pub(crate) fn older(&mut self, places: &Places<'_>, by: usize) -> usize {
        let more = places.above(self.top, by);
        let short = by - more.len();
        if let Some(&first) = more.first() {
            self.top = Some(first);
            let rows = places.from(first, WINDOW_ROWS + 1);
            if rows.len() > WINDOW_ROWS {
                let last = rows.get(WINDOW_ROWS - 1).copied();
                self.bottom = self.bottom.min(last).or(last);
            }
            let rows = self.rows(places);
            self.set_rows(&rows);
        }
        short
    }

    /// Moves down by so many rows. Says how many there were too few.
    pub(crate) fn newer(&mut self, places: &Places<'_>, by: usize) -> usize {
        let Some(bottom) = self.bottom else { return by };
        let mut more = places.from(bottom, by + 2);
        more.retain(|&place| place > bottom);
        // One more than needed says whether that is all.
        let all = more.len() <= by;
        more.truncate(by);
        let short = by - more.len();
        self.bottom = more.last().copied().or(Some(bottom)).filter(|_| !all);
        let mut rows = self.top.map_or_else(Vec::new, |top| places.from(top, WINDOW_ROWS + by + 2));
        if let Some(bottom) = self.bottom {
            rows.retain(|&place| place <= bottom);
        }
        let rows = rows.split_off(rows.len().saturating_sub(WINDOW_ROWS));
        self.set_rows(&rows);
        short
    }

    /// Stays where it is, whatever comes in behind it.
    pub(crate) fn hold(&mut self, places: &Places<'_>) {
        if self.bottom.is_none() {
            self.bottom = self.rows(places).last().copied();
        }
    }

    fn set_rows(&mut self, rows: &[Place]) {
        self.top = rows.first().copied();
        self.len = rows.len();
        let messages = rows.iter().filter(|place| place.slot == Slot::Message);
        if let Some(newest) = messages.map(|place| place.seq).next_back() {
            self.anchor = Some(newest);
        }
    }
}
