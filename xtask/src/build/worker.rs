//! The Worker: worker-build compiles the crate, and runs wasm-bindgen and esbuild. It would fetch
//! these by itself, from places that not every machine reaches.

use anyhow::{Context, Result};

use crate::{
    fresh::{self, Stamp},
    paths, setup, sh,
    steps::{Log, Outcome},
};

pub(super) fn build(log: &Log) -> Result<Outcome> {
    let stamp =
        Stamp::new(format!("{}/worker.stamp", paths::WORK), fresh::inputs_of("tideline-worker")?)?;
    if stamp.is_fresh(format!("{}/index.js", paths::WORKER)) {
        return Ok(Outcome::Fresh);
    }
    stamp.clear();
    // wasm-opt would take longer than all the rest, for a module that nobody waits for.
    let mut build = sh::cmd(setup::tools::worker_build()?.find()?, &["--release", "--no-opt"]);
    build
        .current_dir("worker")
        .env("WASM_BINDGEN_BIN", setup::tools::wasm_bindgen()?.find()?)
        .env("ESBUILD_BIN", paths::npm_tool("esbuild"));
    log.run(&mut build).context("The Worker could not be built; the lines above say why")?;
    stamp.set()?;
    Ok(Outcome::Done)
}
