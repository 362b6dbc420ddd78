//! What each check runs.

use std::{fs, process::Command};

use anyhow::Result;
use clap::ValueEnum;

use super::count::{self, Count};
use super::passed::Passed;
use crate::{
    build::{self, App},
    paths,
    setup::{self, chromium, wasm},
    sh, size,
    steps::{self, Job, Log, Outcome},
    wrangler,
};

/// In the order in which they run: what fails fast comes first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub(super) enum Step {
    /// Formatting.
    Fmt,
    /// Lints of the native crates and their tests.
    Clippy,
    /// Native tests.
    Native,
    /// The tools that the rest needs.
    Setup,
    /// Lints of the app and the Worker, for their target.
    ClippyWasm,
    /// Types of the browser tests.
    Types,
    /// Both halves.
    Build,
    /// The size budget of a first visit.
    Size,
    /// Would Cloudflare take the bundle?
    DeployDryRun,
    /// Tests against the real runtime.
    Runtime,
    /// Tests in a real browser.
    Browser,
}

impl Step {
    /// The step without whose success this one makes no sense.
    pub(super) fn needs(self) -> Option<Self> {
        match self {
            Self::Fmt | Self::Clippy | Self::Native | Self::Setup => None,
            Self::ClippyWasm | Self::Types | Self::Build => Some(Self::Setup),
            Self::Size | Self::DeployDryRun | Self::Runtime | Self::Browser => Some(Self::Build),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::Native => "native tests",
            Self::Setup => "setup",
            Self::ClippyWasm => "clippy wasm",
            Self::Types => "types",
            Self::Build => "build",
            Self::Size => "size",
            Self::DeployDryRun => "deploy dry run",
            Self::Runtime => "runtime tests",
            Self::Browser => "browser tests",
        }
    }

    /// Runs it, tells how it ended, and counts.
    pub(super) fn run(self, again: bool) -> Count {
        match self {
            Self::Setup => Count::check(tell(setup::run())),
            Self::Build => Count::check(tell(build::halves(App::Release))),
            _ if self.is_suite() => self.run_suite(again),
            _ => self.run_job(),
        }
    }

    /// Runs it unless all of it has passed with the same files.
    fn run_suite(self, again: bool) -> Count {
        // Without git nobody knows what has changed.
        let Ok(passed) = Passed::of(self) else { return self.run_job() };
        if let Some(known) = passed.count().filter(|_| !again) {
            println!("  fresh   {:<18} {known} passed, and nothing has changed since", self.name());
            return Count { passed: known, failed: 0 };
        }
        passed.clear();
        let count = self.run_job();
        if count.failed == 0
            && let Err(error) = passed.set(count)
        {
            println!("{error:#}");
        }
        count
    }

    /// What begins the paths of files that this suite does not read.
    pub(super) fn leaves_out(self) -> &'static [&'static str] {
        match self {
            Self::Runtime => {
                &["e2e/", "docs/", "sim/", "scale/", "fuzz/", "frontend/src/", "frontend/style/"]
            }
            Self::Browser => &["docs/", "sim/", "scale/", "fuzz/", "bench/"],
            _ => &["e2e/", "docs/"],
        }
    }

    fn run_job(self) -> Count {
        let mut count = Count::default();
        let job = Job::new(self.name(), |log| {
            let result = self.job(log);
            count = self.count(log, result.is_ok());
            match result {
                Ok(Outcome::Done) if self.is_suite() => Ok(Outcome::Told(count.to_string())),
                other => other,
            }
        });
        tell(steps::one(job));
        count
    }

    fn job(self, log: &Log) -> Result<Outcome> {
        match self {
            Self::Fmt => log.run(&mut cargo(&["fmt", "--all", "--check"])),
            Self::Clippy => log.run(&mut clippy()),
            Self::Native => log.run(&mut native_tests()),
            Self::ClippyWasm => {
                log.run(&mut clippy_wasm(&[])).and_then(|()| log.run(&mut clippy_wasm(&[KIT])))
            }
            Self::Types => {
                log.run(&mut sh::cmd(paths::npm_tool("tsc"), &["--project", "e2e", "--noEmit"]))
            }
            Self::Size => return size::check(log),
            Self::DeployDryRun => log.run(&mut dry_run()),
            Self::Runtime => runtime_tests(log),
            Self::Browser => browser_tests(log),
            Self::Setup | Self::Build => Ok(()),
        }
        .map(|()| Outcome::Done)
    }

    fn is_suite(self) -> bool {
        matches!(self, Self::Native | Self::Runtime | Self::Browser)
    }

    /// A suite counts its tests, any other step counts as one.
    fn count(self, log: &Log, succeeded: bool) -> Count {
        let tests = match self {
            Self::Native | Self::Runtime => count::of_cargo(&log.text()),
            Self::Browser => count::of_playwright(&fs::read_to_string(REPORT).unwrap_or_default()),
            _ => return Count::check(succeeded),
        };
        tests.agreeing_with(succeeded)
    }
}

/// Where e2e/playwright.config.ts writes its report.
const REPORT: &str = "target/xtask/playwright.json";

fn tell(result: Result<()>) -> bool {
    if let Err(error) = &result {
        println!("{error:#}");
    }
    result.is_ok()
}

fn cargo(args: &[&str]) -> Command {
    sh::cmd("cargo", args)
}

/// All crates but the Worker, which exists for wasm only. Of the app, that is what needs no
/// browser.
fn clippy() -> Command {
    let mut clippy = cargo(&["clippy", "--workspace", "--exclude=tideline-worker"]);
    clippy.args(["--all-targets", "--", "--deny=warnings"]);
    clippy
}

/// The same, without the tests that need the built service.
fn native_tests() -> Command {
    let exclude = ["--exclude=tideline-worker", "--exclude=tideline-bench"];
    cargo(&["test", "--workspace", "--no-fail-fast", exclude[0], exclude[1]])
}

/// With what only development builds have.
const KIT: &str = "--features=tideline-frontend/kit";

fn clippy_wasm(features: &[&str]) -> Command {
    let target = format!("--target={}", wasm::TARGET);
    let packages = ["--package=tideline-frontend", "--package=tideline-worker"];
    let mut clippy = cargo(&["clippy", packages[0], packages[1], &target]);
    clippy.args(features).args(["--", "--deny=warnings"]);
    clippy
}

fn dry_run() -> Command {
    let mut command = wrangler::command(&["deploy", "--dry-run", "--outdir"]);
    command.arg(format!("{}/deploy", paths::WORK)).envs([sh::SKIP_BUILD]);
    command
}

fn runtime_tests(log: &Log) -> Result<()> {
    let mut test = cargo(&["test", "--package=tideline-bench", "--no-fail-fast"]);
    log.run(test.envs([sh::SKIP_BUILD]))
}

fn browser_tests(log: &Log) -> Result<()> {
    // The report of an earlier run must not be counted.
    let _ = fs::remove_file(REPORT);
    let chromium = chromium::ensure(log)?;
    let mut test =
        sh::cmd(paths::npm_tool("playwright"), &["test", "--config=e2e", "--forbid-only"]);
    let shell = chromium::ensure_shell(log).map(|shell| (chromium::SHELL_VARIABLE, shell));
    log.run(test.envs([sh::SKIP_BUILD]).env(chromium::VARIABLE, chromium).envs(shell))
}
