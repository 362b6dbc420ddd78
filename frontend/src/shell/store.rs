//! The local store: text by text key, in IndexedDB. A disk that is full is told to the engine, which
//! makes room. A browser that refuses to store costs the person what would have been kept, and nothing else;
//! they hear of it if those are words of theirs.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, Promise, Reflect};
use tideline_client::{Input, Write};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Event, IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest,
    IdbTransactionMode,
};

use crate::browser::{Listener, listen, sleep, window};

/// The one object store of each database.
const ROWS: &str = "rows";

/// How often something is tried again for which there was no room.
const TRIES: u32 = 4;
/// How long browsers take until they count what was freed, in milliseconds.
const COUNTED_MS: i32 = 500;

/// What the store is asked for.
#[derive(Clone)]
pub(super) enum Job {
    /// All of it or nothing.
    Write(Vec<Write>),
    /// Every row whose key begins with one of these.
    Load(Vec<String>),
}

/// A store whose jobs are done one after the other, in the order they came.
pub(super) struct Store {
    inner: Rc<Inner>,
}

struct Inner {
    name: String,
    jobs: RefCell<VecDeque<Job>>,
    running: Cell<bool>,
    closed: Cell<bool>,
    database: RefCell<Option<Opened>>,
    say: Box<dyn Fn(Input)>,
}

struct Opened {
    database: IdbDatabase,
    /// Lets go of the database when another tab deletes it.
    _yield: Listener,
}

impl Store {
    /// A store that opens its database at its first job, and answers `Load` through `say`.
    pub(super) fn new(name: &str, say: Box<dyn Fn(Input)>) -> Self {
        let inner = Inner {
            name: name.to_owned(),
            jobs: RefCell::default(),
            running: Cell::new(false),
            closed: Cell::new(false),
            database: RefCell::default(),
            say,
        };
        Self { inner: Rc::new(inner) }
    }

    pub(super) fn push(&self, job: Job) {
        self.inner.jobs.borrow_mut().push_back(job);
        if !self.inner.running.replace(true) {
            spawn_local(Rc::clone(&self.inner).run());
        }
    }

    /// Ends it; jobs that wait are dropped.
    pub(super) fn close(&self) {
        self.inner.closed.set(true);
        if let Some(opened) = self.inner.database.take() {
            opened.database.close();
        }
    }
}

impl Inner {
    async fn run(self: Rc<Self>) {
        if self.database.borrow().is_none() {
            let opened = open(&self.name).await.ok();
            *self.database.borrow_mut() = opened;
        }
        while !self.closed.get() {
            let Some(job) = self.next() else { break };
            let database = self.database.borrow().as_ref().map(|opened| opened.database.clone());
            match (job, database) {
                (Job::Write(writes), Some(database)) => {
                    if !self.write(&database, &writes).await && !self.closed.get() {
                        // What is on the screen is right all the same.
                        (self.say)(Input::NotStored(writes));
                    }
                }
                (Job::Write(writes), None) => (self.say)(Input::NotStored(writes)),
                (Job::Load(prefixes), database) => {
                    let found = match database {
                        Some(database) => load(&database, &prefixes).await.unwrap_or_default(),
                        None => Vec::new(),
                    };
                    let found = found.into_iter().chain(std::iter::repeat_with(Vec::new));
                    for (prefix, rows) in prefixes.into_iter().zip(found) {
                        (self.say)(Input::Loaded { prefix, rows });
                    }
                }
            }
        }
        self.running.set(false);
        if self.closed.get() {
            // Closed while the database was being opened.
            if let Some(opened) = self.database.take() {
                opened.database.close();
            }
        }
    }

    /// Writes rows, and lets older ones go where the disk is full. Whether they are written.
    async fn write(&self, database: &IdbDatabase, writes: &[Write]) -> bool {
        for _ in 0..TRIES {
            match write(database, writes).await {
                Ok(()) => return true,
                Err(error) if !is_full(&error) => return false,
                Err(_) => {}
            }
            let waiting = self.jobs.borrow().len();
            (self.say)(Input::StoreFull);
            // In their place behind what waits they are done once more.
            let freeing: Vec<Job> = self.jobs.borrow().iter().skip(waiting).cloned().collect();
            if freeing.is_empty() {
                return false;
            }
            for job in freeing {
                if let Job::Write(writes) = job {
                    // Rows go even where none can come.
                    let _ = self::write(database, &writes).await;
                }
            }
            sleep(COUNTED_MS).await;
        }
        false
    }

    /// The next job; those of one kind that wait behind one another travel together.
    fn next(&self) -> Option<Job> {
        let mut jobs = self.jobs.borrow_mut();
        let mut job = jobs.pop_front()?;
        loop {
            match (&mut job, jobs.pop_front()) {
                (Job::Write(writes), Some(Job::Write(more))) => writes.extend(more),
                (Job::Load(prefixes), Some(Job::Load(more))) => prefixes.extend(more),
                (_, other) => {
                    other.into_iter().for_each(|other| jobs.push_front(other));
                    return Some(job);
                }
            }
        }
    }
}

/// Whether that is what a browser says when there is no room.
fn is_full(error: &JsValue) -> bool {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    name.as_deref() == Some("QuotaExceededError")
}

/// Deletes an account's store; other tabs let go of it when they hear of it.
pub(super) fn delete(name: &str) {
    if let Ok(factory) = factory() {
        let _ = factory.delete_database(name);
    }
}

fn factory() -> Result<IdbFactory, JsValue> {
    // By name, because the typed getter throws where there is none.
    Reflect::get(&window(), &"indexedDB".into())?.dyn_into()
}

async fn open(name: &str) -> Result<Opened, JsValue> {
    let request: IdbOpenDbRequest = factory()?.open_with_u32(name, 1)?;
    let upgrade = {
        let request = request.clone();
        listen(&request.clone(), "upgradeneeded", move |_| {
            if let Ok(database) = request.result().and_then(JsCast::dyn_into::<IdbDatabase>) {
                let _ = database.create_object_store(ROWS);
            }
        })
    };
    let database: IdbDatabase = done(&request).await?.dyn_into()?;
    drop(upgrade);
    let yielding = {
        let database = database.clone();
        listen(&database.clone(), "versionchange", move |_| database.close())
    };
    Ok(Opened { database, _yield: yielding })
}

/// Asks for one thing, over a connection of its own.
pub(super) async fn ask(
    name: &str,
    act: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
) -> Result<JsValue, JsValue> {
    let Opened { database, _yield } = open(name).await?;
    let asked = database
        .transaction_with_str_and_mode(ROWS, IdbTransactionMode::Readwrite)
        .and_then(|transaction| act(&transaction.object_store(ROWS)?));
    let answer = match asked {
        Ok(request) => done(&request).await,
        Err(error) => Err(error),
    };
    database.close();
    answer
}

async fn write(database: &IdbDatabase, writes: &[Write]) -> Result<(), JsValue> {
    let transaction =
        database.transaction_with_str_and_mode(ROWS, IdbTransactionMode::Readwrite)?;
    let rows = transaction.object_store(ROWS)?;
    for write in writes {
        if let Err(error) = apply(&rows, write) {
            let _ = transaction.abort();
            return Err(error);
        }
    }
    let end = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    match JsFuture::from(end).await {
        Ok(_) => Ok(()),
        // By name, because the typed getter is of a type that nothing else needs.
        Err(_) => Err(Reflect::get(&transaction, &"error".into()).unwrap_or_default()),
    }
}

fn apply(rows: &IdbObjectStore, write: &Write) -> Result<IdbRequest, JsValue> {
    match write {
        Write::Put { key, value } => rows.put_with_key(&value.into(), &key.into()),
        Write::Delete { key } => rows.delete(&key.into()),
        Write::DeleteAll { prefix } => rows.delete(&range(prefix)?),
    }
}

/// The rows below each of the prefixes, read in one go.
async fn load(
    database: &IdbDatabase,
    prefixes: &[String],
) -> Result<Vec<Vec<(String, String)>>, JsValue> {
    let rows = database.transaction_with_str(ROWS)?.object_store(ROWS)?;
    // All are asked, and listened to, before any is waited for.
    let ask = |prefix: &String| {
        let range = range(prefix)?;
        let (keys, values) = (rows.get_all_keys_with_key(&range)?, rows.get_all_with_key(&range)?);
        Ok([settled(&keys), settled(&values)].map(JsFuture::from))
    };
    let asked: Vec<_> = prefixes.iter().map(ask).collect::<Result<_, JsValue>>()?;
    let mut found = Vec::new();
    for [keys, values] in asked {
        let (keys, values) = (result(keys.await?)?, result(values.await?)?);
        let pairs = keys.iter().zip(values.iter());
        let pairs = pairs.filter_map(|(key, value)| Some((key.as_string()?, value.as_string()?)));
        found.push(pairs.collect());
    }
    Ok(found)
}

/// What a request that succeeded brought: `success` is an event at the request.
fn result(success: JsValue) -> Result<Array, JsValue> {
    let request = success.dyn_into::<Event>()?.target().ok_or(JsValue::NULL)?;
    request.dyn_into::<IdbRequest>()?.result()?.dyn_into()
}

/// The keys that begin with `prefix`: nothing sorts behind U+FFFF.
fn range(prefix: &str) -> Result<JsValue, JsValue> {
    let end = format!("{prefix}\u{ffff}");
    IdbKeyRange::bound(&prefix.into(), &end.into()).map(Into::into)
}

/// Waits for a request and takes its result.
async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    JsFuture::from(settled(request)).await?;
    request.result()
}

/// A promise that the request's own `success` and `error` settle.
fn settled(request: &IdbRequest) -> Promise {
    Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    })
}
