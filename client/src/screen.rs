//! What is on the screen: one conversation, its window, and what has to be fetched for it.

use tideline_shared::ConversationId;

use crate::backoff;
use crate::io::Jump;
use crate::window::Window;

/// Messages to be fetched on one side of the window.
#[derive(Debug, Default)]
pub(crate) struct Fetch {
    /// So many rows the window is to move by once they are here.
    pub(crate) rows: Option<usize>,
    /// The service asked to wait until then, so many times.
    pub(crate) not_before: u64,
    pub(crate) tries: u32,
}

/// The conversation on the screen.
#[derive(Debug)]
pub(crate) struct Screen {
    pub(crate) conversation: ConversationId,
    pub(crate) window: Window,
    /// The person sees the window's end.
    pub(crate) at_end: bool,
    /// The newest message when the end went out of sight.
    pub(crate) seen: u64,
    /// Where reading stopped, and whether that is decided.
    pub(crate) unread_after: Option<u64>,
    pub(crate) unread_decided: bool,
    pub(crate) older: Fetch,
    pub(crate) newer: Fetch,
    /// Where the person wants to go, while it is not here.
    pub(crate) jump: Option<Jump>,
    /// Where they went last, and how often they went anywhere.
    pub(crate) target: Option<(u64, u64)>,
}

impl Screen {
    pub(crate) fn new(conversation: ConversationId) -> Self {
        Self {
            conversation,
            window: Window::default(),
            at_end: true,
            seen: 0,
            unread_after: None,
            unread_decided: false,
            older: Fetch::default(),
            newer: Fetch::default(),
            jump: None,
            target: None,
        }
    }
}

impl Fetch {
    /// Wants so many rows, or as many as are wanted already.
    pub(crate) fn want(&mut self, rows: usize) {
        self.rows = self.rows.max(Some(rows));
    }

    /// An answer came. One that brought nothing is not asked for again at once: the next would be
    /// the same.
    pub(crate) fn answered(&mut self, now: u64, moved: bool) {
        self.tries = 0;
        if !moved {
            self.not_before = now.saturating_add(backoff::LONGEST_MS);
        }
    }

    pub(crate) fn is_wanted(&self) -> bool {
        self.rows.is_some()
    }
}
