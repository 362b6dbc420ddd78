//! The style of what is not there at first.

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlLinkElement;

use super::document;

const ID: &str = "more-style";

/// Adds the style sheet that the page names, unless it is there, and waits until it is applied or
/// cannot be had: without it everything works, and looks plain.
pub(crate) async fn more_style() {
    let Some(link) = link() else { return };
    if link.sheet().is_some() {
        return;
    }
    let settled = Promise::new(&mut |done, _| {
        for event in ["load", "error"] {
            // Fails never: these are callbacks.
            let _ = link.add_event_listener_with_callback(event, &done);
        }
    });
    // Is never refused.
    let _ = JsFuture::from(settled).await;
    if link.sheet().is_none() {
        // Asked for again the next time.
        link.remove();
    }
}

fn link() -> Option<HtmlLinkElement> {
    if let Some(known) = document().get_element_by_id(ID) {
        return known.dyn_into().ok();
    }
    let address = document().document_element()?.get_attribute("data-more-style")?;
    let link = document().create_element("link").ok()?.dyn_into::<HtmlLinkElement>().ok()?;
    link.set_id(ID);
    link.set_rel("stylesheet");
    link.set_href(&address);
    document().query_selector("head").ok()??.append_child(&link).ok()?;
    Some(link)
}
