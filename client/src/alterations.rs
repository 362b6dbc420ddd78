//! What this person did to messages: each alteration from the moment it is done until the mirror shows it.
//!
//! An alteration says how a message is to be, not what to change of it, so it can be said twice. Of two
//! about the same thing only the later one counts. Every change here is written to the local store in
//! the same step.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use tideline_shared::protocol::{Body, ConversationCommand, Message, Reaction};
use tideline_shared::{ConversationId, UserId};

use crate::keys;
use crate::read_json;
use crate::sorted::SortedMap;
use crate::step::Step;

/// Something done to a message that the service has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alteration {
    /// Where.
    pub conversation: ConversationId,
    /// To which message.
    pub seq: u64,
    /// What.
    pub act: Act,
    /// The words from now on, or the emoji.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// What is done to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Other words.
    Edit,
    /// Taken back.
    Recall,
    /// A reaction comes.
    React,
    /// A reaction goes.
    Unreact,
    /// Pinned.
    Pin,
    /// Not pinned any more.
    Unpin,
}

impl Alteration {
    /// Whether nothing is left of `earlier` once this is done.
    fn replaces(&self, earlier: &Self) -> bool {
        use Act::{Edit, Pin, React, Recall, Unpin, Unreact};
        let same = (self.conversation, self.seq) == (earlier.conversation, earlier.seq);
        same && match (self.act, earlier.act) {
            (Recall, _) | (Edit, Edit) | (Pin | Unpin, Pin | Unpin) => true,
            (React | Unreact, React | Unreact) => self.words == earlier.words,
            _ => false,
        }
    }

    /// What the service is asked. `preview`: whether it may look at what new words link to.
    fn command(&self, preview: bool) -> ConversationCommand {
        let (seq, words) = (self.seq, self.words.clone());
        match self.act {
            Act::Edit => ConversationCommand::Edit { seq, text: words, preview },
            Act::Recall => ConversationCommand::Recall { seq },
            Act::React => ConversationCommand::React { seq, emoji: words },
            Act::Unreact => ConversationCommand::Unreact { seq, emoji: words },
            Act::Pin => ConversationCommand::Pin { seq },
            Act::Unpin => ConversationCommand::Unpin { seq },
        }
    }

    /// Makes a message as it is once this is done by `me`.
    fn apply(&self, me: UserId, message: &mut Message) {
        if message.body.is_recalled() {
            return;
        }
        match self.act {
            Act::Edit => {
                if let Body::Text { text } | Body::Files { text, .. } = &mut message.body {
                    text.clone_from(&self.words);
                    message.edited_at = Some(message.at);
                }
            }
            Act::Recall => {
                message.body = Body::Recalled { by: me };
                message.reactions.clear();
                message.pinned_at = None;
                message.card = None;
            }
            Act::Pin => message.pinned_at = Some(message.at),
            Act::Unpin => message.pinned_at = None,
            Act::React | Act::Unreact => {
                let reactions = &mut message.reactions;
                for reaction in reactions.iter_mut().filter(|one| one.emoji == self.words) {
                    reaction.users.retain(|&user| user != me);
                }
                if self.act == Act::React {
                    match reactions.iter_mut().find(|one| one.emoji == self.words) {
                        Some(reaction) => reaction.users.push(me),
                        None => {
                            let emoji = self.words.clone();
                            reactions.push(Reaction { emoji, users: vec![me] });
                        }
                    }
                }
                reactions.retain(|reaction| !reaction.users.is_empty());
            }
        }
    }
}

/// How far an alteration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// To be said, but not before a time; after so many tries that the service put off.
    Waiting { not_before: u64, tries: u32 },
    /// The service did it, with this version of the conversation.
    Done(u64),
}

/// Alterations in the order in which they were done. A number names one; later ones are larger.
#[derive(Debug, Default)]
pub(crate) struct Alterations {
    rows: SortedMap<u64, (Alteration, State)>,
    last: u64,
}

impl Alterations {
    /// Takes in what was stored. What cannot be read stays where it is, for a program that can.
    pub(crate) fn load(&mut self, rows: &[(String, String)]) {
        for (key, value) in rows {
            if let (Some(number), Ok(alteration)) = (keys::alteration_number(key), read_json(value))
            {
                self.rows.insert(number, (alteration, State::Waiting { not_before: 0, tries: 0 }));
                self.last = self.last.max(number);
            }
        }
    }

    /// Something was done. What it replaces is not said any more: should that be on its way already, this
    /// comes after it.
    pub(crate) fn add(&mut self, step: &mut Step<'_>, alteration: Alteration) {
        let replaced = |(&number, (earlier, state)): (&u64, &(Alteration, State))| {
            let waits = matches!(state, State::Waiting { .. });
            (waits && alteration.replaces(earlier)).then_some(number)
        };
        let replaced: Vec<_> = self.rows.iter().filter_map(replaced).collect();
        for number in replaced {
            self.remove(step, number);
        }
        self.last = step.now.max(self.last.saturating_add(1));
        step.put(keys::alteration(self.last, &alteration), &alteration);
        self.rows.insert(self.last, (alteration, State::Waiting { not_before: 0, tries: 0 }));
    }

    /// Takes one out: it was refused, or is seen.
    pub(crate) fn remove(&mut self, step: &mut Step<'_>, number: u64) -> Option<Alteration> {
        let (alteration, _) = self.rows.remove(&number)?;
        step.delete(keys::alteration(number, &alteration));
        Some(alteration)
    }

    /// The service did it. It is shown from here on until the mirror has this version.
    pub(crate) fn done(&mut self, step: &mut Step<'_>, number: u64, version: u64) {
        if let Some((alteration, state)) = self.rows.get_mut(&number) {
            *state = State::Done(version);
            step.delete(keys::alteration(number, alteration));
        }
    }

    /// The mirror of a conversation is at this version: what is done by then is in it.
    pub(crate) fn settle(&mut self, conversation: ConversationId, version: u64) {
        self.rows.retain(|_, (alteration, state)| {
            alteration.conversation != conversation
                || !matches!(state, State::Done(at) if *at <= version)
        });
    }

    /// The service asks to wait.
    pub(crate) fn put_off(&mut self, number: u64, wait_ms: impl FnOnce(u32) -> u64, now: u64) {
        if let Some((_, State::Waiting { not_before, tries })) = self.rows.get_mut(&number) {
            *not_before = now.saturating_add(wait_ms(*tries));
            *tries = tries.saturating_add(1);
        }
    }

    /// What waits, of all conversations: its number, where it is, and when it may be said.
    fn waiting(&self) -> impl Iterator<Item = (u64, &Alteration, u64)> {
        self.rows.iter().filter_map(|(&number, (alteration, state))| match state {
            State::Waiting { not_before, .. } => Some((number, alteration, *not_before)),
            State::Done(_) => None,
        })
    }

    /// The first that waits in each conversation, and when it may be said.
    pub(crate) fn heads(&self) -> Vec<(ConversationId, u64, u64)> {
        let mut heads: Vec<(ConversationId, u64, u64)> = Vec::new();
        for (number, alteration, not_before) in self.waiting() {
            if heads.iter().all(|(conversation, ..)| *conversation != alteration.conversation) {
                heads.push((alteration.conversation, number, not_before));
            }
        }
        heads
    }

    /// What the service is asked for one.
    pub(crate) fn command(&self, number: u64, preview: bool) -> Option<ConversationCommand> {
        self.rows.get(&number).map(|(alteration, _)| alteration.command(preview))
    }

    /// All that are about a conversation.
    pub(crate) fn in_conversation(&self, conversation: ConversationId) -> Vec<u64> {
        let here =
            self.rows.iter().filter(|(_, (alteration, _))| alteration.conversation == conversation);
        here.map(|(&number, _)| number).collect()
    }

    /// A message as it is once all of this is done.
    pub(crate) fn over<'a>(
        &self,
        me: UserId,
        conversation: ConversationId,
        message: &'a Message,
    ) -> Cow<'a, Message> {
        let mut shown = Cow::Borrowed(message);
        for (alteration, _) in self.rows.values() {
            if (alteration.conversation, alteration.seq) == (conversation, message.seq) {
                alteration.apply(me, shown.to_mut());
            }
        }
        shown
    }
}
