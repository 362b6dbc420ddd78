//! `cargo xtask screenshots`: pictures of the app by a script, those of the README or all of the main screens.

use anyhow::Result;

use crate::{
    build::{self, App},
    paths,
    setup::chromium,
    sh,
    steps::Log,
};

/// Where the README finds its pictures, and where all others go.
const README: &str = "docs/screenshots";
const ALL: &str = "target/shots";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// All of the main screens, in both languages, sizes and themes, to target/shots.
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    build::run(App::Release)?;
    let chromium = chromium::ensure(&Log::create("screenshots")?)?;
    let (folder, spec) = if args.all { (ALL, "shots.spec") } else { (README, "readme.spec") };
    let config = "--config=e2e/shots.config.ts";
    let mut shoot = sh::cmd(paths::npm_tool("playwright"), &["test", config, spec]);
    shoot.envs([sh::SKIP_BUILD]).env(chromium::VARIABLE, chromium);
    sh::run(shoot.env("TIDELINE_SHOTS", paths::root().join(folder)))
}
