//! The service under faults: every actor with its own SQLite, an isolate that may reset before,
//! in the middle of or after a commit, and a disk that may refuse a write.

mod checks;
mod door;
mod leaks;
mod presence;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use tideline_server::limits::{Limits, Rate};
use tideline_server::native::Sqlite;
use tideline_server::notice::Dispatch;
use tideline_server::{
    ALARM_AGAIN_MS, Address, AnyHost, Audience, CallId, Effect, Env, Outcome, Peer, Unreachable,
};
use tideline_shared::Timestamp;

use crate::disk::Disk;
use crate::mistake::{self, Mistake};
use crate::random::Stream;
use crate::script::Script;
use crate::watch::Watch;
use crate::words::Words;

/// Tells sockets apart.
pub(crate) type SocketId = u64;

/// What turns ask of the world.
pub(crate) enum Asked {
    /// A frame for the other end of a socket.
    Frame(SocketId, Rc<str>),
    /// The service closes a socket, or lost it.
    Closed(SocketId),
    /// A call of another actor.
    Call { from: Address, life: u64, actor: u64, id: CallId, to: Address, body: Rc<str> },
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
    /// Counts the actors that were in them: after a fault, another one reads the database.
    actor: u64,
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
    watch: RefCell<Watch>,
    words: RefCell<Words>,
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
            group: free,
            direct: free,
            join: free,
            block: free,
            link: free,
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
            watch: RefCell::default(),
            words: RefCell::default(),
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
        let ((result, outcome), committed, changed) = {
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
            object.actor += u64::from(!object.is_open);
            let committed = object.disk.sqlite.commits() != commits;
            (ran, committed, committed && opened)
        };
        if changed && refused(&result, &outcome.effects) {
            self.violate(format!("{at:?} refused something, and changed"));
        }
        if committed {
            self.check_commit(at, &outcome.effects);
        }
        if dies {
            self.reset(at);
            return mistake::answers_anyway(self.mistake, at).then_some(result);
        }
        let lost = self.strikes("reset after a commit", faults.reset);
        for effect in outcome.effects {
            self.check_effect(at, &effect);
            self.check_presence(at, &effect);
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
                    if let Some(what) = self.watch.borrow_mut().send(socket, &frame) {
                        self.violate(format!("{from:?}: {what}"));
                    }
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
                let (life, actor) = (self.life(from), self.actor(from));
                self.ask_for(Asked::Call { from, life, actor, id, to, body });
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

    /// How often an object has stored something.
    pub(crate) fn commits(&self, of: Address) -> u64 {
        self.objects.borrow().get(&of).map_or(0, |object| object.disk.sqlite.commits())
    }

    fn actor(&self, of: Address) -> u64 {
        self.objects.borrow().get(&of).map_or(0, |object| object.actor)
    }

    /// The memory is gone; what is stored, and the sockets, are not.
    pub(crate) fn hibernate(&self, at: Address) {
        if let Some(object) = self.objects.borrow_mut().get_mut(&at) {
            object.host = AnyHost::new(at);
            object.is_open = false;
            object.life += 1;
            object.actor += 1;
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
        self.watch.borrow_mut().close(socket);
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
        let answer = self.turn(to, None, refused, |host, env| host.call(env, body))?;
        self.check_said(to, &answer);
        Some(answer)
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
}

impl Object {
    #[allow(clippy::expect_used, reason = "without a database there is nothing to simulate")]
    fn new(of: Address, mistake: Option<Mistake>) -> Self {
        let sqlite = Sqlite::in_memory().expect("SQLite opens a database in memory");
        let disk = Disk::new(sqlite, mistake);
        Self {
            host: AnyHost::new(of),
            disk,
            is_open: false,
            life: 1,
            actor: 1,
            alarm: None,
            full_until: 0,
        }
    }
}

/// Of turns that nobody can be refused by.
fn never<T>(_: &T, _: &[Effect]) -> bool {
    false
}
