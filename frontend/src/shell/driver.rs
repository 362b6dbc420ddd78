//! The loop around the engine: inputs queue, outputs are carried out one after the other, and what
//! changed on the screen is told once at the end.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use js_sys::Array;
use tideline_client::{Alteration, Engine, Input, Output, View};
use tideline_shared::{Reject, UserId};
use wasm_bindgen::JsValue;
use web_sys::{IdbKeyRange, IdbObjectStore, IdbRequest, VisibilityState};

use super::sockets::Sockets;
use super::store::{Job, Store};
use crate::browser::{Listener, Ticker, document, listen, now, random, window};

/// What the shell tells the screens.
pub(super) enum News {
    /// What this view returns may have changed.
    Changed(View),
    /// The answer to an `UpdateProfile`.
    Answered(Result<(), Reject>),
    /// Something done to a message was refused.
    Refused(Alteration, Reject),
    /// What the person writes is not kept on this device.
    NotKept,
    /// The session is over.
    SignedOut(Reject),
    /// The page is too old for the service.
    Outdated,
}

type Tell = dyn Fn(&Driver, News);

/// One running engine.
pub(super) struct Driver {
    engine: RefCell<Engine>,
    inputs: RefCell<VecDeque<Input>>,
    /// Whether somebody further up the stack is working the queue off.
    busy: Cell<bool>,
    changed: RefCell<Vec<View>>,
    sockets: Sockets,
    store: Store,
    alarm: Ticker,
    listeners: RefCell<Vec<Listener>>,
    tell: Box<Tell>,
}

impl Driver {
    /// Starts the engine of the account `me`. `tell` is called outside of the engine's turns.
    pub(super) fn start(me: UserId, tell: impl Fn(&Self, News) + 'static) -> Rc<Self> {
        let driver = Rc::new_cyclic(|this: &Weak<Self>| Self {
            engine: RefCell::new(Engine::new(me)),
            inputs: RefCell::default(),
            busy: Cell::new(false),
            changed: RefCell::default(),
            sockets: Sockets::new(inward(this)),
            store: Store::new(&store_name(me), inward(this)),
            alarm: Ticker::new(into_input(this, || Input::Wake)),
            listeners: RefCell::default(),
            tell: Box::new(tell),
        });
        driver.listen_to_page();
        let outputs = driver.engine.borrow_mut().start(now(), &mut random);
        driver.busy.set(true);
        driver.carry_out(outputs);
        driver.busy.set(false);
        if !window().navigator().on_line() {
            driver.say(Input::Offline);
        }
        driver.say(Input::Visible(is_visible()));
        driver
    }

    /// Tells the engine what happened. From within a turn it is queued.
    pub(super) fn say(&self, input: Input) {
        self.inputs.borrow_mut().push_back(input);
        if self.busy.replace(true) {
            return;
        }
        loop {
            // The borrow ends with this statement: carrying out may queue more.
            let next = self.inputs.borrow_mut().pop_front();
            let Some(input) = next else { break };
            let outputs = self.engine.borrow_mut().handle(now(), &mut random, input);
            self.carry_out(outputs);
        }
        self.busy.set(false);
        let changed = std::mem::take(&mut *self.changed.borrow_mut());
        for view in changed {
            (self.tell)(self, News::Changed(view));
        }
    }

    /// Reads a view.
    pub(super) fn read<T>(&self, view: impl FnOnce(&Engine) -> T) -> T {
        view(&self.engine.borrow())
    }

    /// Ends it: sockets close, nothing is stored any more, nobody is told anything.
    pub(super) fn stop(&self) {
        self.listeners.borrow_mut().clear();
        self.alarm.cancel();
        self.sockets.close_all();
        self.store.close();
    }

    fn carry_out(&self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Connect(link) => self.sockets.connect(link),
                Output::Send(link, frame) => self.sockets.send(link, &frame),
                Output::Disconnect(link) => self.sockets.disconnect(link),
                Output::Store(writes) => self.store.push(Job::Write(writes)),
                Output::Load { prefix } => self.store.push(Job::Load(vec![prefix])),
                Output::WakeAt(at) => self.alarm.after(at.saturating_sub(now())),
                Output::Changed(view) => {
                    let mut changed = self.changed.borrow_mut();
                    if !changed.contains(&view) {
                        changed.push(view);
                    }
                }
                Output::Answered(result) => (self.tell)(self, News::Answered(result)),
                Output::Refused { alteration, reject } => {
                    (self.tell)(self, News::Refused(alteration, reject));
                }
                Output::NotKept => (self.tell)(self, News::NotKept),
                Output::Outdated => (self.tell)(self, News::Outdated),
                Output::SignedOut(reject) => (self.tell)(self, News::SignedOut(reject)),
            }
        }
    }

    fn listen_to_page(self: &Rc<Self>) {
        let this = Rc::downgrade(self);
        let on = |target: &web_sys::EventTarget, event, input: fn() -> Input| {
            let mut say = into_input(&this, input);
            listen(target, event, move |_| say())
        };
        *self.listeners.borrow_mut() = vec![
            on(&window(), "online", || Input::Online),
            on(&window(), "offline", || Input::Offline),
            on(&document(), "visibilitychange", || Input::Visible(is_visible())),
        ];
    }
}

/// The name of an account's local store.
pub(super) fn store_name(user: UserId) -> String {
    format!("tideline-{user}")
}

/// Does something to the local store of an account, besides what the engine keeps there: for what is
/// no text.
///
/// # Errors
/// When the browser refuses.
pub(crate) async fn in_store(
    me: UserId,
    act: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
) -> Result<JsValue, JsValue> {
    super::store::ask(&store_name(me), act).await
}

/// What the engine keeps below a prefix, in the order of its keys; nothing where the store cannot be read.
pub(super) async fn rows_below(me: UserId, prefix: &str) -> Vec<String> {
    // Nothing sorts behind U+FFFF.
    let range = IdbKeyRange::bound(&prefix.into(), &format!("{prefix}\u{ffff}").into());
    let Ok(range) = range else { return Vec::new() };
    let rows = in_store(me, |rows| rows.get_all_with_key(&range)).await;
    rows.map(|rows| Array::from(&rows).iter().filter_map(|row| row.as_string()).collect())
        .unwrap_or_default()
}

/// A way in for news, which ends with the driver.
fn inward(this: &Weak<Driver>) -> Box<dyn Fn(Input)> {
    let this = this.clone();
    Box::new(move |input| {
        if let Some(driver) = this.upgrade() {
            driver.say(input);
        }
    })
}

fn into_input(this: &Weak<Driver>, input: fn() -> Input) -> impl FnMut() + use<> {
    let say = inward(this);
    move || say(input())
}

fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}
