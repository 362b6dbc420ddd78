//! This person's contacts: whom they want among them, who wants them, what they call each of them.
//!
//! Each of two accounts holds its own wish and the newest word of the other's. A wish travels as a
//! final state, so it may come twice, late, or not at all for a while: it says by itself which wish of
//! the other one's it brings to an end. Once both have heard each other, they agree: one has the other
//! when the other has the one.

use tideline_shared::protocol::{AccountRow, Contact, ContactState};
use tideline_shared::{Code, Nickname, Note, Person, UserId, limits as bounds};

use super::{AccountCall, ContactWish, announce, blocks, next_version, profile};
use crate::limits;
use crate::sql::{Fault, Row, Sql};
use crate::turn::{Address, Failure, Turn};
use crate::{outbox, params};

/// How this person stands to another one, with what the database keeps beside the row.
pub(super) struct Stored {
    person: Person,
    nickname: String,
    note: String,
    wants: bool,
    wants_since: u64,
    wanted: bool,
    wanted_since: u64,
    declined: u64,
    ended: u64,
    heard: u64,
    pub(super) version: u64,
}

const COLUMNS: &str = "user, user_name, display_name, nickname, note, wants, wants_since, wanted, \
                       wanted_since, declined, heard, version, avatar, ended";

impl Stored {
    fn new(person: Person) -> Self {
        Self {
            person,
            nickname: String::new(),
            note: String::new(),
            wants: false,
            wants_since: 0,
            wanted: false,
            wanted_since: 0,
            declined: 0,
            ended: 0,
            heard: 0,
            version: 0,
        }
    }

    fn read(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            person: Person {
                user: row.parse(0)?,
                user_name: row.maybe_text(1)?.map(str::to_owned),
                display_name: row.text(2)?.to_owned(),
                avatar: row.maybe(12)?,
            },
            nickname: row.text(3)?.to_owned(),
            note: row.text(4)?.to_owned(),
            wants: row.number(5)? == 1,
            wants_since: row.number(6)?,
            wanted: row.number(7)? == 1,
            wanted_since: row.number(8)?,
            declined: row.number(9)?,
            heard: row.number(10)?,
            version: row.number(11)?,
            ended: row.number(13)?,
        })
    }

    fn load(sql: &dyn Sql, user: UserId) -> Result<Option<Self>, Fault> {
        let query = format!("SELECT {COLUMNS} FROM contacts WHERE user = ?1");
        sql.first(&query, params![user.to_string()])?.as_ref().map(Self::read).transpose()
    }

    fn state(&self) -> ContactState {
        let asks = self.wanted && self.wanted_since > self.declined;
        match (self.wants, asks) {
            (true, true) => ContactState::Mutual,
            (true, false) => ContactState::Asked,
            (false, true) => ContactState::Asks,
            (false, false) => ContactState::None,
        }
    }

    /// What devices see of it.
    pub(super) fn contact(self) -> Contact {
        let state = self.state();
        let Self { person, nickname, note, .. } = self;
        Contact { person, state, nickname, note }
    }

    fn save(&self, sql: &dyn Sql) -> Result<(), Fault> {
        sql.execute(
            &format!(
                "INSERT OR REPLACE INTO contacts ({COLUMNS})
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
            ),
            params![
                self.person.user.to_string(),
                self.person.user_name.as_deref(),
                self.person.display_name.as_str(),
                self.nickname.as_str(),
                self.note.as_str(),
                self.wants,
                self.wants_since,
                self.wanted,
                self.wanted_since,
                self.declined,
                self.heard,
                self.version,
                self.person.avatar.map(|avatar| avatar.to_string()),
                self.ended
            ],
        )
    }

    /// Writes it with a new version and tells the devices.
    fn change(mut self, turn: &mut Turn<'_>, version: u64) -> Result<(), Fault> {
        self.version = version;
        self.save(turn.sql)?;
        announce(turn, version, vec![AccountRow::Contact(self.contact())])
    }

    /// Owes the own wish to the other account.
    fn tell(&self, turn: &mut Turn<'_>, version: u64) -> Result<(), Fault> {
        let by = profile::shown(turn.sql, self.state() == ContactState::Mutual)?;
        let Self { wants, wants_since: since, ended, .. } = *self;
        let wish = ContactWish { by, wants, since, ended, version };
        let to = Address::Account(self.person.user);
        outbox::owe(turn, to, "contact", &AccountCall::ContactWish(wish))
    }

    /// Has another wish from now on.
    fn wish(mut self, turn: &mut Turn<'_>, wants: bool) -> Result<(), Failure> {
        limits::spend(turn.sql, turn.now, turn.limits.contact, "contact")?;
        let version = next_version(turn.sql)?;
        self.wants = wants;
        self.wants_since = version;
        self.tell(turn, version)?;
        Ok(self.change(turn, version)?)
    }
}

/// Whether somebody and this person are contacts.
pub(super) fn is_mutual(sql: &dyn Sql, user: UserId) -> Result<bool, Fault> {
    Ok(Stored::load(sql, user)?.is_some_and(|known| known.state() == ContactState::Mutual))
}

/// Every row that changed after `since`, the longest unchanged first.
pub(super) fn changed_since(sql: &dyn Sql, since: u64) -> Result<Vec<Stored>, Fault> {
    let query = format!("SELECT {COLUMNS} FROM contacts WHERE version > ?1 ORDER BY version, user");
    sql.query(&query, params![since])?.iter().map(Stored::read).collect()
}

/// Somebody, known or new; `yourself`, or `too_many_contacts`.
fn load_or_new(turn: &Turn<'_>, person: Person) -> Result<Stored, Failure> {
    if person.user == profile::load(turn.sql)?.person.user {
        return Err(Code::Yourself.into());
    }
    if let Some(known) = Stored::load(turn.sql, person.user)? {
        return Ok(Stored { person, ..known });
    }
    let row = turn.sql.first("SELECT count(*) FROM contacts", &[])?;
    if row.map_or(Ok(0), |row| row.number(0))? >= bounds::CONTACTS as u64 {
        return Err(Code::TooManyContacts.into());
    }
    Ok(Stored::new(person))
}

/// Asks, or accepts. Asked again, it changes nothing.
pub(super) fn add(turn: &mut Turn<'_>, person: Person) -> Result<(), Failure> {
    if blocks::is_blocked(turn.sql, person.user)? {
        return Err(Code::BlockedByYou.into());
    }
    let mut stored = load_or_new(turn, person)?;
    if stored.wants {
        return Ok(());
    }
    // Who was turned down, and wants it still, is accepted.
    stored.declined = stored.ended;
    stored.wish(turn, true)
}

/// Turns a request down; `no_request`. Nobody is told.
pub(super) fn decline(turn: &mut Turn<'_>, user: UserId) -> Result<(), Failure> {
    let stored = Stored::load(turn.sql, user)?;
    let mut stored =
        stored.filter(|stored| stored.state() == ContactState::Asks).ok_or(Code::NoRequest)?;
    stored.declined = stored.wanted_since;
    let version = next_version(turn.sql)?;
    Ok(stored.change(turn, version)?)
}

/// Ends it for both, or takes a request back. Where there is neither, nothing changes.
pub(super) fn remove(turn: &mut Turn<'_>, user: UserId) -> Result<(), Failure> {
    let Some(mut stored) = Stored::load(turn.sql, user)? else { return Ok(()) };
    if !stored.wants {
        return Ok(());
    }
    stored.ended = stored.wanted_since;
    stored.declined = stored.ended;
    stored.wish(turn, false)
}

/// Calls somebody something, for this person alone.
pub(super) fn name(
    turn: &mut Turn<'_>,
    person: Person,
    nickname: &str,
    note: &str,
) -> Result<(), Failure> {
    let (nickname, note) = (Nickname::parse(nickname)?.into(), Note::parse(note)?.into());
    let mut stored = load_or_new(turn, person)?;
    if (&stored.nickname, &stored.note) == (&nickname, &note) {
        return Ok(());
    }
    (stored.nickname, stored.note) = (nickname, note);
    let version = next_version(turn.sql)?;
    Ok(stored.change(turn, version)?)
}

/// What this person calls somebody whom others call `name`.
pub(super) fn called(sql: &dyn Sql, user: Option<UserId>, name: &str) -> Result<String, Fault> {
    let stored = user.map(|user| Stored::load(sql, user)).transpose()?.flatten();
    let nickname = stored.map(|stored| stored.nickname).filter(|nickname| !nickname.is_empty());
    Ok(nickname.unwrap_or_else(|| name.to_owned()))
}

/// Takes in another one's wish. A request of somebody who is blocked counts as turned down.
pub(super) fn hear(turn: &mut Turn<'_>, wish: &ContactWish) -> Result<(), Failure> {
    let user = wish.by.user;
    let known = Stored::load(turn.sql, user)?;
    let since = known.as_ref().map_or(0, |known| known.wanted_since);
    let before = known.as_ref().map(Stored::state);
    let new = wish.wants && wish.since > since;
    if known.is_none() && !wish.wants {
        return Ok(());
    }
    let mut stored = load_or_new(turn, wish.by.clone())?;
    if wish.version <= stored.heard {
        return Ok(());
    }
    stored.heard = wish.version;
    stored.wanted = wish.wants;
    stored.wanted_since = wish.since;
    if stored.wants_since <= wish.ended {
        stored.wants = false;
    }
    if new && !stored.wants && blocks::is_blocked(turn.sql, user)? {
        stored.declined = wish.since;
    }
    let version = next_version(turn.sql)?;
    // Contacts may see a picture that others do not.
    let is_contact = |state| state == ContactState::Mutual;
    if before.is_some_and(is_contact) != is_contact(stored.state())
        && profile::shown(turn.sql, true)? != profile::shown(turn.sql, false)?
    {
        stored.tell(turn, version)?;
    }
    Ok(stored.change(turn, version)?)
}

/// Owes the new name, or the end of this account, to everybody who may have it among their contacts.
pub(super) fn publish(
    turn: &mut Turn<'_>,
    version: u64,
    gone: Option<&Person>,
) -> Result<(), Fault> {
    let knows = |stored: &Stored| stored.wants || stored.wanted;
    for stored in changed_since(turn.sql, 0)?.into_iter().filter(knows) {
        match gone {
            None => stored.tell(turn, version)?,
            Some(person) => {
                let (by, ended) = (person.clone(), stored.wanted_since);
                let wish = ContactWish { by, wants: false, since: version, ended, version };
                let to = Address::Account(stored.person.user);
                outbox::owe(turn, to, "contact", &AccountCall::ContactWish(wish))?;
            }
        }
    }
    Ok(())
}
