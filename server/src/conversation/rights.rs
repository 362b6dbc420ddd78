//! Whether a member may do what they ask for. The rule is [`tideline_shared::rights`]; here are the
//! facts that it is asked about.

use tideline_shared::Code;
use tideline_shared::rights::{self, Deed};

use super::{members, record};
use crate::turn::{Failure, Turn};

/// The member may do it in this conversation; `not_a_group` where it is done in groups only,
/// `announcements_only` where only those who lead write, `muted` for somebody who was made silent,
/// otherwise `not_allowed`.
pub(super) fn require(
    turn: &Turn<'_>,
    member: &members::Stored,
    deed: Deed,
) -> Result<(), Failure> {
    rights::check(member.member.role, &record::require(turn.sql)?.record, deed)?;
    let silent = member.member.muted.is_some_and(|muted| muted.holds(turn.now));
    if silent && deed.needs_voice() { Err(Code::Muted.into()) } else { Ok(()) }
}
