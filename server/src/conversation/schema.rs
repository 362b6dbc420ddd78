//! The tables of a conversation, step by step: each brings every database one further.

use super::{asking, cards, files, forwarding, index, receipts, tally};
use crate::{avatars, limits, outbox};

/// All steps, in their order; never changed, only added to.
pub(super) const SCHEMA: &[&[&str]] = &[
    FIRST,
    SECOND,
    ROLES,
    MENTIONS,
    index::SCHEMA,
    BLOCKS,
    LINKS,
    ANNOUNCEMENTS,
    PUBLIC,
    files::SCHEMA,
    receipts::SCHEMA,
    AVATARS,
    cards::SCHEMA,
    asking::SCHEMA,
    HORIZON,
    tally::SCHEMA,
    NOW,
    forwarding::SCHEMA,
    index::NAMES,
];

const FIRST: &[&str] = &[
    // `confirmed`: every member's account has heard everything up to this version, but for those
    // in `lag`.
    "CREATE TABLE conversation (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        conversation TEXT NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        group_type TEXT NOT NULL,
        description TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        record_version INTEGER NOT NULL
    ) STRICT",
    "CREATE TABLE clock (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        version INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        confirmed INTEGER NOT NULL
    ) STRICT",
    "INSERT INTO clock (id, version, last_seq, confirmed) VALUES (1, 0, 0, 0)",
    // Who left stays as a row: their name stands beside what they said.
    "CREATE TABLE members (
        user TEXT PRIMARY KEY,
        user_name TEXT,
        display_name TEXT NOT NULL,
        role TEXT NOT NULL,
        joined_at INTEGER NOT NULL,
        joined_seq INTEGER NOT NULL,
        joined_version INTEGER NOT NULL,
        left_at INTEGER,
        left_seq INTEGER,
        person_version INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX members_version ON members (version)",
    "CREATE TABLE messages (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        author TEXT NOT NULL,
        at INTEGER NOT NULL,
        version INTEGER NOT NULL,
        body TEXT NOT NULL
    ) STRICT",
    "CREATE INDEX messages_version ON messages (version)",
    "CREATE TABLE invites (
        token TEXT PRIMARY KEY,
        made_by TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        revoked_at INTEGER
    ) STRICT, WITHOUT ROWID",
    // Members (and people who left) that could not be reached, and up to where they heard.
    "CREATE TABLE lag (
        user TEXT PRIMARY KEY,
        confirmed INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        due_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    limits::SCHEMA,
];

const SECOND: &[&str] = &[
    // The version of the last change that accounts hear of; others (reactions, pins) are for those
    // who look.
    "ALTER TABLE clock ADD COLUMN told INTEGER NOT NULL DEFAULT 0",
    "UPDATE clock SET told = version",
    // `told`: the same of one message; none where it is the message's version.
    "ALTER TABLE messages ADD COLUMN told INTEGER",
    "ALTER TABLE messages ADD COLUMN reply_to INTEGER",
    "ALTER TABLE messages ADD COLUMN forwarded TEXT",
    "ALTER TABLE messages ADD COLUMN edited_at INTEGER",
    "ALTER TABLE messages ADD COLUMN pinned_at INTEGER",
    "ALTER TABLE messages ADD COLUMN reactions TEXT",
    "CREATE INDEX messages_replies ON messages (reply_to) WHERE reply_to IS NOT NULL",
    "CREATE INDEX messages_pinned ON messages (pinned_at) WHERE pinned_at IS NOT NULL",
    // What an edited message said before: 0 is what it said first.
    "CREATE TABLE revisions (
        seq INTEGER NOT NULL,
        n INTEGER NOT NULL,
        at INTEGER NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (seq, n)
    ) STRICT, WITHOUT ROWID",
];

/// `muted_until`: silent until then, see [`crate::muted`]. `left_by`: who took
/// them out.
const ROLES: &[&str] = &[
    "ALTER TABLE members ADD COLUMN muted_until INTEGER",
    "ALTER TABLE members ADD COLUMN left_by TEXT",
    "CREATE TABLE bans (
        user TEXT PRIMARY KEY,
        made_by TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
];

/// None where a message means nobody and never did.
const MENTIONS: &[&str] = &["ALTER TABLE messages ADD COLUMN mentions TEXT"];

/// Spans of the order in which somebody blocked the other one; `until_seq` is missing while it lasts.
/// `version`: the account's that said so last.
const BLOCKS: &[&str] = &[
    "CREATE TABLE blocks (
        id INTEGER PRIMARY KEY,
        made_by TEXT NOT NULL,
        since_seq INTEGER NOT NULL,
        until_seq INTEGER,
        version INTEGER NOT NULL
    ) STRICT",
    // What the other one changed meanwhile, as it was before.
    "CREATE TABLE frozen (
        viewer TEXT NOT NULL,
        seq INTEGER NOT NULL,
        message TEXT NOT NULL,
        PRIMARY KEY (viewer, seq)
    ) STRICT, WITHOUT ROWID",
];

/// How many people a link let in, and how many it may.
const LINKS: &[&str] = &[
    "ALTER TABLE invites ADD COLUMN uses INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE invites ADD COLUMN max_uses INTEGER",
];

/// Whether only those who lead write.
const ANNOUNCEMENTS: &[&str] =
    &["ALTER TABLE conversation ADD COLUMN announcements INTEGER NOT NULL DEFAULT 0"];

/// Whether a group can be found and how one comes in; who asks to; and what the directory is owed.
const PUBLIC: &[&str] = &[
    "ALTER TABLE conversation ADD COLUMN public INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE conversation ADD COLUMN approval INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE requests (user TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    outbox::SCHEMA,
];

/// From which version on a device may know the conversation: a restore raises it.
const HORIZON: &[&str] = &["ALTER TABLE clock ADD COLUMN horizon INTEGER NOT NULL DEFAULT 0"];

/// Pictures: the group's, and those of people as their names.
const AVATARS: &[&str] = &[
    "ALTER TABLE conversation ADD COLUMN avatar TEXT",
    "ALTER TABLE members ADD COLUMN avatar TEXT",
    avatars::TABLE,
];

/// How far the conversation is. A message that is only said writes no clock: its own row says how far, and
/// whatever else happens writes what the clock missed. So where the newest message's version is above the
/// clock's, all that came since was said, and told.
const NOW: &[&str] = &["CREATE VIEW now AS
    SELECT max(version, newest) AS version,
        iif(newest > version, newest, told) AS told,
        (SELECT coalesce(max(seq), 0) FROM messages) AS last_seq,
        confirmed, indexed, horizon
    FROM clock, (SELECT coalesce(max(version), 0) AS newest FROM messages)"];
