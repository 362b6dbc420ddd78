//! Pictures of people and of groups: which of them an account or a conversation has in the store.
//!
//! One is in use at most. It is known before it is stored, and until it is erased; the gateway looks
//! at its bytes and carries them.

use tideline_shared::{Code, FileId};

use crate::agenda::Work;
use crate::erasing::Erasures;
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Failure, Turn};

/// `due_at`: when it is to be erased; none for the one in use.
pub(crate) const TABLE: &str = "CREATE TABLE avatars (
        file TEXT PRIMARY KEY,
        due_at INTEGER,
        attempts INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID";

/// For so long a picture that was stored waits to be put to use, in milliseconds (an hour).
const UNUSED_MS: u64 = 60 * 60 * 1_000;

/// Where a picture lies in the store.
pub(crate) fn key(avatar: FileId) -> String {
    format!("avatars/{avatar}")
}

/// What erases them.
pub(crate) fn erasures() -> Erasures {
    Erasures::of("avatars", Work::Avatars)
}

/// Where the bytes of one lie, for [`Erasures::pump`].
pub(crate) fn keys(_: &dyn Sql, avatar: FileId) -> Result<Vec<String>, Fault> {
    Ok(vec![key(avatar)])
}

/// One is about to be stored.
pub(crate) fn expect(turn: &Turn<'_>, avatar: FileId) -> Result<(), Fault> {
    turn.stir(Work::Avatars);
    turn.sql.execute(
        "INSERT INTO avatars (file, due_at, attempts) VALUES (?1, ?2, 0)",
        params![avatar.to_string(), turn.now.after(UNUSED_MS).0],
    )
}

/// Another one is in use from now on, or none; the one before goes. `unknown_file` where it is not
/// here, or not any more.
pub(crate) fn swap(
    turn: &Turn<'_>,
    before: Option<FileId>,
    after: Option<FileId>,
) -> Result<(), Failure> {
    if let Some(avatar) = after {
        let row = turn.sql.first(
            "UPDATE avatars SET due_at = NULL
             WHERE file = ?1 AND due_at > ?2 AND attempts = 0 RETURNING file",
            params![avatar.to_string(), turn.now.0],
        )?;
        row.ok_or(Code::UnknownFile)?;
    }
    if let Some(avatar) = before {
        turn.stir(Work::Avatars);
        turn.sql.execute(
            "UPDATE avatars SET due_at = ?2 WHERE file = ?1",
            params![avatar.to_string(), turn.now.0],
        )?;
    }
    Ok(())
}

/// All of them go.
pub(crate) fn end(turn: &Turn<'_>) -> Result<(), Fault> {
    turn.stir(Work::Avatars);
    turn.sql.execute(
        "UPDATE avatars SET due_at = ?1 WHERE due_at IS NULL OR due_at > ?1",
        params![turn.now.0],
    )
}
