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
    let outside = Outside(AbortController::new().map_err(|error| failed(&error))?);
    let answer = pin!(card::look(&outside, &policy, url));
    let patience = pin!(Delay::from(Duration::from_millis(PATIENCE_MS)));
    match select(answer, patience).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(Unreachable("no answer in time".to_owned())),
    }
}

/// What is outside of this service. Dropped, it leaves nothing under way.
struct Outside(AbortController);

impl Drop for Outside {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Web for Outside {
    type Body = ByteStream;

    async fn get(&self, address: &str) -> Result<Answer<ByteStream>, Unreachable> {
        let response = self.fetch(address).await.map_err(|error| failed(&error))?;
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
    async fn fetch(&self, address: &str) -> Result<Response, JsValue> {
        let headers = Headers::new()?;
        for (name, value) in HEADERS {
            headers.set(name, value)?;
        }
        let init = RequestInit::new();
        init.set_headers(&headers);
        init.set_redirect(RequestRedirect::Manual);
        init.set_signal(Some(&self.0.signal()));
        let world: WorkerGlobalScope = js_sys::global().unchecked_into();
        JsFuture::from(world.fetch_with_str_and_init(address, &init)).await?.dyn_into()
    }
}

fn failed(error: &JsValue) -> Unreachable {
    Unreachable(message(error))
}
