CREATE TABLE migrations (step INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE conversation (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  conversation TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  group_type TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  record_version INTEGER NOT NULL
, announcements INTEGER NOT NULL DEFAULT 0, public INTEGER NOT NULL DEFAULT 0, approval INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE clock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  confirmed INTEGER NOT NULL
, told INTEGER NOT NULL DEFAULT 0, indexed INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE members (
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
, muted_until INTEGER, left_by TEXT) STRICT, WITHOUT ROWID;
CREATE INDEX members_version ON members (version);
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  author TEXT NOT NULL,
  at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL
, told INTEGER, reply_to INTEGER, forwarded TEXT, edited_at INTEGER, pinned_at INTEGER, reactions TEXT, mentions TEXT) STRICT;
CREATE INDEX messages_version ON messages (version);
CREATE TABLE invites (
  token TEXT PRIMARY KEY,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
, uses INTEGER NOT NULL DEFAULT 0, max_uses INTEGER) STRICT, WITHOUT ROWID;
CREATE TABLE lag (
  user TEXT PRIMARY KEY,
  confirmed INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  due_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE buckets (key TEXT PRIMARY KEY, full_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX messages_replies ON messages (reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX messages_pinned ON messages (pinned_at) WHERE pinned_at IS NOT NULL;
CREATE TABLE revisions (
  seq INTEGER NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (seq, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE bans (
        user TEXT PRIMARY KEY,
        made_by TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO migrations VALUES (1, 1800000000000);
INSERT INTO migrations VALUES (2, 1800000000000);
INSERT INTO migrations VALUES (3, 1800000000000);
INSERT INTO migrations VALUES (4, 1800000000000);
INSERT INTO migrations VALUES (5, 1800000000000);
INSERT INTO conversation VALUES (1, '01a3185c-5000-7a8d-b53c-e517449ea313', '"group"', 'Tide pool', '', '', 1800000000000, '01938a5e-7c00-7000-8000-00000000000a', 1, 1, 1, 1);
INSERT INTO clock VALUES (1, 6, 3, 6, 6, 0);
INSERT INTO members VALUES ('01938a5e-7c00-7000-8000-00000000000a', 'ana', 'ana', '"owner"', 1800000000000, 0, 1, NULL, NULL, 1, 1, NULL, NULL);
INSERT INTO members VALUES ('01a3185c-5000-7cf4-9d06-867aa7f0385b', 'ben', 'ben', '"member"', 1800000000000, 0, 2, NULL, NULL, 1, 2, NULL, NULL);
INSERT INTO members VALUES ('01a3185c-5000-7cf4-9d06-867aa7f0385c', 'cho', 'cho', '"member"', 1800000000000, 0, 3, 1800000001900, 3, 1, 6, 9007199254740991, '01938a5e-7c00-7000-8000-00000000000a');
INSERT INTO messages VALUES (1, '01a3185c-5384-72c6-934d-45314bf3c97a', '01a3185c-5000-7cf4-9d06-867aa7f0385b', 1800000000900, 3, '{"type":"text","text":"High tide at noon"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES (2, '01a3185c-5384-7040-bb56-0280105abe4a', '01938a5e-7c00-7000-8000-00000000000a', 1800000000900, 4, '{"type":"text","text":"On my way"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES (3, '01a3185c-5708-773c-91e8-cd578cf4a0dd', '01938a5e-7c00-7000-8000-00000000000a', 1800000001800, 5, '{"type":"text","text":"Nobody there, @ben?"}', 4, 1, NULL, 1800000001900, 1800000001950, '[{"emoji":"👍","users":["01938a5e-7c00-7000-8000-00000000000a"]}]', '{"users":[{"user":"01a3185c-5000-7cf4-9d06-867aa7f0385b","name":"ben"}],"all":false}');
INSERT INTO invites VALUES ('01a3185c50007a8db53ce517449ea313529affdb1592d681aed73f33', '01938a5e-7c00-7000-8000-00000000000a', 1800000000000, 1800604800000, NULL, 2, 10);
INSERT INTO migrations VALUES (7, 1800000000000);
INSERT INTO migrations VALUES (8, 1800000000000);
INSERT INTO migrations VALUES (9, 1800000000000);
CREATE TABLE requests (user TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  address TEXT NOT NULL,
  topic TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  UNIQUE (address, topic)
) STRICT;
INSERT INTO requests VALUES ('01a3185c-5000-7cf4-9d06-867aa7f0385d', 1800000002000);
INSERT INTO outbox VALUES (3, '{"actor":"directory","id":5}', 'listed', '{"type":"list_group","conversation":"01a3185c-5000-7a8d-b53c-e517449ea313","version":6,"facts":["Tide pool","",""]}', 1, 1800000003000);
INSERT INTO lag VALUES ('01a3185c-5000-7cf4-9d06-867aa7f0385b', 4, 1, 1800000002994);
INSERT INTO buckets VALUES ('send 01938a5e-7c00-7000-8000-00000000000a', 1800000001850);
INSERT INTO buckets VALUES ('send 01a3185c-5000-7cf4-9d06-867aa7f0385b', 1800000000950);
INSERT INTO revisions VALUES (3, 0, 1800000001800, 'Anybody there?');
INSERT INTO bans VALUES ('01a3185c-5000-7cf4-9d06-867aa7f0385c', '01938a5e-7c00-7000-8000-00000000000a', 1800000001900);
CREATE TABLE blocks (
        id INTEGER PRIMARY KEY,
        made_by TEXT NOT NULL,
        since_seq INTEGER NOT NULL,
        until_seq INTEGER,
        version INTEGER NOT NULL
    ) STRICT;
CREATE TABLE frozen (
        viewer TEXT NOT NULL,
        seq INTEGER NOT NULL,
        message TEXT NOT NULL,
        PRIMARY KEY (viewer, seq)
    ) STRICT, WITHOUT ROWID;
INSERT INTO migrations VALUES (6, 1800000000000);
INSERT INTO blocks VALUES (1, '01938a5e-7c00-7000-8000-00000000000a', 3, NULL, 12);
INSERT INTO frozen VALUES ('01938a5e-7c00-7000-8000-00000000000a', 1, '{"id":"01a3185c-5384-72c6-934d-45314bf3c97a","seq":1,"version":3,"author":"01a3185c-5000-7cf4-9d06-867aa7f0385b","at":1800000000900,"body":{"type":"text","text":"High tide"}}');
INSERT INTO migrations VALUES (10, 1800000000000);
CREATE TABLE files (
        file TEXT PRIMARY KEY,
        made_by TEXT NOT NULL,
        size INTEGER NOT NULL,
        media TEXT NOT NULL,
        parts INTEGER NOT NULL,
        seq INTEGER,
        due_at INTEGER,
        attempts INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
CREATE INDEX files_seq ON files (seq) WHERE seq IS NOT NULL;
CREATE INDEX files_due ON files (due_at) WHERE due_at IS NOT NULL;
INSERT INTO files VALUES ('01938a5e-7c00-7000-8000-0000000000e1', '01938a5e-7c00-7000-8000-00000000000a', 81234, 'image/webp', 1, NULL, 1800086400000, 0);
CREATE TABLE receipts (
  user TEXT PRIMARY KEY,
  received INTEGER NOT NULL,
  read INTEGER NOT NULL,
  shares INTEGER NOT NULL,
  shows INTEGER NOT NULL,
  heard INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_told ON receipts (version) WHERE version > 0;
CREATE INDEX receipts_hide ON receipts (user) WHERE shares = 0 OR shows = 0;
INSERT INTO migrations (step, at) VALUES (11, 1794873600000);
INSERT INTO receipts VALUES ('01938a5e-7c00-7000-8000-00000000000a', 0, 1, 1, 1, 0, 2);
INSERT INTO migrations VALUES (12, 1800000000000);
ALTER TABLE conversation ADD COLUMN avatar TEXT;
ALTER TABLE members ADD COLUMN avatar TEXT;
CREATE TABLE avatars (
  file TEXT PRIMARY KEY,
  due_at INTEGER,
  attempts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO avatars VALUES ('01a3185c-5000-7abc-8def-0123456789ab', NULL, 0);
UPDATE conversation SET avatar = '01a3185c-5000-7abc-8def-0123456789ab';
INSERT INTO migrations VALUES (13, 1800000000000);
ALTER TABLE messages ADD COLUMN card TEXT;
CREATE TABLE looks (
        seq INTEGER PRIMARY KEY,
        url TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        due_at INTEGER NOT NULL
    ) STRICT;
UPDATE messages SET card = '"Tide tables\nHarbour"' WHERE seq = 2;
INSERT INTO looks VALUES (3, 'https://example.com/tide', 1, 1800000030000);
INSERT INTO migrations VALUES (14, 1800000000000);
CREATE TABLE asking (
  user TEXT PRIMARY KEY,
  people INTEGER NOT NULL,
  word INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO asking VALUES ('01938a5e-7c00-7000-8000-00000000000a', 0, 2);
INSERT INTO migrations VALUES (15, 1800000000000);
ALTER TABLE clock ADD COLUMN horizon INTEGER NOT NULL DEFAULT 0;
INSERT INTO migrations VALUES (16, 1800000000000);
CREATE TABLE tally (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
INSERT INTO tally VALUES (1, 4, 1800000000000);
INSERT INTO migrations VALUES (17, 1800000000000);
CREATE VIEW now AS
    SELECT max(version, newest) AS version,
        iif(newest > version, newest, told) AS told,
        (SELECT coalesce(max(seq), 0) FROM messages) AS last_seq,
        confirmed, indexed, horizon
    FROM clock, (SELECT coalesce(max(version), 0) AS newest FROM messages);
INSERT INTO migrations VALUES (18, 1800000000000);
CREATE TABLE named (user TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
ALTER TABLE messages ADD COLUMN origin TEXT;
INSERT INTO named VALUES ('01938a5e-7c00-7000-8000-00000000000d');
INSERT INTO migrations VALUES (19, 1800000000000);
DROP TABLE IF EXISTS search;
UPDATE clock SET indexed = 0 WHERE indexed > 0;
