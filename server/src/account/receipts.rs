//! What conversations get to know of how far this person is.

use tideline_shared::ConversationId;
use tideline_shared::protocol::Kind;

use super::inbox::{self, Stored};
use super::{profile, settings};
use crate::conversation::{ConversationCall, Receipt};
use crate::outbox;
use crate::sql::Fault;
use crate::turn::{Address, Failure, Turn};

/// Readers of a group wait so long before they say so, in milliseconds: fifty people who look on
/// while others talk must not cost more than the talk.
const GROUP_WAIT_MS: u64 = 2_000;

/// A device has messages up to `seq`.
pub(super) fn received(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    seq: u64,
) -> Result<(), Failure> {
    let mut stored = inbox::require(turn.sql, conversation)?;
    let seq = seq.min(stored.entry.last_seq);
    let known = stored.received_seq.max(stored.entry.read_seq);
    if stored.entry.kind != Kind::Direct || seq <= known {
        return Ok(());
    }
    stored.received_seq = seq;
    stored.save(turn.sql)?;
    Ok(tell(turn, &stored)?)
}

/// Owes a conversation how far this person is in it, unless they keep that to themselves.
pub(super) fn tell(turn: &mut Turn<'_>, stored: &Stored) -> Result<(), Fault> {
    if settings::stored(turn.sql)?.0.hides_receipts { Ok(()) } else { owe(turn, stored) }
}

/// Somebody came into a conversation: it knows nothing of what they share.
pub(super) fn introduce(turn: &mut Turn<'_>, stored: &Stored) -> Result<(), Fault> {
    owe(turn, stored)
}

/// Every conversation has to know what this person shares now.
pub(super) fn tell_all(turn: &mut Turn<'_>) -> Result<(), Fault> {
    for stored in inbox::present(turn.sql)? {
        owe(turn, &stored)?;
    }
    Ok(())
}

fn owe(turn: &mut Turn<'_>, stored: &Stored) -> Result<(), Fault> {
    let by = profile::load_required(turn.sql)?.person.user;
    let (settings, since) = settings::stored(turn.sql)?;
    let entry = &stored.entry;
    let is_direct = entry.kind == Kind::Direct;
    let shared = |seq| if settings.hides_receipts { 0 } else { seq };
    let receipt = Receipt {
        received: if is_direct { shared(stored.received_seq.max(entry.read_seq)) } else { 0 },
        read: shared(entry.read_seq),
        shares: !settings.hides_receipts,
        shows: !settings.hides_presence,
        since,
    };
    let to = Address::Conversation(entry.conversation);
    let call = ConversationCall::Receipt { by, receipt };
    outbox::owe_after(turn, to, "receipt", &call, if is_direct { 0 } else { GROUP_WAIT_MS })
}
