//! What the person writes on this device, until the account has it.
//!
//! The account keeps one draft a conversation: what it was told last. What was typed here and not told yet is
//! newer than anything that it says; it is told after a pause in typing, or when there is a network again.
//! Every change here is written to the local store in the same step.

use tideline_shared::ConversationId;
use tideline_shared::protocol::Draft;

use crate::keys;
use crate::read_json;
use crate::sorted::SortedMap;
use crate::step::Step;

/// How long a pause in typing is before the account is told, in milliseconds.
pub(crate) const PAUSE_MS: u64 = 1_000;

/// How far a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Being typed, until then if nothing more is.
    Typing { until: u64 },
    /// To be told, but not before a time; after so many tries that the service put off.
    Waiting { not_before: u64, tries: u32 },
    /// The account does not want it: it stays here.
    Refused,
}

impl State {
    const NOW: Self = Self::Waiting { not_before: 0, tries: 0 };
}

#[derive(Debug)]
struct Typed {
    text: String,
    state: State,
    /// What the list says of it: as it was at the last pause.
    listed: Option<String>,
}

/// Drafts that the account does not have.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    rows: SortedMap<ConversationId, Typed>,
}

impl Drafts {
    /// Takes in what was stored. What was typed meanwhile is newer.
    pub(crate) fn load(&mut self, rows: &[(String, String)]) {
        for (key, value) in rows {
            if let Ok(Draft { conversation, text }) = read_json(value)
                && *key == keys::typed(conversation)
            {
                let listed = Some(text.clone());
                let typed = Typed { text, state: State::NOW, listed };
                self.rows.get_or_insert_with(conversation, || typed);
            }
        }
    }

    /// What is being written is this now. An end of writing is told at once.
    pub(crate) fn write(
        &mut self,
        step: &mut Step<'_>,
        conversation: ConversationId,
        text: String,
    ) {
        let state = match text.is_empty() {
            true => State::NOW,
            false => State::Typing { until: step.now.saturating_add(PAUSE_MS) },
        };
        step.put(keys::typed(conversation), &Draft { conversation, text: text.clone() });
        let listed = self.rows.remove(&conversation).and_then(|typed| typed.listed);
        self.rows.insert(conversation, Typed { text, state, listed });
    }

    /// What was typed here and is not known to the account.
    pub(crate) fn get(&self, conversation: ConversationId) -> Option<&str> {
        self.rows.get(&conversation).map(|typed| typed.text.as_str())
    }

    /// What the list says of it.
    pub(crate) fn listed(&self, conversation: ConversationId) -> Option<&str> {
        self.rows.get(&conversation)?.listed.as_deref()
    }

    /// Pauses in typing come to their end by this time. Whether any does.
    pub(crate) fn rest(&mut self, now: u64) -> bool {
        let mut any = false;
        for typed in self.rows.values_mut() {
            if matches!(typed.state, State::Typing { until } if until <= now) {
                typed.state = State::NOW;
            }
            let rests = !matches!(typed.state, State::Typing { .. });
            if rests && typed.listed.as_ref() != Some(&typed.text) {
                typed.listed = Some(typed.text.clone());
                any = true;
            }
        }
        any
    }

    /// A draft that is to be told now.
    pub(crate) fn next(&self, now: u64) -> Option<(ConversationId, String)> {
        self.rows.iter().find_map(|(&conversation, typed)| {
            let is_due =
                matches!(typed.state, State::Waiting { not_before, .. } if not_before <= now);
            is_due.then(|| (conversation, typed.text.clone()))
        })
    }

    /// When something is due.
    pub(crate) fn deadline(&self, now: u64) -> Option<u64> {
        let due = self.rows.values().filter_map(|typed| match typed.state {
            State::Typing { until: at } | State::Waiting { not_before: at, .. } => Some(at),
            State::Refused => None,
        });
        due.filter(|&at| at > now).min()
    }

    /// The account has this text, or it is nobody's any more.
    pub(crate) fn told(&mut self, step: &mut Step<'_>, conversation: ConversationId, text: &str) {
        if self.get(conversation) == Some(text) {
            self.forget(step, conversation);
        }
    }

    /// The conversation is none of this person's any more.
    pub(crate) fn forget(&mut self, step: &mut Step<'_>, conversation: ConversationId) {
        if self.rows.remove(&conversation).is_some() {
            step.delete(keys::typed(conversation));
        }
    }

    /// The account does not take this text.
    pub(crate) fn refuse(&mut self, conversation: ConversationId, text: &str) {
        let typed = self.rows.get_mut(&conversation).filter(|typed| typed.text == text);
        if let Some(typed) = typed {
            typed.state = State::Refused;
        }
    }

    /// The service asks to wait, by how often it did before.
    pub(crate) fn put_off(&mut self, conversation: ConversationId, until: impl FnOnce(u32) -> u64) {
        if let Some(Typed { state: State::Waiting { not_before, tries }, .. }) =
            self.rows.get_mut(&conversation)
        {
            *not_before = until(*tries);
            *tries = tries.saturating_add(1);
        }
    }
}
