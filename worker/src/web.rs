//! The World Wide Web, as [`tideline_server::card`] asks for it.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::time::Duration;

use futures_util::Stream;
use futures_util::future::{Either, select};
use tideline_server::Unreachable;
use tideline_server::card::{self, Answer, HEADERS, PATIENCE_MS, Policy, Web};
use wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{
    AbortController, Headers, RequestInit, RequestRedirect, Response, WorkerGlobalScope,
};
use worker::{ByteStream, Delay, Env, js_sys};

use crate::storage::message;

/// Looks at a page, for as long as that may take; then everything that is under way for it ends.
pub(crate) async fn look(env: &Env, url: &str) -> Result<String, Unreachable> {
    let var = |name: &str| env.var(name).map(|var| var.to_string()).unwrap_or_default();
    let policy = Policy::read(&var("LINK_PREVIEWS"), &var("LINK_PREVIEWS_ALLOW"));
    let outside = Outside::new()?;
    within(PATIENCE_MS, card::look(&outside, &policy, url)).await
}

/// Waits for what is asked of the outside, for so many milliseconds.
pub(crate) async fn within<T>(
    patience_ms: u64,
    answer: impl Future<Output = Result<T, Unreachable>>,
) -> Result<T, Unreachable> {
    let patience = pin!(Delay::from(Duration::from_millis(patience_ms)));
    match select(pin!(answer), patience).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(Unreachable("no answer in time".to_owned())),
    }
}

/// What is outside of this service. Dropped, it leaves nothing under way.
pub(crate) struct Outside(AbortController);

impl Drop for Outside {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Web for Outside {
    type Body = ByteStream;

    async fn get(&self, address: &str) -> Result<Answer<ByteStream>, Unreachable> {
        let response = self.look(address).await.map_err(|error| failed(&error))?;
        let header = |name: &str| response.headers().get(name).ok().flatten();
        Ok(Answer {
            status: response.status(),
            location: header("Location"),
            media: header("Content-Type"),
            body: response.body().map(ByteStream::from),
        })
    }

    async fn more(&self, body: &mut ByteStream) -> Result<Option<Vec<u8>>, Unreachable> {
        let next = poll_fn(|context| Pin::new(&mut *body).poll_next(context)).await;
        next.transpose().map_err(|error| Unreachable(error.to_string()))
    }
}

impl Outside {
    pub(crate) fn new() -> Result<Self, Unreachable> {
        AbortController::new().map(Self).map_err(|error| failed(&error))
    }

    async fn look(&self, address: &str) -> Result<Response, JsValue> {
        let headers = Headers::new()?;
        for (name, value) in HEADERS {
            headers.set(name, value)?;
        }
        let init = RequestInit::new();
        init.set_headers(&headers);
        self.fetch(address, &init).await
    }

    /// Asks for an address, once: redirects are brought as they are.
    pub(crate) async fn fetch(
        &self,
        address: &str,
        init: &RequestInit,
    ) -> Result<Response, JsValue> {
        init.set_redirect(RequestRedirect::Manual);
        init.set_signal(Some(&self.0.signal()));
        let world: WorkerGlobalScope = js_sys::global().unchecked_into();
        JsFuture::from(world.fetch_with_str_and_init(address, init)).await?.dyn_into()
    }
}

pub(crate) fn failed(error: &JsValue) -> Unreachable {
    Unreachable(message(error))
}
