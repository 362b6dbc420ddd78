//! What a person is about to do in the conversation on the screen, and the commands that do it.

use leptos::prelude::*;
use tideline_client::MemberItem;
use tideline_shared::protocol::{AccountCommand, ConversationCommand, Kind};
use tideline_shared::protocol::{ConversationReply, Role};
use tideline_shared::rights::{self, Deed};
use tideline_shared::{ConversationId, FileId, Timestamp};

use super::tray::Tray;
use crate::browser::{Answer, Fail, send};
use crate::kit::{News, toast};
use crate::screens::keeping::order;
use crate::shell::Device;

/// What the composer writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Writing {
    /// Something new.
    #[default]
    New,
    /// An answer.
    Reply {
        /// To this message.
        seq: u64,
        /// Whose it is.
        author: String,
        /// What it says.
        text: String,
    },
    /// Other words for one's own.
    Edit {
        /// Of this message.
        seq: u64,
        /// What it says.
        text: String,
    },
}

/// The conversation on the screen as something to act in. Copies are the same.
#[derive(Clone, Copy)]
pub(in crate::screens) struct Talk {
    pub(in crate::screens) id: ConversationId,
    pub(super) writing: RwSignal<Writing>,
    /// Messages chosen to do something with, in their order, while choosing.
    pub(super) chosen: RwSignal<Option<Vec<u64>>>,
    /// Messages to be forwarded: the dialog that asks where to is open while there are any.
    pub(super) forward: RwSignal<Vec<u64>>,
    /// The message whose earlier words are shown.
    pub(super) revisions: RwSignal<Option<u64>>,
    /// The day from which the person wants to go to another one.
    pub(super) date: RwSignal<Option<Timestamp>>,
    /// Messages to be recalled, and to be deleted for this person, once they are sure.
    pub(super) recall: RwSignal<Vec<u64>>,
    pub(super) hide: RwSignal<Vec<u64>>,
    /// Files that are about to be sent.
    pub(in crate::screens) tray: Tray,
    /// The picture that is looked at.
    pub(in crate::screens) viewed: RwSignal<Option<FileId>>,
    /// A voice message is being recorded.
    pub(in crate::screens) recording: RwSignal<bool>,
    device: Device,
}

impl Talk {
    /// Nothing is being done yet.
    pub(super) fn new(device: Device, id: ConversationId) -> Self {
        Self {
            id,
            writing: RwSignal::default(),
            chosen: RwSignal::default(),
            forward: RwSignal::default(),
            revisions: RwSignal::default(),
            date: RwSignal::default(),
            recall: RwSignal::default(),
            hide: RwSignal::default(),
            tray: Tray::new(),
            viewed: RwSignal::default(),
            recording: RwSignal::default(),
            device,
        }
    }

    /// Whether a dialog is to be shown; tracked.
    pub(super) fn is_asking(self) -> bool {
        let some = |messages: RwSignal<Vec<u64>>| !messages.with(Vec::is_empty);
        let any = [self.forward, self.recall, self.hide].map(some).contains(&true);
        any | self.revisions.with(Option::is_some)
            | self.date.with(Option::is_some)
            | self.viewed.with(Option::is_some)
    }

    /// Whether this person may do this here.
    pub(super) fn may(self, deed: Deed) -> bool {
        let me = |members: &Vec<MemberItem>| {
            members.iter().find(|member| member.person.user == self.device.me).map(|m| m.role)
        };
        let role = self.device.members.with_untracked(me).unwrap_or(Role::Member);
        self.device.record.with_untracked(|record| match record {
            Some(record) => rights::check(role, record, deed).is_ok(),
            None => rights::may(role, Kind::Direct, deed),
        })
    }

    /// Asks the conversation.
    ///
    /// # Errors
    /// The service was not reached, or refused.
    pub(super) async fn ask(self, command: ConversationCommand) -> Result<ConversationReply, Fail> {
        self.send(command).await?.read()
    }

    /// Has the conversation do something; says so when it did not.
    pub(super) fn order(self, command: ConversationCommand) {
        leptos::task::spawn_local(async move {
            if let Err(fail) = self.send(command).await {
                toast(News::Failed(fail));
            }
        });
    }

    /// Sends the conversation a command.
    ///
    /// # Errors
    /// The service was not reached, or refused.
    pub(super) async fn send(self, command: ConversationCommand) -> Result<Answer, Fail> {
        send(&format!("/api/conversations/{}", self.id), &command).await
    }

    /// Chooses a message, or takes it back.
    pub(super) fn choose(self, seq: u64) {
        self.chosen.update(|chosen| {
            let chosen = chosen.get_or_insert_default();
            match chosen.binary_search(&seq) {
                Ok(at) => drop(chosen.remove(at)),
                Err(at) => chosen.insert(at, seq),
            }
        });
    }

    /// Recalls messages for everybody.
    pub(super) fn recall_now(self) {
        for seq in std::mem::take(&mut *self.recall.write()) {
            self.order(ConversationCommand::Recall { seq });
        }
        self.chosen.set(None);
    }

    /// Deletes messages for this person.
    pub(super) fn hide_now(self) {
        let seqs = std::mem::take(&mut *self.hide.write());
        self.chosen.set(None);
        let command = AccountCommand::Hide { conversation: self.id, seqs };
        order(command);
    }
}
