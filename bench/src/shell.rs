//! The task behind a device: it owns the engine, and carries out what the engine asks for.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tideline_client::{Engine, Input, Link, Mirror, Output, View};
use tideline_shared::{Code, Reject, UserId};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep, timeout};

use crate::account::Account;
use crate::device::PATIENCE;
use crate::socket::{Heard, Socket};
use crate::store::Store;
use crate::{now, random};

/// Called after each change of a view, on the device's task.
pub(crate) type Observer = Box<dyn FnMut(&Engine, View) + Send>;

/// Called with what goes over the device's sockets, on the device's task, before the engine hears
/// of it.
pub(crate) type Tap = Box<dyn FnMut(Link, Wire<'_>) + Send>;

/// What happens on a device's socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire<'a> {
    /// It is open.
    Opened,
    /// The device says something.
    Sent(&'a str),
    /// The service says something.
    Heard(&'a str),
    /// It ended, or did not open, without the device's doing.
    Lost,
}

/// What a device is told.
pub(crate) enum Order {
    Input(Input),
    /// From a socket that was opened for this generation of the engine.
    Socket(u32, Input),
    Reload,
    Network(bool),
    /// Answered when everything ordered before is done.
    Done(oneshot::Sender<()>),
    Close,
}

/// What the task and its handle both see.
pub(crate) struct Shared {
    // A std mutex: nothing awaits while holding it.
    state: Mutex<State>,
    pub(crate) changed: watch::Sender<()>,
}

pub(crate) struct State {
    pub(crate) engine: Engine,
    pub(crate) signed_out: Option<Reject>,
    pub(crate) answers: VecDeque<Result<(), Reject>>,
    pub(crate) observer: Option<Observer>,
    pub(crate) tap: Option<Tap>,
}

impl State {
    fn tap(&mut self, link: Link, wire: Wire<'_>) {
        if let Some(tap) = &mut self.tap {
            tap(link, wire);
        }
    }
}

impl Shared {
    pub(crate) fn new(me: UserId) -> Self {
        let engine = Engine::new(me);
        let answers = VecDeque::new();
        let state =
            Mutex::new(State { engine, signed_out: None, answers, observer: None, tap: None });
        Self { state, changed: watch::Sender::new(()) }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A panic of one test's condition must not hide the state from its own message.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The task behind a [`crate::Device`].
pub(crate) struct Shell {
    account: Account,
    shared: Arc<Shared>,
    orders: mpsc::UnboundedSender<Order>,
    store: Store,
    /// What is to be sent, by socket. A socket whose sender is dropped closes.
    links: HashMap<Link, mpsc::UnboundedSender<String>>,
    /// Which engine it is: raised by each reload, so that news for the one before are told apart.
    generation: u32,
    network: bool,
    wake: Option<u64>,
}

impl Shell {
    pub(crate) fn new(
        account: Account,
        shared: Arc<Shared>,
        orders: mpsc::UnboundedSender<Order>,
        store: Store,
    ) -> Self {
        let links = HashMap::new();
        Self { account, shared, orders, store, links, generation: 0, network: true, wake: None }
    }

    /// Runs until it is told to close; brings what was stored.
    pub(crate) async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Order>) -> Store {
        self.start();
        loop {
            let wake = self.wake.map(|at| at.saturating_sub(now()));
            let order = tokio::select! {
                order = inbox.recv() => order,
                () = sleep(Duration::from_millis(wake.unwrap_or_default())), if wake.is_some() => {
                    self.wake = None;
                    Some(Order::Input(Input::Wake))
                }
            };
            match order {
                Some(Order::Input(input)) => self.handle(input),
                Some(Order::Socket(generation, input)) => self.hear(generation, input),
                Some(Order::Reload) => {
                    self.links.clear();
                    self.wake = None;
                    self.generation += 1;
                    self.shared.state().engine = Engine::new(self.account.me.user);
                    self.start();
                }
                Some(Order::Network(network)) => self.set_network(network),
                // Nobody may wait for it any more.
                Some(Order::Done(done)) => drop(done.send(())),
                Some(Order::Close) | None => return self.store,
            }
            self.shared.changed.send_replace(());
        }
    }

    fn start(&mut self) {
        let outputs = self.shared.state().engine.start(now(), &mut random);
        let mut inputs = VecDeque::new();
        self.carry_out(outputs, &mut inputs);
        self.drain(inputs);
        self.handle(Input::Visible(true));
    }

    fn hear(&mut self, generation: u32, input: Input) {
        let (Input::Opened(link) | Input::Frame(link, _) | Input::Closed(link)) = &input else {
            return;
        };
        let link = *link;
        if generation != self.generation || !self.links.contains_key(&link) {
            return;
        }
        let wire = match &input {
            Input::Opened(_) => Wire::Opened,
            Input::Frame(_, frame) => Wire::Heard(frame),
            _ => Wire::Lost,
        };
        self.shared.state().tap(link, wire);
        if wire == Wire::Lost {
            self.links.remove(&link);
        }
        self.handle(input);
    }

    fn set_network(&mut self, network: bool) {
        self.network = network;
        if network {
            return self.handle(Input::Online);
        }
        let lost: Vec<Link> = self.links.drain().map(|(link, _)| link).collect();
        self.handle(Input::Offline);
        for link in lost {
            self.handle(Input::Closed(link));
        }
    }

    fn handle(&mut self, input: Input) {
        self.drain(VecDeque::from([input]));
    }

    fn drain(&mut self, mut inputs: VecDeque<Input>) {
        while let Some(input) = inputs.pop_front() {
            let outputs = self.shared.state().engine.handle(now(), &mut random, input);
            self.carry_out(outputs, &mut inputs);
        }
    }

    fn carry_out(&mut self, outputs: Vec<Output>, inputs: &mut VecDeque<Input>) {
        for output in outputs {
            match output {
                Output::Connect(link) if self.network => self.connect(link),
                Output::Connect(link) => inputs.push_back(Input::Closed(link)),
                Output::Send(link, frame) => {
                    if let Some(socket) = self.links.get(&link) {
                        self.shared.state().tap(link, Wire::Sent(&frame));
                        // A socket that just ended says so by `Closed`.
                        let _ = socket.send(frame);
                    }
                }
                Output::Disconnect(link) => {
                    self.links.remove(&link);
                }
                Output::Store(writes) => self.store.write(writes),
                Output::Load { prefix } => {
                    let rows = self.store.read(&prefix);
                    inputs.push_back(Input::Loaded { prefix, rows });
                }
                Output::WakeAt(at) => self.wake = Some(at),
                Output::Changed(view) => {
                    let State { engine, observer, .. } = &mut *self.shared.state();
                    if let Some(observer) = observer {
                        observer(engine, view);
                    }
                }
                Output::Answered(answer) => self.shared.state().answers.push_back(answer),
                // Nobody alters a message through this shell, and its store is never full.
                Output::Refused { .. } | Output::NotKept => {}
                Output::Outdated => {
                    self.shared.state().signed_out = Some(Code::UpgradeRequired.into())
                }
                Output::SignedOut(reject) => self.shared.state().signed_out = Some(reject),
            }
        }
    }

    fn connect(&mut self, link: Link) {
        let (sender, frames) = mpsc::unbounded_channel();
        self.links.insert(link, sender);
        let path = match link.mirror {
            Mirror::Account => "/api/account".to_owned(),
            Mirror::Conversation(id) => format!("/api/conversations/{id}"),
        };
        let (api, orders, generation) =
            (self.account.api.clone(), self.orders.clone(), self.generation);
        tokio::spawn(async move {
            let tell = |input| {
                let _ = orders.send(Order::Socket(generation, input));
            };
            // A browser gives a connection that does not come up within its time up, too.
            if let Ok(Ok(socket)) = timeout(PATIENCE, Socket::open(&api, &path)).await {
                tell(Input::Opened(link));
                carry(socket, frames, |frame| tell(Input::Frame(link, frame))).await;
            }
            tell(Input::Closed(link));
        });
    }
}

/// Moves frames both ways until either end closes.
async fn carry(
    mut socket: Socket,
    mut frames: mpsc::UnboundedReceiver<String>,
    heard: impl Fn(String),
) {
    loop {
        tokio::select! {
            frame = frames.recv() => match frame {
                Some(frame) => if !socket.say(frame).await { return },
                None => return socket.close().await,
            },
            said = socket.hear() => match said {
                Heard::Text(frame) => heard(frame),
                Heard::Bytes(_) => {}
                Heard::Closed(_) => return,
            },
        }
    }
}
