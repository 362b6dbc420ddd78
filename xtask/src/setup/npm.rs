//! npm's tools, exactly as `package-lock.json` names them, and a Node that wrangler accepts.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::{
    fresh::Stamp,
    paths, sh,
    steps::{Log, Outcome},
};

/// The oldest Node that wrangler starts on, as (major, minor).
const OLDEST_NODE: (u32, u32) = (22, 12);

pub(super) fn ensure(log: &Log) -> Result<Outcome> {
    // Inside node_modules, so that it goes when they go.
    let lock = PathBuf::from("package-lock.json");
    let stamp = Stamp::new("node_modules/.tideline-lock", [lock])?;
    if stamp.is_fresh(paths::npm_tool("wrangler")) {
        return Ok(Outcome::Fresh);
    }
    log.run(&mut sh::cmd("npm", &["ci", "--no-audit", "--no-fund"])).context(
        "npm could not install the tools. Check that Node.js and npm are installed and that the \
         npm registry can be reached, then run this again",
    )?;
    ensure_node(log)?;
    stamp.set()?;
    Ok(Outcome::Done)
}

/// The npm package `node` fetches the program itself in an install script, which npm may have been
/// told not to run.
fn ensure_node(log: &Log) -> Result<()> {
    if node_is_new_enough() {
        return Ok(());
    }
    let package = "node_modules/node";
    let install = log.run(sh::cmd("node", &["installArchSpecificPackage"]).current_dir(package));
    if install.is_err() || !node_is_new_enough() {
        let (major, minor) = OLDEST_NODE;
        bail!("wrangler needs Node {major}.{minor} or newer: install it from https://nodejs.org.");
    }
    Ok(())
}

fn node_is_new_enough() -> bool {
    let version = sh::output(&mut sh::cmd("node", &["--version"])).unwrap_or_default();
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|n| n.parse().ok());
    let version: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    version >= OLDEST_NODE
}
