//! How far everybody has read, as the simulation itself knows: by what they said they read and the service
//! took, by what they said themselves, and by when they came in. Accounts are held against it.

use serde::Deserialize;
use tideline_client::Mirror;
use tideline_server::Address;
use tideline_shared::protocol::{AccountCommand, ClientFrame};
use tideline_shared::{ConversationId, UserId};

use super::World;
use crate::service::SocketId;

/// A mark that somebody raises, on a socket that is to hear of it.
pub(super) struct Raising {
    socket: SocketId,
    reference: u32,
    user: UserId,
    conversation: ConversationId,
    seq: u64,
}

impl World {
    /// A frame comes in from a device.
    pub(super) fn arrive(&mut self, socket: SocketId, text: &str) {
        self.raising = self.raised_by(socket, text);
        let Some(raising) = &self.raising else { return self.service.frame(socket, text) };
        let at = Address::Account(raising.user);
        let before = self.service.commits(at);
        self.service.frame(socket, text);
        // Of what was stored the socket need not have heard.
        if self.service.commits(at) > before {
            self.raise();
        }
    }

    /// What a frame says was read. What its account has not heard of cannot have been.
    fn raised_by(&self, socket: SocketId, text: &str) -> Option<Raising> {
        let line = self.lines.get(&socket).filter(|line| line.link.mirror == Mirror::Account)?;
        if !text.contains(r#""type":"read""#) {
            return None;
        }
        let Ok(ClientFrame::Call { reference, command }) = serde_json::from_str(text) else {
            return None;
        };
        let AccountCommand::Read { conversation, seq } = command else { return None };
        let user = self.devices[line.device].me;
        let query = format!("SELECT last_seq FROM entries WHERE conversation = '{conversation}'");
        let rows = self.service.rows(Address::Account(user), &query);
        let heard = rows.first()?.number(0).ok()?;
        Some(Raising { socket, reference, user, conversation, seq: seq.min(heard) })
    }

    fn raise(&mut self) {
        if let Some(Raising { user, conversation, seq, .. }) = self.raising.take() {
            let mark = self.reads.entry((user, conversation)).or_default();
            *mark = seq.max(*mark);
        }
    }

    /// A socket is sent something, which may be that a mark was taken.
    pub(super) fn note_read(&mut self, socket: SocketId, text: &str) {
        #[derive(Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        enum Frame {
            Reply {
                #[serde(rename = "ref")]
                reference: u32,
            },
            #[serde(other)]
            Other,
        }
        let Some(raising) = self.raising.as_ref().filter(|one| one.socket == socket) else {
            return;
        };
        if let Ok(Frame::Reply { reference }) = serde_json::from_str(text)
            && reference == raising.reference
        {
            self.raise();
        }
    }

    /// Once the faults have stopped: an account has read what its person did, and no more.
    pub(super) fn check_read(&mut self, me: UserId, conversation: ConversationId, read: u64) {
        let at = Address::Conversation(conversation);
        let own = format!(
            "SELECT max(coalesce((SELECT max(seq) FROM messages WHERE author = '{me}'), 0),
                        (SELECT joined_seq FROM members WHERE user = '{me}')),
                    (SELECT max(coalesce(until_seq, (SELECT max(seq) FROM messages)))
                     FROM blocks WHERE made_by = '{me}')"
        );
        let rows = self.service.rows(at, &own);
        let Some(row) = rows.first() else { return };
        let said = row.maybe_number(0).ok().flatten().unwrap_or(0);
        let known = said.max(self.reads.get(&(me, conversation)).copied().unwrap_or(0));
        // Up to the end of a block everything counts as read once more comes.
        let blocked = row.maybe_number(1).ok().flatten().unwrap_or(0);
        if read < known || read > known.max(blocked) {
            self.violate(format!("{me} has read {conversation} up to {known}, not to {read}"));
        }
    }
}
