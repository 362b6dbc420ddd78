//! Short news at the edge of the screen, one at a time.

use std::sync::LazyLock;
use std::time::Duration;

use leptos::prelude::*;

use super::icon::{ALERT, CHECK, CLOSE, icon};
use super::icon_button;
use crate::browser::{Fail, copy, t};

/// How long good news stay. Bad news stay until they are dismissed.
const SHOWN: Duration = Duration::from_secs(4);

/// What a toast says; the words are looked up when it is drawn.
#[derive(Clone, Copy)]
pub(crate) enum News {
    /// Something worked.
    Good(super::Words),
    /// Something did not.
    Bad(super::Words),
    /// The service did not do it.
    Failed(Fail),
}

static TOAST: LazyLock<ArcRwSignal<(u32, Option<News>)>> =
    LazyLock::new(|| ArcRwSignal::new((0, None)));

/// Shows a toast in place of any other.
pub(crate) fn toast(news: News) {
    let number = TOAST.get_untracked().0.wrapping_add(1);
    TOAST.set((number, Some(news)));
    if matches!(news, News::Good(_)) {
        set_timeout(
            move || {
                if TOAST.get_untracked().0 == number {
                    TOAST.set((number, None));
                }
            },
            SHOWN,
        );
    }
}

/// The place of toasts: once, last in the app.
#[must_use]
pub(crate) fn toasts() -> AnyView {
    view! {
        <div class="toasts" role="region" aria-label=move || t().notifications>
            {move || {
                let (number, news) = TOAST.get();
                news.map(|news| one(number, news))
            }}
        </div>
    }
    .into_any()
}

fn one(number: u32, news: News) -> AnyView {
    let (good, words) = match news {
        News::Good(words) => (true, words(t()).to_owned()),
        News::Bad(words) => (false, words(t()).to_owned()),
        News::Failed(fail) => (false, fail.sentence(t())),
    };
    view! {
        <div class="toast" role=if good { "status" } else { "alert" }>
            {icon(if good { CHECK } else { ALERT })} <span class="toast__text">{words}</span>
            {icon_button(CLOSE, |t| t.dismiss, move |_| TOAST.set((number, None)))}
        </div>
    }
    .into_any()
}

/// Puts a text on the clipboard and says how that went.
pub(crate) fn copy_and_tell(text: String) {
    leptos::task::spawn_local(async move {
        let news =
            if copy(&text).await { News::Good(|t| t.copied) } else { News::Bad(|t| t.copy_failed) };
        toast(news);
    });
}
