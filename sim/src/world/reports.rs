//! What people report: every report that was taken is there once, and what was decided is so.

use std::collections::BTreeMap;

use serde_json::json;
use tideline_server::Address;
use tideline_server::deployment::Reported;
use tideline_shared::ConversationId;
use tideline_shared::protocol::{Outcome, ReportedMessage};

use super::people::PEOPLE;
use super::{World, path};

impl World {
    /// Somebody reports somebody, or one of the last messages, by a number that chooses.
    pub(super) fn report(&mut self, device: usize, id: ConversationId, chance: u64) {
        let (me, cookie) = (self.devices[device].me, self.devices[device].cookie.clone());
        let last = self.said(id);
        let (at, command, subject) = if chance.is_multiple_of(2) || last == 0 {
            let user = self.people[(chance >> 8) as usize % PEOPLE.len()];
            let command = json!({"type": "report", "user": user, "reason": "spam"});
            ("/api/people".to_owned(), command, format!("{me} {user}"))
        } else {
            let seq = last - (chance >> 8) % last.min(10);
            let command =
                json!({"type": "report", "seq": seq, "reason": "abuse", "note": "not nice"});
            (path(id), command, format!("{me} {id} {seq}"))
        };
        let answer = self.post(&cookie, &at, &command);
        if answer["code"].is_null() && answer["type"].is_string() {
            self.reported.insert(subject);
        }
    }

    /// Given what was decided about each report, as the log says.
    pub(super) fn check_reports(&mut self, outcomes: &BTreeMap<u64, Outcome>) {
        let query = "SELECT n, subject, reported, outcome FROM reports";
        let (mut all, mut open) = (Vec::new(), BTreeMap::<String, u64>::new());
        for row in self.service.rows(Address::Deployment, query) {
            let (Ok(n), Ok(subject)) = (row.number(0), row.text(1)) else { continue };
            let outcome = row.json::<Outcome>(3).ok();
            if outcome.as_ref() != outcomes.get(&n) {
                self.violate(format!("report {n} ended in {outcome:?}, not as the log says"));
            }
            if outcome.is_none() {
                *open.entry(subject.to_owned()).or_default() += 1;
            }
            all.push(subject.to_owned());
            let message = row.json::<Reported>(2).ok().and_then(|reported| reported.message);
            if let (Some(Outcome::Recall), Some(message)) = (outcome, message) {
                self.check_taken_down(&message);
            }
        }
        if let Some(lost) = self.reported.iter().find(|one| !all.contains(one)) {
            self.violate(format!("the report of {lost:?} was lost"));
        }
        if let Some((twice, _)) = open.iter().find(|(_, count)| **count > 1) {
            self.violate(format!("the report of {twice:?} is open twice"));
        }
    }

    fn check_taken_down(&mut self, message: &ReportedMessage) {
        let ReportedMessage { conversation, seq, .. } = message;
        let said = self.truth(*conversation).into_iter().find(|said| said.seq == *seq);
        if said.is_some_and(|said| said.text.is_some()) {
            self.violate(format!("{seq} of {conversation} was to be taken down, and is there"));
        }
    }
}
