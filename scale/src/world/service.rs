//! Every actor with its database, its sockets and its count.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use tideline_server::gateway::{self, Actors, Request, Response};
use tideline_server::limits::{Limits, Rate};
use tideline_server::notice::Dispatch;
use tideline_server::{
    Address, AnyHost, Audience, CallId, Effect, Env, Outcome, Peer, Unreachable,
};
use tideline_shared::Timestamp;
use tideline_shared::protocol::FileLimits;

use crate::count::Cost;
use crate::random::Random;
use crate::rows::Programs;
use crate::world::object::Object;

const ORIGIN: &str = "https://tideline.example";
pub(super) type SocketId = u64;

/// What turns ask of the world.
pub(super) enum Asked {
    Frame(SocketId, Rc<str>),
    Closed(SocketId),
    Call {
        from: Address,
        life: u64,
        id: CallId,
        to: Address,
        body: Rc<str>,
    },
    /// Something outside is done at once: this is its answer.
    Done {
        of: Address,
        life: u64,
        id: CallId,
        answer: String,
    },
    Timer {
        of: Address,
        life: u64,
        at: u64,
    },
    Alarm {
        of: Address,
        at: u64,
    },
}

/// All actors.
pub(super) struct Service {
    objects: RefCell<BTreeMap<Address, Object>>,
    sockets: RefCell<BTreeMap<(Address, SocketId), Peer>>,
    places: RefCell<BTreeMap<SocketId, Address>>,
    next_socket: Cell<SocketId>,
    asked: RefCell<Vec<Asked>>,
    now: Cell<u64>,
    random: RefCell<Random>,
    limits: Limits,
    store: RefCell<BTreeMap<String, Vec<u8>>>,
    requests: Cell<u64>,
    programs: Rc<Programs>,
    file_limits: Cell<Option<(Timestamp, FileLimits)>>,
    /// What must not happen, and did.
    pub(super) faults: RefCell<Vec<String>>,
}

impl Service {
    pub(super) fn new(seed: u64) -> Self {
        let free = Rate { burst: 1_000_000, every_ms: 0 };
        // Nobody here is to be slowed down, or has a password worth an hour of hashing.
        let limits = Limits {
            register: free,
            guest: free,
            sign_in: free,
            invite: free,
            find: free,
            search: free,
            password_kib: 8,
            ..Limits::default()
        };
        Self {
            objects: RefCell::default(),
            sockets: RefCell::default(),
            places: RefCell::default(),
            next_socket: Cell::new(1),
            asked: RefCell::default(),
            now: Cell::new(0),
            random: RefCell::new(Random::of(seed)),
            limits,
            store: RefCell::default(),
            requests: Cell::new(0),
            programs: Rc::default(),
            file_limits: Cell::new(None),
            faults: RefCell::default(),
        }
    }

    pub(super) fn set_now(&self, now: u64) {
        self.now.set(now);
    }

    pub(super) fn take_asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.borrow_mut())
    }

    /// What each actor cost so far.
    pub(super) fn costs(&self) -> BTreeMap<Address, Cost> {
        let objects = self.objects.borrow();
        objects.iter().map(|(&address, object)| (address, object.cost)).collect()
    }

    pub(super) fn requests(&self) -> u64 {
        self.requests.get()
    }

    /// Bytes of an actor's database.
    pub(super) fn bytes(&self, of: Address) -> u64 {
        let objects = self.objects.borrow();
        objects.get(&of).and_then(|object| object.sql.bytes().ok()).unwrap_or(0)
    }

    /// One turn, counted; then its effects.
    fn turn<T>(
        &self,
        at: Address,
        caller: Option<SocketId>,
        body: impl FnOnce(&mut AnyHost, Env<'_>) -> (T, Outcome),
    ) -> T {
        let (result, outcome) = {
            let mut objects = self.objects.borrow_mut();
            let object = objects.entry(at).or_insert_with(|| Object::new(at, &self.programs));
            object.wakes(at, self.now.get());
            let before = object.sql.rows();
            let mut random = |bytes: &mut [u8]| self.random.borrow_mut().fill(bytes);
            let env = Env {
                now: Timestamp(self.now.get()),
                random: &mut random,
                sql: &object.sql,
                limits: &self.limits,
            };
            let ran = body(&mut object.host, env);
            let after = object.sql.rows();
            object.cost.rows += (after.written - before.written) as f64;
            object.cost.read += (after.read - before.read) as f64;
            ran
        };
        self.faults.borrow_mut().extend(outcome.faults.iter().map(ToString::to_string));
        for effect in outcome.effects {
            self.carry_out(at, caller, effect);
        }
        result
    }

    fn with<T>(&self, at: Address, act: impl FnOnce(&mut Object) -> T) -> T {
        act(self.objects.borrow_mut().entry(at).or_insert_with(|| Object::new(at, &self.programs)))
    }

    fn ask_for(&self, asked: Asked) {
        self.asked.borrow_mut().push(asked);
    }

    fn carry_out(&self, from: Address, caller: Option<SocketId>, effect: Effect) {
        match effect {
            Effect::Push { to, frame } => {
                for socket in self.audience(from, caller, &to) {
                    self.ask_for(Asked::Frame(socket, Rc::clone(&frame)));
                }
            }
            Effect::GoLive => {
                let socket = caller.map(|caller| (from, caller));
                let mut sockets = self.sockets.borrow_mut();
                if let Some(peer) = socket.and_then(|socket| sockets.get_mut(&socket)) {
                    peer.live = true;
                }
            }
            Effect::Close { to, .. } => {
                for socket in self.audience(from, caller, &to) {
                    self.drop_socket(socket);
                    self.ask_for(Asked::Closed(socket));
                }
            }
            Effect::Call { id, to, body } => {
                let life = self.begin(from);
                self.ask_for(Asked::Call { from, life, id, to, body });
            }
            Effect::Erase { id, keys } => {
                self.store.borrow_mut().retain(|key, _| !keys.contains(key));
                self.done(from, id, tideline_server::ERASED.to_owned());
            }
            Effect::Look { id, .. } => self.done(from, id, r#"{"Ok":null}"#.to_owned()),
            Effect::Notify { id, dispatch } => self.notify(from, id, &dispatch),
            Effect::WakeSoon(ms) => self.wake_soon(from, self.now.get() + ms),
            Effect::WakeAt(at) => {
                self.with(from, |object| {
                    object.alarm = Some(at.0);
                    object.cost.alarms += 1.0;
                });
                self.ask_for(Asked::Alarm { of: from, at: at.0 });
            }
        }
    }

    fn notify(&self, from: Address, id: CallId, _: &Dispatch) {
        self.done(from, id, r#"{"Ok":{"status":201,"retry_after_s":null}}"#.to_owned());
    }

    /// An object begins to wait for somebody; which memory of it.
    fn begin(&self, from: Address) -> u64 {
        self.with(from, |object| {
            object.waits_for += 1;
            object.life
        })
    }

    fn done(&self, of: Address, id: CallId, answer: String) {
        let life = self.begin(of);
        self.ask_for(Asked::Done { of, life, id, answer });
    }

    /// As the Worker has it: one timer, and the sooner one counts.
    fn wake_soon(&self, of: Address, at: u64) {
        let life = self.with(of, |object| {
            let sooner = object.timer.is_none_or(|set_for| set_for > at);
            sooner.then(|| {
                object.timer = Some(at);
                object.life
            })
        });
        if let Some(life) = life {
            self.ask_for(Asked::Timer { of, life, at });
        }
    }

    fn audience(&self, at: Address, caller: Option<SocketId>, to: &Audience) -> Vec<SocketId> {
        let sockets = self.sockets.borrow();
        let here = sockets.range((at, 0)..=(at, SocketId::MAX));
        here.filter(|((_, id), peer)| match to {
            Audience::Caller => Some(*id) == caller,
            Audience::Live => peer.live,
            Audience::LiveOf(user) => peer.live && peer.user == *user,
            Audience::LiveBut(users) => peer.live && !users.contains(&peer.user),
            Audience::User(user) => peer.user == *user,
            Audience::Session(session) => peer.session == *session,
        })
        .map(|((_, id), _)| *id)
        .collect()
    }

    pub(super) fn drop_socket(&self, socket: SocketId) {
        if let Some(at) = self.places.borrow_mut().remove(&socket) {
            self.sockets.borrow_mut().remove(&(at, socket));
        }
    }

    /// Runs a call.
    pub(super) fn call(&self, to: Address, body: &str) -> String {
        self.with(to, |object| object.cost.calls += 1.0);
        self.turn(to, None, |host, env| host.call(env, body))
    }

    /// Reports the outcome of a call to whoever made it, if they remember.
    pub(super) fn returned(&self, to: Address, life: u64, id: CallId, answer: String) {
        if !self.with(to, |object| object.life == life) {
            return;
        }
        self.turn(to, None, |host, env| ((), host.returned(env, id, Ok(answer))));
        self.with(to, |object| object.waits_for = object.waits_for.saturating_sub(1));
    }

    pub(super) fn timer(&self, of: Address, life: u64, at: u64) {
        if self.with(of, |object| object.life == life && object.timer == Some(at)) {
            // What it waited for is over once the turn has counted it.
            self.turn(of, None, |host, env| ((), host.alarm(env)));
            self.with(of, |object| object.timer = object.timer.filter(|&timer| timer != at));
        }
    }

    /// The alarm goes off, if it is still set for this time. The shell sets another one before the
    /// actor has its turn.
    pub(super) fn alarm(&self, of: Address, at: u64) {
        let due = self.with(of, |object| {
            let due = object.alarm == Some(at);
            if due {
                object.alarm = None;
                object.cost.woken += 1.0;
                object.cost.alarms += 1.0;
            }
            due
        });
        if due {
            self.turn(of, None, |host, env| ((), host.alarm(env)));
        }
    }

    /// Opens a socket.
    pub(super) fn open(&self, cookie: &str, address: &str, path: &str) -> Option<SocketId> {
        let request = Request { upgrade: true, cookie: Some(cookie), ..self.blank(path, address) };
        let Response::Socket { to, peer } = self.respond(request) else { return None };
        self.with(to, |object| object.cost.calls += 1.0);
        self.turn(to, None, |host, env| host.connect(env, &peer)).ok()?;
        let id = self.next_socket.replace(self.next_socket.get() + 1);
        self.sockets.borrow_mut().insert((to, id), peer);
        self.places.borrow_mut().insert(id, to);
        Some(id)
    }

    /// A frame comes in.
    pub(super) fn frame(&self, socket: SocketId, text: &str) {
        let Some(at) = self.places.borrow().get(&socket).copied() else { return };
        let Some(peer) = self.sockets.borrow().get(&(at, socket)).cloned() else { return };
        self.with(at, |object| object.cost.frames += 1.0);
        self.turn(at, Some(socket), |host, env| ((), host.frame(env, &peer, Some(text))));
    }

    pub(super) fn blank<'a>(&'a self, path: &'a str, address: &'a str) -> Request<'a> {
        Request {
            method: "POST",
            path,
            protocol: None,
            own_origin: ORIGIN,
            origin: Some(ORIGIN),
            cookie: None,
            address,
            user_agent: "",
            range: None,
            if_none_match: None,
            upgrade: false,
            body: b"",
            now: Timestamp(self.now.get()),
            rates: &self.limits,
        }
    }

    /// A request of the Worker.
    pub(super) fn respond(&self, request: Request<'_>) -> Response {
        self.requests.set(self.requests.get() + 1);
        let mut random = |bytes: &mut [u8]| self.random.borrow_mut().fill(bytes);
        let (response, fault) = ready(gateway::handle(self, &mut random, request));
        self.faults.borrow_mut().extend(fault.map(|fault| fault.to_string()));
        response
    }
}

impl Actors for Service {
    async fn ask(&self, to: Address, body: String) -> Result<String, Unreachable> {
        Ok(self.call(to, &body))
    }

    fn file_limits(&self) -> Option<(Timestamp, FileLimits)> {
        self.file_limits.get()
    }

    fn keep_file_limits(&self, at: Timestamp, limits: FileLimits) {
        self.file_limits.set(Some((at, limits)));
    }

    async fn put(&self, key: &str, bytes: &[u8]) -> Result<(), Unreachable> {
        self.store.borrow_mut().insert(key.to_owned(), bytes.to_owned());
        Ok(())
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Unreachable> {
        Ok(self.store.borrow().get(key).cloned())
    }

    async fn copy(&self, from: &str, to: &str) -> Result<(), Unreachable> {
        let bytes = self.store.borrow().get(from).cloned();
        self.put(to, &bytes.ok_or_else(|| Unreachable("it is not there".to_owned()))?).await
    }
}

/// The result of a future that never has to wait.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => unreachable!("actors are asked on the spot"),
    }
}
