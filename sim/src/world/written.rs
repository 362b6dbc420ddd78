//! What people write on their devices, and what of it may be missing in the end for a reason.

use tideline_client::{Action, Input};
use tideline_shared::{ConversationId, UserId};

use super::people::{MORTAL, PEOPLE, ROAMER, is_mortal, is_roamer};
use super::{World, cards, mentions};
use crate::device::Written;

impl World {
    pub(super) fn write(&mut self, device: usize, conversation: ConversationId) {
        self.written += 1;
        let meant = mentions::meant(self.devices[device].habits.next(), PEOPLE.len() as u64);
        let link = cards::link(self.devices[device].habits.next());
        let text = format!("device {device}, message {}.{meant}{link}", self.written);
        let may_miss = self.may_be_missed(device, conversation);
        let written = Written { conversation, text: text.clone(), may_miss, has_file: false };
        self.devices[device].written.push(written);
        let reply_to = self.written.is_multiple_of(4).then_some(self.written % 30);
        self.input(
            device,
            Input::Do(Action::Send { conversation, text, reply_to, files: Vec::new() }),
        );
    }

    /// Whether there is a reason to refuse what somebody writes there: whoever comes and goes, or ends,
    /// may be gone when it arrives; who blocked may not write; elsewhere only those may who lead.
    pub(super) fn may_be_missed(&self, device: usize, conversation: ConversationId) -> bool {
        let mortal = self.people[MORTAL];
        let with_mortal = |one: &UserId| ConversationId::direct(*one, mortal) == conversation;
        is_roamer(device) && conversation == self.group
            || is_mortal(device)
            || ConversationId::direct(self.people[0], self.people[ROAMER]) == conversation
            || self.people.iter().any(with_mortal)
            || self.announces(conversation)
    }

    /// From here on there is a reason to refuse some of what was written and is still on its way.
    pub(super) fn may_be_refused(&mut self, which: impl Fn(&Written) -> bool) {
        for one in self.devices.iter_mut().flat_map(|device| &mut device.written) {
            one.may_miss |= which(one);
        }
    }

    /// What is taken back cannot be asked for in the end.
    pub(super) fn may_be_recalled(&mut self, id: ConversationId, seq: u64) {
        let Some(said) = self.truth(id).into_iter().find(|said| said.seq == seq) else { return };
        self.may_be_refused(|one| one.conversation == id && Some(&one.text) == said.first.as_ref());
    }

    pub(super) fn forget_all(&mut self, device: usize) {
        self.devices[device].store.clear();
        self.devices[device].written.iter_mut().for_each(|one| one.may_miss = true);
        self.devices[device].edited.iter_mut().for_each(|one| one.may_miss = true);
    }
}
