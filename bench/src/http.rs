//! The HTTP API, as a program uses it: one origin, one cookie jar.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tideline_shared::Reject;

/// How long one request may take. Generous: the machine may be busy with other things.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A request, exactly as it goes out.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// With its leading slash.
    pub path: String,
    /// The `Origin` header.
    pub origin: Option<String>,
    /// The `Cookie` header.
    pub cookie: Option<String>,
    /// The body of a `POST`.
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, read as UTF-8.
    pub body: String,
}

impl Answer {
    /// The first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The body as a refusal, if it is one.
    #[must_use]
    pub fn reject(&self) -> Option<Reject> {
        serde_json::from_str(&self.body).ok()
    }
}

/// Why a command did not succeed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ApiError {
    /// The service says no.
    #[error("refused: {}", .0.code.as_str())]
    Refused(Reject),
    /// There was no answer, or none that could be read. Nobody knows whether the command took
    /// effect.
    #[error("no answer: {0}")]
    NoAnswer(String),
}

/// The way to the service for one browser or program. Clones share the cookies.
#[derive(Clone, Debug)]
pub struct Api {
    origin: Arc<str>,
    // A std mutex: nothing awaits while holding it.
    jar: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Api {
    /// A browser that has no cookie yet.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        Self { origin: origin.into(), jar: Arc::default() }
    }

    /// `http://host:port`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The `Cookie` header, if there is any cookie.
    #[must_use]
    pub fn cookie(&self) -> Option<String> {
        let jar = self.jar.lock().unwrap_or_else(PoisonError::into_inner);
        let pairs: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// A `POST` as this browser would send it; change what should be wrong with it.
    #[must_use]
    pub fn request(&self, path: &str, body: impl Into<Vec<u8>>) -> Request {
        Request {
            method: "POST",
            path: path.to_owned(),
            origin: Some(self.origin.to_string()),
            cookie: self.cookie(),
            body: body.into(),
        }
    }

    /// Sends a request as it is. Cookies that the answer sets are kept.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn fetch(&self, request: Request) -> Result<Answer, ApiError> {
        let origin = Arc::clone(&self.origin);
        let answer = tokio::task::spawn_blocking(move || fetch(&origin, &request))
            .await
            .map_err(|error| ApiError::NoAnswer(error.to_string()))??;
        self.keep_cookies(&answer);
        Ok(answer)
    }

    /// Sends a command.
    ///
    /// # Errors
    /// The refusal, or that there is no answer.
    pub async fn post<C: Serialize, R: DeserializeOwned>(
        &self,
        path: &str,
        command: &C,
    ) -> Result<R, ApiError> {
        let body = serde_json::to_vec(command).expect("commands are plain data");
        let answer = self.fetch(self.request(path, body)).await?;
        if answer.status == 200 {
            return serde_json::from_str(&answer.body)
                .map_err(|error| ApiError::NoAnswer(format!("{error} in {}", answer.body)));
        }
        match answer.reject() {
            Some(reject) => Err(ApiError::Refused(reject)),
            None => Err(ApiError::NoAnswer(format!("{} {}", answer.status, answer.body))),
        }
    }

    fn keep_cookies(&self, answer: &Answer) {
        let mut jar = self.jar.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let Some((name, value)) = pair.split_once('=') else { continue };
            if value.is_empty() || attributes.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// One request on a connection of its own, so that a restart of the service cannot leave a dead
/// one behind.
pub(crate) fn fetch(origin: &str, request: &Request) -> Result<Answer, ApiError> {
    let lost = |error: ureq::Error| ApiError::NoAnswer(error.to_string());
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .proxy(None)
        .max_idle_connections(0)
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(TIMEOUT))
        .build()
        .into();
    let mut builder = ureq::http::Request::builder()
        .method(request.method)
        .uri(format!("{origin}{}", request.path));
    for (name, value) in [("origin", &request.origin), ("cookie", &request.cookie)] {
        if let Some(value) = value {
            builder = builder.header(name, value);
        }
    }
    let mut response = if request.method == "POST" {
        let builder = builder.header("content-type", "application/json");
        agent.run(builder.body(request.body.as_slice()).map_err(ureq::Error::from).map_err(lost)?)
    } else {
        agent.run(builder.body(()).map_err(ureq::Error::from).map_err(lost)?)
    }
    .map_err(lost)?;
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    let body = response.body_mut().read_to_vec().map_err(lost)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok(Answer { status: response.status().as_u16(), headers, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(cookie: &str) -> Answer {
        let headers = vec![("set-cookie".to_owned(), cookie.to_owned())];
        Answer { status: 200, headers, body: String::new() }
    }

    #[test]
    fn cookies_are_kept_and_given_up_as_the_service_says() {
        let api = Api::new("http://127.0.0.1:1");
        assert_eq!(api.cookie(), None);
        api.keep_cookies(&answer("session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000"));
        assert_eq!(api.cookie().as_deref(), Some("session=abc"));
        api.keep_cookies(&answer("session=; Path=/; Max-Age=0"));
        assert_eq!(api.cookie(), None);
    }
}
