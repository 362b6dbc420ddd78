//! The door: what one HTTP request means, and which actors must be asked for it.
//!
//! Holds no state. Several steps over several actors are plain `async fn`s over [`Actors`], written
//! so that stopping after any of them leaves nothing half done.

mod admin;
mod avatars;
mod cookie;
mod device;
mod door;
mod export;
mod files;
mod pictures;
mod search;
mod session;
mod social;

use std::future::Future;

pub use door::{DOORS, handle};
pub use export::{CONVERSATIONS_HEADER, Export, ExportPlan, FILE_NAME};
pub use files::{Download, Piece, body_bytes};
use tideline_shared::protocol::FileLimits;
use tideline_shared::{Random, Reject, Timestamp};

use crate::limits::Limits;
use crate::mirror::Refusal;
use crate::turn::{Address, Peer, Unreachable};

/// The way to the actors, and to the store of files.
pub trait Actors {
    /// Calls an actor's [`crate::Host::call`] and brings the answer, as it is.
    fn ask(&self, to: Address, body: String) -> impl Future<Output = Result<String, Unreachable>>;

    /// How much may be uploaded, as it was kept last, and when that was; none where it is forgotten.
    fn file_limits(&self) -> Option<(Timestamp, FileLimits)>;

    /// Keeps that for others who ask, as long as that is easy.
    fn keep_file_limits(&self, at: Timestamp, limits: FileLimits);

    /// Keeps bytes under a key of the store, in the place of what was there.
    fn put(&self, key: &str, bytes: &[u8]) -> impl Future<Output = Result<(), Unreachable>>;

    /// Brings what is under a key; none where there is nothing.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, Unreachable>>;

    /// Keeps what is under one key under another one as well.
    fn copy(&self, from: &str, to: &str) -> impl Future<Output = Result<(), Unreachable>>;
}

/// An HTTP request to `/api/…`, as the shell got it.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// The path, with `/api/` in front.
    pub path: &'a str,
    /// The protocol that a device says it speaks (`?protocol=1`); who does not say speaks the
    /// oldest one.
    pub protocol: Option<u32>,
    /// The request's own origin (`https://chat.example`), from its URL.
    pub own_origin: &'a str,
    /// The `Origin` header.
    pub origin: Option<&'a str>,
    /// The `Cookie` header.
    pub cookie: Option<&'a str>,
    /// The network address it came from, as far as known: rates are kept by it.
    pub address: &'a str,
    /// The `User-Agent` header, or nothing.
    pub user_agent: &'a str,
    /// The `Range` header.
    pub range: Option<&'a str>,
    /// The `If-None-Match` header.
    pub if_none_match: Option<&'a str>,
    /// Whether it asks for a WebSocket.
    pub upgrade: bool,
    /// The body.
    pub body: &'a [u8],
    /// The service's clock.
    pub now: Timestamp,
    /// The deployment's rates.
    pub rates: &'a Limits,
}

/// What the shell answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// A JSON body.
    Json {
        /// HTTP status.
        status: u16,
        /// The body.
        body: String,
        /// A `Set-Cookie` header.
        set_cookie: Option<String>,
        /// A `Retry-After` header, in seconds.
        retry_after_s: Option<u64>,
    },
    /// Stream an [`Export`], to be saved as [`FILE_NAME`].
    Archive(Box<ExportPlan>),
    /// Stream pieces of the store, with these headers and no others.
    File(Download),
    /// A picture, with these headers and no others.
    Picture {
        /// All headers but the length.
        headers: Vec<(&'static str, String)>,
        /// All of it.
        bytes: Vec<u8>,
    },
    /// Hand the upgrade to this actor's object, with the peer.
    Socket {
        /// Whose socket it becomes.
        to: Address,
        /// Who holds the other end.
        peer: Peer,
    },
    /// Accept the socket, say why not, close it. (A browser hides the status of a refused upgrade
    /// from the page, so the reason must travel inside.)
    Refused(Refusal),
}

/// Headers that go with every answer of the API, beyond its content type.
pub const HEADERS: &[(&str, &str)] = &[
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Referrer-Policy", "no-referrer"),
    ("Strict-Transport-Security", "max-age=31536000"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
];

/// What the steps of a flow share.
pub(crate) struct Gateway<'a, A> {
    pub(crate) actors: &'a A,
    pub(crate) random: Random<'a>,
    pub(crate) request: Request<'a>,
}

impl Response {
    fn reject(reject: Reject) -> Self {
        Self::Json {
            status: reject.code.status(),
            body: serde_json::json!({
                "code": reject.code,
                "message": reject.code.sentence(),
                "retry_after_ms": reject.retry_after_ms,
            })
            .to_string(),
            set_cookie: None,
            retry_after_s: reject.retry_after_ms.map(|ms| ms.div_ceil(1_000)),
        }
    }
}
