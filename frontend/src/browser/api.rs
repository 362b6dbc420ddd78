//! Commands over HTTP: one POST, one answer.

use gloo_net::http::{Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tideline_shared::{Code, Reject};

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

/// Asks the service. `path` begins with `/api/`.
///
/// # Errors
/// Its refusal, or that it was not reached.
pub(crate) async fn post<C: Serialize, R: DeserializeOwned>(
    path: &str,
    command: &C,
) -> Result<R, Fail> {
    let body = serde_json::to_string(command).map_err(|_| Code::Malformed)?;
    let answer = exchange(path, &body).await?;
    serde_json::from_str(&answer).map_err(|_| Code::Unknown.into())
}

async fn exchange(path: &str, body: &str) -> Result<String, Fail> {
    let response = fetch(path, body).await.map_err(|_| Fail::Network)?;
    let text = response.text().await.map_err(|_| Fail::Network)?;
    if response.ok() {
        return Ok(text);
    }
    let reject = serde_json::from_str(&text).unwrap_or_else(|_| Reject::new(Code::Internal));
    Err(reject.into())
}

async fn fetch(path: &str, body: &str) -> Result<Response, gloo_net::Error> {
    Request::post(path).header("content-type", "application/json").body(body)?.send().await
}
