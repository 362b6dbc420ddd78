//! `cargo xtask sim`: the service and its devices in bad weather.

use anyhow::Result;

use crate::sh;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Play fresh seeds for so many minutes.
    #[arg(long, default_value_t = 1.0, conflicts_with = "seed")]
    minutes: f64,
    /// Replay this seed, telling what happens.
    #[arg(long)]
    seed: Option<u64>,
    /// In this weather.
    #[arg(long, default_value = "storm", requires = "seed")]
    profile: String,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let mut sim = sh::cmd("cargo", &["run", "--release", "--package=tideline-sim", "--"]);
    match args.seed {
        Some(seed) => sim.args(["--seed", &seed.to_string(), "--profile", &args.profile]),
        None => sim.args(["--minutes", &args.minutes.to_string()]),
    };
    sh::run(&mut sim)
}
