//! Devices that subscribed to notices, and push services that take them, do not, or are not there.

use serde_json::json;
use tideline_server::notice::{Answer, Dispatch};
use tideline_server::{Address, CallId, Unreachable};
use tideline_shared::protocol::Notice;

use super::{Event, World};

/// A key of a browser (RFC 8291, appendix A).
const KEY: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
/// Longer than an alarm may be late, in milliseconds.
const LATE_MS: u64 = 60_000;

impl World {
    /// A device subscribes.
    pub(super) fn subscribe(&mut self, device: usize) {
        let cookie = self.devices[device].cookie.clone();
        let subscribe = json!({
            "type": "subscribe", "endpoint": format!("https://push.example.net/{device}"),
            "key": KEY, "secret": "BTBZMqHH6r4Tts7J_aSIgg", "words": true,
        });
        self.post(&cookie, "/api/session", &subscribe);
    }

    /// A push service gets something.
    pub(super) fn notify(&mut self, from: Address, life: u64, id: CallId, dispatch: &Dispatch) {
        self.count_call(from, life, id);
        self.check_notice(from, dispatch);
        let time = self.now + self.delay();
        let lost = self.script.faults().call_lost;
        let answer = if self.strikes("a push service out of reach", 4 * lost) {
            Err(Unreachable("out of reach".to_owned()))
        } else {
            let mut answer = Answer { status: 201, retry_after_s: None };
            if self.strikes("a push service that has enough", 4 * lost) {
                answer = Answer { status: 429, retry_after_s: Some(20) };
            } else if self.strikes("a device that is gone", lost) {
                answer.status = 410;
            }
            Ok(json!({ "Ok": answer }).to_string())
        };
        self.at(time, Event::Returns { to: from, life, id, answer });
    }

    /// Nobody is told of what they have read, or of a conversation that is not theirs.
    fn check_notice(&mut self, from: Address, dispatch: &Dispatch) {
        let Ok(notice) = serde_json::from_str::<Notice>(&dispatch.body) else {
            return self.violate(format!("not a notice: {}", dispatch.body));
        };
        let unread = format!(
            "SELECT 1 FROM entries WHERE conversation = '{}' AND has_left = 0 AND last_seq > read_seq",
            notice.conversation
        );
        if self.service.rows(from, &unread).is_empty() {
            self.violate(format!("{from:?} tells of nothing new: {notice:?}"));
        }
    }

    /// Once the faults have stopped: whoever does not look at a device has been told on all of them.
    pub(super) fn check_told(&mut self) {
        let now = self.service_now();
        for at in self.service.addresses() {
            if let Address::Account(user) = at {
                let late =
                    format!("SELECT 1 FROM notices WHERE due_at < {}", now.saturating_sub(LATE_MS));
                if !self.service.rows(at, &late).is_empty() {
                    self.violate(format!("{user} still has to be told of something"));
                }
            }
        }
    }
}
