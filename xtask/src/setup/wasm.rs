//! The standard library for `wasm32-unknown-unknown`.

use std::path::Path;

use anyhow::{Context, Result};

use crate::{
    sh,
    steps::{Log, Outcome},
};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

pub(super) fn ensure(log: &Log) -> Result<Outcome> {
    let libdir =
        sh::output(&mut sh::cmd("rustc", &["--target", TARGET, "--print", "target-libdir"]))?;
    if Path::new(&libdir).exists() {
        return Ok(Outcome::Fresh);
    }
    log.run(&mut sh::cmd("rustup", &["target", "add", TARGET])).context(
        "Rust's wasm32-unknown-unknown target is missing. Add it with `rustup target add \
         wasm32-unknown-unknown`, or install it the way your Rust was installed",
    )?;
    Ok(Outcome::Done)
}
