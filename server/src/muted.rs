//! The column `muted_until`, of members and of conversations in a list.

use tideline_shared::Timestamp;
use tideline_shared::protocol::Muted;

/// For good. (2^53 - 1: the largest number that every storage passes exactly.)
const FOR_GOOD: u64 = (1 << 53) - 1;

/// As the wire has it.
pub(crate) fn of_column(until: u64) -> Muted {
    Muted { until: (until != FOR_GOOD).then_some(Timestamp(until)) }
}

/// As it is written.
pub(crate) fn to_column(muted: Muted) -> u64 {
    muted.until.map_or(FOR_GOOD, |until| until.0)
}
