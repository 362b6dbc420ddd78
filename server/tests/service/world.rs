//! The whole service on one desk: every actor with its own SQLite, calls carried by hand, sockets
//! that remember what they were told, and a clock that moves when it is told to.

mod people;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use serde_json::{Value, json};
use tideline_server::card::{self, Answer, Policy, Web};
use tideline_server::gateway::{self, Actors, Piece, Request, Response};
use tideline_server::limits::Limits;
use tideline_server::native::Sqlite;
use tideline_server::notice::{Answer as PushAnswer, Dispatch};
use tideline_server::sql::Sql;
use tideline_server::{
    Address, AnyHost, Audience, ERASED, Effect, Env, Outcome, Peer, Unreachable,
};
use tideline_shared::protocol::FileLimits;
use tideline_shared::{ConversationId, Timestamp};

pub(crate) use people::{Someone, path, webp};

pub(crate) const ORIGIN: &str = "https://tideline.example";

struct Object {
    host: AnyHost,
    sql: Sqlite,
    alarm: Option<Timestamp>,
    timer: Option<Timestamp>,
}

/// A call under way: from whom, its number, to whom, what.
type Call = (Address, u64, Address, Rc<str>);

pub(crate) struct Socket {
    pub(crate) peer: Peer,
    at: Address,
    pub(crate) frames: Vec<Value>,
    pub(crate) closed: Option<u16>,
}

pub(crate) struct World {
    objects: RefCell<BTreeMap<Address, Object>>,
    sockets: RefCell<Vec<Socket>>,
    calls: RefCell<VecDeque<Call>>,
    pub(crate) unreachable: RefCell<BTreeSet<Address>>,
    pub(crate) faults: RefCell<Vec<String>>,
    pub(crate) calls_made: Cell<usize>,
    now: Cell<u64>,
    seed: Cell<u64>,
    /// The store of files.
    pub(crate) store: RefCell<BTreeMap<String, Vec<u8>>>,
    /// Whether it can be reached.
    pub(crate) store_is_up: Cell<bool>,
    /// Whether objects hear of every answer twice.
    pub(crate) reports_twice: Cell<bool>,
    erasures: RefCell<VecDeque<(Address, u64, Vec<String>)>>,
    /// Pages of the Web, by address.
    pub(crate) pages: RefCell<BTreeMap<String, Page>>,
    /// The addresses that were asked for.
    pub(crate) asked: RefCell<Vec<String>>,
    /// Who looks at which page.
    pub(crate) looks: RefCell<VecDeque<(Address, u64, String)>>,
    /// What devices are to be told.
    notices: RefCell<VecDeque<(Address, u64, Dispatch)>>,
    /// What push services got, oldest first.
    pub(crate) told: RefCell<Vec<Dispatch>>,
    /// What they answer next; after that, they take what they get. None: no answer comes.
    pub(crate) push_answers: RefCell<VecDeque<Option<PushAnswer>>>,
    /// What of the Web may be asked.
    pub(crate) policy: Policy,
    pub(crate) limits: Limits,
    /// What the gateway keeps.
    file_limits: Cell<Option<(Timestamp, FileLimits)>>,
}

/// A page of the Web.
#[derive(Clone, Debug)]
pub(crate) enum Page {
    Html(String),
    SendsOnTo(String),
}

/// What a door that streams answers: the status, the headers, the bytes.
pub(crate) type Fetched = (u16, BTreeMap<&'static str, String>, Vec<u8>);

impl World {
    pub(crate) fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    pub(crate) fn with_limits(limits: Limits) -> Self {
        Self {
            objects: RefCell::default(),
            sockets: RefCell::default(),
            calls: RefCell::default(),
            unreachable: RefCell::default(),
            faults: RefCell::default(),
            calls_made: Cell::new(0),
            now: Cell::new(1_800_000_000_000),
            seed: Cell::new(7),
            store: RefCell::default(),
            store_is_up: Cell::new(true),
            reports_twice: Cell::new(false),
            erasures: RefCell::default(),
            pages: RefCell::default(),
            asked: RefCell::default(),
            looks: RefCell::default(),
            notices: RefCell::default(),
            told: RefCell::default(),
            push_answers: RefCell::default(),
            policy: Policy::read("", ""),
            limits,
            file_limits: Cell::new(None),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.now.get())
    }

    /// SplitMix64: any seed gives a good sequence.
    pub(crate) fn random(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let next = self.seed.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
            self.seed.set(next);
            let mixed = (next ^ (next >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = ((mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 56) as u8;
        }
    }

    pub(crate) fn message_id(&self) -> String {
        let mut random = [0; 10];
        self.random(&mut random);
        tideline_shared::MessageId::new(self.now.get(), random).to_string()
    }

    pub(crate) fn conversation_id(&self) -> ConversationId {
        let mut random = [0; 10];
        self.random(&mut random);
        ConversationId::new(self.now.get(), random)
    }

    /// One turn of an actor; then its effects.
    fn turn<T>(&self, to: Address, body: impl FnOnce(&mut AnyHost, Env<'_>) -> (T, Outcome)) -> T {
        self.turn_of(to, None, body)
    }

    fn turn_of<T>(
        &self,
        to: Address,
        caller: Option<usize>,
        body: impl FnOnce(&mut AnyHost, Env<'_>) -> (T, Outcome),
    ) -> T {
        let (result, outcome) = {
            let mut objects = self.objects.borrow_mut();
            let Object { host, sql, .. } = objects.entry(to).or_insert_with(|| Object::new(to));
            let mut random = |bytes: &mut [u8]| self.random(bytes);
            let env =
                Env { now: self.now(), random: &mut random, sql: &*sql, limits: &self.limits };
            body(host, env)
        };
        self.faults.borrow_mut().extend(outcome.faults.iter().map(ToString::to_string));
        for effect in outcome.effects {
            self.carry_out(to, caller, effect);
        }
        result
    }

    fn carry_out(&self, from: Address, caller: Option<usize>, effect: Effect) {
        match effect {
            Effect::Push { to, frame } => {
                let frame: Value = serde_json::from_str(&frame).expect("frames are JSON");
                for socket in self.audience(from, caller, &to) {
                    self.sockets.borrow_mut()[socket].frames.push(frame.clone());
                }
            }
            Effect::GoLive => {
                let caller = caller.expect("only a frame makes a socket live");
                self.sockets.borrow_mut()[caller].peer.live = true;
            }
            Effect::Close { to, code } => {
                for socket in self.audience(from, caller, &to) {
                    self.sockets.borrow_mut()[socket].closed = Some(code);
                }
            }
            Effect::Call { id, to, body } => {
                self.calls.borrow_mut().push_back((from, id, to, body));
            }
            Effect::Erase { id, keys } => {
                self.erasures.borrow_mut().push_back((from, id, keys));
            }
            Effect::Notify { id, dispatch } => {
                self.notices.borrow_mut().push_back((from, id, *dispatch));
            }
            Effect::Look { id, url } => self.looks.borrow_mut().push_back((from, id, url)),
            Effect::WakeSoon(ms) => {
                let at = self.now().after(ms);
                self.objects.borrow_mut().get_mut(&from).expect("it acts").timer = Some(at);
            }
            Effect::WakeAt(at) => {
                self.objects.borrow_mut().get_mut(&from).expect("it acts").alarm = Some(at);
            }
        }
    }

    fn audience(&self, at: Address, caller: Option<usize>, to: &Audience) -> Vec<usize> {
        let sockets = self.sockets.borrow();
        let open = sockets.iter().enumerate().filter(|(_, s)| s.at == at && s.closed.is_none());
        open.filter(|(n, socket)| match to {
            Audience::Caller => Some(*n) == caller,
            Audience::Live => socket.peer.live,
            Audience::LiveOf(user) => socket.peer.live && socket.peer.user == *user,
            Audience::LiveBut(users) => socket.peer.live && !users.contains(&socket.peer.user),
            Audience::User(user) => socket.peer.user == *user,
            Audience::Session(session) => socket.peer.session == *session,
        })
        .map(|(n, _)| n)
        .collect()
    }

    pub(crate) fn call_raw(&self, to: Address, body: &str) -> String {
        self.turn(to, |host, env| host.call(env, body))
    }

    /// Carries one call that waits; whether there was one.
    pub(crate) fn carry_one(&self) -> bool {
        let erasure = self.erasures.borrow_mut().pop_front();
        if let Some((from, id, keys)) = erasure {
            let answer = if self.store_is_up.get() {
                self.store.borrow_mut().retain(|key, _| !keys.contains(key));
                Ok(ERASED.to_owned())
            } else {
                Err(Unreachable("cut off".to_owned()))
            };
            self.report(from, id, answer);
            return true;
        }
        let look = self.looks.borrow_mut().pop_front();
        if let Some((from, id, url)) = look {
            let answer = self.look(&url);
            self.report(from, id, answer);
            return true;
        }
        let notice = self.notices.borrow_mut().pop_front();
        if let Some((from, id, notice)) = notice {
            self.told.borrow_mut().push(notice);
            let taken = PushAnswer { status: 201, retry_after_s: None };
            let answer = self.push_answers.borrow_mut().pop_front().unwrap_or(Some(taken));
            let answer = answer.map(|answer| json!({ "Ok": answer }).to_string());
            let answer = answer.ok_or_else(|| Unreachable("cut off".to_owned()));
            self.report(from, id, answer);
            return true;
        }
        let Some((from, id, to, body)) = self.calls.borrow_mut().pop_front() else { return false };
        self.calls_made.set(self.calls_made.get() + 1);
        let answer = if self.unreachable.borrow().contains(&to) {
            Err(Unreachable("cut off".to_owned()))
        } else {
            Ok(self.call_raw(to, &body))
        };
        self.report(from, id, answer);
        true
    }

    /// The calls of an object that are under way.
    pub(crate) fn under_way(&self, of: Address) -> usize {
        let calls = self.calls.borrow().iter().filter(|call| call.0 == of).count();
        let erasures = self.erasures.borrow().iter().filter(|call| call.0 == of).count();
        let looks = self.looks.borrow().iter().filter(|call| call.0 == of).count();
        let notices = self.notices.borrow().iter().filter(|call| call.0 == of).count();
        calls + erasures + looks + notices
    }

    /// Looks at a page.
    pub(crate) fn look(&self, url: &str) -> Result<String, Unreachable> {
        ready(card::look(self, &self.policy, url))
    }

    /// Reports how a call ended.
    pub(crate) fn report(&self, from: Address, id: u64, answer: Result<String, Unreachable>) {
        for _ in 0..1 + usize::from(self.reports_twice.get()) {
            let answer = answer.clone();
            self.turn(from, |host, env| ((), host.returned(env, id, answer)));
        }
    }

    /// Puts a page on the Web.
    pub(crate) fn page(&self, address: &str, html: &str) {
        let page = Page::Html(html.to_owned());
        self.pages.borrow_mut().insert(address.to_owned(), page);
    }

    /// Drops every call that is under way, as if the network had swallowed them.
    pub(crate) fn lose_calls(&self) {
        self.calls.borrow_mut().clear();
        self.erasures.borrow_mut().clear();
        self.looks.borrow_mut().clear();
        self.notices.borrow_mut().clear();
    }

    /// Carries all calls, and lets a second pass for timers, until nothing moves.
    pub(crate) fn settle(&self) {
        for _ in 0..1_000 {
            while self.carry_one() {}
            if !self.fire_timers() {
                return;
            }
        }
        panic!("the world does not come to rest");
    }

    /// Lets time pass, and nothing fires.
    pub(crate) fn sleep(&self, ms: u64) {
        self.now.set(self.now.get() + ms);
    }

    /// The clock is set back, as clocks are.
    pub(crate) fn step_back(&self, ms: u64) {
        self.now.set(self.now.get() - ms);
    }

    /// Lets time pass and fires what is due in it.
    pub(crate) fn pass(&self, ms: u64) {
        self.now.set(self.now.get() + ms);
        let due: Vec<Address> = {
            let mut objects = self.objects.borrow_mut();
            let due =
                objects.iter_mut().filter(|(_, o)| o.alarm.is_some_and(|at| at <= self.now()));
            due.map(|(address, object)| {
                object.alarm = None;
                *address
            })
            .collect()
        };
        for address in due {
            self.wake(address);
        }
        self.settle();
    }

    /// When an object's alarm is due.
    pub(crate) fn alarm_of(&self, at: Address) -> Option<Timestamp> {
        self.objects.borrow()[&at].alarm
    }

    /// Lets time pass until the next timer, and fires it; whether there is one.
    pub(crate) fn fire_timers(&self) -> bool {
        let next = self.objects.borrow().iter().filter_map(|(a, o)| Some((o.timer?, *a))).min();
        let Some((at, address)) = next else { return false };
        self.now.set(self.now.get().max(at.0));
        self.objects.borrow_mut().get_mut(&address).expect("it has a timer").timer = None;
        self.wake(address);
        true
    }

    fn wake(&self, address: Address) {
        self.turn(address, |host, env| ((), host.alarm(env)));
    }

    /// Every object loses its memory; calls under way and sockets are gone, alarms and rows stay.
    pub(crate) fn restart(&self) {
        self.lose_calls();
        self.sockets.borrow_mut().iter_mut().for_each(|socket| socket.closed = Some(1006));
        for (address, object) in self.objects.borrow_mut().iter_mut() {
            object.host = AnyHost::new(*address);
            object.timer = None;
        }
    }

    pub(crate) fn rows(&self, at: Address, query: &str) -> Vec<Vec<tideline_server::sql::Value>> {
        let objects = self.objects.borrow();
        let rows = objects[&at].sql.query(query, &[]).expect("the query is right");
        rows.into_iter().map(|row| row.0).collect()
    }

    /// Changes an object's database behind its back: also behind that of its read cache.
    pub(crate) fn tamper(&self, at: Address, statement: &str) {
        self.objects.borrow()[&at].sql.execute(statement, &[]).expect("the statement is right");
    }

    /// An object loses its memory; its sockets stay, as in hibernation.
    pub(crate) fn evict(&self, at: Address) {
        let mut objects = self.objects.borrow_mut();
        objects.get_mut(&at).expect("there is such an object").host = AnyHost::new(at);
    }

    /// Every object that there is.
    pub(crate) fn addresses(&self) -> Vec<Address> {
        self.objects.borrow().keys().copied().collect()
    }

    /// How many transactions have changed something in an object's database.
    pub(crate) fn commits(&self, at: Address) -> u64 {
        self.objects.borrow()[&at].sql.commits()
    }

    /// Everything that an object's database holds, but for the buckets and the index for search.
    pub(crate) fn dump(&self, at: Address) -> String {
        let tables = "SELECT name FROM sqlite_master
                      WHERE type = 'table' AND name <> 'buckets' AND name NOT LIKE 'search%'";
        let tables = self.rows(at, tables);
        let dump = tables.iter().map(|table| match &table[0] {
            tideline_server::sql::Value::Text(name) => {
                format!("{name}: {:?}", self.rows(at, &format!("SELECT * FROM {name}")))
            }
            _ => String::new(),
        });
        dump.collect::<Vec<_>>().join("\n")
    }

    /// A request through the gateway: status, body, cookie.
    pub(crate) fn request(&self, request: Request<'_>) -> (u16, Value, Option<String>) {
        match self.respond(request) {
            Response::Json { status, body, set_cookie, .. } => {
                (status, serde_json::from_str(&body).expect("answers are JSON"), set_cookie)
            }
            other => panic!("not an answer: {other:?}"),
        }
    }

    /// The archive that a GET answers with, or the refusal's code.
    pub(crate) fn archive(&self, by: &Someone) -> Result<Vec<u8>, String> {
        self.archive_in_pieces(by).map(|pieces| pieces.concat())
    }

    /// The same, in the pieces in which it travels.
    pub(crate) fn archive_in_pieces(&self, by: &Someone) -> Result<Vec<Vec<u8>>, String> {
        let request = Request { method: "GET", origin: None, ..self.blank("/api/export") };
        match self.respond(Request { cookie: Some(&by.cookie), ..request }) {
            Response::Archive(plan) => {
                let mut export = gateway::Export::new(*plan);
                let mut pieces = Vec::new();
                while let Some(piece) = ready(export.next(self)).map_err(|fault| fault.0)? {
                    pieces.push(piece);
                }
                Ok(pieces)
            }
            Response::Json { body, .. } => Err(body),
            other => panic!("not an archive: {other:?}"),
        }
    }

    /// A file: status, headers and bytes; or the refusal's status and code.
    pub(crate) fn fetch(&self, request: Request<'_>) -> Result<Fetched, String> {
        match self.respond(Request { method: "GET", origin: None, ..request }) {
            Response::File(download) => {
                let store = self.store.borrow();
                let mut bytes = Vec::new();
                for Piece { key, offset, length } in download.pieces {
                    let range = offset as usize..(offset + length) as usize;
                    bytes.extend_from_slice(&store[&key][range]);
                }
                Ok((download.status, download.headers.into_iter().collect(), bytes))
            }
            Response::Picture { headers, bytes } => Ok((200, headers.into_iter().collect(), bytes)),
            Response::Json { body, .. } => {
                let body: Value = serde_json::from_str(&body).expect("answers are JSON");
                Err(body["code"].as_str().expect("a code").to_owned())
            }
            other => panic!("not a file: {other:?}"),
        }
    }

    /// What a socket that is refused is told.
    pub(crate) fn upgrade(&self, request: Request<'_>) -> Option<String> {
        match self.respond(request) {
            Response::Refused(refusal) => Some(refusal.frame),
            _ => None,
        }
    }

    pub(crate) fn respond(&self, request: Request<'_>) -> Response {
        let mut random = |bytes: &mut [u8]| self.random(bytes);
        let (response, fault) = ready(gateway::handle(self, &mut random, request));
        self.faults.borrow_mut().extend(fault.map(|fault| fault.to_string()));
        response
    }

    pub(crate) fn blank<'a>(&'a self, path: &'a str) -> Request<'a> {
        Request {
            method: "POST",
            path,
            protocol: None,
            own_origin: ORIGIN,
            origin: Some(ORIGIN),
            cookie: None,
            address: "192.0.2.1",
            user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
            range: None,
            if_none_match: None,
            upgrade: false,
            body: b"",
            now: self.now(),
            rates: &self.limits,
        }
    }
}

impl Object {
    fn new(of: Address) -> Self {
        let sql = Sqlite::in_memory().expect("opens");
        Self { host: AnyHost::new(of), sql, alarm: None, timer: None }
    }
}

impl Actors for World {
    async fn ask(&self, to: Address, body: String) -> Result<String, Unreachable> {
        if self.unreachable.borrow().contains(&to) {
            return Err(Unreachable("cut off".to_owned()));
        }
        Ok(self.call_raw(to, &body))
    }

    fn file_limits(&self) -> Option<(Timestamp, FileLimits)> {
        self.file_limits.get()
    }

    fn keep_file_limits(&self, at: Timestamp, limits: FileLimits) {
        self.file_limits.set(Some((at, limits)));
    }

    async fn put(&self, key: &str, bytes: &[u8]) -> Result<(), Unreachable> {
        if !self.store_is_up.get() {
            return Err(Unreachable("cut off".to_owned()));
        }
        self.store.borrow_mut().insert(key.to_owned(), bytes.to_owned());
        Ok(())
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Unreachable> {
        if !self.store_is_up.get() {
            return Err(Unreachable("cut off".to_owned()));
        }
        Ok(self.store.borrow().get(key).cloned())
    }

    async fn copy(&self, from: &str, to: &str) -> Result<(), Unreachable> {
        let bytes = self.store.borrow().get(from).cloned();
        self.put(to, &bytes.ok_or_else(|| Unreachable("it is not there".to_owned()))?).await
    }
}

impl Web for World {
    type Body = Option<Vec<u8>>;

    async fn get(&self, address: &str) -> Result<Answer<Self::Body>, Unreachable> {
        self.asked.borrow_mut().push(address.to_owned());
        let page = self.pages.borrow().get(address).cloned();
        let html = Some("text/html".to_owned());
        Ok(match page.ok_or_else(|| Unreachable("cut off".to_owned()))? {
            Page::Html(page) => {
                let body = Some(Some(page.into_bytes()));
                Answer { status: 200, location: None, media: html, body }
            }
            Page::SendsOnTo(place) => {
                Answer { status: 302, location: Some(place), media: None, body: None }
            }
        })
    }

    async fn more(&self, body: &mut Self::Body) -> Result<Option<Vec<u8>>, Unreachable> {
        Ok(body.take())
    }
}

/// The result of a future that never has to wait.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("nothing here waits"),
    }
}
