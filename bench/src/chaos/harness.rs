//! The service in wrangler's test harness (`bench/harness.mjs`): the same runtime, whose objects can
//! be thrown out of memory on command. Its storage lasts as long as it does, so kills are not for
//! it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::limits::Limits;
use crate::process::Group;
use crate::runtime::workspace;

/// What becomes of the sockets of an object that is thrown out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sockets {
    /// They stay open.
    Hibernate,
    /// They end.
    Close,
}

/// A running harness. Everything of it ends when it is dropped.
pub(crate) struct Harness {
    child: Child,
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    origin: String,
}

impl Harness {
    /// Starts one in a directory, which is emptied first, and waits until it answers.
    pub(crate) fn start(dir: &Path, limits: Limits) -> Self {
        // What cannot be emptied cannot be made, either.
        let _ = fs::remove_dir_all(dir);
        fs::create_dir_all(dir).expect("a directory for the harness can be made");
        let root = workspace();
        let log = File::create(dir.join("harness.log")).expect("the harness's log can be written");
        let mut child = Command::new(root.join("node_modules/.bin/node"))
            .arg(root.join("bench/harness.mjs"))
            .arg(root)
            .arg(limits.overrides())
            .current_dir(root)
            // The harness keeps everything in the system's temporary directory.
            .env("TMPDIR", dir)
            .env("TIDELINE_SKIP_BUILD", "1")
            .env("WRANGLER_LOG_PATH", dir.join("wrangler-logs"))
            .env("CI", "1")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("`node` can be started");
        let commands = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("is piped"));
        let mut harness = Self { child, commands, answers, origin: String::new() };
        let first = harness.answer();
        harness.origin = first["origin"].as_str().expect("the harness says where").to_owned();
        harness
    }

    /// `http://127.0.0.1:port`.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn group(&self) -> Group {
        Group(self.child.id())
    }

    /// Throws an object out of memory; whether it was there.
    pub(crate) fn evict(&mut self, class: &str, name: &str, sockets: Sockets) -> bool {
        let sockets = match sockets {
            Sockets::Hibernate => "hibernate",
            Sockets::Close => "close",
        };
        let answer = self.ask(&json!({ "evict": class, "name": name, "webSockets": sockets }));
        let evicted = answer["evicted"] == true;
        // Not in memory, or too busy to leave it. Anything else is no answer to build on.
        let why = answer["why"].as_str().unwrap_or_default();
        let known = ["not currently running", "still has active references"];
        assert!(evicted || known.iter().any(|known| why.contains(known)), "{class} {name}: {why}");
        evicted
    }

    /// Everything that the runtime said.
    pub(crate) fn log(&mut self) -> String {
        let answer = self.ask(&json!({}));
        let lines = answer["log"].as_array().expect("the harness has a log").iter();
        lines.filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
    }

    fn ask(&mut self, command: &Value) -> Value {
        let commands = self.commands.as_mut().expect("is open until the end");
        writeln!(commands, "{command}").expect("the harness listens");
        self.answer()
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.answers.read_line(&mut line).expect("the harness's words are text");
            assert!(read > 0, "the harness ended; see harness.log");
            // `wrangler` may have something to say, too.
            if let Some(answer) = line.strip_prefix("harness ") {
                return serde_json::from_str(answer).expect("the harness answers in JSON");
            }
        }
    }
}

impl Drop for Harness {
    fn drop(&mut self) {
        // Its input ends here, and with it the whole group.
        drop(self.commands.take());
        let _ = self.child.wait();
    }
}
