//! The way from the Worker, and from one object, to the objects.
//!
//! What travels is an internal request that is built here from nothing: no header and no cookie of
//! a client gets into an object.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tideline_server::gateway::Actors;
use tideline_server::limits::Limits;
use tideline_server::{Address, Peer, Unreachable};
use tideline_shared::Timestamp;
use tideline_shared::protocol::FileLimits;
use wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{Request, RequestInit, Response};
use worker::worker_sys::DurableObject;
use worker::{Delay, Env, Error, Stub, console_error};

use crate::files;
use crate::storage::message;

/// Path of calls: JSON in, JSON out.
pub(crate) const CALL: &str = "/call";
/// Path of sockets: an upgrade with the [`PEER`].
pub(crate) const SOCKET: &str = "/socket";
/// Header that says, as JSON, who holds the other end of a socket.
pub(crate) const PEER: &str = "X-Tideline-Peer";

/// A call that takes longer counts as lost. The runtime does not end it by itself: an object that
/// panicked never answers.
const PATIENCE: Duration = Duration::from_secs(30);

thread_local! {
    /// How much may be uploaded, for all requests of this instance.
    static FILE_LIMITS: Cell<Option<(Timestamp, FileLimits)>> = const { Cell::new(None) };
}

/// The objects that the deployment binds.
pub(crate) struct Objects<'a>(pub(crate) &'a Env);

impl Actors for Objects<'_> {
    async fn ask(&self, to: Address, body: String) -> Result<String, Unreachable> {
        call(self.0, to, &body).await
    }

    fn file_limits(&self) -> Option<(Timestamp, FileLimits)> {
        FILE_LIMITS.get()
    }

    fn keep_file_limits(&self, at: Timestamp, limits: FileLimits) {
        FILE_LIMITS.set(Some((at, limits)));
    }

    async fn put(&self, key: &str, bytes: &[u8]) -> Result<(), Unreachable> {
        files::put(self.0, key, bytes).await.map_err(|error| Unreachable(error.to_string()))
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Unreachable> {
        files::get(self.0, key).await.map_err(|error| Unreachable(error.to_string()))
    }

    async fn copy(&self, from: &str, to: &str) -> Result<(), Unreachable> {
        files::copy(self.0, from, to).await.map_err(|error| Unreachable(error.to_string()))
    }
}

/// The rates of this deployment.
pub(crate) fn limits(env: &Env) -> Limits {
    let overrides = env.var("TIDELINE_LIMITS").map(|var| var.to_string()).unwrap_or_default();
    Limits::read(&overrides).unwrap_or_else(|error| {
        console_error!("TIDELINE_LIMITS is left aside: {error}");
        Limits::default()
    })
}

/// Calls an actor, once. Whether a call that failed took effect, nobody knows.
pub(crate) async fn call(env: &Env, to: Address, body: &str) -> Result<String, Unreachable> {
    let answer = pin!(post(env, to, body));
    let patience = pin!(Delay::from(PATIENCE));
    match select(answer, patience).await {
        Either::Left((answer, _)) => answer.map_err(|error| Unreachable(message(&error))),
        Either::Right(_) => Err(Unreachable("no answer in time".to_owned())),
    }
}

async fn post(env: &Env, to: Address, body: &str) -> Result<String, JsValue> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&JsValue::from_str(body));
    let request = Request::new_with_str_and_init(&url(CALL), &init)?;
    let response = fetch(&stub(env, to)?, &request).await?;
    if !response.ok() {
        return Err(JsValue::from_str(&format!("status {}", response.status())));
    }
    let text = JsFuture::from(response.text()?).await?;
    text.as_string().ok_or_else(|| JsValue::from_str("an answer without text"))
}

/// Opens a socket to an actor for `peer`; the answer is the upgrade's.
pub(crate) async fn open(env: &Env, to: Address, peer: &Peer) -> worker::Result<worker::Response> {
    let request = Request::new_with_str(&url(SOCKET))?;
    request.headers().set("Upgrade", "websocket")?;
    request.headers().set(PEER, &serde_json::to_string(peer)?)?;
    Ok(fetch(&stub(env, to)?, &request).await?.into())
}

/// Asks the object `name` of a namespace for a path, without a body.
pub(crate) async fn get(
    env: &Env,
    namespace: &str,
    name: &str,
    path: &str,
) -> worker::Result<worker::Response> {
    let stub = env.durable_object(namespace)?.get_by_name(name)?;
    stub.fetch_with_str(&url(path)).await
}

fn stub(env: &Env, to: Address) -> Result<DurableObject, Error> {
    let (namespace, name) = match to {
        Address::Account(user) => ("ACCOUNTS", user.to_string()),
        Address::Conversation(conversation) => ("CONVERSATIONS", conversation.to_string()),
        Address::Directory(shard) => ("DIRECTORY", shard.to_string()),
        Address::Deployment => ("DEPLOYMENT", "deployment".to_owned()),
    };
    env.durable_object(namespace)?.get_by_name(&name).map(Stub::into_rpc)
}

/// A stub's `fetch`, without `worker`'s reading of bodies as streams, chunk by chunk.
async fn fetch(stub: &DurableObject, request: &Request) -> Result<Response, JsValue> {
    JsFuture::from(stub.fetch_with_request(request)?).await?.dyn_into()
}

/// Where internal requests go; the host is a name that exists nowhere.
fn url(path: &str) -> String {
    format!("https://object.invalid{path}")
}
