//! A device: the client's engine with real sockets, a clock, and a store that survives a reload.
//!
//! The [`Device`] is a handle: what a person does and sees. Behind it works a `shell`.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use tideline_client::{Action, Connection, Engine, Input, Item, Link, View};
use tideline_shared::{ConversationId, Reject};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::account::Account;
use crate::shell::{Order, Shared, Shell, State, Wire};
use crate::store::Store;

/// How long anything that must happen may take before a test gives up: never a measure of speed.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// A signed-in device of somebody. Vanishes from the network when dropped.
pub struct Device {
    account: Account,
    orders: mpsc::UnboundedSender<Order>,
    shared: Arc<Shared>,
    task: JoinHandle<Store>,
}

impl Device {
    /// A device that knows nothing yet.
    #[must_use]
    pub fn new(account: &Account) -> Self {
        Self::with(account, Store::default())
    }

    /// A device that comes back with what it had stored.
    #[must_use]
    pub fn with(account: &Account, store: Store) -> Self {
        let (orders, inbox) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared::new(account.me.user));
        let shell = Shell::new(account.clone(), Arc::clone(&shared), orders.clone(), store);
        let task = tokio::spawn(shell.run(inbox));
        Self { account: account.clone(), orders, shared, task }
    }

    /// Whose it is.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The person does something.
    pub fn act(&self, action: Action) {
        self.input(Input::Do(action));
    }

    /// Puts a conversation on the screen.
    pub fn show(&self, conversation: ConversationId) {
        self.act(Action::Show(Some(conversation)));
    }

    /// Says something.
    pub fn send(&self, conversation: ConversationId, text: impl Into<String>) {
        self.act(Action::Send {
            conversation,
            text: text.into(),
            reply_to: None,
            files: Vec::new(),
        });
    }

    /// Anything else that happens to a device.
    pub fn input(&self, input: Input) {
        self.order(Order::Input(input));
    }

    /// Forgets everything but the store, and starts anew: a reload of the page.
    pub fn reload(&self) {
        self.order(Order::Reload);
    }

    /// Pulls the plug: every socket is lost, none can be opened.
    pub fn unplug(&self) {
        self.order(Order::Network(false));
    }

    /// Puts the plug back in.
    pub fn plug(&self) {
        self.order(Order::Network(true));
    }

    /// Ends the program; what it stored stays.
    ///
    /// # Panics
    /// When the engine did.
    pub async fn close(mut self) -> Store {
        self.order(Order::Close);
        (&mut self.task).await.expect("the device did not panic")
    }

    fn order(&self, order: Order) {
        // The device's task ends by `close` and `drop` only, or by a panic that the next
        // condition that is waited for reports.
        let _ = self.orders.send(order);
    }

    /// Waits until the engine has taken in everything that it was told so far.
    pub async fn done(&self) {
        let (sender, done) = oneshot::channel();
        self.order(Order::Done(sender));
        // A device that panicked says so where something is waited for.
        let _ = done.await;
    }

    /// Reads from the engine.
    pub fn look<T>(&self, read: impl FnOnce(&Engine) -> T) -> T {
        read(&self.shared.state().engine)
    }

    /// What `observer` is told from now on.
    pub fn observe(&self, observer: impl FnMut(&Engine, View) + Send + 'static) {
        self.shared.state().observer = Some(Box::new(observer));
    }

    /// What `tap` is told of the device's sockets from now on.
    pub fn tap(&self, tap: impl FnMut(Link, Wire<'_>) + Send + 'static) {
        self.shared.state().tap = Some(Box::new(tap));
    }

    /// Why the session is over, if it is.
    #[must_use]
    pub fn signed_out(&self) -> Option<Reject> {
        self.shared.state().signed_out
    }

    /// Waits until something holds after everything that the engine was told so far.
    ///
    /// # Panics
    /// With what the device shows, when it does not come to hold within [`PATIENCE`].
    pub async fn until(&self, what: &str, holds: impl Fn(&Engine) -> bool) {
        self.wait(what, |state| holds(&state.engine).then_some(())).await;
    }

    /// Waits until the device is in step.
    ///
    /// # Panics
    /// As [`Device::until`].
    pub async fn online(&self) {
        self.until("be online", |engine| engine.connection() == Connection::Online).await;
    }

    /// Waits for the answer to an [`Action::UpdateProfile`].
    ///
    /// # Errors
    /// The refusal.
    ///
    /// # Panics
    /// As [`Device::until`].
    pub async fn answer(&self) -> Result<(), Reject> {
        self.wait("get an answer", |state| state.answers.pop_front()).await
    }

    /// Waits until the service has ended the session.
    ///
    /// # Panics
    /// As [`Device::until`].
    pub async fn end(&self) -> Reject {
        self.wait("be signed out", |state| state.signed_out).await
    }

    async fn wait<T>(&self, what: &str, mut get: impl FnMut(&mut State) -> Option<T>) -> T {
        self.done().await;
        let mut changed = self.shared.changed.subscribe();
        let got = timeout(PATIENCE, async {
            loop {
                if let Some(got) = get(&mut self.shared.state()) {
                    return got;
                }
                assert!(!self.task.is_finished(), "the device panicked; see above");
                // The end of the task changes nothing that is watched: look now and then.
                let _ = timeout(Duration::from_secs(1), changed.changed()).await;
            }
        })
        .await;
        got.unwrap_or_else(|_| {
            let who = &self.account.me.display_name;
            panic!("{who}'s device did not come to {what}. It shows:\n{}", self.look(describe))
        })
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a device shows, for a person who reads why a test failed.
#[must_use]
pub fn describe(engine: &Engine) -> String {
    let mut text = format!("  connection {:?}\n", engine.connection());
    match engine.inbox() {
        None => text.push_str("  no inbox yet\n"),
        Some(items) => items.iter().for_each(|item| {
            let preview = item.preview.as_ref().map(|preview| (&preview.text, preview.state));
            let _ = writeln!(text, "  {:?}: {} unread, {preview:?}", item.title, item.unread);
        }),
    }
    let timeline = engine.timeline();
    let _ = writeln!(
        text,
        "  {} rows on the screen; at_start {}, at_end {}, loading {}/{}/{}, refused {:?}",
        timeline.rows.len(),
        timeline.at_start,
        timeline.at_end,
        timeline.loading,
        timeline.loading_older,
        timeline.loading_newer,
        timeline.refused,
    );
    let skipped = timeline.rows.len().saturating_sub(20);
    for row in timeline.rows.iter().skip(skipped) {
        let _ = match &row.item {
            Item::Message { seq, author_name, text: said, state, .. } => {
                writeln!(text, "    {seq:?} {author_name}: {said:?} {state:?}")
            }
            other => writeln!(text, "    {other:?}"),
        };
    }
    text
}
