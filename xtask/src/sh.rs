//! Starting other programs, with the project's own tools first on `PATH`.

use std::{
    ffi::OsStr,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::paths;

/// A program that finds Node and npm's tools at the versions that `package-lock.json` names.
pub(crate) fn cmd(program: impl AsRef<OsStr>, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).env("PATH", tool_path());
    command
}

/// Tells whoever starts `wrangler` below this program that both halves are built already.
pub(crate) const SKIP_BUILD: (&str, &str) = ("TIDELINE_SKIP_BUILD", "1");

/// Runs in the terminal, and fails as the program fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| not_started(command))?;
    if !status.success() {
        bail!("{} ({status})", shown(command));
    }
    Ok(())
}

/// What the program printed, without the white space around it.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let out = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .with_context(|| not_started(command))?;
    if !out.status.success() {
        bail!("{} ({})", shown(command), out.status);
    }
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// The command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// What to say when a program could not even be started.
pub(crate) fn not_started(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    match program.rsplit('/').next() {
        Some("npm" | "node") => {
            "Node.js and npm are needed: install them from https://nodejs.org or your system's \
             packages."
                .to_owned()
        }
        _ => format!("`{program}` could not be started; is it installed?"),
    }
}

fn tool_path() -> std::ffi::OsString {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let dirs =
        std::iter::once(paths::root().join(paths::NPM_BIN)).chain(std::env::split_paths(&old));
    // Fails only when the repository's path holds the separator; then nothing would find it.
    std::env::join_paths(dirs).unwrap_or(old)
}
