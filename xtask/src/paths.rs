//! Where things are. All chores run with the repository as their working directory, so every
//! other path here is relative to it, except those that leave it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// What chores leave behind: logs, stamps, intermediate files.
pub(crate) const WORK: &str = "target/xtask";

/// The tools that npm installed, Node among them.
pub(crate) const NPM_BIN: &str = "node_modules/.bin";

/// The built app, as the Worker's static assets.
pub(crate) const DIST: &str = "frontend/dist";

/// The built Worker.
pub(crate) const WORKER: &str = "worker/build";

/// The repository.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// A tool of npm's, by its absolute path, for those who start it from elsewhere.
pub(crate) fn npm_tool(name: &str) -> PathBuf {
    root().join(NPM_BIN).join(name)
}

/// The log of a step or job.
pub(crate) fn log(name: &str) -> PathBuf {
    Path::new(WORK).join(format!("{}.log", name.replace(' ', "-")))
}

/// Where tools that no package manager of the project holds are kept between clones.
pub(crate) fn cache() -> Result<PathBuf> {
    let cache = match std::env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty()) {
        Some(dir) => PathBuf::from(dir),
        None if cfg!(target_os = "macos") => home()?.join("Library/Caches"),
        None => home()?.join(".cache"),
    };
    Ok(cache.join("tideline"))
}

/// Where `cargo install` puts programs.
pub(crate) fn cargo_bin() -> Result<PathBuf> {
    let home = match std::env::var_os("CARGO_HOME").filter(|dir| !dir.is_empty()) {
        Some(dir) => PathBuf::from(dir),
        None => home()?.join(".cargo"),
    };
    Ok(home.join("bin"))
}

/// The first program of this name on `PATH`.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

fn home() -> Result<PathBuf> {
    std::env::home_dir().context("No home directory is known; set HOME.")
}
