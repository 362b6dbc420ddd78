//! The service's half of a mirror: frames that every actor reads and writes the same way.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tideline_shared::protocol::{ClientFrame, ServerFrame};
use tideline_shared::{Code, Reject, limits};

use crate::sql::Fault;
use crate::turn::{Audience, Effect, Failure, Turn, to_json};

/// What a socket that is not accepted is told: open it, send this, close it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The `ended` frame.
    pub frame: String,
    /// The code to close with (RFC 6455, section 7.4): 4000 + the HTTP status of the refusal.
    pub close: u16,
}

impl Refusal {
    /// The refusal as a last frame.
    #[must_use]
    pub fn of(reject: Reject) -> Self {
        let frame = to_json(&ServerFrame::<(), ()>::Ended { reject })
            // A reject is two plain fields; this arm is for the compiler.
            .unwrap_or_else(|_| r#"{"type":"ended","code":"internal"}"#.to_owned());
        Self { frame, close: 4000 + reject.code.status() }
    }
}

/// The answer to a frame that was refused.
pub(crate) fn rejected(reference: Option<u32>, reject: Reject) -> Effect {
    let frame = to_json(&ServerFrame::<(), ()>::Rejected { reference, reject })
        // As above.
        .unwrap_or_else(|_| r#"{"type":"rejected","code":"internal"}"#.to_owned());
    Effect::Push { to: Audience::Caller, frame: frame.into() }
}

/// Ends sockets with a reason.
pub(crate) fn end(turn: &mut Turn<'_>, to: Audience, reject: Reject) {
    let Refusal { frame, close } = Refusal::of(reject);
    turn.ask(Effect::Push { to: to.clone(), frame: frame.into() });
    turn.ask(Effect::Close { to, code: close });
}

/// Reads a frame.
pub(crate) fn read<C: DeserializeOwned>(frame: &str) -> Result<ClientFrame<C>, Failure> {
    match serde_json::from_str(frame) {
        Ok(ClientFrame::Unknown) => Err(Code::UnknownType.into()),
        Ok(frame) => Ok(frame),
        Err(_) => Err(Code::Malformed.into()),
    }
}

/// What a `hello` is answered with.
pub(crate) struct Resync<R> {
    /// The device forgets what it holds.
    pub(crate) reset: bool,
    /// Final states of what changed, in the order to send them.
    pub(crate) rows: Vec<R>,
    /// The actor's version.
    pub(crate) version: u64,
}

/// Answers a `hello`, page by page. Every page but the last leaves the cursor at `from`, so a
/// device that loses its socket between pages asks for all of them again.
pub(crate) fn send_pages<R: Serialize>(
    turn: &mut Turn<'_>,
    from: u64,
    resync: Resync<R>,
) -> Result<(), Fault> {
    let Resync { reset, rows, version } = resync;
    let mut rows = rows.into_iter().peekable();
    let mut first = true;
    loop {
        let page: Vec<R> = rows.by_ref().take(limits::PAGE_ROWS).collect();
        let done = rows.peek().is_none();
        turn.push(
            Audience::Caller,
            &ServerFrame::<R, ()>::Page {
                reset: reset && first,
                rows: page,
                cursor: if done { version } else { from },
                done,
            },
        )?;
        first = false;
        if done {
            break;
        }
    }
    turn.ask(Effect::GoLive);
    Ok(())
}
