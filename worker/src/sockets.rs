//! The WebSockets of an object: who is at the other end, which of them are live, sending, closing.
//!
//! The peer is kept as the socket's attachment and in its tags, so that it outlives hibernation.

use std::cell::Cell;

use tideline_server::drain::Drain;
use tideline_server::mirror::Refusal;
use tideline_server::{Audience, Peer};
use tideline_shared::{SessionId, Timestamp, UserId};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use worker::js_sys::{Date, JsString};
use worker::worker_sys::ext::WebSocketExt;
use worker::{Response, State, WebSocket, WebSocketPair, web_sys};

#[wasm_bindgen]
extern "C" {
    type Raw;

    // `web_sys` takes a Rust string, and would convert it again for every socket of a broadcast.
    #[wasm_bindgen(method, catch)]
    fn send(this: &Raw, text: &JsString) -> Result<(), JsValue>;

    type RawState;

    // Not bound by `worker`. None before the first heartbeat.
    #[wasm_bindgen(method, catch, js_name = getWebSocketAutoResponseTimestamp)]
    fn heartbeat(this: &RawState, socket: &web_sys::WebSocket) -> Result<Option<Date>, JsValue>;
}

/// The code with which a device is closed that does not read. It is no `ended`: it comes back.
const TOO_SLOW: u16 = 4_008;

/// Sends a text frame.
pub(crate) fn send(socket: &WebSocket, text: &JsString) -> Result<(), JsValue> {
    socket.as_ref().unchecked_ref::<Raw>().send(text)
}

/// Closes a socket with a code that a program may choose; anything else becomes 1000.
pub(crate) fn close(socket: &WebSocket, code: u16) -> Result<(), JsValue> {
    // RFC 6455, section 7.4: the rest is reserved, or (1005, 1006) must never be sent.
    let code = if (3_000..5_000).contains(&code) { code } else { 1_000 };
    socket.as_ref().close_with_code(code)
}

/// Closes a socket from this side. The other end may go on sending until it learns of it, or
/// longer: those frames must not count as the peer's any more.
pub(crate) fn end(socket: &WebSocket, code: u16) -> Result<(), JsValue> {
    socket.as_ref().serialize_attachment(JsValue::NULL)?;
    close(socket, code)
}

/// Accepts a socket for hibernation, and keeps with it who holds the other end.
pub(crate) fn accept(state: &State, socket: &WebSocket, peer: &Peer) -> worker::Result<()> {
    let tags = vec![user_tag(peer.user).into(), session_tag(peer.session).into()];
    state.as_raw().accept_websocket_with_tags(socket.as_ref(), tags)?;
    socket.serialize_attachment(peer)
}

/// Who holds the other end; none when the socket was ended from this side.
pub(crate) fn peer(socket: &WebSocket) -> Option<Peer> {
    socket.deserialize_attachment().ok().flatten()
}

/// Opens a socket only to say why it is closed again.
pub(crate) fn refuse(refusal: &Refusal) -> worker::Result<Response> {
    let WebSocketPair { client, server } = WebSocketPair::new()?;
    server.accept()?;
    send(&server, &JsString::from(refusal.frame.as_str()))?;
    close(&server, refusal.close)?;
    Response::from_websocket(client)
}

/// The sockets that said hello, in memory so that a broadcast need not ask each of them. Found
/// again after hibernation.
#[derive(Default)]
pub(crate) struct Live(Cell<Option<Vec<(WebSocket, Drain)>>>);

impl Live {
    /// Adds a socket whose attachment says so already.
    pub(crate) fn add(&self, state: &State, socket: &WebSocket) {
        self.with(state, |live| {
            if !live.iter().any(|(other, _)| other == socket) {
                live.push((socket.clone(), Drain::default()));
            }
        });
    }

    /// Forgets a socket that is gone.
    pub(crate) fn remove(&self, socket: &WebSocket) {
        let mut live = self.0.take();
        if let Some(live) = &mut live {
            live.retain(|(other, _)| other != socket);
        }
        self.0.set(live);
    }

    fn with(&self, state: &State, act: impl FnOnce(&mut Vec<(WebSocket, Drain)>)) {
        let mut live = self.0.take().unwrap_or_else(|| find(state));
        act(&mut live);
        self.0.set(Some(live));
    }
}

/// Sends `bytes` with `act` to each socket that is meant. One that cannot take it is dead or dying, and
/// must not keep the others from theirs; its end is reported by its own event.
pub(crate) fn each(
    state: &State,
    live: &Live,
    caller: Option<&WebSocket>,
    to: &Audience,
    bytes: usize,
    act: impl Fn(&WebSocket) -> Result<(), JsValue>,
) {
    match to {
        Audience::Caller => drop(caller.map(act)),
        Audience::Live | Audience::LiveOf(_) | Audience::LiveBut(_) => live.with(state, |live| {
            live.retain_mut(|(socket, drain)| {
                // Only where people see different things is each socket asked whose it is.
                let meant = match to {
                    Audience::LiveOf(user) => peer(socket).is_some_and(|peer| peer.user == *user),
                    Audience::LiveBut(users) if !users.is_empty() => {
                        peer(socket).is_some_and(|peer| !users.contains(&peer.user))
                    }
                    _ => true,
                };
                if !meant {
                    return true;
                }
                if drain.sends(bytes, || heartbeat(state, socket)) {
                    return act(socket).is_ok();
                }
                drop(end(socket, TOO_SLOW));
                false
            });
        }),
        Audience::User(user) => tagged(state, &user_tag(*user), act),
        Audience::Session(session) => tagged(state, &session_tag(*session), act),
    }
}

fn tagged(state: &State, tag: &str, act: impl Fn(&WebSocket) -> Result<(), JsValue>) {
    for socket in state.as_raw().get_websockets_with_tag(tag).unwrap_or_default() {
        drop(act(&socket.into()));
    }
}

/// When the runtime last answered a heartbeat of this socket's device.
fn heartbeat(state: &State, socket: &WebSocket) -> Option<Timestamp> {
    let raw = state.as_raw().unchecked_ref::<RawState>();
    let at = raw.heartbeat(socket.as_ref()).ok()??;
    Some(Timestamp(at.get_time() as u64))
}

fn find(state: &State) -> Vec<(WebSocket, Drain)> {
    let all = state.as_raw().get_websockets().unwrap_or_default();
    let live = |socket: &WebSocket| peer(socket).is_some_and(|peer| peer.live);
    let live = all.into_iter().map(WebSocket::from).filter(live);
    live.map(|socket| (socket, Drain::default())).collect()
}

fn user_tag(user: UserId) -> String {
    format!("u:{user}")
}

fn session_tag(session: SessionId) -> String {
    format!("s:{session}")
}
