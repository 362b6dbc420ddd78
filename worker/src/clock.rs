//! The service's clock. In production it stands still between two events of input or output.

use tideline_shared::Timestamp;
use worker::js_sys::Date;

/// Now.
pub(crate) fn now() -> Timestamp {
    // Positive and far below 2^53, so nothing is lost.
    Timestamp(Date::now() as u64)
}
