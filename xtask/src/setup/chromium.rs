//! A Chromium for the browser tests: one that is installed, else one that can be installed here.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::system;
use crate::{paths, sh, steps::Log};

/// Tells tests and benchmarks where it is.
pub(crate) const VARIABLE: &str = "TIDELINE_CHROMIUM";

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
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

/// The first that is there: what CHROMIUM names, on `PATH`, as a Mac's app, Playwright's own.
pub(crate) fn find() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    named
        .into_iter()
        .chain(NAMES.iter().filter_map(|name| paths::which(name)))
        .chain(MAC_APPS.iter().map(PathBuf::from))
        .find(|file| file.is_file())
        .or_else(playwrights_own)
}

fn playwrights_own() -> Option<PathBuf> {
    let ask = "console.log(require('@playwright/test').chromium.executablePath())";
    let path = sh::output(&mut sh::cmd("node", &["-e", ask])).ok()?;
    Path::new(&path).is_file().then(|| path.into())
}

fn install(log: &Log) -> Result<()> {
    // On Ubuntu the package is a snap, which containers cannot run.
    if system::has_apt() && system::os_id() == "debian" {
        let fonts = ["fonts-noto-cjk", "fonts-noto-color-emoji"];
        return system::apt_install(log, &[&["chromium"], &fonts[..]].concat());
    }
    let mut install = sh::cmd(paths::npm_tool("playwright"), &["install", "chromium"]);
    if system::has_apt() {
        install.arg("--with-deps");
    }
    log.run(&mut install)
}
