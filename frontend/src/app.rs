//! The root: who is signed in, and which of the three apps they see.

use crate::kit::{effect, live, memo};
use leptos::prelude::*;
use tideline_shared::{Code, UserId};

use crate::browser::{document, follow_prefs, follow_route, route};
use crate::kit::toasts;
use crate::present::Route;
use crate::screens::{join_page, main_screen, sign_in_page};
use crate::shell::{Who, begin, follow_tabs, who};

/// What fills the page.
#[derive(Clone, PartialEq)]
enum Scene {
    /// The service was asked who this is: the splash of the page stays.
    Waiting,
    /// Sign in, or register.
    SignIn(Option<Code>),
    /// An invite, as seen by this person or by nobody.
    Join(String, Option<UserId>),
    /// Everything else.
    Main(UserId),
}

fn scene() -> Scene {
    match (who(), route()) {
        (Who::Asking, _) => Scene::Waiting,
        (Who::Person(me), Route::Join(token)) => Scene::Join(token, Some(me)),
        (Who::Nobody(_), Route::Join(token)) => Scene::Join(token, None),
        (Who::Person(me), _) => Scene::Main(me),
        (Who::Nobody(why), _) => Scene::SignIn(why),
    }
}

/// The app. Made once.
pub(crate) fn app() -> AnyView {
    follow_prefs();
    #[cfg(feature = "kit")]
    if let Some(page) = crate::kit::gallery() {
        return page;
    }
    follow_route();
    follow_tabs();
    begin();
    let scene = memo(scene);
    effect(move || {
        if scene.get() != Scene::Waiting
            && let Some(splash) = document().get_element_by_id("splash")
        {
            splash.remove();
        }
    });
    view! {
        {live(move || match scene.get() {
            Scene::Waiting => ().into_any(),
            Scene::SignIn(why) => sign_in_page(why),
            Scene::Join(token, me) => join_page(token, me),
            Scene::Main(me) => main_screen(me),
        })}
        {toasts()}
    }
    .into_any()
}
