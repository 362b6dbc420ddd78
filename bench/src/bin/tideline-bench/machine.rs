//! What a figure was measured on: without it, the figure says nothing.

use std::fmt;
use std::process::Command;

use serde::Serialize;
use tideline_bench::workspace;

/// This machine and this commit.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    cpu: String,
    cores: usize,
    memory_gib: u64,
    system: String,
    commit: String,
    runtime: String,
}

impl Machine {
    pub(crate) fn here() -> Self {
        let root = workspace();
        let dirty =
            !said(Command::new("git").args(["status", "--porcelain"]).current_dir(root)).is_empty();
        let commit =
            said(Command::new("git").args(["rev-parse", "--short", "HEAD"]).current_dir(root));
        Self {
            cpu: line_of("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned()),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            memory_gib: memory_gib(),
            system: said(Command::new("uname").arg("-sr")),
            commit: if dirty { format!("{commit} with changes") } else { commit },
            runtime: format!("wrangler {}", version_of("wrangler")),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cpu, cores, memory_gib, system, commit, runtime } = self;
        write!(f, "{cores} cores ({cpu}), {memory_gib} GiB, {system}, {runtime}, commit {commit}")
    }
}

/// What a program prints; nothing if there is no such program.
fn said(command: &mut Command) -> String {
    let output = command.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).trim().to_owned()
}

fn line_of(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}

fn memory_gib() -> u64 {
    let total = line_of("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kib: u64 = total.split(' ').next().and_then(|kib| kib.parse().ok()).unwrap_or(0);
    kib.div_ceil(1024 * 1024)
}

fn version_of(package: &str) -> String {
    let file = workspace().join("node_modules").join(package).join("package.json");
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    json["version"].as_str().unwrap_or("unknown").to_owned()
}
