//! The service under faults: every actor with its own SQLite, an isolate that may reset before,
//! in the middle of or after a commit, and a disk that may refuse a write.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use tideline_server::gateway::{self, Actors, Request, Response};
use tideline_server::limits::{Limits, Rate};
use tideline_server::mirror::Refusal;
use tideline_server::native::Sqlite;
use tideline_server::sql::{Fault, Row, Sql, Value, Verdict};
use tideline_server::{
    Address, AnyHost, Audience, CallId, Effect, Env, Outcome, Peer, Unreachable,
};
use tideline_shared::Timestamp;

use crate::profile::Profile;
use crate::random::Random;
use crate::tally::Tally;

const ORIGIN: &str = "https://tideline.example";

/// Tells sockets apart.
pub(crate) type SocketId = u64;

/// What turns ask of the world.
pub(crate) enum Asked {
    /// A frame for the other end of a socket.
    Frame(SocketId, Rc<str>),
    /// The service closes a socket, or lost it.
    Closed(SocketId),
    /// A call of another actor.
    Call { from: Address, life: u64, id: CallId, to: Address, body: Rc<str> },
    /// A timer, lost with the memory.
    Timer { of: Address, life: u64, ms: u64 },
    /// The alarm, which outlives everything.
    Alarm { of: Address },
}

/// A database whose disk may refuse.
struct Disk {
    sqlite: Sqlite,
    /// Statements until it does.
    refuses_in: Cell<Option<u64>>,
}

impl Disk {
    fn works(&self) -> Result<(), Fault> {
        match self.refuses_in.get() {
            Some(0) => Err(Fault("the disk is full".to_owned())),
            Some(more) => {
                self.refuses_in.set(Some(more - 1));
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Sql for Disk {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<(), Fault> {
        self.works()?;
        self.sqlite.execute(statement, parameters)
    }

    fn query(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        self.works()?;
        self.sqlite.query(statement, parameters)
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Verdict) -> Result<(), Fault> {
        self.sqlite.transaction(body)
    }
}

struct Object {
    host: AnyHost,
    disk: Disk,
    /// Counts the memories that it has had.
    life: u64,
    alarm: Option<Timestamp>,
}

struct Socket {
    peer: Peer,
    at: Address,
}

/// All actors.
pub(crate) struct Service {
    objects: RefCell<BTreeMap<Address, Object>>,
    sockets: RefCell<BTreeMap<SocketId, Socket>>,
    next_socket: Cell<SocketId>,
    asked: RefCell<Vec<Asked>>,
    /// The service's clock, which need not be right.
    now: Cell<u64>,
    random: RefCell<Random>,
    faults: Cell<Profile>,
    limits: Limits,
    pub(crate) tally: RefCell<Tally>,
}

impl Service {
    pub(crate) fn new(random: Random) -> Self {
        let free = Rate { burst: 1_000_000, every_ms: 0 };
        let limits = Limits {
            register: free,
            guest: free,
            sign_in: free,
            invite: free,
            find: free,
            ..Limits::default()
        };
        Self {
            objects: RefCell::default(),
            sockets: RefCell::default(),
            next_socket: Cell::new(1),
            asked: RefCell::default(),
            now: Cell::new(0),
            random: RefCell::new(random),
            faults: Cell::new(Profile::calm()),
            limits,
            tally: RefCell::default(),
        }
    }

    pub(crate) fn set_now(&self, now: u64) {
        self.now.set(now);
    }

    pub(crate) fn set_faults(&self, faults: Profile) {
        self.faults.set(faults);
    }

    /// What was asked since the last time.
    pub(crate) fn take_asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.borrow_mut())
    }

    fn ask_for(&self, asked: Asked) {
        self.asked.borrow_mut().push(asked);
    }

    fn dice(&self, per_million: u64) -> bool {
        self.random.borrow_mut().one_in_a_million(per_million)
    }

    fn count(&self, what: &'static str) {
        self.tally.borrow_mut().fault(what);
    }

    /// One turn. None when the object was reset before anybody heard of its outcome.
    fn turn<T>(
        &self,
        at: Address,
        caller: Option<SocketId>,
        body: impl FnOnce(&mut AnyHost, Env<'_>) -> (T, Outcome),
    ) -> Option<T> {
        let faults = self.faults.get();
        if self.dice(faults.reset) {
            self.count("reset before a turn");
            self.reset(at);
            return None;
        }
        self.tally.borrow_mut().steps += 1;
        let (result, outcome) = {
            let mut objects = self.objects.borrow_mut();
            let object = objects.entry(at).or_insert_with(|| Object::new(at));
            let refuses_in = self.dice(faults.disk).then(|| self.random.borrow_mut().below(12));
            object.disk.refuses_in.set(refuses_in);
            let mut random = |bytes: &mut [u8]| self.random.borrow_mut().fill(bytes);
            let env = Env {
                now: Timestamp(self.now.get()),
                random: &mut random,
                sql: &object.disk,
                limits: &self.limits,
            };
            let ran = body(&mut object.host, env);
            object.disk.refuses_in.set(None);
            ran
        };
        if !outcome.faults.is_empty() {
            self.count("a refused write");
        }
        let lost = self.dice(faults.reset);
        for effect in outcome.effects {
            // The alarm commits with the turn; everything else is lost with the memory.
            if !lost || matches!(effect, Effect::WakeAt(_)) {
                self.carry_out(at, caller, effect);
            }
        }
        if lost {
            self.count("reset after a commit");
            self.reset(at);
            return None;
        }
        Some(result)
    }

    fn carry_out(&self, from: Address, caller: Option<SocketId>, effect: Effect) {
        match effect {
            Effect::Push { to, frame } => {
                for socket in self.audience(from, caller, to) {
                    self.ask_for(Asked::Frame(socket, Rc::clone(&frame)));
                }
            }
            Effect::GoLive => {
                let mut sockets = self.sockets.borrow_mut();
                if let Some(socket) = caller.and_then(|caller| sockets.get_mut(&caller)) {
                    socket.peer.live = true;
                }
            }
            Effect::Close { to, .. } => {
                for socket in self.audience(from, caller, to) {
                    self.drop_socket(socket);
                }
            }
            Effect::Call { id, to, body } => {
                let life = self.life(from);
                self.ask_for(Asked::Call { from, life, id, to, body });
            }
            Effect::WakeSoon(ms) => {
                let life = self.life(from);
                self.ask_for(Asked::Timer { of: from, life, ms });
            }
            Effect::WakeAt(at) => {
                if let Some(object) = self.objects.borrow_mut().get_mut(&from) {
                    object.alarm = Some(at);
                }
                self.ask_for(Asked::Alarm { of: from });
            }
        }
    }

    fn audience(&self, at: Address, caller: Option<SocketId>, to: Audience) -> Vec<SocketId> {
        let sockets = self.sockets.borrow();
        let here = sockets.iter().filter(|(_, socket)| socket.at == at);
        here.filter(|(id, socket)| match to {
            Audience::Caller => Some(**id) == caller,
            Audience::Live => socket.peer.live,
            Audience::User(user) => socket.peer.user == user,
            Audience::Session(session) => socket.peer.session == session,
        })
        .map(|(id, _)| *id)
        .collect()
    }

    /// Which memory of an actor this is.
    pub(crate) fn life(&self, of: Address) -> u64 {
        self.objects.borrow().get(&of).map_or(0, |object| object.life)
    }

    /// The memory is gone; what is stored, and the sockets, are not.
    pub(crate) fn hibernate(&self, at: Address) {
        if let Some(object) = self.objects.borrow_mut().get_mut(&at) {
            object.host = AnyHost::new(at);
            object.life += 1;
        }
    }

    /// Memory and sockets are gone.
    fn reset(&self, at: Address) {
        self.hibernate(at);
        let here = |sockets: &BTreeMap<SocketId, Socket>| -> Vec<SocketId> {
            sockets.iter().filter(|(_, socket)| socket.at == at).map(|(id, _)| *id).collect()
        };
        let gone = here(&self.sockets.borrow());
        gone.into_iter().for_each(|socket| self.drop_socket(socket));
    }

    /// The whole runtime starts again.
    pub(crate) fn restart(&self) {
        let all: Vec<_> = self.objects.borrow().keys().copied().collect();
        all.into_iter().for_each(|address| self.reset(address));
    }

    /// A socket is over.
    pub(crate) fn drop_socket(&self, socket: SocketId) {
        if self.sockets.borrow_mut().remove(&socket).is_some() {
            self.ask_for(Asked::Closed(socket));
        }
    }

    /// Every actor there is.
    pub(crate) fn addresses(&self) -> Vec<Address> {
        self.objects.borrow().keys().copied().collect()
    }

    /// Runs a call; none when it may or may not have taken effect.
    pub(crate) fn call(&self, to: Address, body: &str) -> Option<String> {
        self.turn(to, None, |host, env| host.call(env, body))
    }

    /// Reports the outcome of a call to whoever made it, if they remember.
    pub(crate) fn returned(
        &self,
        to: Address,
        life: u64,
        id: CallId,
        answer: Result<String, Unreachable>,
    ) {
        if self.life(to) != life {
            return;
        }
        self.turn(to, None, |host, env| ((), host.returned(env, id, answer)));
    }

    fn wake(&self, at: Address) {
        self.turn(at, None, |host, env| ((), host.alarm(env)));
    }

    /// A timer goes off, unless it was forgotten.
    pub(crate) fn timer(&self, of: Address, life: u64) {
        if self.life(of) == life {
            self.wake(of);
        }
    }

    /// When the alarm of an actor is due, by the service's clock.
    pub(crate) fn alarm_of(&self, of: Address) -> Option<Timestamp> {
        self.objects.borrow().get(&of)?.alarm
    }

    /// The alarm goes off. A reset that undoes its turn does not undo it: it comes again.
    pub(crate) fn alarm(&self, of: Address) {
        let Some(due) = self.alarm_of(of) else { return };
        if let Some(object) = self.objects.borrow_mut().get_mut(&of) {
            object.alarm = None;
        }
        let life = self.life(of);
        self.wake(of);
        if self.life(of) != life && self.alarm_of(of).is_none() {
            if let Some(object) = self.objects.borrow_mut().get_mut(&of) {
                object.alarm = Some(due);
            }
            self.ask_for(Asked::Alarm { of });
        }
    }

    /// A command over HTTP: the status and the answer. Status 0: no answer came.
    pub(crate) fn post(
        &self,
        cookie: Option<&str>,
        path: &str,
        body: &str,
    ) -> (u16, String, Option<String>) {
        let request = Request { cookie, body: body.as_bytes(), ..self.blank(path) };
        match self.respond(request) {
            Response::Json { status, body, set_cookie, .. } => (status, body, set_cookie),
            _ => (0, String::new(), None),
        }
    }

    /// Opens a socket.
    pub(crate) fn open(&self, cookie: &str, path: &str) -> Result<SocketId, Option<Refusal>> {
        let request = Request { upgrade: true, cookie: Some(cookie), ..self.blank(path) };
        let (to, peer) = match self.respond(request) {
            Response::Socket { to, peer } => (to, peer),
            Response::Refused(refusal) => return Err(Some(refusal)),
            Response::Json { .. } => return Err(None),
        };
        let accepted = self.turn(to, None, |host, env| host.connect(env, &peer));
        accepted.ok_or(None)?.map_err(Some)?;
        let id = self.next_socket.replace(self.next_socket.get() + 1);
        self.sockets.borrow_mut().insert(id, Socket { peer, at: to });
        Ok(id)
    }

    /// A frame comes in.
    pub(crate) fn frame(&self, socket: SocketId, text: &str) {
        let (at, peer) = match self.sockets.borrow().get(&socket) {
            Some(socket) => (socket.at, socket.peer.clone()),
            None => return,
        };
        self.turn(at, Some(socket), |host, env| ((), host.frame(env, &peer, Some(text))));
    }

    /// The ground truth.
    pub(crate) fn rows(&self, at: Address, query: &str) -> Vec<Row> {
        let objects = self.objects.borrow();
        let rows = objects.get(&at).map(|object| object.disk.sqlite.query(query, &[]));
        rows.and_then(Result::ok).unwrap_or_default()
    }

    fn blank<'a>(&'a self, path: &'a str) -> Request<'a> {
        Request {
            method: "POST",
            path,
            own_origin: ORIGIN,
            origin: Some(ORIGIN),
            cookie: None,
            address: "192.0.2.1",
            upgrade: false,
            body: b"",
            now: Timestamp(self.now.get()),
            rates: &self.limits,
        }
    }

    fn respond(&self, request: Request<'_>) -> Response {
        let mut random = |bytes: &mut [u8]| self.random.borrow_mut().fill(bytes);
        ready(gateway::handle(self, &mut random, request)).0
    }
}

impl Object {
    #[allow(clippy::expect_used, reason = "without a database there is nothing to simulate")]
    fn new(of: Address) -> Self {
        let sqlite = Sqlite::in_memory().expect("SQLite opens a database in memory");
        let disk = Disk { sqlite, refuses_in: Cell::new(None) };
        Self { host: AnyHost::new(of), disk, life: 1, alarm: None }
    }
}

impl Actors for Service {
    async fn ask(&self, to: Address, body: String) -> Result<String, Unreachable> {
        let faults = self.faults.get();
        let lost = || Unreachable("lost on the way".to_owned());
        if self.dice(faults.call_lost) {
            self.count("a call of the gateway lost");
            return Err(lost());
        }
        let answer = self.call(to, &body).ok_or_else(lost)?;
        if self.dice(faults.answer_lost) {
            self.count("an answer to the gateway lost");
            return Err(lost());
        }
        Ok(answer)
    }
}

/// The result of a future that never has to wait.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => unreachable!("actors are asked on the spot"),
    }
}
