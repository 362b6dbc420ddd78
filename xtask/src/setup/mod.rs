//! Getting what the chores need: the wasm target, npm's tools, wasm-bindgen and worker-build, a
//! browser. What is there is used as it is.

pub(crate) mod chromium;
mod npm;
mod system;
pub(crate) mod tools;
pub(crate) mod wasm;

use anyhow::Result;

use crate::{
    build,
    steps::{self, Job},
};

/// Gets everything that building and running needs; the parts side by side.
pub(crate) fn run() -> Result<()> {
    let _alone = build::alone()?;
    steps::side_by_side(vec![
        Job::new("wasm target", wasm::ensure),
        Job::new("npm packages", npm::ensure),
        Job::new("wasm-bindgen", |log| tools::wasm_bindgen()?.ensure(log)),
        Job::new("worker-build", |log| tools::worker_build()?.ensure(log)),
    ])
}
