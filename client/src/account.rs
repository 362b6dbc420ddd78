//! The mirror of the person's own account: the profile and the inbox.
//!
//! Delivered messages are the conversations' matter, and are handed on.

use tideline_shared::protocol::{
    AccountRow, Blocked, Contact, ContactState, Delivered, Deployment, Draft, Entry, Hidden,
    Settings,
};
use tideline_shared::{ConversationId, FileId, Profile, UserId};

use crate::cursor::Cursor;
use crate::keys::{self, AccountCursor, FORMAT};
use crate::read_json;
use crate::sorted::{SortedMap, SortedSet};
use crate::step::Step;

#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) cursor: Cursor,
    pub(crate) profile: Option<Profile>,
    /// What others get to know.
    pub(crate) settings: Settings,
    /// What the deployment is to this person.
    pub(crate) deployment: Deployment,
    /// The conversations on the list.
    pub(crate) entries: SortedMap<ConversationId, Entry>,
    /// Messages that this person wants to see no more.
    pub(crate) hidden: SortedMap<ConversationId, SortedSet<u64>>,
    /// What is being written, by conversation.
    pub(crate) drafts: SortedMap<ConversationId, String>,
    /// Whom this person knows.
    pub(crate) contacts: SortedMap<UserId, Contact>,
    /// Whom this person blocked.
    pub(crate) blocked: SortedMap<UserId, Blocked>,
    /// Something in the store could not be read: all of it has to come again.
    unreadable: bool,
    /// The pages of a reset, until the last of them is here.
    reset: Option<Vec<AccountRow>>,
}

/// What rows of the account mean for the rest of the device, in their order.
#[derive(Debug)]
pub(crate) enum News {
    Profile,
    /// Whom the person knows or blocked changed, or what they call somebody.
    People,
    /// An entry came or changed; whether the conversation was not on the list before.
    Entry(ConversationId, bool),
    /// The person is not in this conversation any more.
    Left(ConversationId),
    /// Something there is not to be seen any more.
    Hidden(ConversationId),
    /// Something else is being written somewhere.
    Draft,
    Delivered(Box<Delivered>),
}

impl Account {
    pub(crate) fn load(&mut self, rows: &[(String, String)]) {
        for (key, value) in rows {
            match key.as_str() {
                keys::ACCOUNT_CURSOR => {
                    if let Ok(stored) = read_json::<AccountCursor>(value)
                        && stored.format == FORMAT
                    {
                        self.cursor = Cursor::stored(stored.cursor);
                    }
                }
                keys::ACCOUNT_PROFILE => match read_json(value) {
                    Ok(profile) => self.profile = Some(profile),
                    Err(_) => self.unreadable = true,
                },
                keys::ACCOUNT_SETTINGS => match read_json(value) {
                    Ok(settings) => self.settings = settings,
                    Err(_) => self.unreadable = true,
                },
                keys::ACCOUNT_DEPLOYMENT => match read_json(value) {
                    Ok(deployment) => self.deployment = deployment,
                    Err(_) => self.unreadable = true,
                },
                key if key.starts_with(keys::BLOCKED) => match read_json(value) {
                    Ok(blocked) => drop(self.take_blocked(blocked)),
                    Err(_) => self.unreadable = true,
                },
                key if key.starts_with(keys::DRAFTS) => match read_json(value) {
                    Ok(draft) => self.take_draft(draft),
                    Err(_) => self.unreadable = true,
                },
                key if key.starts_with(keys::CONTACTS) => match read_json(value) {
                    Ok(contact) => self.take_contact(contact),
                    Err(_) => self.unreadable = true,
                },
                _ => {}
            }
        }
    }

    /// What it knows to be written in a conversation.
    pub(crate) fn draft(&self, conversation: ConversationId) -> &str {
        self.drafts.get(&conversation).map_or("", String::as_str)
    }

    /// Something else is being written in a conversation.
    pub(crate) fn put_draft(&mut self, step: &mut Step<'_>, draft: Draft) {
        let key = keys::draft(draft.conversation);
        if draft.text.is_empty() {
            step.delete(key);
        } else {
            step.put(key, &draft);
        }
        self.take_draft(draft);
    }

    fn take_draft(&mut self, draft: Draft) {
        if draft.text.is_empty() {
            self.drafts.remove(&draft.conversation);
        } else {
            self.drafts.insert(draft.conversation, draft.text);
        }
    }

    fn take_contact(&mut self, contact: Contact) {
        let user = contact.person.user;
        if contact.is_over() {
            self.contacts.remove(&user);
        } else {
            self.contacts.insert(user, contact);
        }
    }

    /// Whether this person likes to see what links lead to, and to have others see it. Not before it is known:
    /// it may be that they do not.
    pub(crate) fn previews(&self) -> bool {
        self.profile.is_some() && !self.settings.hides_previews
    }

    /// What this person calls somebody, if they chose a name for them.
    pub(crate) fn nickname(&self, user: UserId) -> Option<&str> {
        let nickname = self.contacts.get(&user)?.nickname.as_str();
        (!nickname.is_empty()).then_some(nickname)
    }

    /// The picture of somebody that this person sees and not everybody: of themselves, and of contacts.
    pub(crate) fn avatar_of(&self, user: UserId) -> Option<FileId> {
        let own = self.profile.as_ref().filter(|profile| profile.person.user == user);
        let contact = self.contacts.get(&user);
        let contact = contact.filter(|contact| contact.state == ContactState::Mutual);
        own.map(|own| &own.person).or(contact.map(|contact| &contact.person))?.avatar
    }

    fn take_blocked(&mut self, blocked: Blocked) -> UserId {
        let user = blocked.person.user;
        if blocked.over {
            self.blocked.remove(&user);
        } else {
            self.blocked.insert(user, blocked);
        }
        user
    }

    /// Takes in the stored inbox.
    pub(crate) fn load_entries(&mut self, rows: &[(String, String)]) {
        for (key, value) in rows {
            match read_json::<Entry>(value) {
                Ok(entry) if *key == keys::entry(entry.conversation) => {
                    self.entries.insert(entry.conversation, entry);
                }
                _ => self.unreadable = true,
            }
        }
    }

    /// Takes in what was hidden.
    pub(crate) fn load_hidden(&mut self, rows: &[(String, String)]) {
        for (key, value) in rows {
            match read_json::<Hidden>(value) {
                Ok(row) if *key == keys::hidden(row.conversation) => self.hide(&row),
                _ => self.unreadable = true,
            }
        }
    }

    /// Whether this person wants to see a message no more.
    pub(crate) fn hides(&self, conversation: ConversationId, seq: u64) -> bool {
        self.hidden.get(&conversation).is_some_and(|seqs| seqs.contains(&seq))
    }

    fn hide(&mut self, row: &Hidden) {
        let hidden = self.hidden.get_or_insert_with(row.conversation, SortedSet::new);
        for &seq in &row.seqs {
            hidden.insert(seq);
        }
    }

    /// Everything that was stored is here.
    pub(crate) fn loaded(&mut self) {
        if std::mem::take(&mut self.unreadable) {
            self.cursor.forget();
        }
    }

    /// Whether there is an inbox to show, even an empty one.
    pub(crate) fn is_known(&self) -> bool {
        self.cursor.at().is_some() || !self.entries.is_empty()
    }

    /// Applies a page. The store gets rows and cursor together.
    pub(crate) fn page(
        &mut self,
        step: &mut Step<'_>,
        reset: bool,
        rows: Vec<AccountRow>,
        cursor: u64,
        done: bool,
    ) -> Vec<News> {
        if reset && self.cursor.asked() {
            self.reset = Some(Vec::new());
        }
        if let Some(pages) = &mut self.reset {
            pages.extend(rows);
            if !done {
                return Vec::new();
            }
        } else if reset || !self.cursor.accepts(cursor) {
            return Vec::new();
        } else {
            self.cursor.page(cursor, done);
            return self.apply(step, rows);
        }
        let rows = self.reset.take().unwrap_or_default();
        self.cursor.page(cursor, done);
        let before = std::mem::take(&mut self.entries);
        step.delete_all(keys::ENTRIES.to_owned());
        self.settings = Settings::default();
        step.delete(keys::ACCOUNT_SETTINGS.to_owned());
        self.deployment = Deployment::default();
        step.delete(keys::ACCOUNT_DEPLOYMENT.to_owned());
        self.hidden = SortedMap::new();
        step.delete_all(keys::HIDDEN.to_owned());
        self.drafts = SortedMap::new();
        step.delete_all(keys::DRAFTS.to_owned());
        self.contacts = SortedMap::new();
        step.delete_all(keys::CONTACTS.to_owned());
        self.blocked = SortedMap::new();
        step.delete_all(keys::BLOCKED.to_owned());
        let mut news = self.apply(step, rows);
        for item in &mut news {
            if let News::Entry(id, new) = item {
                *new = !before.contains_key(id);
            }
        }
        // A reset does not name what is over: it is what was there and is not any more.
        let gone = before.into_keys().filter(|id| !self.entries.contains_key(id));
        news.extend(gone.map(News::Left));
        news
    }

    /// Applies the rows of a live change whose version is the cursor's.
    pub(crate) fn change(&mut self, step: &mut Step<'_>, rows: Vec<AccountRow>) -> Vec<News> {
        self.apply(step, rows)
    }

    /// The link is gone, and with it the rest of a reset.
    pub(crate) fn lost(&mut self) {
        self.cursor.lost();
        self.reset = None;
    }

    fn apply(&mut self, step: &mut Step<'_>, rows: Vec<AccountRow>) -> Vec<News> {
        let mut news = Vec::new();
        for row in rows {
            match row {
                AccountRow::Profile(profile) => {
                    step.put(keys::ACCOUNT_PROFILE.to_owned(), &profile);
                    self.profile = Some(profile);
                    news.push(News::Profile);
                }
                AccountRow::Settings(settings) => {
                    step.put(keys::ACCOUNT_SETTINGS.to_owned(), &settings);
                    self.settings = settings;
                    news.push(News::Profile);
                }
                AccountRow::Deployment(deployment) => {
                    step.put(keys::ACCOUNT_DEPLOYMENT.to_owned(), &deployment);
                    self.deployment = deployment;
                    news.push(News::Profile);
                }
                AccountRow::Entry(entry) if entry.left => {
                    self.entries.remove(&entry.conversation);
                    step.delete(keys::entry(entry.conversation));
                    news.push(News::Left(entry.conversation));
                }
                AccountRow::Entry(entry) => {
                    step.put(keys::entry(entry.conversation), &entry);
                    let id = entry.conversation;
                    let new = self.entries.insert(id, entry).is_none();
                    news.push(News::Entry(id, new));
                }
                AccountRow::Draft(draft) => {
                    self.put_draft(step, draft);
                    news.push(News::Draft);
                }
                AccountRow::Contact(contact) => {
                    let key = keys::contact(contact.person.user);
                    if contact.is_over() {
                        step.delete(key);
                    } else {
                        step.put(key, &contact);
                    }
                    self.take_contact(contact);
                    news.push(News::People);
                }
                AccountRow::Blocked(blocked) => {
                    let key = keys::blocked(blocked.person.user);
                    if blocked.over {
                        step.delete(key);
                    } else {
                        step.put(key, &blocked);
                    }
                    self.take_blocked(blocked);
                    news.push(News::People);
                }
                AccountRow::Hidden(row) => {
                    self.hide(&row);
                    let id = row.conversation;
                    let seqs = self.hidden.get(&id).into_iter().flat_map(SortedSet::iter);
                    let all = Hidden { conversation: id, seqs: seqs.copied().collect() };
                    step.put(keys::hidden(id), &all);
                    news.push(News::Hidden(id));
                }
                AccountRow::Delivered(delivered) => news.push(News::Delivered(Box::new(delivered))),
                // Never in a change.
                AccountRow::Presence(_) | AccountRow::Elsewhere(_) | AccountRow::Unknown => {}
            }
        }
        let cursor = AccountCursor { format: FORMAT, cursor: self.cursor.at() };
        step.put(keys::ACCOUNT_CURSOR.to_owned(), &cursor);
        news
    }
}
