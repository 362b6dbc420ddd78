//! Files: what was uploaded here, which message took it, and its end.
//!
//! The bytes lie in a store of their own, in parts; the gateway carries them. A file is known here
//! before its first part is stored, and until its last part is erased, so nothing is ever left
//! behind: `due_at` is when it is to be erased, and only a message that takes it clears that.

use tideline_shared::protocol::{File, FileLimits, OTHER_MEDIA};
use tideline_shared::rights::Deed;
use tideline_shared::{Code, ConversationId, FileId, Reject, UserId, limits as bounds};

use super::members::{self, Stored as Member};
use super::{blocks, changes, record, rights};
use crate::agenda::Work;
use crate::erasing::Erasures;
use crate::sql::{Fault, Sql};
use crate::turn::{Failure, Turn};
use crate::{limits, params};

/// The schema's step. `parts`: those in the store, a bit each; [`THUMB_BIT`], too. `seq`: of the message that took it.
/// `due_at`: when it is to be erased.
pub(super) const SCHEMA: &[&str] = &[
    "CREATE TABLE files (
        file TEXT PRIMARY KEY,
        made_by TEXT NOT NULL,
        size INTEGER NOT NULL,
        media TEXT NOT NULL,
        parts INTEGER NOT NULL,
        seq INTEGER,
        due_at INTEGER,
        attempts INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX files_seq ON files (seq) WHERE seq IS NOT NULL",
    "CREATE INDEX files_due ON files (due_at) WHERE due_at IS NOT NULL",
];

/// In `parts`: its thumbnail is in the store.
pub(crate) const THUMB_BIT: u64 = 1 << 32;

/// How many parts a file of this size has.
pub(crate) fn parts(size: u64) -> u64 {
    size.div_ceil(bounds::PART_BYTES)
}

/// Where a part of a file lies in the store.
pub(crate) fn key(conversation: ConversationId, file: FileId, part: u64) -> String {
    format!("{conversation}/{file}/{part}")
}

/// Where the thumbnail of a picture lies in the store.
pub(crate) fn thumb_key(conversation: ConversationId, file: FileId) -> String {
    format!("{conversation}/{file}/thumb")
}

/// Files as a message is to carry them.
pub(super) fn parse(files: Vec<File>) -> Result<Vec<File>, Reject> {
    if files.len() > bounds::MESSAGE_FILES {
        return Err(Code::TooManyFiles.into());
    }
    files.into_iter().map(File::parse).collect()
}

/// What somebody wants to upload, and how much may be.
pub(super) struct Asked {
    pub(super) file: FileId,
    pub(super) size: u64,
    pub(super) limits: FileLimits,
}

/// Refuses a file for which there is no room.
fn require_room(turn: &Turn<'_>, size: u64, most: FileLimits) -> Result<(), Failure> {
    if most.file_bytes.is_some_and(|most| size > most) {
        return Err(Code::FileOverLimit.into());
    }
    let Some(most) = most.conversation_bytes else { return Ok(()) };
    // What is about to be erased takes no room any more.
    let query = "SELECT coalesce(sum(size), 0) FROM files WHERE due_at IS NULL OR due_at > ?1";
    let used = turn.sql.first(query, params![turn.now.0])?;
    let used = used.map(|row| row.number(0)).transpose()?.unwrap_or(0);
    if used.saturating_add(size) > most { Err(Code::StorageFull.into()) } else { Ok(()) }
}

/// Lets somebody upload a part of a file; whether the part is wanted.
pub(super) fn upload(
    turn: &mut Turn<'_>,
    by: &Member,
    asked: &Asked,
    media: Option<&str>,
) -> Result<bool, Failure> {
    let &Asked { file, size, limits: most } = asked;
    rights::require(turn, by, Deed::Send)?;
    let user = by.member.person.user;
    blocks::require_open(turn.sql, user)?;
    limits::spend(turn.sql, turn.now, turn.limits.upload, &format!("upload {user}"))?;
    let query = "SELECT made_by, size, due_at, attempts FROM files WHERE file = ?1";
    if let Some(row) = turn.sql.first(query, params![file.to_string()])? {
        let same = row.parse::<UserId>(0)? == user && row.number(1)? == size;
        let due_at = row.maybe_number(2)?;
        if !same || due_at.is_some_and(|due_at| due_at <= turn.now.0) || row.number(3)? > 0 {
            return Err(Code::UnknownFile.into());
        }
        if due_at.is_none() {
            return Ok(false);
        }
    } else {
        let query = "SELECT count(*) FROM files WHERE due_at IS NOT NULL AND made_by = ?1";
        let waiting = turn.sql.first(query, params![user.to_string()])?;
        let waiting = waiting.map(|row| row.number(0)).transpose()?.unwrap_or(0);
        if waiting >= bounds::UNSENT_FILES as u64 {
            return Err(Code::TooManyUploads.into());
        }
        require_room(turn, size, most)?;
        turn.stir(Work::Files);
        turn.sql.execute(
            "INSERT INTO files (file, made_by, size, media, parts, due_at, attempts)
             VALUES (?1, ?2, ?3, ?4, 0, ?5, 0)",
            params![
                file.to_string(),
                user.to_string(),
                size,
                OTHER_MEDIA,
                turn.now.after(bounds::UNSENT_MS).0
            ],
        )?;
    }
    if let Some(media) = media {
        let update = "UPDATE files SET media = ?2 WHERE file = ?1";
        turn.sql.execute(update, params![file.to_string(), media])?;
    }
    Ok(true)
}

/// Takes in which parts of a file are in the store now.
pub(super) fn stored(sql: &dyn Sql, by: UserId, file: FileId, parts: u64) -> Result<(), Fault> {
    sql.execute(
        "UPDATE files SET parts = parts | ?3 WHERE file = ?1 AND made_by = ?2",
        params![file.to_string(), by.to_string(), parts],
    )
}

/// Has a message take files that its author uploaded; brings them as they are.
pub(super) fn take(
    turn: &Turn<'_>,
    author: UserId,
    seq: u64,
    files: &[File],
) -> Result<Vec<File>, Failure> {
    let take = |file: &File| -> Result<File, Failure> {
        let row = turn.sql.first(
            "SELECT size, media, parts FROM files
             WHERE file = ?1 AND made_by = ?2 AND seq IS NULL AND due_at > ?3 AND attempts = 0",
            params![file.id.to_string(), author.to_string(), turn.now.0],
        )?;
        let row = row.ok_or(Code::UnknownFile)?;
        let (size, stored) = (row.number(0)?, row.number(2)?);
        if stored & !THUMB_BIT != (1 << parts(size)) - 1 {
            return Err(Code::FileIncomplete.into());
        }
        turn.sql.execute(
            "UPDATE files SET seq = ?2, due_at = NULL WHERE file = ?1",
            params![file.id.to_string(), seq],
        )?;
        let thumb = stored & THUMB_BIT != 0;
        Ok(File { size, media: row.text(1)?.to_owned(), thumb, ..file.clone() })
    };
    files.iter().map(take).collect()
}

/// A file of a message that `by` may see; `unknown_file`.
pub(super) fn shown(sql: &dyn Sql, by: UserId, file: FileId) -> Result<File, Failure> {
    let query = "SELECT seq FROM files WHERE file = ?1 AND seq IS NOT NULL AND due_at IS NULL";
    let row = sql.first(query, params![file.to_string()])?.ok_or(Code::UnknownFile)?;
    let message = match changes::require(sql, by, row.number(0)?) {
        Err(Failure::Reject(_)) => return Err(Code::UnknownFile.into()),
        message => message?,
    };
    let shown = message.body.files().iter().find(|shown| shown.id == file);
    shown.cloned().ok_or_else(|| Code::UnknownFile.into())
}

/// The files of a message that is recalled go.
pub(super) fn release(turn: &Turn<'_>, seq: u64) -> Result<(), Fault> {
    turn.stir(Work::Files);
    turn.sql.execute("UPDATE files SET due_at = ?2 WHERE seq = ?1", params![seq, turn.now.0])
}

/// Where nobody is left, all files go.
pub(super) fn end(turn: &Turn<'_>) -> Result<(), Fault> {
    if members::count(turn.sql)? > 0 {
        return Ok(());
    }
    turn.stir(Work::Files);
    turn.sql.execute(
        "UPDATE files SET due_at = ?1 WHERE due_at IS NULL OR due_at > ?1",
        params![turn.now.0],
    )
}

/// What erases them.
pub(super) fn erasures() -> Erasures {
    Erasures::of("files", Work::Files)
}

/// Where the parts of a file lie, and its thumbnail, for [`Erasures::pump`].
pub(super) fn keys(sql: &dyn Sql, file: FileId) -> Result<Vec<String>, Fault> {
    let query = "SELECT size FROM files WHERE file = ?1";
    let (row, stored) = (sql.first(query, params![file.to_string()])?, record::load(sql)?);
    let (Some(row), Some(stored)) = (row, stored) else { return Ok(Vec::new()) };
    let parts = (0..parts(row.number(0)?)).map(|part| key(stored.conversation, file, part));
    Ok(parts.chain([thumb_key(stored.conversation, file)]).collect())
}
