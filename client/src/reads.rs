//! How far this person has read on this device, until the service knows it.
//!
//! Every change here is written to the local store in the same step.

use tideline_shared::ConversationId;
use tideline_shared::protocol::Entry;

use crate::keys;
use crate::read_json;
use crate::sorted::SortedMap;
use crate::step::Step;

#[derive(Debug)]
struct Mark {
    /// Read up to and including this.
    seq: u64,
    /// The entry's newest message and read mark when the service answered last: asking again
    /// before they change would bring the same answer.
    answered: Option<(u64, u64)>,
    not_before: u64,
    tries: u32,
}

/// Read marks that the service has yet to confirm. They only ever rise.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    marks: SortedMap<ConversationId, Mark>,
}

impl Reads {
    /// Takes in what was stored.
    pub(crate) fn load(&mut self, rows: &[(String, String)]) {
        for (key, value) in rows {
            let conversation = key.strip_prefix(keys::READS).map(str::parse);
            if let (Some(Ok(conversation)), Ok(seq)) = (conversation, read_json(value)) {
                self.rise(conversation, seq);
            }
        }
    }

    /// Everything up to `seq` was seen. Whether that is news.
    pub(crate) fn seen(
        &mut self,
        step: &mut Step<'_>,
        conversation: ConversationId,
        seq: u64,
    ) -> bool {
        let rises = self.rise(conversation, seq);
        if rises {
            step.put(keys::read(conversation), &seq);
        }
        rises
    }

    fn rise(&mut self, conversation: ConversationId, seq: u64) -> bool {
        let mark = Mark { seq, answered: None, not_before: 0, tries: 0 };
        let known = self.marks.get_or_insert_with(conversation, || Mark { seq: 0, ..mark });
        let rises = seq > known.seq;
        if rises {
            known.seq = seq;
            known.answered = None;
        }
        rises
    }

    /// Whether everything that the entry counts as unread was read here.
    pub(crate) fn covers(&self, entry: &Entry) -> bool {
        self.marks.get(&entry.conversation).is_some_and(|mark| mark.seq >= entry.last_seq)
    }

    /// An entry as the service has it now: marks that it shows are done with.
    pub(crate) fn confirm(&mut self, step: &mut Step<'_>, entry: &Entry) {
        let mark = self.marks.get(&entry.conversation);
        if mark.is_some_and(|mark| mark.seq <= entry.read_seq) {
            self.forget(step, entry.conversation);
        }
    }

    /// The conversation is none of this person's any more.
    pub(crate) fn forget(&mut self, step: &mut Step<'_>, conversation: ConversationId) {
        if self.marks.remove(&conversation).is_some() {
            step.delete(keys::read(conversation));
        }
    }

    /// A mark to be sent now: one that its entry would rise by.
    pub(crate) fn next(
        &self,
        now: u64,
        entries: &SortedMap<ConversationId, Entry>,
    ) -> Option<(ConversationId, u64)> {
        self.marks.iter().find_map(|(&conversation, mark)| {
            (mark.wants(entries.get(&conversation)?) && mark.not_before <= now)
                .then_some((conversation, mark.seq))
        })
    }

    /// When a mark that was put off is due.
    pub(crate) fn deadline(&self, entries: &SortedMap<ConversationId, Entry>) -> Option<u64> {
        let due = self.marks.iter().filter(|(conversation, mark)| {
            entries.get(conversation).is_some_and(|entry| mark.wants(entry))
        });
        due.map(|(_, mark)| mark.not_before).filter(|&at| at > 0).min()
    }

    /// The service answered the mark at `seq` of this conversation, whose entry is now as given.
    pub(crate) fn answered(&mut self, entry: &Entry, seq: u64) {
        let mark = self.marks.get_mut(&entry.conversation);
        if let Some(mark) = mark.filter(|mark| mark.seq == seq) {
            mark.answered = Some((entry.last_seq, entry.read_seq));
            mark.tries = 0;
        }
    }

    /// The service asks to wait. How often it did before.
    pub(crate) fn put_off(&mut self, conversation: ConversationId, until: impl FnOnce(u32) -> u64) {
        if let Some(mark) = self.marks.get_mut(&conversation) {
            mark.not_before = until(mark.tries);
            mark.tries = mark.tries.saturating_add(1);
        }
    }

    /// A new link: what was answered over the last one is asked again, should it still differ.
    pub(crate) fn reconnected(&mut self) {
        self.marks.values_mut().for_each(|mark| mark.answered = None);
    }
}

impl Mark {
    fn wants(&self, entry: &Entry) -> bool {
        // The service cuts a mark at the newest message that the account has heard of.
        entry.read_seq < self.seq.min(entry.last_seq)
            && self.answered != Some((entry.last_seq, entry.read_seq))
    }
}
