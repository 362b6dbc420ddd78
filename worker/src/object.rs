//! The common body of the Durable Objects: an actor's host with its storage and its sockets.

use std::cell::Cell;
use std::rc::Rc;

use tideline_server::limits::Limits;
use tideline_server::{ALARM_AGAIN_MS, Actor, Audience, Host, Peer};
use tideline_shared::Timestamp;
use tideline_shared::limits::{PING, PONG};
use wasm_bindgen::JsValue;
use worker::{
    Env, Request, Response, State, WebSocket, WebSocketIncomingMessage, WebSocketPair,
    WebSocketRequestResponsePair, console_error,
};

use crate::actors::{self, CALL, PEER, SOCKET};
use crate::meter::Meter;
use crate::sockets::{self, Live};
use crate::storage::{Storage, message};
use crate::{clock, conformance, random};

/// An object that hosts the actor `A`.
pub(crate) struct Object<A> {
    pub(crate) state: State,
    pub(crate) env: Env,
    pub(crate) storage: Storage,
    pub(crate) live: Live,
    pub(crate) meter: Meter,
    /// When the earliest timer goes off, if one is set.
    pub(crate) timer: Cell<Option<Timestamp>>,
    limits: Limits,
    // A `Cell`, taken for a turn and put back: turns are synchronous, so nothing can miss it.
    host: Cell<Host<A>>,
}

impl<A: Actor + 'static> Object<A> {
    /// The object, after its creation, an eviction or a hibernation. The actor reads its state when
    /// it is first asked for something.
    pub(crate) fn new(state: State, env: Env) -> Rc<Self> {
        let meter = Meter::of::<A>(&env);
        let storage = Storage::of(&state, meter);
        if let Err(error) = answer_pings(&state) {
            console_error!("pings will wake this object: {}", message(&error));
        }
        let limits = actors::limits(&env);
        Rc::new(Self {
            state,
            env,
            storage,
            live: Live::default(),
            meter,
            timer: Cell::default(),
            limits,
            host: Cell::default(),
        })
    }

    /// Answers the Worker or another object. Nobody else can reach this.
    pub(crate) async fn fetch(self: &Rc<Self>, mut request: Request) -> worker::Result<Response> {
        match request.path().as_str() {
            CALL => {
                let body = request.text().await?;
                self.meter.count(|tally| tally.calls_in += 1);
                let (answer, outcome) = self.turn(|host, env| host.call(env, &body));
                self.carry_out(outcome, None);
                Response::ok(answer)
            }
            SOCKET => self.open(&request),
            conformance::PATH => conformance::answer(&self.storage),
            _ => Response::error("no such call", 404),
        }
    }

    fn open(self: &Rc<Self>, request: &Request) -> worker::Result<Response> {
        let peer = request.headers().get(PEER)?.ok_or("a socket without a peer")?;
        let peer: Peer = serde_json::from_str(&peer)?;
        let (accepted, outcome) = self.turn(|host, env| host.connect(env, &peer));
        if let Err(refusal) = accepted {
            self.carry_out(outcome, None);
            return sockets::refuse(&refusal);
        }
        let WebSocketPair { client, server } = WebSocketPair::new()?;
        let accepted = sockets::accept(&self.state, &server, &peer);
        self.carry_out(outcome, Some(&server));
        accepted?;
        Response::from_websocket(client)
    }

    /// A frame came in.
    pub(crate) fn message(self: &Rc<Self>, socket: &WebSocket, message: &WebSocketIncomingMessage) {
        let Some(peer) = sockets::peer(socket) else { return };
        let frame = match message {
            WebSocketIncomingMessage::String(text) => Some(text.as_str()),
            WebSocketIncomingMessage::Binary(_) => None,
        };
        self.meter.count(|tally| tally.frames_in += 1);
        let outcome = self.turn(|host, env| host.frame(env, &peer, frame));
        self.carry_out(outcome, Some(socket));
    }

    /// The other end closed its side. Unanswered, it would wait for its own time-out.
    pub(crate) fn closed(&self, socket: &WebSocket, code: usize) {
        self.live.remove(socket);
        // An error says that this side was closed before.
        drop(sockets::close(socket, u16::try_from(code).unwrap_or_default()));
    }

    /// The connection broke.
    pub(crate) fn broken(&self, socket: &WebSocket) {
        self.live.remove(socket);
    }

    /// The time that the actor asked for has come.
    pub(crate) fn wake(self: &Rc<Self>) {
        let outcome = self.turn(Host::alarm);
        self.carry_out(outcome, None);
    }

    /// The alarm goes off: wakes the actor, under the protection of a next alarm.
    pub(crate) async fn alarm(self: &Rc<Self>) {
        let next = self.protect().await.unwrap_or_else(|error| {
            console_error!("an alarm goes off unprotected: {}", message(&error));
            None
        });
        self.wake();
        if let Err(error) = self.unprotect(next).await {
            // It wakes the actor once for nothing.
            console_error!("an alarm stays behind: {}", message(&error));
        }
    }

    /// Sets another alarm, should there be none, and waits until it is stored: it comes when this
    /// one kills the object too often.
    async fn protect(&self) -> Result<Option<Timestamp>, JsValue> {
        if self.storage.alarm().await?.is_some() {
            return Ok(None);
        }
        let next = clock::now().after(ALARM_AGAIN_MS);
        drop(self.storage.set_alarm(next)?);
        self.storage.sync().await?;
        Ok(Some(next))
    }

    /// Takes that alarm back, unless the actor has asked for another one since.
    async fn unprotect(&self, next: Option<Timestamp>) -> Result<(), JsValue> {
        if next.is_some() && self.storage.alarm().await? == next {
            self.storage.delete_alarm().await?;
        }
        Ok(())
    }

    /// Runs one turn.
    pub(crate) fn turn<T>(
        &self,
        run: impl FnOnce(&mut Host<A>, tideline_server::Env<'_>) -> T,
    ) -> T {
        self.meter.count(|tally| tally.turns += 1);
        let mut host = self.host.take();
        let env = tideline_server::Env {
            now: clock::now(),
            random: &mut random::fill,
            sql: &self.storage,
            limits: &self.limits,
        };
        let result = run(&mut host, env);
        self.host.set(host);
        result
    }

    /// Sends so many bytes, with `act`, to each socket of an audience.
    pub(crate) fn each(
        &self,
        to: &Audience,
        caller: Option<&WebSocket>,
        bytes: usize,
        act: impl Fn(&WebSocket) -> Result<(), JsValue>,
    ) {
        sockets::each(&self.state, &self.live, caller, to, bytes, act);
    }
}

/// Has the runtime answer heartbeats without waking the object.
fn answer_pings(state: &State) -> Result<(), JsValue> {
    let pair = WebSocketRequestResponsePair::new(PING, PONG)?;
    state.as_raw().set_websocket_auto_response(&pair)
}
