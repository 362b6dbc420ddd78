//! Web Push: hands notices to push services, encrypted and signed ([`tideline_server::notice`]).

use tideline_server::Unreachable;
use tideline_server::card::Policy;
use tideline_server::notice::{Answer, Dispatch, KEPT_S, Keys, PATIENCE_MS, is_admitted};
use wasm_bindgen::JsValue;
use web_push_native::WebPushBuilder;
use web_push_native::jwt_simple::algorithms::ES256KeyPair;
use worker::Env;
use worker::js_sys::Uint8Array;
use worker::web_sys::{Headers, RequestInit};

use crate::web::{self, Outside};

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
    let outside = Outside::new()?;
    let answer =
        async { fetch(&outside, &request, dispatch).await.map_err(|error| web::failed(&error)) };
    web::within(PATIENCE_MS, answer).await
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
    outside: &Outside,
    request: &http::Request<Vec<u8>>,
    dispatch: &Dispatch,
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
    let response = outside.fetch(&dispatch.to.endpoint, &init).await?;
    let retry_after = response.headers().get("Retry-After")?;
    Ok(Answer {
        status: response.status(),
        retry_after_s: retry_after.and_then(|seconds| seconds.parse().ok()),
    })
}
