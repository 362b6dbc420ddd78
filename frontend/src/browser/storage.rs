//! How much the browser keeps for the app, and whether it may throw it away.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

use super::window;

/// What is kept here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Kept {
    /// In bytes, as far as the browser says.
    pub(crate) bytes: u64,
    /// The browser does not throw it away when its disk is full.
    pub(crate) lasting: bool,
}

/// Browsers have it on pages that are https or localhost.
fn manager() -> Option<StorageManager> {
    let manager = js_sys::Reflect::get(&window().navigator(), &"storage".into()).ok()?;
    manager.dyn_into().ok()
}

/// How much is kept; none where the browser does not say.
pub(crate) async fn kept() -> Option<Kept> {
    let manager = manager()?;
    let estimate = JsFuture::from(manager.estimate().ok()?).await.ok()?;
    let estimate: StorageEstimate = estimate.unchecked_into();
    let lasting = match manager.persisted() {
        Ok(asked) => JsFuture::from(asked).await.as_ref().is_ok_and(JsValue::is_truthy),
        Err(_) => false,
    };
    Some(Kept { bytes: estimate.get_usage().unwrap_or_default() as u64, lasting })
}

/// Asks the browser, and it maybe the person, to keep it; says whether it will.
pub(crate) async fn keep_for_good() -> bool {
    let asked = manager().and_then(|manager| manager.persist().ok());
    match asked {
        Some(asked) => JsFuture::from(asked).await.as_ref().is_ok_and(JsValue::is_truthy),
        None => false,
    }
}
