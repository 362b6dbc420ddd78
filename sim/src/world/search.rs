//! What must hold of search: nobody finds what they may not read, and in the end everything that
//! was said is found.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::directory::groups_shard;
use tideline_shared::{ConversationId, UserId};

use super::World;

/// Every message that people write here has this word, but for what guests say.
const WORD: &str = "message";
/// Files are called so.
const NAME: &str = "tide";

impl World {
    /// Somebody searches in the middle of everything.
    pub(super) fn search(&mut self, me: UserId, cookie: &str, conversation: ConversationId) {
        let command = json!({"type": "messages", "query": WORD, "conversations": [conversation]});
        let answer = self.post(cookie, "/api/search", &command);
        for hit in answer["found"][0]["hits"].as_array().into_iter().flatten() {
            if !self.may_find(me, conversation, hit) {
                return self.violate(format!("{me} found {hit} in {conversation}"));
            }
        }
    }

    /// Whether a hit is a message as it is now, of a conversation that the person is in.
    pub(super) fn may_find(&self, me: UserId, conversation: ConversationId, hit: &Value) -> bool {
        let at = Address::Conversation(conversation);
        let member = format!("SELECT 1 FROM members WHERE user = '{me}' AND left_at IS NULL");
        let (seq, text) = (hit["seq"].as_u64().unwrap_or_default(), hit["excerpt"].as_str());
        // Who blocked keeps messages as they were.
        let kept =
            self.blocks_in(conversation, me) && !self.withheld(conversation, me).contains(&seq);
        let hidden =
            format!("SELECT 1 FROM hidden WHERE conversation = '{conversation}' AND seq = {seq}");
        !self.service.rows(at, &member).is_empty()
            && self.service.rows(Address::Account(me), &hidden).is_empty()
            && self.truth(conversation).iter().any(|said| {
                said.seq == seq && (kept || said.told().as_deref() == text && said.has(WORD))
            })
    }

    /// Once the faults have stopped: the directory lists a group as it is now, or not at all.
    pub(super) fn check_listed(&mut self, conversation: ConversationId) {
        let version = |at, query: &str| {
            let rows = self.service.rows(at, query);
            rows.first().and_then(|row| row.number(0).ok())
        };
        let is = "SELECT record_version FROM conversation WHERE public = 1";
        let listed = format!(
            "SELECT version FROM groups WHERE conversation = '{conversation}' AND told <> ''"
        );
        let is = version(Address::Conversation(conversation), is);
        let listed = version(Address::Directory(groups_shard(conversation)), &listed);
        if is != listed {
            let what = format!("{conversation} is public with {is:?} and listed with {listed:?}");
            self.violate(what);
        }
    }

    /// Once the faults have stopped: a member finds all of it, and nothing else.
    pub(super) fn check_search(&mut self, me: UserId, conversation: ConversationId) {
        for word in [WORD, NAME] {
            self.check_search_for(word, me, conversation);
        }
    }

    fn check_search_for(&mut self, word: &str, me: UserId, conversation: ConversationId) {
        let mut found = BTreeSet::new();
        let mut before = Value::Null;
        loop {
            let call = json!({"type": "search", "by": me, "query": word, "zone_min": 0,
                              "before": before, "most": 50});
            let to = Address::Conversation(conversation);
            let answer = self.service.call(to, &call.to_string()).unwrap_or_default();
            let mut answer: Value = serde_json::from_str(&answer).unwrap_or_default();
            let answer = answer["Ok"].take();
            let hits = answer["hits"].as_array().into_iter().flatten();
            found.extend(hits.filter_map(|hit| hit["seq"].as_u64()));
            before = answer["next"].clone();
            if before.is_null() {
                break;
            }
        }
        let (said, withheld) = (self.truth(conversation), self.withheld(conversation, me));
        let said = said.iter().filter(|said| said.has(word) && !withheld.contains(&said.seq));
        let said: BTreeSet<u64> = said.map(|said| said.seq).collect();
        if found != said {
            let wrong: Vec<_> = found.symmetric_difference(&said).collect();
            self.violate(format!(
                "{me} finds {wrong:?} wrongly or not by {word} in {conversation}"
            ));
        }
    }
}
