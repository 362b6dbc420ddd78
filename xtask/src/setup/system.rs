//! Packages of the operating system's. Only Debian and its children, and only as root, are asked
//! to install something; everybody else is told what to install.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{paths, sh, steps::Log};

/// Which Linux is this? Empty where it cannot be told.
pub(super) fn os_id() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let id = release.lines().find_map(|line| line.strip_prefix("ID="));
    id.unwrap_or_default().trim_matches('"').to_owned()
}

/// May this program install packages with apt?
pub(super) fn has_apt() -> bool {
    rustix::process::geteuid().is_root() && paths::which("apt-get").is_some()
}

pub(super) fn apt_install(log: &Log, packages: &[&str]) -> Result<()> {
    // A fresh image has no package lists, an old one has stale ones.
    log.run(&mut sh::cmd("apt-get", &["update", "-q"]))?;
    let mut install = sh::cmd("apt-get", &["install", "-qy", "--no-install-recommends"]);
    log.run(install.args(packages).env("DEBIAN_FRONTEND", "noninteractive"))
}

/// worker-build is linked against OpenSSL.
pub(super) fn ensure_openssl(log: &Log) -> Result<()> {
    let there = || sh::output(&mut sh::cmd("pkg-config", &["--exists", "openssl"])).is_ok();
    if cfg!(target_os = "macos") || there() {
        return Ok(());
    }
    if !has_apt() {
        bail!(
            "worker-build needs pkg-config and OpenSSL's headers to be compiled. Install them, \
             for example with `sudo apt-get install pkg-config libssl-dev`, and run this again."
        );
    }
    apt_install(log, &["pkg-config", "libssl-dev"])
        .context("pkg-config and libssl-dev are needed to compile worker-build")
}
