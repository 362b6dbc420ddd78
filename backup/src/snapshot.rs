//! All databases of a directory, held in the state of one moment, while others write to them.
//!
//! Each object of the service has a database of its own, and what one knows of another must not be
//! newer than the other: an account that has heard of a message which its conversation does not
//! have would take the next one for told already. So the databases are not only each consistent:
//! together they are what a power cut at that moment would have left, which the service is made for.
//!
//! Every database gets a read transaction, which sees what was committed when it began, `-wal`
//! included. When all have one, it is asked whether anything was committed since; where something
//! was, the transaction is begun anew, until nothing was: a moment without a commit is enough,
//! however large the databases are. Only then are they copied, and nobody waits: readers do not
//! block writers in WAL mode, which is what the runtime uses.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{progress::go_on, shown};

/// For how long a moment without a commit is looked for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Open files that are asked for where the system names no limit.
const MANY_FILES: u64 = 10_000;

/// How every SQLite database begins (<https://sqlite.org/fileformat.html>, section 1.2).
const MAGIC: &[u8] = b"SQLite format 3\0";

/// What SQLite keeps beside a database, by the end of its name.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A data directory at one moment. Nothing in it is changed, but that SQLite may leave an index
/// (`-shm`) beside a `-wal`.
pub(super) struct Snapshot {
    dir: PathBuf,
    found: Found,
    held: BTreeMap<PathBuf, Held>,
}

/// What there is, by paths relative to the data directory.
#[derive(Default)]
struct Found {
    dirs: BTreeSet<PathBuf>,
    databases: BTreeSet<PathBuf>,
    /// All files that are neither databases nor what SQLite keeps beside one.
    others: BTreeSet<PathBuf>,
}

impl Snapshot {
    /// Holds everything that is in `dir`.
    ///
    /// Fails when something there cannot be read, is neither a file nor a directory, or when the
    /// databases are written to without a moment of rest for [`PATIENCE`], or the person stops it.
    pub(super) fn take(dir: &Path, stopped: &AtomicBool) -> Result<Self> {
        allow_many_files();
        let mut this = Self { dir: dir.to_owned(), found: Found::default(), held: BTreeMap::new() };
        let start = Instant::now();
        while !this.holds_one_moment()? {
            go_on(stopped)?;
            if start.elapsed() > PATIENCE {
                bail!(
                    "The service wrote without a moment of rest for {} seconds. Stop it, or try \
                     again when less is going on.",
                    PATIENCE.as_secs()
                );
            }
        }
        Ok(this)
    }

    pub(super) fn databases(&self) -> u64 {
        self.held.len() as u64
    }

    /// Databases and other files.
    pub(super) fn files(&self) -> u64 {
        self.databases() + self.found.others.len() as u64
    }

    /// Copies everything into `to`, which is empty; tells the size of each file that is done.
    pub(super) fn copy(self, to: &Path, mut done: impl FnMut(u64) -> Result<()>) -> Result<()> {
        for dir in &self.found.dirs {
            fs::create_dir_all(to.join(dir))?;
        }
        for (path, held) in self.held {
            let copied = held.copy(&to.join(&path));
            done(copied.with_context(|| unreadable(&self.dir.join(&path)))?)?;
        }
        // After the databases: what a database speaks of is written before it.
        for path in &self.found.others {
            let from = self.dir.join(path);
            match fs::copy(&from, to.join(path)) {
                Ok(bytes) => done(bytes)?,
                // A running service throws files away; then it needs them no more.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error).with_context(|| unreadable(&from)),
            }
        }
        Ok(())
    }

    /// Takes hold of what is new or has changed; true when there was nothing like that, so that
    /// everything held was true at the same time: when this began.
    fn holds_one_moment(&mut self) -> Result<bool> {
        self.found = Found::default();
        self.look_into(Path::new(""))?;
        let mut all = true;
        self.held.retain(|path, _| self.found.databases.contains(path));
        for path in &self.found.databases {
            let file = self.dir.join(path);
            let moved = match self.held.entry(path.clone()) {
                Entry::Occupied(mut held) => held.get_mut().renew(),
                Entry::Vacant(free) => Held::open(&file).map(|held| {
                    free.insert(held);
                    true
                }),
            };
            all &= !moved.with_context(|| unreadable(&file))?;
        }
        Ok(all)
    }

    fn look_into(&mut self, below: &Path) -> Result<()> {
        let dir = self.dir.join(below);
        let mut files = BTreeSet::new();
        for entry in fs::read_dir(&dir).with_context(|| unreadable(&dir))? {
            let entry = entry.with_context(|| unreadable(&dir))?;
            let path = below.join(entry.file_name());
            let kind = entry.file_type().with_context(|| unreadable(&entry.path()))?;
            if kind.is_dir() {
                self.found.dirs.insert(path.clone());
                self.look_into(&path)?;
            } else if kind.is_file() {
                files.insert(path);
            } else {
                bail!(
                    "{} is neither a file nor a directory, and cannot be backed up. Move it away.",
                    shown(&entry.path())
                );
            }
        }
        let (databases, others): (BTreeSet<_>, BTreeSet<_>) =
            files.into_iter().partition(|path| self.is_database(path));
        let beside = |path: &PathBuf| {
            let name = path.to_string_lossy();
            BESIDE.iter().any(|end| {
                name.strip_suffix(end).is_some_and(|name| databases.contains(Path::new(name)))
            })
        };
        self.found.others.extend(others.into_iter().filter(|path| !beside(path)));
        self.found.databases.extend(databases);
        Ok(())
    }

    /// Files that are held are not opened again: closing a file gives up all locks that this process
    /// has on it (<https://sqlite.org/howtocorrupt.html>, section 2.2).
    fn is_database(&self, path: &Path) -> bool {
        if self.held.contains_key(path) {
            return true;
        }
        // One that was made this moment is empty yet.
        let is_fresh =
            |start: &[u8]| start.is_empty() && path.extension().is_some_and(|end| end == "sqlite");
        beginning(&self.dir.join(path)).is_ok_and(|start| start == MAGIC || is_fresh(&start))
    }
}

/// Whether a file is a database that something was written to.
pub(super) fn is_database(file: &Path) -> io::Result<bool> {
    Ok(beginning(file)? == MAGIC)
}

/// The first bytes of a file, as many as tell what it is.
fn beginning(file: &Path) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    File::open(file)?.take(MAGIC.len() as u64).read_to_end(&mut start)?;
    Ok(start)
}

/// A database in the state of one moment.
struct Held {
    /// Has a read transaction open: it sees that moment only.
    reader: Connection,
    /// Has none: it sees whether there were commits since.
    watch: Connection,
    /// What `watch` saw before the transaction began.
    version: i64,
}

impl Held {
    fn open(file: &Path) -> rusqlite::Result<Self> {
        // Reading only, so that closing it does not write the `-wal` back.
        let open = || {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            Connection::open_with_flags(file, flags)
        };
        let (reader, watch) = (open()?, open()?);
        let held = Self { version: version(&watch)?, reader, watch };
        held.begin()?;
        Ok(held)
    }

    /// Moves on to the present; false when it was there.
    fn renew(&mut self) -> rusqlite::Result<bool> {
        let version = version(&self.watch)?;
        if version == self.version {
            return Ok(false);
        }
        self.version = version;
        self.reader.execute_batch("ROLLBACK")?;
        self.begin()?;
        Ok(true)
    }

    fn begin(&self) -> rusqlite::Result<()> {
        // A transaction sees what is there at its first look, not at its `BEGIN`.
        self.reader.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")
    }

    /// Copies page by page what the transaction sees; brings the size.
    fn copy(self, to: &Path) -> Result<u64> {
        let mut copy = Connection::open(to)?;
        // It is written to the disk once, as a part of the archive.
        copy.execute_batch("PRAGMA synchronous = OFF")?;
        let backup = Backup::new(&self.reader, &mut copy)?;
        // All pages at once.
        match backup.step(-1)? {
            StepResult::Done => {}
            _ => bail!("Somebody has locked it."),
        }
        drop(backup);
        copy.close().map_err(|(_, error)| error)?;
        Ok(fs::metadata(to)?.len())
    }
}

/// Changes with every commit of others, and with nothing else (`PRAGMA data_version`).
fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0))
}

/// Each database takes five open files, and many systems allow a thousand until one asks.
fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(MANY_FILES);
    // Where it is refused, it may be enough as it is; if not, opening a database says so.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: limit.maximum });
}

fn unreadable(path: &Path) -> String {
    format!("{} cannot be read", shown(path))
}
