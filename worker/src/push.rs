//! Web Push: hands notices to push services, encrypted and signed ([`tideline_server::notice`]).

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tideline_server::Unreachable;
use tideline_server::card::Policy;
use tideline_server::notice::{Answer, Dispatch, KEPT_S, Keys, PATIENCE_MS, is_admitted};
use wasm_bindgen::{JsCast, JsValue};
use web_push_native::WebPushBuilder;
use web_push_native::jwt_simple::algorithms::ES256KeyPair;
use worker::js_sys::{self, Uint8Array};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{
    AbortController, Headers, RequestInit, RequestRedirect, Response, WorkerGlobalScope,
};
use worker::{Delay, Env};

use crate::storage::message;

/// What nobody could send is answered for by the service itself, as by a push service that refuses it.
const REFUSED: Answer = Answer { status: 400, retry_after_s: None };

/// Sends a notice, for as long as that may take.
pub(crate) async fn send(env: &Env, dispatch: &Dispatch) -> Result<String, Unreachable> {
    let var = |name: &str| env.var(name).map(|var| var.to_string()).unwrap_or_default();
    let policy = Policy::read(&var("PUSH"), &var("PUSH_ALLOW"));
    let answer =
        if is_admitted(&policy, &dispatch.to.endpoint) { post(dispatch).await? } else { REFUSED };
    let answer = serde_json::to_string(&Ok::<_, ()>(answer));
    answer.map_err(|error| Unreachable(error.to_string()))
}

async fn post(dispatch: &Dispatch) -> Result<Answer, Unreachable> {
    let Some(request) = seal(dispatch) else { return Ok(REFUSED) };
    let abort = AbortController::new().map_err(|error| failed(&error))?;
    let answer = pin!(fetch(&request, dispatch, &abort));
    let patience = pin!(Delay::from(Duration::from_millis(PATIENCE_MS)));
    match select(answer, patience).await {
        Either::Left((answer, _)) => answer.map_err(|error| failed(&error)),
        Either::Right(_) => {
            abort.abort();
            Err(Unreachable("no answer in time".to_owned()))
        }
    }
}

/// Encrypts and signs; none where a key is none.
fn seal(dispatch: &Dispatch) -> Option<http::Request<Vec<u8>>> {
    let keys = Keys::of(&dispatch.to)?;
    let signer = dispatch.signer.secret_key().ok()?;
    let signer = ES256KeyPair::from_bytes(&signer.to_bytes()).ok()?;
    let endpoint = dispatch.to.endpoint.parse().ok()?;
    let builder = WebPushBuilder::new(endpoint, keys.public, keys.secret.into());
    builder.with_vapid(&signer, &dispatch.contact).build(dispatch.body.as_bytes()).ok()
}

async fn fetch(
    request: &http::Request<Vec<u8>>,
    dispatch: &Dispatch,
    abort: &AbortController,
) -> Result<Answer, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in request.headers() {
        headers.set(name.as_str(), value.to_str().unwrap_or_default())?;
    }
    headers.set("TTL", &KEPT_S.to_string())?;
    headers.set("Topic", &dispatch.topic)?;
    headers.set("Urgency", dispatch.urgency.as_str())?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&Uint8Array::from(request.body().as_slice()));
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&abort.signal()));
    let world: WorkerGlobalScope = js_sys::global().unchecked_into();
    let response = world.fetch_with_str_and_init(&dispatch.to.endpoint, &init);
    let response: Response = JsFuture::from(response).await?.dyn_into()?;
    let retry_after = response.headers().get("Retry-After")?;
    Ok(Answer {
        status: response.status(),
        retry_after_s: retry_after.and_then(|seconds| seconds.parse().ok()),
    })
}

fn failed(error: &JsValue) -> Unreachable {
    Unreachable(message(error))
}
