//! Jobs that run side by side: each writes to its own log, one line tells how far they are, and
//! each ends with a line that says what happened and how long it took.

use std::{
    fs::{self, File},
    io::{IsTerminal, Read, Seek, SeekFrom, Write, stdout},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};

use crate::{paths, sh};

/// How a job ended well.
pub(crate) enum Outcome {
    Done,
    /// There was nothing to do.
    Fresh,
    /// Done, with something to tell.
    Told(String),
}

/// One thing to do, known by its name.
pub(crate) struct Job<'a> {
    name: &'static str,
    run: Run<'a>,
}

type Run<'a> = Box<dyn FnOnce(&Log) -> Result<Outcome> + Send + 'a>;

impl<'a> Job<'a> {
    pub(crate) fn new(
        name: &'static str,
        run: impl FnOnce(&Log) -> Result<Outcome> + Send + 'a,
    ) -> Self {
        Self { name, run: Box::new(run) }
    }
}

/// Where a job's programs write.
pub(crate) struct Log {
    path: PathBuf,
}

impl Log {
    pub(crate) fn create(name: &str) -> Result<Self> {
        let path = paths::log(name);
        fs::create_dir_all(paths::WORK)?;
        File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(Self { path })
    }

    /// Runs a program, everything that it prints going to the log.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        let status = self.prepare(command)?.status();
        let status = status.with_context(|| sh::not_started(command))?;
        if !status.success() {
            bail!("`{}` failed ({status}).", sh::shown(command));
        }
        Ok(())
    }

    /// Runs a program; what it prints as its result comes back, the rest goes to the log.
    pub(crate) fn output(&self, command: &mut Command) -> Result<String> {
        let out = self.prepare(command)?.stdout(Stdio::piped()).output();
        let out = out.with_context(|| sh::not_started(command))?;
        if !out.status.success() {
            bail!("`{}` failed ({}).", sh::shown(command), out.status);
        }
        Ok(String::from_utf8_lossy(&out.stdout).into_owned())
    }

    pub(crate) fn say(&self, line: &str) -> Result<()> {
        Ok(writeln!(self.append()?, "{line}")?)
    }

    pub(crate) fn text(&self) -> String {
        fs::read(&self.path)
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .unwrap_or_default()
    }

    fn prepare<'c>(&self, command: &'c mut Command) -> Result<&'c mut Command> {
        self.say(&format!("$ {}", sh::shown(command)))?;
        let file = self.append()?;
        Ok(command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file))
    }

    fn append(&self) -> Result<File> {
        Ok(File::options().append(true).open(&self.path)?)
    }
}

/// Lines of a log that are shown when a job failed.
const MOST_LINES: usize = 150;

/// A passed test of cargo's or Playwright's, or a crate on its way.
fn went_well(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('✓')
        || line.starts_with("Compiling ")
        || line.starts_with("Downloaded ")
        || (line.starts_with("test ") && line.ends_with(" ... ok"))
}

/// What a person needs of a log when its job failed: the end, without what went well.
fn digest(log: &str) -> String {
    let telling: Vec<_> = log.lines().filter(|line| !went_well(line)).collect();
    telling[telling.len().saturating_sub(MOST_LINES)..].join("\n")
}

/// Runs one job. See [`side_by_side`].
pub(crate) fn one(job: Job<'_>) -> Result<()> {
    side_by_side(vec![job])
}

/// Runs all jobs at once and waits for all of them. A failed one shows what its log says of the
/// failure; the error says what to do.
pub(crate) fn side_by_side(jobs: Vec<Job<'_>>) -> Result<()> {
    let (finished, inbox) = channel();
    let start = Instant::now();
    let mut running = Vec::new();
    let mut failed = None;
    thread::scope(|scope| -> Result<()> {
        for (index, job) in jobs.into_iter().enumerate() {
            let log = Log::create(job.name)?;
            running.push(Running { name: job.name, index, log: log.path.clone() });
            let finished = finished.clone();
            // The receiver outlives the scope, so sending cannot fail.
            scope.spawn(move || drop(finished.send((index, (job.run)(&log), start.elapsed()))));
        }
        drop(finished);
        let mut progress = Progress::new(start);
        while let Some((index, result, took)) = progress.next(&inbox, &running) {
            let Some(at) = running.iter().position(|job| job.index == index) else { continue };
            let job = running.remove(at);
            if let Err(error) = job.tell(result, took) {
                failed.get_or_insert(error);
            }
        }
        Ok(())
    })?;
    failed.map_or(Ok(()), Err)
}

/// `3.2 s`, `2 min 05 s`
pub(crate) fn seconds(time: Duration) -> String {
    match time.as_secs() {
        whole @ 0..60 => format!("{}.{} s", whole, time.subsec_millis() / 100),
        whole => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

struct Running {
    name: &'static str,
    index: usize,
    log: PathBuf,
}

impl Running {
    fn tell(&self, result: Result<Outcome>, took: Duration) -> Result<()> {
        let took = seconds(took);
        match result {
            Ok(Outcome::Done) => println!("  ok      {:<18} {took}", self.name),
            Ok(Outcome::Fresh) => println!("  fresh   {:<18} {took}", self.name),
            Ok(Outcome::Told(what)) => println!("  ok      {:<18} {took}  {what}", self.name),
            Err(error) => {
                println!("  FAILED  {:<18} {took}", self.name);
                println!("{}", digest(&Log { path: self.log.clone() }.text()));
                println!("(the whole log: {})", self.log.display());
                return Err(anyhow!("{}: {error:#}", self.name));
            }
        }
        Ok(())
    }

    fn status(&self) -> String {
        format!("{}: {}", self.name, last_line(&self.log).unwrap_or_default())
    }
}

/// Tells from time to time what is still running; in place where the output is a terminal.
struct Progress {
    start: Instant,
    last: Duration,
    terminal: bool,
}

impl Progress {
    fn new(start: Instant) -> Self {
        Self { start, last: Duration::ZERO, terminal: stdout().is_terminal() }
    }

    /// What finishes next; `None` when nothing is left.
    fn next<T>(&mut self, inbox: &Receiver<T>, running: &[Running]) -> Option<T> {
        loop {
            let result = inbox.recv_timeout(Duration::from_millis(250));
            if self.terminal {
                print!("\r\x1b[2K");
            }
            match result {
                Ok(finished) => return Some(finished),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => self.show(running),
            }
        }
    }

    fn show(&mut self, running: &[Running]) {
        let now = self.start.elapsed();
        if self.terminal {
            let width = 100 / running.len().max(1);
            let all: Vec<_> = running.iter().map(|job| cut(&job.status(), width)).collect();
            print!("  {}  {}", seconds(now), all.join("  |  "));
            // A terminal that is gone is no reason to stop.
            let _ = stdout().flush();
        } else if now - self.last >= Duration::from_secs(20) {
            self.last = now;
            for job in running {
                println!("  …       {} ({})", cut(&job.status(), 90), seconds(now));
            }
        }
    }
}

fn cut(text: &str, width: usize) -> String {
    text.chars().take(width).collect()
}

/// The last line of a file that says something.
fn last_line(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    let end = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(end.saturating_sub(2_000))).ok()?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).ok()?;
    let tail = String::from_utf8_lossy(&tail);
    let line = tail.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.chars().filter(|c| !c.is_control()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_log_is_shown_without_what_went_well() {
        let log = "   Compiling serde v1.0.0\ntest one ... ok\ntest two ... FAILED\n\
                     ✓  1 e2e/tests/a.spec.ts\n  ✘  2 e2e/tests/b.spec.ts";
        assert_eq!(digest(log), "test two ... FAILED\n  ✘  2 e2e/tests/b.spec.ts");
        let long = "a line\n".repeat(1_000);
        assert_eq!(digest(&long).lines().count(), MOST_LINES);
    }
}
