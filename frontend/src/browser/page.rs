//! Window, clock, randomness, the small local storage, the clipboard.

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Storage, Window};

/// Kept while a page that was too old is being loaded anew.
const RELOADED: &str = "tideline.reloaded";

/// The page's window.
///
/// # Panics
/// Never in a page: the app runs nowhere else.
#[must_use]
pub(crate) fn window() -> Window {
    #[allow(clippy::expect_used, reason = "the app runs in a page, which has a window")]
    web_sys::window().expect("a page has a window")
}

/// The page's document.
///
/// # Panics
/// Never in a page.
#[must_use]
pub(crate) fn document() -> Document {
    #[allow(clippy::expect_used, reason = "a page's window has a document")]
    window().document().expect("a window has a document")
}

/// Milliseconds since 1970 by the device's clock.
#[must_use]
pub(crate) fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// Fills the buffer from the system's generator.
pub(crate) fn random(buffer: &mut [u8]) {
    if let Ok(crypto) = window().crypto() {
        // Fails for more than 64 KiB at a time; ids and jitter take a few bytes.
        let _ = crypto.get_random_values_with_u8_array(buffer);
    }
}

/// Puts a number on the icon of the app where it is installed; 0 takes it away.
pub(crate) fn set_badge(number: u64) {
    let navigator = window().navigator();
    let set = js_sys::Reflect::get(&navigator, &"setAppBadge".into());
    // Few browsers have it; those that do refuse it where there is no icon.
    let Ok(Ok(set)) = set.map(JsCast::dyn_into::<js_sys::Function>) else { return };
    if let Ok(answer) = set.call1(&navigator, &JsValue::from_f64(number as f64)) {
        leptos::task::spawn_local(async move {
            let _ = JsFuture::from(answer.unchecked_into::<js_sys::Promise>()).await;
        });
    }
}

/// Where the app is served: scheme, host and port.
#[must_use]
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

fn storage() -> Option<Storage> {
    // Refused where the person blocks site data: the app then forgets, and works.
    window().local_storage().ok().flatten()
}

/// Reads what was kept under a name.
#[must_use]
pub(crate) fn local_get(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps a small value under a name, where the browser lets us.
pub(crate) fn local_set(name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Loads the page anew, unless that was done before and did not help: then says so.
#[must_use]
pub(crate) fn reload_once() -> bool {
    if local_get(RELOADED).is_some() {
        return false;
    }
    local_set(RELOADED, "yes");
    super::update::renew();
    true
}

/// The page is new enough.
pub(crate) fn reload_helped() {
    if local_get(RELOADED).is_some() {
        local_remove(RELOADED);
    }
}

/// Forgets what was kept under a name.
pub(crate) fn local_remove(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

/// A text as names are compared.
#[must_use]
pub(crate) fn fold(text: &str) -> String {
    crate::present::folded(&String::from(JsString::from(text).normalize("NFKD")))
}

/// Whether the keyboard is Apple's, where the command key does what Ctrl does elsewhere.
#[must_use]
pub(crate) fn has_command_key() -> bool {
    let platform = window().navigator().platform().unwrap_or_default();
    ["Mac", "iPhone", "iPad"].iter().any(|name| platform.starts_with(name))
}

/// Puts a text on the clipboard; says whether the browser allowed it.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Absent on pages that are neither https nor localhost.
    let there = js_sys::Reflect::get(&navigator, &"clipboard".into())
        .is_ok_and(|clipboard| clipboard.is_object());
    if there {
        return JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok();
    }
    copy_by_selection(text)
}

/// The way of pages without the Clipboard API, such as a laptop's address on a home network.
fn copy_by_selection(text: &str) -> bool {
    use wasm_bindgen::JsCast;
    let document = document();
    let Ok(element) = document.create_element("textarea") else { return false };
    let Ok(area) = element.dyn_into::<web_sys::HtmlTextAreaElement>() else { return false };
    area.set_value(text);
    area.set_class_name("visually-hidden");
    let before = document.active_element();
    // Inside an open dialog nothing outside of it can take the focus.
    let host = document.query_selector("dialog[open]").ok().flatten();
    let host = host.or_else(|| document.body().map(Into::into));
    let Some(host) = host else { return false };
    let _ = host.append_child(&area);
    area.select();
    let done = js_sys::Reflect::get(&document, &"execCommand".into())
        .ok()
        .and_then(|command| command.dyn_into::<js_sys::Function>().ok())
        .and_then(|command| command.call1(&document, &"copy".into()).ok())
        .is_some_and(|done| done.is_truthy());
    area.remove();
    if let Some(element) =
        before.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = element.focus();
    }
    done
}
