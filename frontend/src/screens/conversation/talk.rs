//! What a person is about to do in the conversation on the screen, and the commands that do it.

use crate::kit::State;
use tideline_client::{Act, Action, Alteration, MemberItem};
use tideline_shared::protocol::{ConversationCommand, ConversationReply, Kind, Record, Role};
use tideline_shared::rights::{self, Deed};
use tideline_shared::{ConversationId, FileId, Timestamp, limits};

use super::tray::Tray;
use crate::browser::{Answer, Fail, now, send};
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

impl Writing {
    /// Whether it is other words for what was said.
    pub(super) fn is_edit(&self) -> bool {
        matches!(self, Self::Edit { .. })
    }
}

/// What is asked or shown over a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::screens) enum Dialog {
    /// Where these messages are to be forwarded to.
    Forward(Vec<u64>),
    /// What this message said before.
    Revisions(u64),
    /// Who has read this message.
    Readers(u64),
    /// Who reacted to this message, and how.
    Reactions(u64),
    /// With which emoji to react to this message.
    React(u64),
    /// To which day to go, from this one.
    Date(Timestamp),
    /// Whether these messages are to be recalled for everybody.
    Recall(Vec<u64>),
    /// Whether these messages are to be deleted for this person.
    Hide(Vec<u64>),
    /// Why this message is reported.
    Report(u64),
    /// A picture of the timeline.
    Picture(FileId),
}

/// The conversation on the screen as something to act in. Copies are the same.
#[derive(Clone, Copy)]
pub(in crate::screens) struct Talk {
    pub(in crate::screens) id: ConversationId,
    pub(super) writing: State<Writing>,
    /// Messages chosen to do something with, in their order, while choosing.
    pub(super) chosen: State<Option<Vec<u64>>>,
    /// What is to be asked or shown over the conversation next; the dialogs take it.
    pub(super) dialog: State<Option<Dialog>>,
    /// Files that are about to be sent.
    pub(in crate::screens) tray: Tray,
    /// A voice message is being recorded.
    pub(in crate::screens) recording: State<bool>,
    device: Device,
}

impl Talk {
    /// Nothing is being done yet.
    pub(super) fn new(device: Device, id: ConversationId) -> Self {
        Self {
            id,
            writing: State::default(),
            chosen: State::default(),
            dialog: State::default(),
            tray: Tray::new(),
            recording: State::default(),
            device,
        }
    }

    /// Whether it is a group.
    pub(super) fn is_group(self) -> bool {
        let is_group = |record: &Record| record.kind == Kind::Group;
        self.device.record.with_untracked(|record| record.as_ref().is_some_and(is_group))
    }

    /// Opens a dialog.
    pub(in crate::screens) fn show(self, dialog: Dialog) {
        self.dialog.set(Some(dialog));
    }

    /// The message that is answered, which is then.
    pub(in crate::screens) fn take_reply(self) -> Option<u64> {
        let Some(Writing::Reply { seq, .. }) = self.writing.try_get_untracked() else {
            return None;
        };
        self.writing.set(Writing::New);
        Some(seq)
    }

    /// Something is typed: others may see that, unless it only changes what was said.
    pub(super) fn type_on(self) {
        if !self.writing.with_untracked(Writing::is_edit) {
            self.device.act(Action::Type);
        }
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

    /// Whether this person may take a message back that was said `at` this time.
    pub(super) fn may_recall(self, own: bool, at: Timestamp) -> bool {
        let recent = now().saturating_sub(at.0) <= limits::RECALL_MS;
        own && recent && self.may(Deed::RecallOwn) || self.may(Deed::RecallOthers)
    }

    /// Asks the conversation.
    ///
    /// # Errors
    /// The service was not reached, or refused.
    pub(in crate::screens) async fn ask(
        self,
        command: ConversationCommand,
    ) -> Result<ConversationReply, Fail> {
        self.send(command).await?.read()
    }

    /// Does something to a message: it shows at once. `words`: new ones, or an emoji.
    pub(super) fn alter(self, seq: u64, act: Act, words: String) {
        self.device.act(Action::Alter(Alteration { conversation: self.id, seq, act, words }));
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
}
