//! The commands of the README that start the service, as somebody types them.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tideline_bench::{Account, workspace};
use tokio::time::sleep;

/// What a command may take that finds everything built, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(180);

/// One of them at a time: both ask whether everything is built.
static ALONE: Mutex<()> = Mutex::new(());

/// A command that serves until it is stopped.
struct Serving {
    child: Child,
    /// Whom a signal goes to: its own process, or its group, which begins with a minus.
    target: String,
    port: u16,
    log: PathBuf,
}

impl Serving {
    fn start(mut command: Command, port: u16, log: PathBuf, whole_group: bool) -> Self {
        let out = File::create(&log).expect("the log can be written");
        let child = command
            .current_dir(workspace())
            // Of whoever runs these tests: here it is to be asked whether everything is built.
            .env_remove("TIDELINE_SKIP_BUILD")
            .env("WRANGLER_REGISTRY_PATH", log.with_extension("registry"))
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(out.try_clone().expect("the log can be written"))
            .stderr(out)
            .spawn()
            .expect("can be started");
        let target = if whole_group { format!("-{}", child.id()) } else { child.id().to_string() };
        Self { child, target, port, log }
    }

    fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Registers somebody, as soon as it answers.
    async fn register(&mut self, name: &str) -> Account {
        self.until(async |origin: &str| Account::register(origin, name).await.ok()).await
    }

    async fn until<T>(&mut self, ask: impl AsyncFn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(answer) = ask(&self.origin()).await {
                return answer;
            }
            let ended = self.child.try_wait().expect("can be waited for");
            assert!(ended.is_none() && Instant::now() < deadline, "{ended:?}: {}", self.said());
            sleep(Duration::from_millis(100)).await;
        }
    }

    async fn until_it_says(&mut self, words: &str) {
        let log = self.log.clone();
        let says = async |_: &str| {
            std::fs::read_to_string(&log).is_ok_and(|said| said.contains(words)).then_some(())
        };
        self.until(says).await;
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, "--", &self.target]).status();
        assert!(sent.expect("`kill` can be started").success());
    }

    /// Stops it, as whoever presses Ctrl-C does, and waits until it and all that it started are gone.
    async fn stop(mut self, signal: &str) -> ExitStatus {
        self.signal(signal);
        let deadline = Instant::now() + PATIENCE;
        loop {
            let ended = self.child.try_wait().expect("can be waited for");
            if let Some(ended) =
                ended.filter(|_| TcpListener::bind(("127.0.0.1", self.port)).is_ok())
            {
                return ended;
            }
            assert!(Instant::now() < deadline, "it does not end: {}", self.said());
            sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = Command::new("kill").args(["-TERM", "--", &self.target]).status();
            let _ = self.child.wait();
        }
    }
}

fn dir(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).expect("a directory can be made");
    dir
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("has an address").port()
}

fn xtask_dev(port: u16, state: &Path) -> Command {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.args(["xtask", "dev", "--port", &port.to_string(), "--persist-to"]).arg(state);
    command
}

#[tokio::test]
#[expect(clippy::await_holding_lock, reason = "nothing else runs on this thread meanwhile")]
async fn dev_serves_where_it_is_told_and_keeps_what_it_has_over_a_restart() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (dir, port) = (dir("dev"), free_port());
    let state = dir.join("state");
    let start = |log: &str, more: &[&str]| {
        let mut command = xtask_dev(port, &state);
        command.args(more);
        Serving::start(command, port, dir.join(log), false)
    };
    // Another address of this machine that no other machine reaches.
    let for_others = || TcpStream::connect(("127.0.0.2", port)).is_ok();

    let mut first = start("first.log", &["--host"]);
    let ana = first.register("chores-ana").await;
    first.until_it_says("For friends     http://").await;
    if cfg!(target_os = "linux") {
        assert!(for_others(), "others can open it");
    }
    let group = ana.group("Tide pool").await.expect("is made");
    ana.say(group, "High tide at noon").await.expect("is said");
    assert!(first.stop("-INT").await.success());

    let mut again = start("again.log", &[]);
    let ana =
        again.until(async |origin: &str| Account::sign_in(origin, "chores-ana").await.ok()).await;
    let history = ana.history(group).await.expect("is served");
    assert_eq!(history[0].body.text(), Some("High tide at noon"));
    again.until_it_says("Stop            Ctrl-C").await;
    assert!(!again.said().contains("For friends"), "{}", again.said());
    assert!(!for_others(), "nobody else can open it");
    assert!(again.stop("-INT").await.success());
}

#[tokio::test]
#[expect(clippy::await_holding_lock, reason = "nothing else runs on this thread meanwhile")]
async fn plain_wrangler_asks_for_a_build_and_serves() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (dir, port) = (dir("plain"), free_port());
    let mut command = Command::new("npx");
    command.args(["wrangler", "dev", "--inspector-port", "0", "--port", &port.to_string()]);
    command.arg("--persist-to").arg(dir.join("state")).env("CI", "1");
    let mut plain = Serving::start(command, port, dir.join("log"), true);
    let ana = plain.register("chores-ben").await;
    let group = ana.group("Tide pool").await.expect("is made");
    assert_eq!(ana.say(group, "High tide at noon").await.expect("is said"), 1);
    let said = plain.said();
    assert!(said.contains("cargo xtask build"), "{said}");
    plain.stop("-TERM").await;
}
