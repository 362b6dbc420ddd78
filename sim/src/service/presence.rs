//! Nobody is told whether somebody is there who hides it, or while they hide it themselves.

use serde_json::Value;
use tideline_server::{Address, Effect};
use tideline_shared::UserId;

use super::Service;

impl Service {
    /// Of what an account tells another one, and its own devices.
    pub(super) fn check_presence(&self, from: Address, effect: &Effect) {
        let Address::Account(user) = from else { return };
        let (Effect::Call { body: text, .. } | Effect::Push { frame: text, .. }) = effect else {
            return;
        };
        if !text.contains(r#""type":"presence""#) {
            return;
        }
        let told: Value = serde_json::from_str(text).unwrap_or_default();
        let rows = told["rows"].as_array().cloned().unwrap_or_else(|| vec![told]);
        for row in rows.iter().filter(|row| row["type"] == "presence") {
            let shows = [("online_ms", "hides_presence"), ("last_seen", "hides_last_seen")];
            for (field, hides) in shows {
                if !row[field].is_null() && self.hides(user, hides) {
                    self.violate(format!("{user} has {hides}, and their account says {row}"));
                }
            }
        }
    }

    fn hides(&self, user: UserId, what: &str) -> bool {
        let query = format!("SELECT 1 FROM settings WHERE {what} = 1");
        !self.rows(Address::Account(user), &query).is_empty()
    }
}
