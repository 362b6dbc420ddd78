//! The frames of a mirror: how a device and an actor keep rows in step, whichever actor it is.

use serde::{Deserialize, Serialize};

use crate::Reject;

/// From a device to the actor that it mirrors. `C` is the actor's command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame<C> {
    /// "This is how far I am." Answered by pages, then live changes; also what a device says when
    /// it notices a gap.
    Hello {
        /// The version of the last change applied; none for a device that has nothing yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<u64>,
    },
    /// A command; answered by `reply` or `rejected` with the same `ref`.
    Call {
        /// Chosen by the device, to tell answers apart.
        #[serde(rename = "ref")]
        reference: u32,
        /// What to do.
        command: C,
    },
    /// A frame that this program is too old to know.
    #[serde(other)]
    Unknown,
}

/// From an actor to a device that mirrors it. `R` is the actor's row, `A` its answer to commands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame<R, A> {
    /// A part of the answer to `hello`: the final state of rows that changed.
    Page {
        /// Forget what you hold of this actor; what follows is all there is, or the newest of it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reset: bool,
        /// In the order of their versions, but after a `reset`.
        rows: Vec<R>,
        /// Where the device is once it applied this page.
        cursor: u64,
        /// Whether this is the last page: live changes follow.
        done: bool,
    },
    /// One change, as it happened. Apply it if `version` is the cursor's next; ignore what is
    /// older; say `hello` when something is missing between.
    Change {
        /// The version that this change brings.
        version: u64,
        /// The rows that it changed.
        rows: Vec<R>,
    },
    /// Something that passes: it has no version, is in no page, and is not said again.
    Signal {
        /// What.
        rows: Vec<R>,
    },
    /// The command with this `ref` took effect, durably.
    Reply {
        /// As in the call.
        #[serde(rename = "ref")]
        reference: u32,
        /// What the command answers.
        reply: A,
    },
    /// Refused; nothing was changed.
    Rejected {
        /// As in the call; none when the frame could not be read so far.
        #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
        reference: Option<u32>,
        /// Why.
        #[serde(flatten)]
        reject: Reject,
    },
    /// This mirror is over; the socket closes behind it. Do not come back without new reason.
    Ended {
        /// Why.
        #[serde(flatten)]
        reject: Reject,
    },
    /// A frame that this program is too old to know.
    #[serde(other)]
    Unknown,
}
