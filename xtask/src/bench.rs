//! `cargo xtask bench`: speed and size on this machine.

use anyhow::Result;

use crate::{
    build::{self, App},
    setup::chromium,
    sh,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// What the load generator is told.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    build::run(App::Release)?;
    let mut bench = sh::cmd("cargo", &["run", "--release", "--package=tideline-bench", "--"]);
    bench.args(&args.rest).envs([sh::SKIP_BUILD]);
    if let Some(chromium) = chromium::find() {
        bench.env(chromium::VARIABLE, chromium);
    }
    sh::run(&mut bench)
}
