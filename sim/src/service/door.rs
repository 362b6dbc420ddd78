//! The gateway before the actors: commands over HTTP, files, and sockets as they are opened.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tideline_server::gateway::{self, Actors, Request, Response};
use tideline_server::mirror::Refusal;
use tideline_server::{Address, Effect, Unreachable};
use tideline_shared::Timestamp;
use tideline_shared::protocol::FileLimits;

use super::{Service, Socket, SocketId};

const ORIGIN: &str = "https://tideline.example";

impl Service {
    /// A command over HTTP: the status and the answer. Status 0: no answer came.
    pub(crate) fn post(
        &self,
        cookie: Option<&str>,
        path: &str,
        body: &str,
    ) -> (u16, String, Option<String>) {
        self.post_bytes(cookie, path, body.as_bytes())
    }

    /// The same with a body that is not text.
    pub(crate) fn post_bytes(
        &self,
        cookie: Option<&str>,
        path: &str,
        body: &[u8],
    ) -> (u16, String, Option<String>) {
        match self.respond(Request { cookie, body, ..self.blank(path) }) {
            Response::Json { status, body, set_cookie, .. } => (status, body, set_cookie),
            _ => (0, String::new(), None),
        }
    }

    /// What somebody fetches.
    pub(crate) fn fetch(&self, cookie: &str, path: &str) -> Response {
        self.respond(Request { method: "GET", cookie: Some(cookie), ..self.blank(path) })
    }

    /// Somebody takes their data along, as far as it comes.
    pub(crate) fn export(&self, cookie: &str) {
        let request = Request { method: "GET", cookie: Some(cookie), ..self.blank("/api/export") };
        if let Response::Archive(plan) = self.respond(request) {
            let mut export = gateway::Export::new(*plan);
            while let Ok(Some(_)) = ready(export.next(self)) {}
        }
    }

    /// Opens a socket.
    pub(crate) fn open(&self, cookie: &str, path: &str) -> Result<SocketId, Option<Refusal>> {
        let request = Request { upgrade: true, cookie: Some(cookie), ..self.blank(path) };
        let (to, peer) = match self.respond(request) {
            Response::Socket { to, peer } => (to, peer),
            Response::Refused(refusal) => return Err(Some(refusal)),
            Response::Json { .. }
            | Response::Archive(_)
            | Response::File(_)
            | Response::Picture { .. } => return Err(None),
        };
        let refused = |accepted: &Result<_, _>, _: &[Effect]| accepted.is_err();
        let accepted = self.turn(to, None, refused, |host, env| host.connect(env, &peer));
        accepted.ok_or(None)?.map_err(Some)?;
        let id = self.next_socket.replace(self.next_socket.get() + 1);
        self.sockets.borrow_mut().insert(id, Socket { peer, at: to });
        Ok(id)
    }

    fn blank<'a>(&'a self, path: &'a str) -> Request<'a> {
        Request {
            method: "POST",
            path,
            protocol: None,
            own_origin: ORIGIN,
            origin: Some(ORIGIN),
            cookie: None,
            address: "192.0.2.1",
            user_agent: "",
            range: None,
            if_none_match: None,
            upgrade: false,
            body: b"",
            now: Timestamp(self.now.get()),
            rates: &self.limits,
        }
    }

    fn respond(&self, request: Request<'_>) -> Response {
        let mut random = |bytes: &mut [u8]| self.fill(bytes);
        ready(gateway::handle(self, &mut random, request)).0
    }
}

impl Actors for Service {
    async fn ask(&self, to: Address, body: String) -> Result<String, Unreachable> {
        let faults = self.script.faults();
        let lost = || Unreachable("lost on the way".to_owned());
        if self.strikes("a call of the gateway lost", faults.call_lost) {
            return Err(lost());
        }
        let answer = self.call(to, &body).ok_or_else(lost)?;
        if self.strikes("an answer to the gateway lost", faults.answer_lost) {
            return Err(lost());
        }
        Ok(answer)
    }

    fn file_limits(&self) -> Option<(Timestamp, FileLimits)> {
        None
    }

    fn keep_file_limits(&self, _: Timestamp, _: FileLimits) {}

    async fn put(&self, key: &str, bytes: &[u8]) -> Result<(), Unreachable> {
        self.reach_store()?;
        self.store.borrow_mut().insert(key.to_owned(), bytes.to_owned());
        Ok(())
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Unreachable> {
        self.reach_store()?;
        Ok(self.store.borrow().get(key).cloned())
    }

    async fn copy(&self, from: &str, to: &str) -> Result<(), Unreachable> {
        let bytes =
            self.get(from).await?.ok_or_else(|| Unreachable(format!("{from} is not there")))?;
        self.put(to, &bytes).await
    }
}

/// The result of a future that never has to wait.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => unreachable!("actors are asked on the spot"),
    }
}
