//! The address bar: reads it, moves it, and keeps links of the app inside the app.

use std::sync::LazyLock;

use crate::kit::Lasting;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent};

use super::{document, listen, origin, window};
use crate::present::Route;

static ROUTE: LazyLock<Lasting<Route>> = LazyLock::new(|| Lasting::new(read()));

fn read() -> Route {
    let path = window().location().pathname().unwrap_or_default();
    let plain = js_sys::decode_uri_component(&path).map(String::from).unwrap_or(path);
    Route::parse(&plain)
}

/// Where the person is; tracked.
#[must_use]
pub(crate) fn route() -> Route {
    ROUTE.get()
}

/// Goes somewhere, with a way back.
pub(crate) fn go(route: Route) {
    if ROUTE.get_untracked() == route {
        return;
    }
    if let Ok(history) = window().history() {
        let depth = JsValue::from(depth() + 1.0);
        // Browsers refuse hundreds of entries in a few seconds; the app goes there all the same.
        let _ = history.push_state_with_url(&depth, "", Some(&route.path()));
    }
    ROUTE.set(route);
}

/// Goes somewhere in place of here.
pub(crate) fn replace(route: Route) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&depth().into(), "", Some(&route.path()));
    }
    if ROUTE.get_untracked() != route {
        ROUTE.set(route);
    }
}

/// Goes back to where the person came from; whoever came here from outside of the app, to the list. Whether the
/// browser does it, which takes a moment.
pub(crate) fn back() -> bool {
    let own = depth() > 0.0;
    let goes = own && window().history().is_ok_and(|history| history.back().is_ok());
    if !goes {
        replace(Route::Home);
    }
    goes
}

/// How many of the entries before this one the app has made.
fn depth() -> f64 {
    let state = window().history().and_then(|history| history.state());
    state.ok().and_then(|state| state.as_f64()).unwrap_or_default()
}

/// Follows the browser's back and forward, and takes clicks on the app's own links. Called once.
pub(crate) fn follow_route() {
    let back = listen(&window(), "popstate", |_| {
        let route = read();
        if ROUTE.get_untracked() != route {
            ROUTE.set(route);
        }
    });
    let click = listen(&document(), "click", |event| {
        let event: MouseEvent = event.unchecked_into();
        let plain = event.button() == 0
            && !(event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key());
        if !plain || event.default_prevented() {
            return;
        }
        if let Some(link) = own_link(&event) {
            event.prevent_default();
            let path = link.pathname();
            let path = js_sys::decode_uri_component(&path).map(String::from).unwrap_or(path);
            go(Route::parse(&path));
        }
    });
    // For as long as the page lives.
    std::mem::forget((back, click));
}

fn own_link(event: &MouseEvent) -> Option<HtmlAnchorElement> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = target.closest("a[href]").ok()??.dyn_into().ok()?;
    let ours = link.origin() == origin() && link.target().is_empty();
    (ours && !link.has_attribute("download")).then_some(link)
}
