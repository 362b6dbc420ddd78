//! The tables of an account, step by step: each brings every database one further.

use super::{asking, deployment, notices, presence, profile, settings};
use crate::{avatars, limits, outbox};

/// All steps, in their order; never changed, only added to.
pub(super) const SCHEMA: &[&[&str]] = &[
    FIRST,
    SECOND,
    THIRD,
    FOURTH,
    BLOCKS,
    CONTACTS,
    KEEPING,
    SETTINGS,
    AVATARS,
    PREVIEWS,
    ASKING,
    ENDS,
    NOTICES,
    DEVICES,
    AUDIENCES,
    DEPLOYMENT,
    deployment::ANNOUNCEMENTS,
    DELIVERIES,
    &[profile::NAMED],
    AVATAR_AUDIENCE,
];

const FIRST: &[&str] = &[
    "CREATE TABLE account (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        user TEXT NOT NULL,
        user_name TEXT,
        password_hash TEXT,
        display_name TEXT NOT NULL,
        age INTEGER,
        gender TEXT NOT NULL,
        signature TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        profile_version INTEGER NOT NULL
    ) STRICT",
    // Apart from the profile, because it changes with every delivery and must stay narrow.
    // `horizon`: the timeline holds everything after this version. `void`: nobody registered here
    // in time, and nobody may any more.
    "CREATE TABLE clock (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        version INTEGER NOT NULL,
        horizon INTEGER NOT NULL,
        void INTEGER NOT NULL
    ) STRICT",
    "INSERT INTO clock (id, version, horizon, void) VALUES (1, 0, 0, 0)",
    "CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL,
        seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE mirrors (
        session TEXT NOT NULL,
        conversation TEXT NOT NULL,
        PRIMARY KEY (session, conversation)
    ) STRICT, WITHOUT ROWID",
    // No index on `version`: an inbox has hundreds of rows, and each is written far more often
    // than all of them are read.
    "CREATE TABLE entries (
        conversation TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        peer TEXT,
        last_seq INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        preview TEXT,
        read_seq INTEGER NOT NULL,
        has_left INTEGER NOT NULL,
        source_version INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    // Keyed by version: one write a message, and a resync is one range.
    "CREATE TABLE timeline (
        version INTEGER NOT NULL,
        n INTEGER NOT NULL,
        conversation TEXT NOT NULL,
        at INTEGER NOT NULL,
        message TEXT NOT NULL,
        PRIMARY KEY (version, n)
    ) STRICT, WITHOUT ROWID",
    limits::SCHEMA,
    outbox::SCHEMA,
];

/// `is_hidden`: known here, so that the conversation hears what becomes of the person; in no list.
const SECOND: &[&str] = &["ALTER TABLE entries ADD COLUMN is_hidden INTEGER NOT NULL DEFAULT 0"];

const THIRD: &[&str] = &[
    // Above the read mark, and not to be counted: recalled, or hidden by this person.
    "CREATE TABLE uncounted (
        conversation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (conversation, seq)
    ) STRICT, WITHOUT ROWID",
    // What this person wants to see no more, with the version that hid it.
    "CREATE TABLE hidden (
        conversation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (conversation, seq)
    ) STRICT, WITHOUT ROWID",
];

const FOURTH: &[&str] = &[
    // Above the read mark, and this person is meant.
    "CREATE TABLE mentions (
        conversation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (conversation, seq)
    ) STRICT, WITHOUT ROWID",
];

/// `is_over`: blocked no more; kept so that every device hears of it.
const BLOCKS: &[&str] = &["CREATE TABLE blocks (
        user TEXT PRIMARY KEY,
        user_name TEXT,
        display_name TEXT NOT NULL,
        at INTEGER NOT NULL,
        is_over INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID"];

/// How this person stands to others. `wants`: they are to be in the contacts, since the version
/// `wants_since`. `wanted`: the same by the other one's account, whose newest word has the version
/// `heard`. `declined`: wishes up to this version of the other one's are turned down.
const CONTACTS: &[&str] = &["CREATE TABLE contacts (
        user TEXT PRIMARY KEY,
        user_name TEXT,
        display_name TEXT NOT NULL,
        nickname TEXT NOT NULL,
        note TEXT NOT NULL,
        wants INTEGER NOT NULL,
        wants_since INTEGER NOT NULL,
        wanted INTEGER NOT NULL,
        wanted_since INTEGER NOT NULL,
        declined INTEGER NOT NULL,
        heard INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID"];

/// How conversations are kept. `muted_until`: as in a conversation's members.
const KEEPING: &[&str] = &[
    "ALTER TABLE entries ADD COLUMN muted_until INTEGER",
    "ALTER TABLE entries ADD COLUMN mutes_all INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE entries ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE entries ADD COLUMN is_archived INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE entries ADD COLUMN is_marked INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE drafts (
        conversation TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
];

/// What others get to know. `received_seq`: messages up to here came to a device.
const SETTINGS: &[&str] = &[
    settings::SCHEMA,
    presence::DEVICES,
    presence::WATCHERS,
    "ALTER TABLE entries ADD COLUMN received_seq INTEGER NOT NULL DEFAULT 0",
];

/// Pictures: this person's, and those of others as their names.
const AVATARS: &[&str] = &[
    "ALTER TABLE account ADD COLUMN avatar TEXT",
    "ALTER TABLE entries ADD COLUMN avatar TEXT",
    "ALTER TABLE contacts ADD COLUMN avatar TEXT",
    avatars::TABLE,
];

/// Whether links are looked at for this person.
const PREVIEWS: &[&str] =
    &["ALTER TABLE settings ADD COLUMN hides_previews INTEGER NOT NULL DEFAULT 0"];

const ASKING: &[&str] = &[asking::SCHEMA];

const NOTICES: &[&str] = notices::SCHEMA;

/// What the devices of sessions are called.
const DEVICES: &[&str] = &["ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT ''"];

const DEPLOYMENT: &[&str] = &[deployment::SCHEMA];

/// Wishes of contacts up to the version `ended` of theirs are over, and they are told so.
const ENDS: &[&str] = &[
    "ALTER TABLE contacts ADD COLUMN ended INTEGER NOT NULL DEFAULT 0",
    "UPDATE contacts SET ended = declined WHERE wants = 1",
];

/// Who sees what of the profile.
const AUDIENCES: &[&str] = &[
    "ALTER TABLE settings ADD COLUMN age_seen_by TEXT NOT NULL DEFAULT '\"everybody\"'",
    "ALTER TABLE settings ADD COLUMN gender_seen_by TEXT NOT NULL DEFAULT '\"everybody\"'",
    "ALTER TABLE settings ADD COLUMN signature_seen_by TEXT NOT NULL DEFAULT '\"everybody\"'",
];

const AVATAR_AUDIENCE: &[&str] =
    &["ALTER TABLE settings ADD COLUMN avatar_seen_by TEXT NOT NULL DEFAULT '\"everybody\"'"];

/// The timeline keeps deliveries, each a row however many messages it brought (`count`), and with that row
/// tells the time: a delivery writes no clock, and whatever else happens writes what the clock missed.
const DELIVERIES: &[&str] = &[
    "ALTER TABLE timeline RENAME TO delivered",
    "CREATE TABLE timeline (
        version INTEGER PRIMARY KEY,
        conversation TEXT NOT NULL,
        at INTEGER NOT NULL,
        count INTEGER NOT NULL,
        messages TEXT NOT NULL
    ) STRICT",
    "INSERT INTO timeline (version, conversation, at, count, messages)
     SELECT version, conversation, max(at), count(*), json_group_array(json(message))
     FROM (SELECT * FROM delivered ORDER BY version, n) GROUP BY version",
    "DROP TABLE delivered",
    "CREATE VIEW now AS
     SELECT max(version, (SELECT coalesce(max(version), 0) FROM timeline)) AS version, horizon, void
     FROM clock",
];
