//! A Chromium for the browser tests, for benchmarks and pictures: one that is installed, else one that can be
//! installed here.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::system;
use crate::{paths, sh, steps::Log};

/// Tells tests and benchmarks where it is.
pub(crate) const VARIABLE: &str = "TIDELINE_CHROMIUM";
/// Tells tests where one without windows is, in which they take two thirds of the time.
pub(crate) const SHELL_VARIABLE: &str = "TIDELINE_CHROMIUM_SHELL";

/// As Debian packages it.
const SHELL: &str = "chromium-headless-shell";
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FONTS: [&str; 2] = ["fonts-noto-cjk", "fonts-noto-color-emoji"];
const MAC_APPS: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Its path, after installing it if need be.
pub(crate) fn ensure(log: &Log) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    install(log).and_then(|()| find().context("it still cannot be found")).context(
        "No Chromium was found and none could be installed. Install Chromium or Google Chrome, or \
         set CHROMIUM to the path of one",
    )
}

/// The path of one without windows, where that can be had and nobody named another.
pub(crate) fn ensure_shell(log: &Log) -> Option<PathBuf> {
    if named().is_some() {
        return None;
    }
    if paths::which(SHELL).is_none() && is_packaged() {
        // Tests take longer without it, and are the same.
        let _ = system::apt_install(log, &[SHELL]);
    }
    paths::which(SHELL)
}

/// The first that is there: what CHROMIUM names, on `PATH`, as a Mac's app, Playwright's own.
pub(crate) fn find() -> Option<PathBuf> {
    named()
        .into_iter()
        .chain(NAMES.iter().filter_map(|name| paths::which(name)))
        .chain(MAC_APPS.iter().map(PathBuf::from))
        .find(|file| file.is_file())
        .or_else(playwrights_own)
}

/// What CHROMIUM names.
fn named() -> Option<PathBuf> {
    std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|file| file.is_file())
}

fn playwrights_own() -> Option<PathBuf> {
    let ask = "console.log(require('@playwright/test').chromium.executablePath())";
    let path = sh::output(&mut sh::cmd("node", &["-e", ask])).ok()?;
    Path::new(&path).is_file().then(|| path.into())
}

/// Whether Debian's packages can be installed here. On Ubuntu Chromium is a snap, which containers cannot run.
fn is_packaged() -> bool {
    system::has_apt() && system::os_id() == "debian"
}

fn install(log: &Log) -> Result<()> {
    if is_packaged() {
        return system::apt_install(log, &[&["chromium"], &FONTS[..]].concat());
    }
    let mut install = sh::cmd(paths::npm_tool("playwright"), &["install", "chromium"]);
    if system::has_apt() {
        install.arg("--with-deps");
    }
    log.run(&mut install)
}
