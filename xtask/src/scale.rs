//! `cargo xtask scale`: what a deployment costs, and where it ends.

use anyhow::Result;

use crate::sh;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many people there are; 10^3 to 10^8 if not said.
    #[arg(long)]
    users: Option<f64>,
    /// What they do: family, community or company; all of them if not said.
    #[arg(long)]
    profile: Option<String>,
    /// Measure what single events cost, and keep it in scale/costs.json.
    #[arg(long, conflicts_with_all = ["users", "profile"])]
    measure: bool,
    /// Write SCALE.md and its charts.
    #[arg(long, conflicts_with_all = ["users", "profile"])]
    write: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let mut scale = sh::cmd("cargo", &["run", "--quiet", "--package=tideline-scale", "--"]);
    if let Some(users) = args.users {
        scale.args(["--users", &users.to_string()]);
    }
    if let Some(profile) = &args.profile {
        scale.args(["--profile", profile]);
    }
    scale.args(args.measure.then_some("--measure")).args(args.write.then_some("--write"));
    sh::run(&mut scale)
}
