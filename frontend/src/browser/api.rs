//! Commands over HTTP: one POST, one answer.

use gloo_net::http::{Request, Response};
use js_sys::{Promise, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tideline_client::read_json;
use tideline_shared::{Code, Reject};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::window;
use crate::locale::Locale;

/// Why a command did not take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fail {
    /// The service was not reached. Whether the command took effect is not known.
    Network,
    /// The service refused; nothing has changed.
    Refused(Reject),
}

impl Fail {
    /// The code of a refusal.
    #[must_use]
    pub(crate) fn code(self) -> Option<Code> {
        match self {
            Self::Network => None,
            Self::Refused(reject) => Some(reject.code),
        }
    }

    /// Whether the same may go better the next time: what is typed wrong is not.
    #[must_use]
    pub(crate) fn may_pass(self) -> bool {
        match self {
            Self::Network => true,
            Self::Refused(reject) => matches!(reject.code, Code::RateLimited | Code::Internal),
        }
    }

    /// What to tell the person.
    #[must_use]
    pub(crate) fn sentence(self, t: &Locale) -> String {
        match self {
            Self::Network => t.no_network.into(),
            Self::Refused(Reject { code: Code::RateLimited, retry_after_ms: Some(ms) }) => {
                (t.wait_seconds)(ms.div_ceil(1000))
            }
            Self::Refused(reject) => (t.reject)(reject.code).into(),
        }
    }
}

impl From<Reject> for Fail {
    fn from(reject: Reject) -> Self {
        Self::Refused(reject)
    }
}

impl From<Code> for Fail {
    fn from(code: Code) -> Self {
        Self::Refused(Reject::new(code))
    }
}

/// What the service answered, not read yet: code that reads it belongs to whoever wants to know.
#[derive(Clone, Default)]
pub(crate) struct Answer(String);

impl Answer {
    /// What it says.
    ///
    /// # Errors
    /// [`Code::Unknown`]: it is not what this program expects.
    pub(crate) fn read<R: DeserializeOwned>(&self) -> Result<R, Fail> {
        read_json(&self.0).map_err(|_| Code::Unknown.into())
    }
}

/// Asks the service. `path` begins with `/api/`.
///
/// # Errors
/// Its refusal, or that it was not reached.
pub(crate) async fn send<C: Serialize>(path: &str, command: &C) -> Result<Answer, Fail> {
    let body = serde_json::to_string(command).map_err(|_| Code::Malformed)?;
    answer(fetch(path, &body).await.map_err(|_| Fail::Network)?).await
}

/// Asks the service, and reads its answer.
///
/// # Errors
/// As [`send`].
pub(crate) async fn post<C: Serialize, R: DeserializeOwned>(
    path: &str,
    command: &C,
) -> Result<R, Fail> {
    send(path, command).await?.read()
}

/// Takes the answer to a command that the page's script sent while the program was on its way:
/// a promise of a `Response`, as the window's property `name`.
///
/// # Errors
/// As [`send`].
pub(crate) async fn sent_before(name: &str) -> Result<Answer, Fail> {
    let response = async {
        let promise: Promise = Reflect::get(&window(), &name.into())?.dyn_into()?;
        JsFuture::from(promise).await?.dyn_into::<web_sys::Response>()
    };
    answer(response.await.map_err(|_| Fail::Network)?.into()).await
}

/// Uploads bytes: a `Blob`.
///
/// # Errors
/// As [`send`].
pub(crate) async fn send_bytes(path: &str, bytes: &web_sys::Blob) -> Result<(), Fail> {
    let request = Request::post(path).body(bytes).map_err(|_| Fail::Network)?;
    answer(request.send().await.map_err(|_| Fail::Network)?).await.map(drop)
}

pub(super) async fn answer(response: Response) -> Result<Answer, Fail> {
    let text = response.text().await.map_err(|_| Fail::Network)?;
    if response.ok() {
        return Ok(Answer(text));
    }
    let reject = read_json(&text).unwrap_or_else(|_| Reject::new(Code::Internal));
    Err(reject.into())
}

async fn fetch(path: &str, body: &str) -> Result<Response, gloo_net::Error> {
    Request::post(path).header("content-type", "application/json").body(body)?.send().await
}
