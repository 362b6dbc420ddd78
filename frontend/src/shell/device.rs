//! The engine as the screens see it: one signal a view, and one way to say what a person did.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use tideline_client::{
    Action, Alteration, Connection, Engine, InboxItem, Input, MemberItem, Timeline, View,
    members_prefix, messages_prefix, read_json,
};
use tideline_shared::protocol::{
    Announcement, Blocked, Contact, Member, Message, Record, Settings,
};
use tideline_shared::{Code, ConversationId, Profile, Reject, UserId};

use super::driver::{Driver, News, rows_below};
use super::session::signed_out_by_service;
use crate::browser::{lang, reload_helped, reload_once, t};
use crate::kit::{effect, toast};
use crate::present::Held;

/// What an account has on this device, for as long as it is signed in. Copies are the same device.
#[derive(Clone, Copy)]
pub(crate) struct Device {
    /// Whose account.
    pub me: UserId,
    /// Whether the device is in step.
    pub connection: RwSignal<Connection>,
    /// The person's own profile, once known.
    pub profile: RwSignal<Option<Profile>>,
    /// Whom the person knows.
    pub contacts: RwSignal<Vec<Contact>>,
    /// Whom the person blocked.
    pub blocked: RwSignal<Vec<Blocked>>,
    /// The list, newest first; none while nothing is known.
    pub inbox: RwSignal<Option<Vec<InboxItem>>>,
    /// The window of the conversation on the screen.
    pub timeline: RwSignal<Timeline>,
    /// What the conversation on the screen is.
    pub record: RwSignal<Option<Record>>,
    /// Who is in it.
    pub members: RwSignal<Vec<MemberItem>>,
    /// The last answer to [`Action::UpdateProfile`].
    pub answer: RwSignal<Option<Result<(), Reject>>>,
    /// What was done to a message last and refused, until somebody takes it.
    pub refused: RwSignal<Option<Alteration>>,
    driver: StoredValue<Rc<Driver>, LocalStorage>,
    /// What was typed and not sent, by conversation.
    drafts: StoredValue<RefCell<Vec<Typed>>, LocalStorage>,
}

impl Device {
    /// Starts the engine of an account. It ends with the reactive owner.
    #[must_use]
    pub(crate) fn start(me: UserId) -> Self {
        let connection = RwSignal::new(Connection::Connecting);
        let profile = RwSignal::new(None);
        let contacts = RwSignal::new(Vec::new());
        let blocked = RwSignal::new(Vec::new());
        let inbox = RwSignal::new(None);
        let timeline = RwSignal::new(Timeline::default());
        let record = RwSignal::new(None);
        let members = RwSignal::new(Vec::new());
        let answer = RwSignal::new(None);
        let refused = RwSignal::new(None);
        // News may come in the moment in which the account is signed out: `try_set`.
        let tell = move |driver: &Driver, news| match news {
            News::Changed(View::Connection) => {
                let now = driver.read(|engine| engine.connection());
                if now == Connection::Online {
                    reload_helped();
                }
                connection.try_set(now);
            }
            News::Changed(View::Profile) => {
                profile.try_set(driver.read(|engine| engine.profile().cloned()));
            }
            News::Changed(View::People) => {
                contacts.try_set(driver.read(|engine| engine.contacts()));
                blocked.try_set(driver.read(|engine| engine.blocked()));
            }
            News::Changed(View::Inbox) => {
                inbox.try_set(named(driver));
            }
            News::Changed(View::Timeline) => {
                timeline.try_set(driver.read(|engine| engine.timeline()));
            }
            News::Changed(View::Conversation) => {
                record.try_set(driver.read(|engine| engine.record().cloned()));
                members.try_set(driver.read(|engine| engine.members()));
            }
            News::Answered(result) => {
                answer.try_set(Some(result));
            }
            News::Refused(alteration, reject) => {
                toast(crate::kit::News::Failed(reject.into()));
                refused.try_set(Some(alteration));
            }
            News::SignedOut(reject) => signed_out_by_service(me, reject.code),
            News::Outdated => {
                if !reload_once() {
                    toast(crate::kit::News::Bad(|t| (t.reject)(Code::UpgradeRequired)));
                }
            }
        };
        let driver = Driver::start(me, tell);
        let driver = StoredValue::new_local(driver);
        on_cleanup(move || {
            driver.try_with_value(|driver| driver.stop());
        });
        // In another language, too.
        effect(move || {
            let _tracked = lang();
            driver.try_with_value(|driver| inbox.try_set(named(driver)));
        });
        let drafts = StoredValue::new_local(RefCell::default());
        Self {
            me,
            connection,
            profile,
            contacts,
            blocked,
            inbox,
            timeline,
            record,
            members,
            answer,
            refused,
            driver,
            drafts,
        }
    }

    /// The device of the account that is signed in.
    ///
    /// # Panics
    /// Outside of the screens that only signed-in people see.
    #[must_use]
    pub(crate) fn here() -> Self {
        #[allow(clippy::expect_used, reason = "provided by the one component above those screens")]
        use_context().expect("a signed-in screen")
    }

    /// Tells the engine what the person did.
    pub(crate) fn act(self, action: Action) {
        self.driver.try_with_value(|driver| driver.say(Input::Do(action)));
    }

    /// What this person chose for all of their devices; tracked.
    #[must_use]
    pub(crate) fn settings(self) -> Settings {
        self.profile.track();
        let read = self.driver.try_with_value(|driver| driver.read(|engine| engine.settings()));
        read.unwrap_or_default()
    }

    /// Whether this person owns the deployment; tracked.
    #[must_use]
    pub(crate) fn owns_deployment(self) -> bool {
        self.profile.track();
        let owner = |engine: &Engine| engine.deployment().owner;
        self.driver.try_with_value(|driver| driver.read(owner)).unwrap_or_default()
    }

    /// Whether there is something that everybody is told; tracked.
    #[must_use]
    pub(crate) fn is_told(self) -> bool {
        self.profile.track();
        let told = |engine: &Engine| engine.deployment().announcement.is_some();
        self.driver.try_with_value(|driver| driver.read(told)).unwrap_or_default()
    }

    /// What everybody is told; tracked.
    #[must_use]
    pub(crate) fn announcement(self) -> Option<Announcement> {
        self.profile.track();
        let told = |engine: &Engine| engine.deployment().announcement.clone();
        self.driver.try_with_value(|driver| driver.read(told)).flatten()
    }

    /// This person among the members of the conversation on the screen; tracked.
    #[must_use]
    pub(crate) fn my_membership(self) -> Option<MemberItem> {
        self.members.with(|all| all.iter().find(|one| one.person.user == self.me).cloned())
    }

    /// Whether the person likes to have their links looked at.
    #[must_use]
    pub(crate) fn previews(self) -> bool {
        untrack(|| !self.settings().hides_previews)
    }

    /// What this device keeps of a conversation, as it is shown.
    pub(crate) async fn held(self, conversation: ConversationId) -> Held {
        let (messages, people) = (messages_prefix(conversation), members_prefix(conversation));
        let messages = rows_below(self.me, &messages).await;
        let people = rows_below(self.me, &people).await;
        let shown = |row: &String| {
            let message: Message = read_json(row).ok()?;
            let shown = |engine: &Engine| engine.as_shown(conversation, &message);
            self.driver.try_with_value(|driver| driver.read(shown)).flatten()
        };
        let person = |row: &String| Some(read_json::<Member>(row).ok()?.person);
        Held {
            conversation,
            messages: messages.iter().filter_map(shown).collect(),
            people: people.iter().filter_map(person).collect(),
        }
    }

    /// Whether the person blocked somebody; tracked.
    #[must_use]
    pub(crate) fn blocks(self, user: UserId) -> bool {
        self.blocked.with(|all| all.iter().any(|one| one.person.user == user))
    }

    /// What is being written in a conversation: what was typed here, unless another device wrote
    /// something else since.
    #[must_use]
    pub(crate) fn draft(self, conversation: ConversationId) -> String {
        let shared = self.shared_draft(conversation);
        let typed = self.drafts.try_with_value(|all| {
            let all = all.borrow();
            let typed = all.iter().find(|typed| typed.conversation == conversation);
            typed.filter(|typed| typed.shared == shared).map(|typed| typed.text.clone())
        });
        typed.flatten().unwrap_or(shared)
    }

    /// Keeps what was typed in a conversation.
    pub(crate) fn keep_draft(self, conversation: ConversationId, text: String) {
        let shared = self.shared_draft(conversation);
        self.drafts.try_with_value(|all| {
            let mut all = all.borrow_mut();
            all.retain(|typed| typed.conversation != conversation);
            all.push(Typed { conversation, text, shared });
        });
    }

    fn shared_draft(self, conversation: ConversationId) -> String {
        let found = self.inbox.try_with_untracked(|inbox| {
            let item = inbox.iter().flatten().find(|item| item.conversation == conversation)?;
            Some(item.draft.clone())
        });
        found.flatten().unwrap_or_default()
    }

    /// What a conversation of the list is called there; tracked.
    #[must_use]
    pub(crate) fn listed(self, conversation: ConversationId) -> Option<InboxItem> {
        let find = |inbox: &Option<Vec<InboxItem>>| {
            inbox.iter().flatten().find(|item| item.conversation == conversation).cloned()
        };
        self.inbox.with(find)
    }
}

/// The list, with a name for one's own notes.
fn named(driver: &Driver) -> Option<Vec<InboxItem>> {
    let mut inbox = driver.read(|engine| engine.inbox());
    for item in inbox.iter_mut().flatten().filter(|item| item.is_notes()) {
        t().notes.clone_into(&mut item.title);
    }
    inbox
}

/// What was typed here in a conversation.
struct Typed {
    conversation: ConversationId,
    text: String,
    /// What the service had at that time.
    shared: String,
}
