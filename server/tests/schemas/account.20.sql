CREATE TABLE migrations (step INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE account (
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
) STRICT;
CREATE TABLE clock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL,
  horizon INTEGER NOT NULL,
  void INTEGER NOT NULL
) STRICT;
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE mirrors (
  session TEXT NOT NULL,
  conversation TEXT NOT NULL,
  PRIMARY KEY (session, conversation)
) STRICT, WITHOUT ROWID;
CREATE TABLE entries (
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
, is_hidden INTEGER NOT NULL DEFAULT 0, muted_until INTEGER, mutes_all INTEGER NOT NULL DEFAULT 0, is_pinned INTEGER NOT NULL DEFAULT 0, is_archived INTEGER NOT NULL DEFAULT 0, is_marked INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE TABLE timeline (
  version INTEGER PRIMARY KEY,
  conversation TEXT NOT NULL,
  at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  messages TEXT NOT NULL
) STRICT;
CREATE TABLE buckets (key TEXT PRIMARY KEY, full_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  address TEXT NOT NULL,
  topic TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  UNIQUE (address, topic)
) STRICT;
CREATE TABLE uncounted (
  conversation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE hidden (
  conversation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE mentions (
  conversation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE blocks (
        user TEXT PRIMARY KEY,
        user_name TEXT,
        display_name TEXT NOT NULL,
        at INTEGER NOT NULL,
        is_over INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
CREATE TABLE contacts (
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
    ) STRICT, WITHOUT ROWID;
CREATE TABLE drafts (
        conversation TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO migrations VALUES (1, 1800000000000);
INSERT INTO migrations VALUES (2, 1800000000000);
INSERT INTO migrations VALUES (3, 1800000000000);
INSERT INTO migrations VALUES (4, 1800000000000);
INSERT INTO migrations VALUES (5, 1800000000000);
INSERT INTO migrations VALUES (6, 1800000000000);
INSERT INTO migrations VALUES (7, 1800000000000);
INSERT INTO account VALUES (1, '01a3185c-5000-7304-a695-733f77532269', 'ana', '$argon2id$v=19$m=19456,t=2,p=1$GvXr392M4VOewawbWGzn9Q$CV4zpsU9XBCBPTDJ19zRsQSoD+QNjv2kIdNVfiuUJQI', 'Ana 安娜', 29, '"female"', 'at sea', 1800000000000, 6);
INSERT INTO clock VALUES (1, 7, 0, 0);
INSERT INTO sessions VALUES ('01a3185c-5000-729d-9a5e-df66765bcbc7', 'cf3e4a82081775fbcceacb479b21c38592546e9b95d981d4bfaa6523ba1adc62', 1800000000000, 1800000000000);
INSERT INTO mirrors VALUES ('01a3185c-5000-729d-9a5e-df66765bcbc7', '01a3185c-5000-7a8d-b53c-e517449ea313');
INSERT INTO entries VALUES ('01a3185c-5000-7a8d-b53c-e517449ea313', '"group"', 'Tide pool', NULL, 3, 1800000001800, '{"author":"01a3185c-5000-7304-a695-733f77532269","author_name":"ana","text":"Nobody there?"}', 3, 0, 5, 5, 0, 1800000090000, 1, 1, 0, 1);
INSERT INTO timeline VALUES (4, '01a3185c-5000-7a8d-b53c-e517449ea313', 1800000001800, 2, '[{"id":"01a3185c-5384-72c6-934d-45314bf3c97a","seq":1,"version":3,"author":"01a3185c-5000-7cf4-9d06-867aa7f0385b","at":1800000000900,"body":{"type":"text","text":"High tide at noon"}},{"id":"01a3185c-5384-7040-bb56-0280105abe4a","seq":2,"version":4,"author":"01a3185c-5000-7304-a695-733f77532269","at":1800000000900,"body":{"type":"text","text":"On my way"}}]');
INSERT INTO timeline VALUES (5, '01a3185c-5000-7a8d-b53c-e517449ea313', 1800000002700, 1, '[{"id":"01a3185c-5708-773c-91e8-cd578cf4a0dd","seq":3,"version":5,"author":"01a3185c-5000-7304-a695-733f77532269","at":1800000001800,"body":{"type":"text","text":"Nobody there?"}}]');
INSERT INTO buckets VALUES ('profile', 1800000032700);
INSERT INTO buckets VALUES ('wrong_password', 1800000017700);
INSERT INTO outbox VALUES (4, '{"actor":"directory","id":6}', 'list', '{"type":"list","person":{"user":"01a3185c-5000-7304-a695-733f77532269","user_name":"ana","display_name":"Ana 安娜"},"version":6}', 0, 1800000002700);
INSERT INTO outbox VALUES (5, '{"actor":"conversation","id":"01a3185c-5000-7a8d-b53c-e517449ea313"}', 'person', '{"type":"person_changed","person":{"user":"01a3185c-5000-7304-a695-733f77532269","user_name":"ana","display_name":"Ana 安娜"},"version":6}', 0, 1800000002700);
INSERT INTO uncounted VALUES ('01a3185c-5000-7a8d-b53c-e517449ea313', 3);
INSERT INTO hidden VALUES ('01a3185c-5000-7a8d-b53c-e517449ea313', 3, 6);
INSERT INTO mentions VALUES ('01a3185c-5000-7a8d-b53c-e517449ea313', 4);
INSERT INTO blocks VALUES ('01a3185c-5000-7cf4-9d06-867aa7f0385c', 'cho', 'cho', 1800000001900, 0, 6);
INSERT INTO contacts VALUES ('01a3185c-5000-7cf4-9d06-867aa7f0385b', 'ben', 'ben', 'Benny', 'From the harbour', 1, 4, 1, 6, 0, 6, 6);
INSERT INTO drafts VALUES ('01a3185c-5000-7a8d-b53c-e517449ea313', 'Where is everybody', 7);
CREATE TABLE settings (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  hides_receipts INTEGER NOT NULL,
  hides_presence INTEGER NOT NULL,
  hides_last_seen INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE TABLE presence (
  session TEXT PRIMARY KEY,
  seen_at INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE watchers (user TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
ALTER TABLE entries ADD COLUMN received_seq INTEGER NOT NULL DEFAULT 0;
INSERT INTO migrations (step, at) VALUES (8, 1794873600000);
INSERT INTO settings VALUES (1, 1, 0, 0, 3);
INSERT INTO presence VALUES ('01938a5e-7c00-7000-8000-0000000000f1', 1794873600000, 1794873700000);
INSERT INTO watchers VALUES ('01938a5e-7c00-7000-8000-00000000000b', 1794873700000);
INSERT INTO migrations VALUES (9, 1800000000000);
ALTER TABLE account ADD COLUMN avatar TEXT;
ALTER TABLE entries ADD COLUMN avatar TEXT;
ALTER TABLE contacts ADD COLUMN avatar TEXT;
CREATE TABLE avatars (
  file TEXT PRIMARY KEY,
  due_at INTEGER,
  attempts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO avatars VALUES ('01a3185c-5000-7abc-8def-0123456789ab', NULL, 0);
UPDATE account SET avatar = '01a3185c-5000-7abc-8def-0123456789ab';
INSERT INTO migrations VALUES (10, 1800000000000);
ALTER TABLE settings ADD COLUMN hides_previews INTEGER NOT NULL DEFAULT 0;
UPDATE settings SET hides_previews = 1;
INSERT INTO migrations VALUES (11, 1800000000000);
CREATE TABLE asking (
  conversation TEXT PRIMARY KEY,
  people INTEGER NOT NULL,
  word INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO asking VALUES ('01a3185c-5000-7a8d-b53c-e517449ea313', 2, 3);
ALTER TABLE contacts ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
INSERT INTO migrations VALUES (12, 1800000000000);
CREATE TABLE signer (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  secret TEXT NOT NULL
) STRICT;
CREATE TABLE subscriptions (
  session TEXT PRIMARY KEY,
  subscription TEXT NOT NULL,
  contact TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE notices (
  session TEXT NOT NULL,
  conversation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  preview TEXT,
  attempts INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  PRIMARY KEY (session, conversation)
) STRICT, WITHOUT ROWID;
INSERT INTO signer VALUES (1, 'RS0WdYWWo1HajXg3NZR1olzCf31i-ZBGDkFyCs7j1jw');
INSERT INTO subscriptions VALUES ('01938a5e-7c00-7000-8000-0000000000f1', '{"endpoint":"https://push.example.net/a","key":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","secret":"BTBZMqHH6r4Tts7J_aSIgg","words":true}', 'https://tideline.example');
INSERT INTO notices VALUES ('01938a5e-7c00-7000-8000-0000000000f1', '01a3185c-5000-7a8d-b53c-e517449ea313', 4, NULL, 1, 1800000300000);
INSERT INTO migrations VALUES (13, 1800000000000);
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
UPDATE sessions SET device = 'Firefox · Linux';
INSERT INTO migrations VALUES (14, 1800000000000);
ALTER TABLE settings ADD COLUMN age_seen_by TEXT NOT NULL DEFAULT '"everybody"';
ALTER TABLE settings ADD COLUMN gender_seen_by TEXT NOT NULL DEFAULT '"everybody"';
ALTER TABLE settings ADD COLUMN signature_seen_by TEXT NOT NULL DEFAULT '"everybody"';
UPDATE settings SET age_seen_by = '"contacts"', signature_seen_by = '"nobody"';
INSERT INTO migrations VALUES (15, 1800000000000);
INSERT INTO migrations VALUES (16, 1800000000000);
CREATE TABLE deployment (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  is_owner INTEGER NOT NULL,
  is_banned INTEGER NOT NULL,
  word INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
INSERT INTO deployment VALUES (1, 1, 0, 2, 7);
INSERT INTO migrations VALUES (17, 1800000000000);
ALTER TABLE deployment ADD COLUMN announcement TEXT;
ALTER TABLE deployment ADD COLUMN announced INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deployment ADD COLUMN dismissed INTEGER NOT NULL DEFAULT 0;
UPDATE deployment SET announcement = '{"n":1,"at":1800000000000,"text":"The harbour is closed."}', announced = 1;
INSERT INTO migrations VALUES (18, 1800000000000);
CREATE VIEW now AS
     SELECT max(version, (SELECT coalesce(max(version), 0) FROM timeline)) AS version, horizon, void
     FROM clock;
INSERT INTO migrations VALUES (19, 1800000000000);
CREATE TABLE named (conversation TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO named VALUES ('01a3185c-5000-7a8d-b53c-e517449ea313');
INSERT INTO migrations VALUES (20, 1800000000000);
ALTER TABLE settings ADD COLUMN avatar_seen_by TEXT NOT NULL DEFAULT '"everybody"';
UPDATE settings SET avatar_seen_by = '"contacts"';
