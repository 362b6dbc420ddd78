//! What is fetched piece by piece and kept as a file.

use gloo_net::http::{Request, Response};
use js_sys::{Array, Reflect, Uint8Array};
use tideline_shared::Code;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Blob, HtmlAnchorElement, ReadableStreamDefaultReader, Url};

use super::api::answer;
use super::{Fail, document};

/// Begins to fetch; `stop` ends it, also later.
///
/// # Errors
/// The service's refusal, or that it was not reached.
pub(crate) async fn fetch(path: &str, stop: &AbortSignal) -> Result<Response, Fail> {
    let request = Request::get(path).abort_signal(Some(stop));
    let response = request.send().await.map_err(|_| Fail::Network)?;
    if !response.ok() {
        answer(response).await?;
        return Err(Fail::Network);
    }
    Ok(response)
}

/// What this device answers for an address of its own.
///
/// # Errors
/// It does not.
pub(crate) async fn receive(path: &str) -> Result<String, Fail> {
    let response = Request::get(path).send().await.map_err(|_| Fail::Network)?;
    if !response.ok() {
        return Err(Code::Unknown.into());
    }
    response.text().await.map_err(|_| Fail::Network)
}

/// The same as bytes.
pub(crate) async fn receive_blob(path: &str) -> Option<Blob> {
    let response = Request::get(path).send().await.ok().filter(Response::ok)?;
    collect(&response, |_| ()).await.ok()
}

/// All of a body, which the browser keeps wherever it likes; `tell` hears every piece.
///
/// # Errors
/// [`Fail::Network`]: it broke off.
pub(crate) async fn collect(response: &Response, tell: impl FnMut(&[u8])) -> Result<Blob, Fail> {
    pieces(response, tell).await.map_err(|_| Fail::Network)
}

async fn pieces(response: &Response, mut tell: impl FnMut(&[u8])) -> Result<Blob, JsValue> {
    let body = response.body().ok_or(JsValue::NULL)?;
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into()?;
    let pieces = Array::new();
    loop {
        let read = JsFuture::from(reader.read()).await?;
        let value = Reflect::get(&read, &"value".into())?;
        if value.is_undefined() {
            return Blob::new_with_blob_sequence(&pieces);
        }
        let piece: Uint8Array = value.dyn_into()?;
        tell(&piece.to_vec());
        pieces.push(&Blob::new_with_u8_array_sequence(&Array::of1(&piece))?.into());
    }
}

/// Hands a file to the person, among their downloads.
///
/// # Errors
/// What the browser says.
pub(crate) fn save(file: &Blob, name: &str) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(file)?;
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The browser took it in with the click.
    Url::revoke_object_url(&address)
}
