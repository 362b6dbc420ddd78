//! What a page says of itself, for the card beneath a message: which addresses may be asked at all
//! ([`address`]), the steps of asking one, and what its answer says ([`page`]).
//!
//! Leaves to a shell how an address is asked, and how long that may take.

mod address;
mod page;

use std::future::Future;

use serde::{Deserialize, Serialize};
use url::Url;

pub use address::Policy;

use crate::turn::Unreachable;

/// How long finding a card may take in all, redirects and reading included, in milliseconds.
pub const PATIENCE_MS: u64 = 5_000;
/// Bytes of a page that are read; the rest is left where it is. What a page says of itself stands at its
/// beginning.
const PAGE_BYTES: usize = 256 * 1024;
/// Times that a page may send on to another address.
const REDIRECTS: usize = 3;

/// Headers of every request: nothing that tells who wants to know.
pub const HEADERS: &[(&str, &str)] =
    &[("Accept", "text/html,application/xhtml+xml"), ("User-Agent", "Tideline (link preview)")];

/// The World Wide Web, as a shell reaches it.
pub trait Web {
    /// What is left to read of an answer. Dropped, the rest is not wanted.
    type Body;

    /// Asks for an address (`GET`), with [`HEADERS`] and nothing else, once: redirects are brought
    /// as they are.
    ///
    /// # Errors
    /// No answer came.
    fn get(&self, address: &str) -> impl Future<Output = Result<Answer<Self::Body>, Unreachable>>;

    /// The next bytes of an answer, decompressed; none at its end.
    ///
    /// # Errors
    /// It broke off.
    fn more(
        &self,
        body: &mut Self::Body,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Unreachable>>;
}

/// How an address answers.
#[derive(Debug)]
pub struct Answer<B> {
    /// The HTTP status.
    pub status: u16,
    /// The header `Location`.
    pub location: Option<String>,
    /// The header `Content-Type`.
    pub media: Option<String>,
    /// Not read yet; none where there is nothing.
    pub body: Option<B>,
}

/// What a page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// What it is called, up to [`tideline_shared::limits::CARD_TITLE_CHARS`]; never empty.
    pub title: String,
    /// What its site is called, up to [`tideline_shared::limits::CARD_SITE_CHARS`]; may be empty.
    pub site: String,
    /// What it is about, up to [`tideline_shared::limits::CARD_DESCRIPTION_CHARS`]; may be empty.
    pub description: String,
}

/// Asks a page what it is, as far as `policy` goes. The answer is for [`crate::Host::returned`]: JSON
/// of an [`About`], or of nothing where there is none to be had.
///
/// # Errors
/// It may be another time.
pub async fn look(web: &impl Web, policy: &Policy, address: &str) -> Result<String, Unreachable> {
    let about = about(web, policy, address).await?;
    let answer = Ok::<_, ()>(about);
    serde_json::to_string(&answer).map_err(|error| Unreachable(error.to_string()))
}

async fn about(
    web: &impl Web,
    policy: &Policy,
    address: &str,
) -> Result<Option<About>, Unreachable> {
    let mut next = Url::parse(address).ok();
    for _ in 0..=REDIRECTS {
        let Some(url) = next.take_if(|url| policy.admits(url)) else { return Ok(None) };
        let answer = web.get(url.as_str()).await?;
        match (answer.status, answer.body) {
            (200, Some(mut body)) => {
                let Some(charset) = answer.media.as_deref().and_then(page::charset) else {
                    return Ok(None);
                };
                let bytes = read(web, &mut body).await?;
                return Ok(page::about(&bytes, charset));
            }
            (301 | 302 | 303 | 307 | 308, _) => {
                next = answer.location.and_then(|location| url.join(&location).ok());
            }
            (429 | 500..=599, _) => return Err(Unreachable(format!("status {}", answer.status))),
            _ => return Ok(None),
        }
    }
    Ok(None)
}

/// The beginning of a page.
async fn read<W: Web>(web: &W, body: &mut W::Body) -> Result<Vec<u8>, Unreachable> {
    let mut bytes = Vec::new();
    while bytes.len() < PAGE_BYTES
        && let Some(more) = web.more(body).await?
    {
        let room = PAGE_BYTES - bytes.len();
        bytes.extend_from_slice(&more[..more.len().min(room)]);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
