//! How wide the page is, as far as screens differ by it; `style/layout.css` has the same limits.

use std::sync::LazyLock;

use crate::kit::Lasting;

use super::{listen, window};

static NARROW: LazyLock<Lasting<bool>> = LazyLock::new(|| follow("(width < 45rem)"));
static WIDE: LazyLock<Lasting<bool>> = LazyLock::new(|| follow("(width >= 68rem)"));

/// One pane fills the page; tracked.
#[must_use]
pub(crate) fn is_narrow() -> bool {
    NARROW.get()
}

/// There is room for three panes beside each other; tracked.
#[must_use]
pub(crate) fn is_wide() -> bool {
    WIDE.get()
}

/// Whether the page is as the query says, for as long as it lives.
fn follow(query: &str) -> Lasting<bool> {
    let holds = Lasting::new(false);
    // Fails only for what is no query.
    if let Ok(Some(list)) = window().match_media(query) {
        holds.set(list.matches());
        let (told, asked) = (holds.clone(), list.clone());
        std::mem::forget(listen(&list, "change", move |_| told.set(asked.matches())));
    }
    holds
}
