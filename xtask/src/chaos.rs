//! `cargo xtask chaos`: the real runtime is killed, put to sleep, starved and flooded, and must lose
//! and double nothing.

use anyhow::Result;

use crate::{
    build::{self, App},
    sh,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How often the runtime is killed at a random moment.
    #[arg(long, default_value_t = 32)]
    kills: u32,
    /// Decides the moments; another one each time if not said.
    #[arg(long)]
    seed: Option<u64>,
    /// Play only this part: storm, evictions or disk.
    #[arg(long)]
    only: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    build::run(App::Release)?;
    let program = ["run", "--package=tideline-bench", "--bin=tideline-chaos", "--"];
    let mut chaos = sh::cmd("cargo", &program);
    chaos.args(["--kills", &args.kills.to_string()]).envs([sh::SKIP_BUILD]);
    if let Some(seed) = args.seed {
        chaos.args(["--seed", &seed.to_string()]);
    }
    if let Some(only) = &args.only {
        chaos.args(["--only", only]);
    }
    sh::run(&mut chaos)
}
