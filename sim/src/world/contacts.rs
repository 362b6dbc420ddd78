//! Who is among whose contacts: in the end two accounts agree on it, and every device shows it.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_shared::UserId;
use tideline_shared::protocol::{Contact, ContactState};

use super::World;

/// Something that is done about somebody, by a number that chooses.
pub(super) fn command(user: UserId, chance: u64) -> Value {
    let (what, name) = (chance % 8, format!("nickname {}", chance / 8 % 3));
    match what {
        0..4 => json!({"type": "add_contact", "user": user}),
        4 => json!({"type": "decline_contact", "user": user}),
        5 | 6 => json!({"type": "remove_contact", "user": user}),
        _ => json!({"type": "name_contact", "user": user, "nickname": name}),
    }
}

/// Whether two may stand so to each other: of one who was turned down, or is not heard, only they know.
fn agree(one: ContactState, other: ContactState) -> bool {
    use ContactState::{Asked, Asks, Mutual, None};
    matches!((one, other), (Mutual, Mutual) | (None, None))
        || matches!((one, other), (Asked, Asks | None) | (Asks | None, Asked))
}

impl World {
    /// Every device of somebody shows the same of them, and what its account has.
    pub(super) fn check_contacts(&mut self) {
        for (at, one) in self.people.clone().into_iter().enumerate() {
            for other in self.people.clone().into_iter().skip(at + 1) {
                self.check_pair(one, other);
            }
            // Who is banned hears of nothing.
            if self.is_gone(one) || self.is_banned(one) {
                continue;
            }
            let mut shown = self.devices.iter().filter(|device| device.me == one);
            let first = shown.next().map(|device| device.engine.contacts());
            if shown.any(|device| Some(device.engine.contacts()) != first) {
                self.violate(format!("devices of {one} do not show the same contacts"));
            }
            for contact in first.into_iter().flatten() {
                self.check_contact(one, &contact);
            }
        }
    }

    fn check_pair(&mut self, one: UserId, other: UserId) {
        if [one, other].into_iter().any(|user| self.is_gone(user) || self.is_banned(user)) {
            return;
        }
        let states = (self.stands(one, other), self.stands(other, one));
        if !agree(states.0, states.1) {
            self.violate(format!("{one} and {other} stand to each other as {states:?}"));
        }
    }

    /// How somebody stands to another one, as their first device shows it.
    fn stands(&self, one: UserId, other: UserId) -> ContactState {
        let device = self.devices.iter().find(|device| device.me == one);
        let contacts = device.map(|device| device.engine.contacts()).unwrap_or_default();
        let contact = contacts.into_iter().find(|contact| contact.person.user == other);
        contact.map_or(ContactState::None, |contact| contact.state)
    }

    /// What somebody calls another one: by the nickname that they gave them, or by their name.
    pub(super) fn called(&self, by: UserId, user: UserId) -> String {
        self.nickname(by, user).filter(|name| !name.is_empty()).unwrap_or_else(|| self.name(user))
    }

    fn nickname(&self, by: UserId, user: UserId) -> Option<String> {
        let query = format!("SELECT nickname FROM contacts WHERE user = '{user}'");
        let rows = self.service.rows(Address::Account(by), &query);
        rows.first().and_then(|row| row.text(0).ok()).map(str::to_owned)
    }

    /// A contact has the nickname that the account keeps, and the name of today.
    fn check_contact(&mut self, one: UserId, contact: &Contact) {
        let Contact { person, state, nickname, .. } = contact;
        if self.nickname(one, person.user).as_ref() != Some(nickname) {
            self.violate(format!("{one} is shown {nickname:?} for {}", person.user));
        }
        let heard = matches!(state, ContactState::Mutual | ContactState::Asks);
        let name = self.name(person.user);
        if heard && person.display_name != name {
            self.violate(format!("{one} has {person:?} as {state:?}, who is called {name:?}"));
        }
        let (shown, picture) =
            (person.avatar.map(|id| id.to_string()), self.picture_of(one, person.user));
        if *state == ContactState::Mutual && shown != picture {
            self.violate(format!("{one} sees {shown:?} of {}, not {picture:?}", person.user));
        }
    }
}
