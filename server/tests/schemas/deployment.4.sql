CREATE TABLE migrations (step INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE deployment (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  owner TEXT,
  claimed_at INTEGER,
  is_surveyed INTEGER NOT NULL,
  registration TEXT NOT NULL,
  word INTEGER NOT NULL
) STRICT;
CREATE TABLE bans (
  user TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE reports (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  subject TEXT NOT NULL,
  at INTEGER NOT NULL,
  reported TEXT NOT NULL,
  outcome TEXT
) STRICT;
CREATE INDEX reports_subject ON reports (subject);
CREATE TABLE log (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  did TEXT NOT NULL
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
INSERT INTO migrations VALUES (1, 1800000000000);
INSERT INTO deployment VALUES (1, '01938a5e-7c00-7000-8000-00000000000a', NULL, 1, '"invite"', 1);
INSERT INTO bans VALUES ('01938a5e-7c00-7000-8000-00000000000b', 1800000000000);
INSERT INTO reports VALUES (1, '01938a5e-7c00-7000-8000-00000000000a 01938a5e-7c00-7000-8000-00000000000b', 1800000000000, '{"at":1800000000000,"by":{"user":"01938a5e-7c00-7000-8000-00000000000a","user_name":"ana","display_name":"Ana"},"about":{"user":"01938a5e-7c00-7000-8000-00000000000b","user_name":"ben","display_name":"Ben"},"reason":"spam","note":"","message":null}', NULL);
INSERT INTO log VALUES (1, 1800000000000, '{"user":"01938a5e-7c00-7000-8000-00000000000a","user_name":"ana","display_name":"Ana"}', '{"type":"ban","person":{"user":"01938a5e-7c00-7000-8000-00000000000b","user_name":"ben","display_name":"Ben"}}');
INSERT INTO outbox VALUES (1, '{"actor":"account","id":"01938a5e-7c00-7000-8000-00000000000b"}', 'banned', '{"type":"set_banned","banned":true,"word":1}', 3, 1900000000000);
INSERT INTO migrations VALUES (2, 1800000000000);
ALTER TABLE deployment ADD COLUMN file_bytes INTEGER;
ALTER TABLE deployment ADD COLUMN conversation_bytes INTEGER;
UPDATE deployment SET file_bytes = 5000000;
INSERT INTO migrations VALUES (3, 1800000000000);
CREATE TABLE announcement (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
INSERT INTO announcement VALUES (1, 1, 1800000000000, 'The harbour is closed.');
INSERT INTO migrations VALUES (4, 1800000000000);
CREATE TABLE gone (
  user TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE INDEX reports_by ON reports (json_extract(reported, '$.by.user'));
CREATE INDEX reports_about ON reports (json_extract(reported, '$.about.user'));
CREATE INDEX log_by ON log (json_extract(made_by, '$.user'));
CREATE INDEX log_about ON log (json_extract(did, '$.person.user'));
INSERT INTO gone VALUES ('01938a5e-7c00-7000-8000-00000000000c');
