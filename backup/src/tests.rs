//! Directories with databases, through backup and restore; and everything that must change nothing.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use rusqlite::{Connection, types::Value};
use tar::{Builder, EntryType, Header};
use tempfile::TempDir;

use crate::{MANIFEST, create::create, restore::restore};

/// A directory for one test, with data in it.
struct Place(TempDir);

impl Place {
    /// Without data.
    fn empty() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    /// With one database, which has one row, and one other file.
    fn new() -> Self {
        let place = Self::empty();
        let db = place.database("state/v3/do/one.sqlite", "DELETE");
        db.execute_batch("CREATE TABLE said (text TEXT); INSERT INTO said VALUES ('hello')")
            .expect("is written");
        fs::write(place.at("state/v3/blob"), "not a database").expect("is written");
        place
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn database(&self, path: &str, mode: &str) -> Connection {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("below the place")).expect("is made");
        let db = Connection::open(path).expect("opens");
        db.pragma_update(None, "journal_mode", mode).expect("is set");
        // What is in the `-wal` stays there.
        db.pragma_update(None, "wal_autocheckpoint", 0).expect("is set");
        db
    }

    fn backup(&self, from: &str, file: &str) -> Result<(), String> {
        create(&self.at(from), &self.at(file), &stopped(false)).map_err(|e| format!("{e:#}"))
    }

    fn restore(&self, file: &str, to: &str, force: bool) -> Result<(), String> {
        restore(&self.at(file), &self.at(to), force, &stopped(false)).map_err(|e| format!("{e:#}"))
    }

    /// Every file and directory, with what is in it. Of `-shm` it knows only that SQLite may make
    /// and change it as it likes.
    fn all(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut all = tree(self.0.path());
        all.retain(|path, _| !path.to_string_lossy().ends_with("-shm"));
        all
    }

    /// Fails with these words, and changes nothing.
    #[track_caller]
    fn refuses(&self, words: &str, act: impl FnOnce() -> Result<(), String>) {
        let before = self.all();
        let error = act().expect_err("is refused");
        assert!(error.contains(words), "{error}");
        let names = |all: &BTreeMap<PathBuf, _>| all.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&self.all()), names(&before), "{error}");
        assert!(self.all() == before, "a file has changed; {error}");
    }
}

fn stopped(stopped: bool) -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(stopped))
}

fn tree(dir: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).expect("is read") {
        let entry = entry.expect("is read");
        let (path, kind) = (entry.path(), entry.file_type().expect("is read"));
        if kind.is_dir() {
            all.append(&mut tree(&path));
            all.insert(path, None);
        } else if kind.is_symlink() {
            all.insert(path, None);
        } else {
            let content = fs::read(&path).expect("is read");
            all.insert(path, Some(content));
        }
    }
    all
}

/// Every row of every table, with its rowid where it has one.
fn rows(db: &Connection) -> BTreeMap<String, Vec<Vec<Value>>> {
    let mut tables = db
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
        .expect("is a database");
    let tables = tables.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("has tables");
    let mut all = BTreeMap::new();
    for table in tables {
        let (name, sql): (String, String) = table.expect("a table");
        let rowid = if sql.contains("WITHOUT ROWID") { "" } else { "rowid, " };
        let mut select = db.prepare(&format!("SELECT {rowid}* FROM {name}")).expect("is read");
        let columns = select.column_count();
        let rows = select
            .query_map([], |row| (0..columns).map(|column| row.get(column)).collect())
            .expect("is read");
        all.insert(name, rows.collect::<Result<_, _>>().expect("is read"));
    }
    all
}

fn rows_of(file: &Path) -> BTreeMap<String, Vec<Vec<Value>>> {
    rows(&Connection::open(file).expect("opens"))
}

#[test]
fn every_row_of_every_database_comes_back() {
    let place = Place::new();
    // Somebody has it open, and all that they wrote is in the `-wal`.
    let open = place.database("state/v3/do/open.sqlite", "WAL");
    open.execute_batch(
        "CREATE TABLE message (seq INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
         CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
         CREATE TABLE noted (what TEXT);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
         INSERT INTO message SELECT i, 'message ' || i || hex(zeroblob(50)) FROM n;
         INSERT INTO setting VALUES ('a', x'00ff'), ('b', NULL);
         INSERT INTO noted VALUES ('one'), ('two'), ('three'); DELETE FROM noted WHERE rowid = 2",
    )
    .expect("is written");
    // Somebody was killed, and their index of the `-wal` is lost.
    let killed = place.at("state/v3/do/killed.sqlite");
    fs::copy(place.at("state/v3/do/open.sqlite"), &killed).expect("is copied");
    fs::copy(place.at("state/v3/do/open.sqlite-wal"), killed.with_extension("sqlite-wal"))
        .expect("is copied");
    // And this is said only when it is all said.
    let open_rows = rows(&open);
    open.execute_batch("BEGIN IMMEDIATE; INSERT INTO noted VALUES ('unfinished')").expect("writes");
    fs::create_dir(place.at("state/v3/empty")).expect("is made");
    for made in ["fresh.sqlite", "fresh.sqlite-wal"] {
        File::create(place.at("state/v3/do").join(made)).expect("is made");
    }

    let before = place.all();
    place.backup("state", "data.tar.gz").expect("is backed up");
    let mut after = place.all();
    after.remove(&place.at("data.tar.gz")).expect("is there");
    assert!(before == after, "a backup changes nothing");
    place.restore("data.tar.gz", "new/state", false).expect("is restored");

    let mut found: Vec<_> = tree(&place.at("new")).into_keys().collect();
    found.sort();
    let expected = [
        "new/state",
        "new/state/v3",
        "new/state/v3/blob",
        "new/state/v3/do",
        "new/state/v3/do/fresh.sqlite",
        "new/state/v3/do/killed.sqlite",
        "new/state/v3/do/one.sqlite",
        "new/state/v3/do/open.sqlite",
        "new/state/v3/empty",
    ];
    assert_eq!(found, expected.map(|path| place.at(path)));
    assert_eq!(fs::read(place.at("new/state/v3/blob")).expect("is read"), b"not a database");
    assert_eq!(open_rows["message"].len(), 2000);
    assert_eq!(rows_of(&place.at("new/state/v3/do/open.sqlite")), open_rows);
    assert_eq!(rows_of(&place.at("new/state/v3/do/killed.sqlite")), open_rows);
    assert_eq!(
        rows_of(&place.at("new/state/v3/do/one.sqlite")),
        rows_of(&place.at("state/v3/do/one.sqlite"))
    );
}

#[test]
fn what_came_after_a_backup_is_over_for_every_device() {
    let place = Place::new();
    let clocks = "CREATE TABLE clock (id INTEGER PRIMARY KEY, version INTEGER, horizon INTEGER)";
    for (name, made) in [
        ("told", "INSERT INTO clock VALUES (1, 40, 7)"),
        ("fresh", "INSERT INTO clock VALUES (1, 0, 0)"),
        (
            "old",
            "DROP TABLE clock; CREATE TABLE clock (id, version); INSERT INTO clock VALUES (1, 40)",
        ),
    ] {
        let db = place.database(&format!("state/v3/do/{name}.sqlite"), "WAL");
        db.execute_batch(&format!("{clocks}; {made}")).expect("is written");
    }
    place.backup("state", "data.tar.gz").expect("is backed up");
    let clock = |name: &str| {
        let rows = rows_of(&place.at(&format!("new/v3/do/{name}.sqlite")));
        rows["clock"][0].iter().skip(2).cloned().collect::<Vec<_>>()
    };
    place.restore("data.tar.gz", "new", false).expect("is restored");
    let leapt = Value::Integer((1 << 32) + 40);
    assert_eq!(clock("told"), [leapt.clone(), leapt], "nobody was told as much");
    assert_eq!(clock("fresh"), [Value::Integer(0), Value::Integer(0)], "nobody was told anything");
    assert_eq!(clock("old"), [Value::Integer(40)], "there is nothing to say it with");
    // Once more, and further.
    place.backup("new", "again.tar.gz").expect("is backed up");
    place.restore("again.tar.gz", "new", true).expect("is restored");
    assert_eq!(clock("told")[0], Value::Integer((2 << 32) + 40));
    let left = fs::read_dir(place.at("new/v3/do")).expect("is read");
    assert_eq!(left.count(), 4, "no log lies beside a database");
}

#[test]
fn all_databases_are_of_the_same_moment() {
    let place = Place::empty();
    // The first and the last to be copied, with many between: first one counts, then the other.
    let counters = ["state/a.sqlite", "state/z.sqlite"].map(|path| place.database(path, "WAL"));
    for db in &counters {
        db.execute_batch("CREATE TABLE n (n INTEGER); INSERT INTO n VALUES (0)").expect("writes");
    }
    for n in 0..40 {
        let db = place.database(&format!("state/m{n}.sqlite"), "WAL");
        db.execute_batch("CREATE TABLE t (t TEXT)").expect("writes");
    }
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let counters = counters;
            while !done.load(Ordering::Relaxed) {
                for db in &counters {
                    db.execute_batch("UPDATE n SET n = n + 1").expect("counts");
                    thread::sleep(Duration::from_millis(4));
                }
            }
        });
        for n in 0..5 {
            let made = place.backup("state", &format!("{n}.tar.gz"));
            done.store(n == 4 || made.is_err(), Ordering::Relaxed);
            made.expect("there is a moment of rest");
        }
    });
    let mut highest = 0;
    for n in 0..5 {
        let to = format!("restored-{n}");
        place.restore(&format!("{n}.tar.gz"), &to, false).expect("is restored");
        let [first, second] = ["a", "z"].map(|name| {
            let db = Connection::open(place.at(&format!("{to}/{name}.sqlite"))).expect("opens");
            db.query_row("SELECT n FROM n", [], |row| row.get::<_, i64>(0)).expect("is read")
        });
        assert!((0..=1).contains(&(first - second)), "{first}, and {second} after it");
        highest = first;
    }
    assert!(highest > 0, "nothing was counted meanwhile");
}

#[test]
fn what_cannot_be_backed_up_leaves_nothing_behind() {
    let place = Place::new();
    fs::write(place.at("old.tar.gz"), "precious").expect("is written");
    place.refuses("old.tar.gz exists already. Choose another name", || {
        place.backup("state", "old.tar.gz")
    });
    place.refuses("lies in the data itself", || place.backup("state", "state/v3/x.tar.gz"));
    place.refuses("a directory that is not there", || place.backup("state", "no/x.tar.gz"));
    place.refuses("There is no data in", || place.backup("nowhere", "x.tar.gz"));
    fs::create_dir_all(place.at("nothing/in/here")).expect("is made");
    place.refuses("There is no data in", || place.backup("nothing", "x.tar.gz"));
    place.refuses("Stopped", || {
        create(&place.at("state"), &place.at("x.tar.gz"), &stopped(true)).map_err(|e| e.to_string())
    });
    fs::write(place.at("state/v3/bad.sqlite"), "SQLite format 3\0, but no more").expect("written");
    place.refuses("bad.sqlite cannot be read", || place.backup("state", "x.tar.gz"));
    fs::remove_file(place.at("state/v3/bad.sqlite")).expect("is removed");
    std::os::unix::fs::symlink("nowhere", place.at("state/v3/root")).expect("is made");
    place.refuses("neither a file nor a directory", || place.backup("state", "x.tar.gz"));
}

#[test]
fn data_that_is_there_is_refused_or_moved_aside() {
    let place = Place::new();
    place.backup("state", "data.tar.gz").expect("is backed up");
    fs::write(place.at("state/newer"), "newer").expect("is written");
    place.refuses("let `--force` move it aside", || place.restore("data.tar.gz", "state", false));

    for n in 1..=2 {
        let before = tree(&place.at("state"));
        place.restore("data.tar.gz", "state", true).expect("is restored");
        let aside = place.at(&format!("state.before-restore-{n}"));
        let under = |dir: &Path, tree: BTreeMap<PathBuf, _>| -> Vec<_> {
            let inside = |path: PathBuf| path.strip_prefix(dir).expect("below").to_owned();
            tree.into_iter().map(|(path, content)| (inside(path), content)).collect()
        };
        assert!(under(&aside, tree(&aside)) == under(&place.at("state"), before));
        assert!(!place.at("state/newer").exists());
        assert_eq!(rows_of(&place.at("state/v3/do/one.sqlite"))["said"].len(), 1);
    }
    fs::create_dir(place.at("vacant")).expect("is made");
    place.restore("data.tar.gz", "vacant", false).expect("an empty directory is as good as none");
    assert!(place.at("vacant/v3/blob").exists());
}

#[test]
fn a_broken_archive_changes_nothing() {
    let place = Place::new();
    place.backup("state", "good.tar.gz").expect("is backed up");
    let good = fs::read(place.at("good.tar.gz")).expect("is read");
    let refused = |words: &str, content: &[u8]| {
        fs::write(place.at("bad.tar.gz"), content).expect("is written");
        for force in [false, true] {
            let to = if force { "state" } else { "new" };
            place.refuses(words, || place.restore("bad.tar.gz", to, force));
        }
    };
    let broken = "bad.tar.gz is broken, or not a backup";
    for length in [0, 5, good.len() / 2, good.len() - 9, good.len() - 1] {
        refused(broken, &good[..length]);
    }
    for byte in [0, 40, good.len() / 2, good.len() - 6] {
        let mut bad = good.clone();
        bad[byte] ^= 0x10;
        refused(broken, &bad);
    }
    refused(broken, b"a text");
    let manifest = |format, files| {
        format!(r#"{{"format":{format},"databases":0,"files":{files},"bytes":{files}}}"#)
    };
    let data = ("data/v3/x", EntryType::Regular, "x");
    refused(&format!("It does not begin with {MANIFEST}"), &packed(&[]));
    refused(&format!("It does not begin with {MANIFEST}"), &packed(&[data]));
    let lone = manifest(1, 2);
    let first = (MANIFEST, EntryType::Regular, lone.as_str());
    let elsewhere = manifest(1, 0);
    let misplaced = (data.0, data.1, elsewhere.as_str());
    refused(&format!("It does not begin with {MANIFEST}"), &packed(&[misplaced]));
    refused("It holds 1 files of 1 bytes in place of 2 of 2", &packed(&[first, data]));
    let newer = manifest(2, 1);
    refused("A newer Tideline made it", &packed(&[(first.0, first.1, &newer), data]));
    place.refuses("There is no file", || place.restore("nothing.tar.gz", "new", false));
    place.refuses("Stopped", || {
        restore(&place.at("good.tar.gz"), &place.at("new"), false, &stopped(true))
            .map_err(|e| format!("{e:#}"))
    });
}

#[test]
fn an_archive_that_leads_outside_changes_nothing() {
    let place = Place::new();
    let manifest = r#"{"format":1,"databases":0,"files":1,"bytes":4}"#;
    let absolute = place.at("evil");
    let absolute = absolute.to_str().expect("is text");
    let outside = "leads outside of the data";
    let link = "neither a file nor a directory";
    for (words, path, kind) in [
        (outside, "../evil", EntryType::Regular),
        (outside, "data/../../evil", EntryType::Regular),
        (outside, "data/v3/../evil", EntryType::Regular),
        (outside, absolute, EntryType::Regular),
        (outside, "evil", EntryType::Regular),
        (outside, "data/../../evil", EntryType::Directory),
        (link, "data/evil", EntryType::Symlink),
        (link, "data/evil", EntryType::Link),
        (link, "data/evil", EntryType::Fifo),
    ] {
        let archive = packed(&[(MANIFEST, EntryType::Regular, manifest), (path, kind, "evil")]);
        fs::write(place.at("evil.tar.gz"), archive).expect("is written");
        place.refuses(words, || place.restore("evil.tar.gz", "new/state", false));
        place.refuses(words, || place.restore("evil.tar.gz", "state", true));
    }
}

/// An archive of these entries, whatever their names are.
fn packed(entries: &[(&str, EntryType, &str)]) -> Vec<u8> {
    let mut archive = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, kind, content) in entries {
        let mut header = Header::new_gnu();
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        if !matches!(kind, EntryType::Regular) {
            header.set_link_name("/").expect("fits");
        }
        header.set_mode(0o644);
        header.set_size(if kind.is_file() { content.len() as u64 } else { 0 });
        header.set_cksum();
        let content = if kind.is_file() { content.as_bytes() } else { &[] };
        archive.append(&header, content).expect("is written");
    }
    archive.into_inner().and_then(GzEncoder::finish).expect("is written")
}

#[test]
fn only_its_owner_reads_an_archive_and_any_tar_unpacks_it() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.backup("state", "data.tar.gz").expect("is backed up");
    let file = File::open(place.at("data.tar.gz")).expect("opens");
    assert_eq!(file.metadata().expect("is read").permissions().mode() & 0o777, 0o600);
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    let entries = archive.entries().expect("is read");
    let names: Vec<_> =
        entries.map(|e| e.and_then(|e| Ok(e.path()?.into_owned())).expect("is read")).collect();
    assert_eq!(names[0], Path::new(MANIFEST));
    assert!(names[1..].iter().all(|name| name.starts_with("data")), "{names:?}");
}
