//! Both halves, side by side: the app that browsers load, and the Worker that serves it.

mod alike;
mod dist;
mod frontend;
mod places;
mod prune;
mod slim;
mod worker;

pub(crate) use dist::is_later;

use std::fs::{self, File};

use anyhow::Result;

use crate::{
    paths, setup,
    steps::{self, Job, Log},
};

#[derive(clap::Args)]
#[group(id = "build")]
pub(crate) struct Args {
    /// With the page /kit, which shows all that the app is made of; never for others.
    #[arg(long)]
    kit: bool,
}

impl Args {
    pub(crate) fn what(&self) -> App {
        if self.kit { App::Kit } else { App::Release }
    }
}

/// Which app.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum App {
    /// The one that people get.
    Release,
    /// The same, and the page `/kit`.
    Kit,
}

/// Gets the tools, then builds what is not fresh.
pub(crate) fn run(app: App) -> Result<()> {
    setup::run()?;
    halves(app)
}

/// Builds what is not fresh; the tools are there.
pub(crate) fn halves(app: App) -> Result<()> {
    // A running `wrangler dev` builds too when a file changes.
    let _alone = alone()?;
    let build_app = move |log: &Log| frontend::build(app, log);
    steps::side_by_side(vec![Job::new("app", build_app), Job::new("worker", worker::build)])
}

/// Waits until no other build of this checkout runs, and keeps others waiting until it is dropped.
pub(crate) fn alone() -> Result<File> {
    fs::create_dir_all(paths::WORK)?;
    let file = File::create(format!("{}/lock", paths::WORK))?;
    if file.try_lock().is_err() {
        println!("  …       another build of this checkout is under way");
        file.lock()?;
    }
    Ok(file)
}
