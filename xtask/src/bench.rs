//! `cargo xtask bench`: speed and size on this machine.

use anyhow::Result;

use crate::{
    build::{self, App},
    setup::chromium,
    sh,
};

#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    /// What the bench is told; `--help` says what it takes.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    // These two only read.
    if !args.rest.iter().any(|arg| ["--report", "--help", "-h"].contains(&arg.as_str())) {
        build::run(App::Release)?;
    }
    let mut bench = sh::cmd("cargo", &["run", "--release", "--package=tideline-bench", "--"]);
    bench.args(&args.rest).envs([sh::SKIP_BUILD]);
    if let Some(chromium) = chromium::find() {
        bench.env(chromium::VARIABLE, chromium);
    }
    sh::run(&mut bench)
}
