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
use tideline_server::notice::Dispatch;
use tideline_server::sql::{Row, Sql};
use tideline_server::{
    ALARM_AGAIN_MS, Address, AnyHost, Audience, CallId, Effect, Env, Outcome, Peer, Unreachable,
};
use tideline_shared::Timestamp;
use tideline_shared::protocol::FileLimits;

use crate::disk::Disk;
use crate::mistake::{self, Mistake};
use crate::random::Stream;
use crate::script::Script;

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
    /// Files are to be taken out of their store.
    Erase { from: Address, life: u64, id: CallId, keys: Vec<String> },
    /// A page that somebody linked to.
    Look { from: Address, life: u64, id: CallId, url: String },
    /// A device is to be told of something.
    Notify { from: Address, life: u64, id: CallId, dispatch: Box<Dispatch> },
    /// A timer, lost with the memory.
    Timer { of: Address, life: u64, ms: u64 },
    /// The alarm, which outlives everything.
    Alarm { of: Address },
}

struct Object {
    host: AnyHost,
    disk: Disk,
    /// Its actor has read the database.
    is_open: bool,
    /// Counts the memories that it has had.
    life: u64,
    alarm: Option<Timestamp>,
    /// Until when its disk is full, by the loop's clock.
    full_until: u64,
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
    /// The loop's clock.
    time: Cell<u64>,
    /// The service's clock, which need not be right.
    now: Cell<u64>,
    random: RefCell<Stream>,
    script: Rc<Script>,
    mistake: Option<Mistake>,
    limits: Limits,
    /// The store of files.
    store: RefCell<BTreeMap<String, Vec<u8>>>,
    /// What a turn must not have done, and did.
    pub(crate) violation: RefCell<Option<String>>,
}

impl Service {
    pub(crate) fn new(random: Stream, script: Rc<Script>, mistake: Option<Mistake>) -> Self {
        let free = Rate { burst: 1_000_000, every_ms: 0 };
        let limits = Limits {
            register: free,
            guest: free,
            sign_in: free,
            invite: free,
            find: free,
            export: free,
            password_kib: 8,
            ..Limits::default()
        };
        Self {
            objects: RefCell::default(),
            sockets: RefCell::default(),
            next_socket: Cell::new(1),
            asked: RefCell::default(),
            time: Cell::new(0),
            now: Cell::new(0),
            random: RefCell::new(random),
            script,
            mistake,
            limits,
            store: RefCell::default(),
            violation: RefCell::default(),
        }
    }

    /// Tells what time it is in the loop, and by the service's clock.
    pub(crate) fn set_now(&self, time: u64, now: u64) {
        self.time.set(time);
        self.now.set(now);
    }

    /// What was asked since the last time.
    pub(crate) fn take_asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.borrow_mut())
    }

    fn ask_for(&self, asked: Asked) {
        self.asked.borrow_mut().push(asked);
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.random.borrow_mut().at(self.time.get()).fill(bytes);
    }

    fn strikes(&self, what: &'static str, per_million: u64) -> bool {
        self.script.strikes(what, per_million)
    }

    /// One turn; `refused` reads its result and effects. None when the object was reset before
    /// anybody heard of its outcome.
    fn turn<T>(
        &self,
        at: Address,
        caller: Option<SocketId>,
        refused: impl FnOnce(&T, &[Effect]) -> bool,
        body: impl FnOnce(&mut AnyHost, Env<'_>) -> (T, Outcome),
    ) -> Option<T> {
        let faults = self.script.faults();
        if self.strikes("reset before a turn", faults.reset) {
            self.reset(at);
            return None;
        }
        self.script.step();
        let dies = self.strikes("reset during a commit", faults.reset);
        let ((result, outcome), changed) = {
            let mut objects = self.objects.borrow_mut();
            let object = objects.entry(at).or_insert_with(|| Object::new(at, self.mistake));
            let refuses = self.strikes("a refused write", faults.disk);
            let refuses_in = refuses.then(|| self.script.below("which statement", 12));
            if self.strikes("a full disk", faults.full) {
                let ms = 1_000 + self.script.below("how long it is full", 5_000);
                object.full_until = self.time.get() + ms;
            }
            object.disk.begin(refuses_in, self.time.get() < object.full_until, dies);
            let commits = object.disk.sqlite.commits();
            let mut random = |bytes: &mut [u8]| self.fill(bytes);
            let env = Env {
                now: Timestamp(self.now.get()),
                random: &mut random,
                sql: &object.disk,
                limits: &self.limits,
            };
            let ran = body(&mut object.host, env);
            // The first turn of a memory opens the database, whatever becomes of the command.
            let opened = std::mem::replace(&mut object.is_open, ran.1.faults.is_empty());
            let changed = opened && object.disk.sqlite.commits() != commits;
            (ran, changed)
        };
        if changed && refused(&result, &outcome.effects) {
            let what = format!("{at:?} refused something, and changed");
            self.violation.borrow_mut().get_or_insert(what);
        }
        if dies {
            self.reset(at);
            return mistake::answers_anyway(self.mistake, at).then_some(result);
        }
        let lost = self.strikes("reset after a commit", faults.reset);
        for effect in outcome.effects {
            // The alarm commits with the turn; everything else is lost with the memory.
            if !lost || matches!(effect, Effect::WakeAt(_)) {
                self.carry_out(at, caller, effect);
            }
        }
        if lost {
            self.reset(at);
            return None;
        }
        Some(result)
    }

    fn carry_out(&self, from: Address, caller: Option<SocketId>, effect: Effect) {
        match effect {
            Effect::Push { to, frame } => {
                for socket in self.audience(from, caller, &to) {
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
                for socket in self.audience(from, caller, &to) {
                    self.drop_socket(socket);
                }
            }
            Effect::Call { id, to, body } => {
                let life = self.life(from);
                self.ask_for(Asked::Call { from, life, id, to, body });
            }
            Effect::Erase { id, keys } => {
                let life = self.life(from);
                self.ask_for(Asked::Erase { from, life, id, keys });
            }
            Effect::Look { id, url } => {
                let life = self.life(from);
                self.ask_for(Asked::Look { from, life, id, url });
            }
            Effect::Notify { id, dispatch } => {
                let life = self.life(from);
                self.ask_for(Asked::Notify { from, life, id, dispatch });
            }
            Effect::WakeSoon(ms) => {
                let life = self.life(from);
                self.ask_for(Asked::Timer { of: from, life, ms });
            }
            Effect::WakeAt(at) => {
                self.set_alarm(from, Some(at));
                self.ask_for(Asked::Alarm { of: from });
            }
        }
    }

    fn audience(&self, at: Address, caller: Option<SocketId>, to: &Audience) -> Vec<SocketId> {
        let sockets = self.sockets.borrow();
        let here = sockets.iter().filter(|(_, socket)| socket.at == at);
        here.filter(|(id, socket)| match to {
            Audience::Caller => Some(**id) == caller,
            Audience::Live => socket.peer.live,
            Audience::LiveOf(user) => socket.peer.live && socket.peer.user == *user,
            Audience::LiveBut(users) => socket.peer.live && !users.contains(&socket.peer.user),
            Audience::User(user) => socket.peer.user == *user,
            Audience::Session(session) => socket.peer.session == *session,
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
            object.is_open = false;
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
        let refused = |answer: &String, _: &[Effect]| answer.starts_with(r#"{"Err""#);
        self.turn(to, None, refused, |host, env| host.call(env, body))
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
        self.turn(to, None, never, |host, env| ((), host.returned(env, id, answer)));
    }

    fn wake(&self, at: Address) {
        self.turn(at, None, never, |host, env| ((), host.alarm(env)));
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

    /// The alarm goes off. The shell asks for another one before the actor has its turn, as an
    /// alarm in whose handling the object dies comes again six times only.
    pub(crate) fn alarm(&self, of: Address) {
        let next = Timestamp(self.now.get()).after(ALARM_AGAIN_MS);
        self.set_alarm(of, Some(next));
        self.ask_for(Asked::Alarm { of });
        if self.strikes("an alarm given up", self.script.faults().alarm_given_up) {
            return self.reset(of);
        }
        let life = self.life(of);
        self.wake(of);
        // Nothing died, and nothing else was asked for.
        if self.life(of) == life && self.alarm_of(of) == Some(next) {
            self.set_alarm(of, None);
        }
    }

    fn set_alarm(&self, of: Address, alarm: Option<Timestamp>) {
        if let Some(object) = self.objects.borrow_mut().get_mut(&of) {
            object.alarm = alarm;
        }
    }

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

    /// A frame comes in.
    pub(crate) fn frame(&self, socket: SocketId, text: &str) {
        let (at, peer) = match self.sockets.borrow().get(&socket) {
            Some(socket) => (socket.at, socket.peer.clone()),
            None => return,
        };
        let refused = |(): &(), effects: &[Effect]| matches!(effects, [Effect::Push { to: Audience::Caller, frame }] if frame.contains(r#""type":"rejected""#));
        self.turn(at, Some(socket), refused, |host, env| ((), host.frame(env, &peer, Some(text))));
    }

    /// Takes files out of their store; whether it could be reached.
    pub(crate) fn erase(&self, keys: &[String]) -> Result<(), Unreachable> {
        self.reach_store()?;
        self.store.borrow_mut().retain(|key, _| !keys.contains(key));
        Ok(())
    }

    fn reach_store(&self) -> Result<(), Unreachable> {
        let lost = self.strikes("a store out of reach", self.script.faults().call_lost);
        if lost { Err(Unreachable("the store is out of reach".to_owned())) } else { Ok(()) }
    }

    /// What is in the store, by its keys.
    pub(crate) fn stored(&self) -> Vec<String> {
        self.store.borrow().keys().cloned().collect()
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

impl Object {
    #[allow(clippy::expect_used, reason = "without a database there is nothing to simulate")]
    fn new(of: Address, mistake: Option<Mistake>) -> Self {
        let sqlite = Sqlite::in_memory().expect("SQLite opens a database in memory");
        let disk = Disk::new(sqlite, mistake);
        Self { host: AnyHost::new(of), disk, is_open: false, life: 1, alarm: None, full_until: 0 }
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

/// Of turns that nobody can be refused by.
fn never<T>(_: &T, _: &[Effect]) -> bool {
    false
}

/// The result of a future that never has to wait.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => unreachable!("actors are asked on the spot"),
    }
}
