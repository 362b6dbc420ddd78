//! What profiles say, and to whom.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_shared::UserId;

use super::World;

/// Who may see a field.
const AUDIENCES: [&str; 3] = ["everybody", "contacts", "nobody"];

impl World {
    /// Somebody is called something else, and says something else of themselves.
    pub(super) fn rename(&mut self, cookie: &str, chance: u64) {
        self.written += 1;
        let n = self.written;
        let age = (!chance.is_multiple_of(3)).then_some(18 + chance % 80);
        let gender = ["unstated", "female", "male", "other"][(chance >> 8) as usize % 4];
        let command = json!({"type": "update_profile", "display_name": format!("Person {n}"),
                             "age": age, "gender": gender, "signature": format!("signature {n}")});
        self.post(cookie, "/api/account", &command);
    }

    /// Another audience of a field, by a number that chooses.
    pub(super) fn show_to(&mut self, cookie: &str, chance: u64) {
        let field = ["age", "gender", "signature", "avatar"][chance as usize % 4];
        let mut command = json!({"type": "change_settings"});
        command[format!("{field}_seen_by")] = AUDIENCES[(chance >> 8) as usize % 3].into();
        self.post(cookie, "/api/account", &command);
    }

    /// Somebody reads a profile, and sees of it what they may.
    pub(super) fn read_profile(&mut self, device: usize, of: UserId) {
        let (me, cookie) = (self.devices[device].me, self.devices[device].cookie.clone());
        let answer = self.post(&cookie, "/api/people", &json!({"type": "profile", "user": of}));
        if answer["type"] != "profile" {
            return;
        }
        let shown = |field: &str, none: &str| match &answer[field] {
            Value::Null => none.to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let fields = [("age", ""), ("gender", "unstated"), ("signature", ""), ("avatar", "")];
        let shown = fields.map(|(field, none)| shown(field, none));
        let wanted = fields.map(|(field, none)| self.field(me, of, field, none));
        if shown != wanted {
            self.violate(format!("{me} sees {shown:?} of {of}, not {wanted:?}"));
        }
    }

    /// Which picture of somebody another one sees.
    pub(super) fn picture_of(&self, by: UserId, of: UserId) -> Option<String> {
        Some(self.field(by, of, "avatar", "")).filter(|picture| !picture.is_empty())
    }

    /// A field of a profile as somebody sees it.
    fn field(&self, by: UserId, of: UserId, field: &str, none: &str) -> String {
        let own = |query: &str| {
            let rows = self.service.rows(Address::Account(of), query);
            rows.first().and_then(|row| Some(row.maybe_text(0).ok()??.trim_matches('"').to_owned()))
        };
        let audience = own(&format!("SELECT {field}_seen_by FROM settings"));
        let shows = match audience.as_deref().unwrap_or("everybody") {
            "everybody" => true,
            "contacts" => {
                let mutual = format!(
                    "SELECT '1' FROM contacts WHERE user = '{by}' AND wants = 1
                       AND wanted = 1 AND wanted_since > declined"
                );
                own(&mutual).is_some()
            }
            _ => false,
        };
        let value = own(&format!("SELECT CAST({field} AS TEXT) FROM account"));
        value.filter(|_| shows || by == of).unwrap_or_else(|| none.to_owned())
    }

    /// Once the faults have stopped: people are found by what they are called, and by what everybody may
    /// read of them.
    pub(super) fn check_found(&mut self) {
        let nobody = UserId::new(0, [0; 10]);
        for user in self.people.clone() {
            if self.is_gone(user) {
                continue;
            }
            let wanted = (self.name(user), self.field(nobody, user, "signature", ""));
            let query = format!("SELECT display_name, signature FROM people WHERE user = '{user}'");
            let rows = self.service.addresses().into_iter();
            let rows = rows.filter(|at| matches!(at, Address::Directory(_)));
            let rows: Vec<_> = rows.flat_map(|at| self.service.rows(at, &query)).collect();
            let text = |column| rows.first().and_then(|row| row.text(column).ok());
            let listed = (text(0).unwrap_or_default(), text(1).unwrap_or_default());
            if rows.len() != 1 || listed != (wanted.0.as_str(), wanted.1.as_str()) {
                self.violate(format!("{user} is listed as {listed:?}, not {wanted:?}"));
            }
        }
    }
}
