//! The real runtime over the built Worker, on a port of its own: `wrangler dev`, with the app, or the bare
//! `workerd`.
//!
//! A small shell stands between: it starts either in a process group of its own and kills the
//! whole group, as SIGKILL, when its standard input ends. So [`Runtime::kill`] is a crash that no
//! process can soften, and when this program ends, however it ends, nothing stays behind.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::bare;
use crate::http::{self, Request};
use crate::limits::Limits;
use crate::ten;

/// How long the runtime may take to answer after its start.
const START: Duration = Duration::from_secs(180);

/// Runs the command; ends it when standard input ends, and ends with it.
const SUPERVISOR: &str =
    r#"( "$@" </dev/null; kill -KILL 0 ) & read -r _ || kill -KILL 0; kill -KILL 0"#;

/// How the Worker is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Through `wrangler dev`, whose proxy every frame passes.
    Wrangler,
    /// By `workerd` alone, as nothing of `wrangler` is there in a deployment.
    Bare,
}

/// A runtime and its storage.
#[derive(Debug)]
pub struct Runtime {
    way: Way,
    port: u16,
    origin: String,
    dir: PathBuf,
    /// Where the objects keep what they hold.
    state: PathBuf,
    /// A program that `wrangler` starts in the place of `workerd`.
    workerd: Option<PathBuf>,
    limits: Limits,
    /// Whether the routes are there that are for tests.
    tested: bool,
    /// `host:port` that the service may ask although it is not public.
    outside: String,
    /// Where the bare runtime can be looked into while it runs.
    inspector: Option<u16>,
    /// Whether the bare runtime runs the floor in the place of the Worker.
    is_floor: bool,
    supervisor: Option<Child>,
}

impl Runtime {
    /// Starts `wrangler` with empty storage in `dir`, which is emptied first, and waits until it
    /// answers.
    ///
    /// # Panics
    /// With what to do about it, when the Worker is not built or the runtime does not start.
    #[must_use]
    pub fn start(dir: &Path, limits: Limits) -> Self {
        Self::start_with(dir, &dir.join("state"), None, limits)
    }

    /// As [`Runtime::start`], one way or the other.
    ///
    /// # Panics
    /// As [`Runtime::start`].
    #[must_use]
    pub fn start_on(way: Way, dir: &Path, limits: Limits) -> Self {
        let mut runtime = Self::prepare(dir, &dir.join("state"), None, limits);
        runtime.way = way;
        runtime.restart();
        runtime
    }

    /// As [`Runtime::start_on`], the bare one, without what only tests may ask.
    ///
    /// # Panics
    /// As [`Runtime::start`].
    #[must_use]
    pub fn start_as_deployed(dir: &Path) -> Self {
        let mut runtime = Self::prepare(dir, &dir.join("state"), None, Limits::Default);
        (runtime.way, runtime.tested) = (Way::Bare, false);
        runtime.restart();
        runtime
    }

    /// As [`Runtime::start_on`], the bare one, which can be looked into: see [`Runtime::inspector`].
    ///
    /// # Panics
    /// As [`Runtime::start`].
    #[must_use]
    pub fn start_inspected(dir: &Path, limits: Limits) -> Self {
        let mut runtime = Self::prepare(dir, &dir.join("state"), None, limits);
        (runtime.way, runtime.inspector) = (Way::Bare, Some(free_port()));
        runtime.restart();
        runtime
    }

    /// As [`Runtime::start_on`], the bare one, with the floor in the place of the Worker: the least that a chat takes
    /// on this runtime (`floor.js`).
    ///
    /// # Panics
    /// As [`Runtime::start`].
    #[must_use]
    pub fn start_floor(dir: &Path) -> Self {
        let mut runtime = Self::prepare(dir, &dir.join("state"), None, Limits::Off);
        (runtime.way, runtime.is_floor) = (Way::Bare, true);
        runtime.restart();
        runtime
    }

    /// As [`Runtime::start`], where links may lead to `outside`, a `host:port`, and push services may be
    /// there.
    ///
    /// # Panics
    /// As [`Runtime::start`].
    #[must_use]
    pub fn start_with_outside(dir: &Path, limits: Limits, outside: &str) -> Self {
        let mut runtime = Self::prepare(dir, &dir.join("state"), None, limits);
        outside.clone_into(&mut runtime.outside);
        runtime.restart();
        runtime
    }

    /// As [`Runtime::start`], with the objects' storage in `state`, which is not emptied, and with
    /// another program in the place of `workerd`.
    ///
    /// # Panics
    /// As [`Runtime::start`].
    #[must_use]
    pub fn start_with(dir: &Path, state: &Path, workerd: Option<&Path>, limits: Limits) -> Self {
        let mut runtime = Self::prepare(dir, state, workerd, limits);
        runtime.restart();
        runtime
    }

    fn prepare(dir: &Path, state: &Path, workerd: Option<&Path>, limits: Limits) -> Self {
        check_built();
        match fs::remove_dir_all(dir) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                panic!("cannot empty {}: {error}", dir.display())
            }
            _ => {}
        }
        fs::create_dir_all(dir).expect("a directory for the runtime's storage can be made");
        let port = free_port();
        let origin = format!("http://127.0.0.1:{port}");
        let (dir, state) = (dir.to_owned(), state.to_owned());
        let workerd = workerd.map(Path::to_owned);
        Self {
            way: Way::Wrangler,
            port,
            origin,
            dir,
            state,
            workerd,
            limits,
            tested: true,
            outside: String::new(),
            inspector: None,
            is_floor: false,
            supervisor: None,
        }
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The `host:port` where the runtime speaks the DevTools protocol, if it does.
    #[must_use]
    pub fn inspector(&self) -> Option<String> {
        self.inspector.map(|port| format!("127.0.0.1:{port}"))
    }

    /// The process group of everything that runs; none after [`Runtime::kill`].
    #[must_use]
    pub fn group(&self) -> Option<u32> {
        self.supervisor.as_ref().map(Child::id)
    }

    /// Ends the runtime as a power cut would: SIGKILL to every process of it at once.
    pub fn kill(&mut self) {
        if let Some(mut supervisor) = self.supervisor.take() {
            // Its standard input ends here.
            drop(supervisor.stdin.take());
            let _ = supervisor.wait();
        }
    }

    /// Starts the runtime again, after [`Runtime::kill`], on the same port and storage, and waits
    /// until it answers.
    pub fn restart(&mut self) {
        self.kill();
        self.wait_for_port();
        self.supervisor = Some(self.spawn());
        self.wait_for_answer();
    }

    /// Everything that the runtime has printed since its last start.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read(self.log_path())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    fn log_path(&self) -> PathBuf {
        self.dir.join("runtime.log")
    }

    fn spawn(&self) -> Child {
        let log = File::create(self.log_path()).expect("the runtime's log can be written");
        let mut command = Command::new("sh");
        command.args(["-c", SUPERVISOR, "tideline-runtime"]);
        match self.way {
            Way::Wrangler => self.wrangler(&mut command),
            Way::Bare => self.bare(&mut command),
        }
        command
            .current_dir(workspace())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(log.try_clone().expect("the runtime's log can be written"))
            .stderr(log);
        command.spawn().expect("`sh` can be started")
    }

    /// What is another way in every run.
    fn vars(&self) -> [(&'static str, String); 4] {
        [
            ("TIDELINE_CONFORMANCE", if self.tested { "on" } else { "off" }.to_owned()),
            ("TIDELINE_LIMITS", self.limits.overrides()),
            ("LINK_PREVIEWS_ALLOW", self.outside.clone()),
            ("PUSH_ALLOW", self.outside.clone()),
        ]
    }

    fn bare(&self, command: &mut Command) {
        let vars = self.vars();
        let config = bare::configure(&self.dir, &self.state, self.port, &vars, self.is_floor);
        command.arg(bare::workerd()).arg("serve").arg(config);
        if let Some(address) = self.inspector() {
            command.arg(format!("--inspector-addr={address}"));
        }
    }

    fn wrangler(&self, command: &mut Command) {
        let bin = workspace().join("node_modules/.bin");
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .arg(bin.join("wrangler"))
            .args(["dev", "--ip", "127.0.0.1", "--inspector-port", "0", "--log-level", "warn"])
            .args(["--port", &self.port.to_string()])
            .args(["--persist-to", &self.state.to_string_lossy()])
            .args(
                self.vars()
                    .iter()
                    .flat_map(|(name, value)| ["--var".to_owned(), format!("{name}:{value}")]),
            )
            // The `node` in there is one that `wrangler` accepts; the machine's may be older.
            .env("PATH", format!("{}:{path}", bin.display()))
            .env("TIDELINE_SKIP_BUILD", "1")
            .env("WRANGLER_LOG_PATH", self.dir.join("wrangler-logs"))
            // Runtimes on one machine must not find, and call, each other.
            .env("WRANGLER_REGISTRY_PATH", self.dir.join("registry"))
            .env("CI", "1");
        if let Some(workerd) = &self.workerd {
            command.env("MINIFLARE_WORKERD_PATH", workerd);
        }
    }

    /// The killed runtime's port may stay taken for a moment, and `wrangler` would choose another.
    fn wait_for_port(&self) {
        let deadline = Instant::now() + START;
        while TcpListener::bind(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < deadline, "port {} stays taken", self.port);
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn wait_for_answer(&mut self) {
        let deadline = Instant::now() + START;
        let whoami = Request {
            method: "POST",
            path: "/api/session".to_owned(),
            origin: Some(self.origin.clone()),
            cookie: None,
            body: br#"{"type":"whoami"}"#.to_vec(),
        };
        loop {
            let last = match http::fetch(&self.origin, &whoami) {
                // Before the Worker is there, `wrangler` answers in words of its own.
                Ok(answer) if answer.body.starts_with('{') => return,
                Ok(answer) => format!("{} {}", answer.status, answer.body),
                Err(error) => error.to_string(),
            };
            let running = matches!(self.supervisor.as_mut().map(Child::try_wait), Some(Ok(None)));
            if !running || Instant::now() > deadline {
                let log = self.log();
                self.kill();
                panic!("the runtime does not start (last answer: {last}); it says:\n{log}");
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The repository's root.
#[must_use]
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace")
}

fn check_built() {
    for (file, what) in [
        ("node_modules/.bin/wrangler", "`wrangler` is not installed"),
        ("worker/build", "the Worker is not built"),
        ("frontend/dist/index.html", "the app is not built"),
    ] {
        let path = workspace().join(file);
        assert!(path.exists(), "{what} ({file} is missing): run `cargo xtask build` first");
    }
}

/// A port that is free, below those that systems hand out by themselves: nobody takes it while the runtime is on
/// its way to it.
fn free_port() -> u16 {
    let some = || {
        let [low, high, ..] = ten();
        11_000 + u16::from_le_bytes([low, high]) % 21_000
    };
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    std::iter::repeat_with(some).take(1_000).find(free).expect("there is a free port")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_supervisor_ends_the_whole_group_when_its_input_ends() {
        let mut supervisor = Command::new("sh")
            .args(["-c", SUPERVISOR, "test", "sh", "-c", "sleep 600 & sleep 600"])
            .process_group(0)
            .stdin(Stdio::piped())
            .spawn()
            .expect("`sh` can be started");
        assert!(supervisor.try_wait().expect("can be waited for").is_none());
        drop(supervisor.stdin.take());
        assert_eq!(supervisor.wait().expect("ends").code(), None, "killed, not ended by itself");
    }

    #[test]
    fn the_supervisor_ends_when_the_command_does() {
        let mut supervisor = Command::new("sh")
            .args(["-c", SUPERVISOR, "test", "true"])
            .process_group(0)
            .stdin(Stdio::piped())
            .spawn()
            .expect("`sh` can be started");
        assert!(!supervisor.wait().expect("ends").success());
    }
}
