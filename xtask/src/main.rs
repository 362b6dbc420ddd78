//! Every chore of the repository, in one place: `cargo xtask help` lists them.
//!
//! A chore tells each step, how long it took, and what to do when it fails. What is already there
//! or already built is not done again.

mod backup;
mod bench;
mod build;
mod chaos;
mod deploy;
mod dev;
mod fresh;
mod fuzz;
mod paths;
mod scale;
mod screenshots;
mod setup;
mod sh;
mod sim;
mod size;
mod steps;
mod test;
mod wrangler;

use std::process::ExitCode;

use clap::Parser;

/// The chores of Tideline.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = true)]
enum Chore {
    /// Get all tools, build both halves, and run the service on this machine.
    Dev(dev::Args),
    /// Build both halves: the app (frontend/dist) and the Worker (worker/build).
    Build(build::Args),
    /// Run all checks, or only some of them.
    Test(test::Args),
    /// Measure speed and size on this machine.
    Bench(bench::Args),
    /// Take the pictures of the README.
    Screenshots(screenshots::Args),
    /// Play the service and its devices through faults that a seed decides.
    Sim(sim::Args),
    /// Tell what a deployment costs, and where it ends.
    Scale(scale::Args),
    /// Read messages made up at random.
    Fuzz(fuzz::Args),
    /// Kill, starve and flood the real runtime, and compare everything afterwards.
    Chaos(chaos::Args),
    /// Copy the data of this machine to one file; the service may be running.
    Backup(backup::BackupArgs),
    /// Make what `backup` made the data of this machine.
    Restore(backup::RestoreArgs),
    /// Build, and put the service on Cloudflare.
    Deploy(deploy::Args),
}

fn main() -> ExitCode {
    match std::env::set_current_dir(paths::root()).map_err(Into::into).and_then(|()| run()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<ExitCode> {
    match Chore::parse() {
        Chore::Dev(args) => dev::run(&args),
        Chore::Build(args) => build::run(args.what()),
        Chore::Test(args) => return test::run(&args),
        Chore::Bench(args) => bench::run(&args),
        Chore::Screenshots(args) => screenshots::run(&args),
        Chore::Sim(args) => sim::run(&args),
        Chore::Scale(args) => scale::run(&args),
        Chore::Fuzz(args) => fuzz::run(&args),
        Chore::Chaos(args) => chaos::run(&args),
        Chore::Backup(args) => backup::backup(&args),
        Chore::Restore(args) => backup::restore(&args),
        Chore::Deploy(args) => deploy::run(&args),
    }?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_chore_can_be_called() {
        Chore::command().debug_assert();
    }
}
