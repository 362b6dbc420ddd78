//! How far a copy is: one line, in place where the output is a terminal. Also where Ctrl-C is
//! noticed, so that what was begun is cleaned up.

use std::{
    io::{self, IsTerminal, Write, stdout},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

/// How often the line changes.
const EVERY: Duration = Duration::from_millis(200);

pub(super) struct Progress {
    start: Instant,
    last: Duration,
    terminal: bool,
    stopped: Arc<AtomicBool>,
    pub(super) files: u64,
    pub(super) bytes: u64,
}

impl Progress {
    pub(super) fn new(stopped: &Arc<AtomicBool>) -> Self {
        let (start, last, terminal) = (Instant::now(), Duration::ZERO, stdout().is_terminal());
        Self { start, last, terminal, stopped: Arc::clone(stopped), files: 0, bytes: 0 }
    }

    /// Counts a file that is done. Fails when the person does not want any more.
    pub(super) fn file(&mut self, bytes: u64) -> Result<()> {
        self.files += 1;
        self.bytes += bytes;
        go_on(&self.stopped).inspect_err(|_| self.clear())?;
        let now = self.start.elapsed();
        if self.terminal && now - self.last >= EVERY {
            self.last = now;
            print!("\r\x1b[2K  …       {self}");
            // A terminal that is gone is no reason to stop.
            let _ = stdout().flush();
        }
        Ok(())
    }

    /// Leaves a line that says how much it was.
    pub(super) fn end(&self, what: &str) {
        self.clear();
        let took = self.start.elapsed().as_secs_f64();
        println!("  ok      {what:<18} {took:.1} s  {self}");
    }

    fn clear(&self) {
        if self.terminal {
            print!("\r\x1b[2K");
        }
    }
}

impl std::fmt::Display for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}", counted(self.files, "file"), size(self.bytes))
    }
}

/// Is set when the person presses Ctrl-C.
pub(super) fn interrupts() -> Result<Arc<AtomicBool>> {
    let stopped = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stopped);
    ctrlc::set_handler(move || told.store(true, Ordering::Relaxed))?;
    Ok(stopped)
}

/// Fails when the person does not want any more.
pub(super) fn go_on(stopped: &AtomicBool) -> Result<()> {
    if stopped.load(Ordering::Relaxed) {
        bail!("Stopped before it was done.");
    }
    Ok(())
}

/// Writes until the person does not want any more.
pub(super) struct Stoppable<W> {
    pub(super) inner: W,
    pub(super) stopped: Arc<AtomicBool>,
}

impl<W: Write> Write for Stoppable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        go_on(&self.stopped).map_err(io::Error::other)?;
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// `1 file`, `12 files`
pub(super) fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// `812 bytes`, `48 kB`, `3.1 MB`
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => counted(bytes, "byte"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}
