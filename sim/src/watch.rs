//! What must hold at every commit and of every frame: places and versions have no gaps.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use tideline_server::sql::{Fault, Sql};
use tideline_server::{Address, Effect};

use crate::service::SocketId;

/// How far everybody is, by what was committed and what was sent.
#[derive(Default)]
pub(crate) struct Watch {
    /// Version and newest place of each actor that has them.
    committed: BTreeMap<Address, (u64, u64)>,
    /// The version that each socket was brought to.
    sent: BTreeMap<SocketId, u64>,
}

/// As much of a frame as tells how far it brings a device.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Frame {
    Page {
        cursor: u64,
        done: bool,
    },
    Change {
        version: u64,
        rows: Vec<Row>,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "type")]
    kind: String,
    seq: Option<u64>,
}

/// The version of a change.
fn change(effect: &Effect) -> Option<u64> {
    let Effect::Push { frame, .. } = effect else { return None };
    let number = frame.strip_prefix(r#"{"type":"change","version":"#)?;
    number.split(',').next()?.parse().ok()
}

/// The places of the messages that changes tell of.
fn places(effects: &[Effect]) -> BTreeSet<u64> {
    let frames = effects.iter().filter_map(|effect| match effect {
        Effect::Push { frame, .. } => serde_json::from_str(frame).ok(),
        _ => None,
    });
    let rows = frames.flat_map(|frame| match frame {
        Frame::Change { rows, .. } => rows,
        Frame::Page { .. } | Frame::Other => Vec::new(),
    });
    rows.filter(|row| row.kind == "message").filter_map(|row| row.seq).collect()
}

impl Watch {
    /// An actor has committed something: every version that it took since is told, none is left out; and
    /// the messages stand at all places up to the newest, of which each that is new is told. Where not,
    /// what is wrong.
    pub(crate) fn commit(
        &mut self,
        at: Address,
        sql: &dyn Sql,
        effects: &[Effect],
    ) -> Result<Option<String>, Fault> {
        let query = match at {
            Address::Conversation(_) => "SELECT version, last_seq FROM now",
            // Whoever deleted theirs is told nothing any more.
            Address::Account(_) => "SELECT version, 0 FROM now, account",
            Address::Directory(_) | Address::Deployment => return Ok(None),
        };
        let Some(row) = sql.first(query, &[])? else { return Ok(None) };
        let (version, last_seq) = (row.number(0)?, row.number(1)?);
        let before = self.committed.insert(at, (version, last_seq)).unwrap_or_default();
        let mut told: Vec<u64> = effects.iter().filter_map(change).collect();
        told.dedup();
        // Nobody looks at what is being made.
        let first = if before.0 == 0 {
            (version + 1).saturating_sub(told.len() as u64)
        } else {
            before.0 + 1
        };
        if !told.iter().copied().eq(first..=version) {
            let what = format!("{at:?} went from {} to {version} and tells {told:?}", before.0);
            return Ok(Some(what));
        }
        if last_seq == before.1 {
            return Ok(None);
        }
        let row = sql.first("SELECT count(*), min(seq) FROM messages", &[])?;
        let all = row.map(|row| Ok::<_, Fault>((row.number(0)?, row.number(1)?))).transpose()?;
        let places = places(effects);
        let told = (before.1 + 1..=last_seq).all(|seq| places.contains(&seq));
        let is_whole = all == Some((last_seq, 1)) && last_seq > before.1 && told;
        let what = || format!("{at:?} has {all:?} messages up to {last_seq}, and tells {places:?}");
        Ok((!is_whole).then(what))
    }

    /// A socket is sent something: the next of what it was brought to. Where not, what is wrong.
    pub(crate) fn send(&mut self, socket: SocketId, frame: &str) -> Option<String> {
        match serde_json::from_str(frame).ok()? {
            Frame::Page { cursor, done } => {
                if done {
                    self.sent.insert(socket, cursor);
                }
                None
            }
            Frame::Change { version, .. } => {
                let before = self.sent.insert(socket, version);
                let is_next = before.is_some_and(|before| version == before + 1);
                (!is_next).then(|| format!("a socket is sent {frame} after {before:?}"))
            }
            Frame::Other => None,
        }
    }

    /// A socket is over.
    pub(crate) fn close(&mut self, socket: SocketId) {
        self.sent.remove(&socket);
    }
}
