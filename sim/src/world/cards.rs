//! Pages that people link to: they answer late, twice or not at all, and no card stands beneath words that
//! it is not for.

use serde_json::json;
use tideline_server::{Address, CallId, Unreachable};
use tideline_shared::ConversationId;
use tideline_shared::markup::first_link;
use tideline_shared::protocol::{Body, Card};

use super::{Event, World};

/// Longer than an object waits before it looks again.
const LATE_MS: u64 = 45_000;

/// What somebody adds to a message to link to a page; mostly nothing.
pub(super) fn link(chance: u64) -> String {
    match chance % 5 {
        0 => format!(" https://example.com/{}", chance / 5 % 6),
        _ => String::new(),
    }
}

/// What a page is called.
fn title(url: &str) -> String {
    format!("What {url} is")
}

/// What a page says; one of them says nothing.
fn says(url: &str) -> String {
    let about = (!url.ends_with('0'))
        .then(|| json!({"title": title(url), "site": "", "description": "About the tide"}));
    json!({ "Ok": about }).to_string()
}

impl World {
    /// Somebody looks at a page.
    pub(super) fn look(&mut self, to: Address, life: u64, id: CallId, url: &str) {
        self.count_call(to, life, id);
        let faults = self.script.faults();
        let mut time = self.now + self.delay();
        if self.strikes("a page late", faults.call_lost) {
            time += self.script.below("how late a page", LATE_MS);
        }
        if self.strikes("a page out of reach", 4 * faults.call_lost) {
            let answer = Err(Unreachable("out of reach".to_owned()));
            return self.at(time, Event::Returns { to, life, id, answer });
        }
        let answer = says(url);
        if self.strikes("a page heard twice", faults.call_doubled) {
            let (again, answer) = (time + self.delay(), answer.clone());
            self.at(again, Event::LookedAgain { to, life, id, answer });
        }
        self.at(time, Event::Returns { to, life, id, answer: Ok(answer) });
    }

    /// Once the faults have stopped: every card is for the words above it, and nothing waits for a page.
    pub(super) fn check_cards(&mut self, conversation: ConversationId) {
        let at = Address::Conversation(conversation);
        for row in self.service.rows(at, "SELECT seq, body, card FROM messages") {
            let Ok(body) = row.json::<Body>(1) else { continue };
            let card = row.maybe_text(2).ok().flatten().and_then(|_| row.json::<Card>(2).ok());
            let link = body.text().and_then(first_link);
            let wanted = link.map(|url| title(&url));
            if card.as_ref().is_some_and(|card| Some(card.lines()[0]) != wanted.as_deref()) {
                self.violate(format!("{conversation}: {card:?} stands beneath {body:?}"));
            }
        }
        if !self.service.rows(at, "SELECT 1 FROM looks").is_empty() {
            self.violate(format!("{conversation} waits for a page"));
        }
    }
}
