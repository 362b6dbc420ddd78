//! Short news at the edge of the screen, one at a time.

use std::sync::LazyLock;
use std::time::Duration;

use crate::kit::Lasting;
use leptos::prelude::*;

use super::icon::{ALERT, CHECK, CLOSE, icon};
use super::{icon_button, live, pressed, said};
use crate::browser::{Fail, copy, on_update, t, take_update};

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
    /// A newer version of the app is here.
    Update,
}

/// News, and the how-manieth.
type Place = LazyLock<Lasting<(u32, Option<News>)>>;

static TOAST: Place = LazyLock::new(|| Lasting::new((0, None)));
/// What stays beside all toasts.
static LASTING: Place = LazyLock::new(|| Lasting::new((0, None)));

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
    let listener = on_update(|| LASTING.set((0, Some(News::Update))));
    let listener = StoredValue::new_local(listener);
    on_cleanup(move || listener.dispose());
    view! {
        <div class="toasts" role="region" aria-label=said(|t| t.notifications)>
            {shown(&TOAST)} {shown(&LASTING)}
        </div>
    }
    .into_any()
}

fn shown(place: &'static Place) -> AnyView {
    let news = move || {
        let (number, news) = place.get();
        news.map(|news| one(place, number, news))
    };
    live(news).into_any()
}

fn one(place: &'static Place, number: u32, news: News) -> AnyView {
    let (good, words) = match news {
        News::Update => (true, t().new_version.to_owned()),
        News::Good(words) => (true, words(t()).to_owned()),
        News::Bad(words) => (false, words(t()).to_owned()),
        News::Failed(fail) => (false, fail.sentence(t())),
    };
    view! {
        <div class="toast" role=if good { "status" } else { "alert" }>
            {icon(if good { CHECK } else { ALERT })} <span class="toast__text">{words}</span>
            {matches!(news, News::Update).then(reload)}
            {icon_button(CLOSE, |t| t.dismiss, move |_| place.set((number, None)))}
        </div>
    }
    .into_any()
}

fn reload() -> AnyView {
    view! {
        <button type="button" class="link-button" on:click=pressed(|_| take_update())>
            {t().reload}
        </button>
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
