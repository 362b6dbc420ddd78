CREATE TABLE migrations (step INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE claims (
  skeleton TEXT PRIMARY KEY,
  user_name TEXT NOT NULL,
  user TEXT NOT NULL,
  confirmed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE people (
  user TEXT PRIMARY KEY,
  user_name TEXT,
  display_name TEXT NOT NULL,
  folded_user_name TEXT,
  folded_display_name TEXT NOT NULL,
  version INTEGER NOT NULL
, signature TEXT NOT NULL DEFAULT '', folded_signature TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
CREATE TABLE buckets (key TEXT PRIMARY KEY, full_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO migrations VALUES (1, 1800000000000);
INSERT INTO migrations VALUES (2, 1800000000000);
INSERT INTO migrations VALUES (3, 1800000000000);
CREATE TABLE groups (
  conversation TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  told TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO groups VALUES ('01a3185c-5000-7a8d-b53c-e517449ea313', 'Tide pool', 'Tide pool

', 6);
INSERT INTO claims VALUES ('ana', 'ana', '01a3185c-5000-7304-a695-733f77532269', 1);
INSERT INTO people VALUES ('01938a5e-7c00-7000-8000-00000000000a', 'ana', 'Ana 安娜', 'ana', 'ana 安娜', 7, 'at sea', 'at sea');
INSERT INTO buckets VALUES ('register 192.0.2.1', 1800000000000);
INSERT INTO migrations VALUES (4, 1800000000000);
ALTER TABLE people ADD COLUMN avatar TEXT;
UPDATE people SET avatar = '01a3185c-5000-7abc-8def-0123456789ab';
INSERT INTO migrations VALUES (5, 1800000000000);
CREATE TABLE tallies (
  conversation TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT,
  messages INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO tallies VALUES ('01a3185c-5000-7a8d-b53c-e517449ea313', 4, 'Tide pool', 12, 4096);
INSERT INTO migrations VALUES (6, 1800000000000);
CREATE TABLE announcing (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  word INTEGER NOT NULL,
  announcement TEXT NOT NULL,
  after TEXT
) STRICT;
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  address TEXT NOT NULL,
  topic TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  UNIQUE (address, topic)
) STRICT;
INSERT INTO announcing VALUES (1, 1, '{"n":1,"at":1800000000000,"text":"The harbour is closed."}', NULL);
INSERT INTO outbox VALUES (1, '{"actor":"account","id":"01938a5e-7c00-7000-8000-00000000000a"}', 'announcement', '{"type":"announced","word":1,"announcement":null}', 3, 1900000000000);
