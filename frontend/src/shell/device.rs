//! The engine as the screens see it: one signal a view, and one way to say what a person did.

use std::rc::Rc;

use leptos::prelude::*;
use tideline_client::{
    Action, Alteration, Connection, Engine, InboxItem, Input, MemberItem, Timeline, Upload, View,
    members_prefix, messages_prefix, read_json,
};
use tideline_shared::protocol::{
    Announcement, Blocked, Contact, Member, Message, Record, Settings,
};
use tideline_shared::{Code, ConversationId, FileId, Person, Profile, Reject, UserId};

use super::driver::{Driver, News, rows_below};
use super::session::signed_out_by_service;
use crate::browser::{lang, now, reload_helped, reload_once, t};
use crate::kit::{State, effect, toast};
use crate::present::Held;

/// What an account has on this device, for as long as it is signed in. Copies are the same device.
#[derive(Clone, Copy)]
pub(crate) struct Device {
    /// Whose account.
    pub me: UserId,
    /// Whether the device is in step.
    pub connection: State<Connection>,
    /// The person's own profile, once known.
    pub profile: State<Option<Profile>>,
    /// Whom the person knows.
    pub contacts: State<Vec<Contact>>,
    /// Whom the person blocked.
    pub blocked: State<Vec<Blocked>>,
    /// The list, newest first; none while nothing is known.
    pub inbox: State<Option<Vec<InboxItem>>>,
    /// The window of the conversation on the screen.
    pub timeline: State<Timeline>,
    /// What the conversation on the screen is.
    pub record: State<Option<Record>>,
    /// Who is in it.
    pub members: State<Vec<MemberItem>>,
    /// Files that messages wait for.
    pub uploads: State<Vec<Upload>>,
    /// The last answer to [`Action::UpdateProfile`].
    pub answer: State<Option<Result<(), Reject>>>,
    /// What was done to a message last and refused, until somebody takes it.
    pub refused: State<Option<Alteration>>,
    driver: StoredValue<Rc<Driver>, LocalStorage>,
}

impl Device {
    /// Starts the engine of an account. It ends with the reactive owner.
    #[must_use]
    pub(crate) fn start(me: UserId) -> Self {
        let connection = State::new(Connection::Connecting);
        let profile = State::new(None);
        let contacts = State::new(Vec::new());
        let blocked = State::new(Vec::new());
        let inbox = State::new(None);
        let timeline = State::new(Timeline::default());
        let record = State::new(None);
        let members = State::new(Vec::new());
        let uploads = State::new(Vec::new());
        let answer = State::new(None);
        let refused = State::new(None);
        // News may come in the moment in which the account is signed out: `try_set`.
        let tell = move |driver: &Driver, news| match news {
            News::Changed(View::Connection) => {
                let now = driver.read(|engine| engine.connection());
                if now == Connection::Online {
                    reload_helped();
                }
                connection.set(now);
            }
            News::Changed(View::Profile) => {
                profile.set(driver.read(|engine| engine.profile().cloned()));
            }
            News::Changed(View::People) => {
                contacts.set(driver.read(|engine| engine.contacts()));
                blocked.set(driver.read(|engine| engine.blocked()));
            }
            News::Changed(View::Inbox) => {
                inbox.set(named(driver));
            }
            News::Changed(View::Timeline) => {
                timeline.set(driver.read(|engine| engine.timeline()));
            }
            News::Changed(View::Conversation) => {
                record.set(driver.read(|engine| engine.record().cloned()));
                members.set(driver.read(|engine| engine.members()));
            }
            News::Changed(View::Uploads) => {
                uploads.set(driver.read(|engine| engine.uploads()));
            }
            News::Answered(result) => {
                answer.set(Some(result));
            }
            News::Refused(alteration, reject) => {
                toast(crate::kit::News::Failed(reject.into()));
                refused.set(Some(alteration));
            }
            News::NotKept => toast(crate::kit::News::Bad(|t| t.not_kept)),
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
            if let Some(driver) = driver.try_get_value() {
                driver.stop();
            }
        });
        // In another language, too.
        effect(move || {
            let _tracked = lang();
            if let Some(driver) = driver.try_get_value() {
                inbox.set(named(&driver));
            }
        });
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
            uploads,
            answer,
            refused,
            driver,
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
        if let Some(driver) = self.driver.try_get_value() {
            driver.say(Input::Do(action));
        }
    }

    /// Reads what the engine knows, while it is there.
    fn read<T>(self, view: impl FnOnce(&Engine) -> T) -> Option<T> {
        self.driver.try_get_value().map(|driver| driver.read(view))
    }

    /// Whether a file belongs to a message of this device that is not said.
    #[must_use]
    pub(crate) fn carries(self, file: FileId) -> bool {
        let carries = |engine: &Engine| engine.carries(file);
        self.driver.try_with_value(|driver| driver.read(carries)).unwrap_or_default()
    }

    /// Tries to reach the service now.
    pub(crate) fn reach(self) {
        self.driver.try_with_value(|driver| driver.say(Input::Online));
    }

    /// What this person chose for all of their devices; tracked.
    #[must_use]
    pub(crate) fn settings(self) -> Settings {
        self.profile.track();
        self.read(Engine::settings).unwrap_or_default()
    }

    /// Whether the person looks at another of their devices.
    #[must_use]
    pub(crate) fn is_looked_at_elsewhere(self) -> bool {
        let elsewhere = |engine: &Engine| engine.is_looked_at_elsewhere(now());
        self.driver.try_with_value(|driver| driver.read(elsewhere)).unwrap_or_default()
    }

    /// Whether this person owns the deployment; tracked.
    #[must_use]
    pub(crate) fn owns_deployment(self) -> bool {
        self.profile.track();
        self.read(|engine| engine.deployment().owner).unwrap_or_default()
    }

    /// Whether there is something that everybody is told; tracked.
    #[must_use]
    pub(crate) fn is_told(self) -> bool {
        self.profile.track();
        self.read(|engine| engine.deployment().announcement.is_some()).unwrap_or_default()
    }

    /// What everybody is told; tracked.
    #[must_use]
    pub(crate) fn announcement(self) -> Option<Announcement> {
        self.profile.track();
        self.read(|engine| engine.deployment().announcement.clone()).flatten()
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

    /// A message as it is shown, if it is.
    #[must_use]
    pub(crate) fn as_shown(self, of: ConversationId, message: &Message) -> Option<Message> {
        self.read(|engine| engine.as_shown(of, message)).flatten()
    }

    /// A message of the conversation on the screen, as it is shown, where this device holds it.
    #[must_use]
    pub(crate) fn message(self, seq: u64) -> Option<Message> {
        self.read(|engine| engine.message(seq)).flatten()
    }

    /// What somebody is called in a conversation, who may have left it; empty where this device does not know.
    #[must_use]
    pub(crate) fn name_in(self, conversation: ConversationId, user: UserId) -> String {
        self.read(|engine| engine.name_in(conversation, user)).unwrap_or_default()
    }

    /// Whether a message of the conversation on the screen is pinned, as far as this device holds them.
    #[must_use]
    pub(crate) fn holds_pins(self) -> bool {
        self.read(|engine| engine.holds_pins()).unwrap_or_default()
    }

    /// What this device keeps of a conversation, as it is shown.
    pub(crate) async fn held(self, conversation: ConversationId) -> Held {
        let (messages, people) = (messages_prefix(conversation), members_prefix(conversation));
        let messages = rows_below(self.me, &messages).await;
        let people = rows_below(self.me, &people).await;
        let shown = |row: &String| self.as_shown(conversation, &read_json(row).ok()?);
        let person = |row: &String| Some(read_json::<Member>(row).ok()?.person);
        let messages: Vec<_> = messages.iter().filter_map(shown).collect();
        let mut people: Vec<_> = people.iter().filter_map(person).collect();
        // Of a conversation that was never open here nobody is kept but by what the list says.
        for Message { author, .. } in &messages {
            if people.iter().all(|person| person.user != *author) {
                let known = Some(self.name_in(conversation, *author));
                let known = known.filter(|name| !name.is_empty());
                let display_name = known.unwrap_or_else(|| "…".to_owned());
                people.push(Person { user: *author, user_name: None, display_name, avatar: None });
            }
        }
        Held { conversation, messages, people }
    }

    /// Whether the person blocked somebody; tracked.
    #[must_use]
    pub(crate) fn blocks(self, user: UserId) -> bool {
        self.blocked.with(|all| all.iter().any(|one| one.person.user == user))
    }

    /// What is being written in a conversation.
    #[must_use]
    pub(crate) fn draft(self, conversation: ConversationId) -> String {
        let draft = |engine: &Engine| engine.draft(conversation).to_owned();
        self.driver.try_with_value(|driver| driver.read(draft)).unwrap_or_default()
    }

    /// What is being written in a conversation is this now.
    pub(crate) fn keep_draft(self, conversation: ConversationId, text: String) {
        self.act(Action::Draft { conversation, text });
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
