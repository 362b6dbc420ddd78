//! `cargo xtask scale`: what a deployment costs, and where it ends.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser;
use tideline_scale::costs::Costs;
use tideline_scale::habits::{self, PROFILES};
use tideline_scale::model::Deployment;
use tideline_scale::{document, measure};

/// What a deployment costs, and where it ends.
#[derive(Parser)]
#[command(name = "cargo xtask scale")]
struct Args {
    /// How many people there are; 10^3 to 10^8 if not said.
    #[arg(long)]
    users: Option<f64>,
    /// What they do: family, community or company; all of them if not said.
    #[arg(long)]
    profile: Option<String>,
    /// Measure what single events cost, and keep it in scale/costs.json.
    #[arg(long)]
    measure: bool,
    /// Write SCALE.md and its charts.
    #[arg(long)]
    write: bool,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<()> {
    if args.measure {
        let costs = measure::costs();
        print!("{}", document::costs_table(&costs));
        write(Path::new("scale/costs.json"), &(serde_json::to_string_pretty(&costs)? + "\n"))?;
        if args.write {
            return write_all(&costs);
        }
        return Ok(());
    }
    let costs =
        Costs::kept().context("scale/costs.json; `cargo xtask scale --measure` makes it")?;
    if args.write { write_all(&costs) } else { tell(args, &costs) }
}

/// Tells what the model says.
fn tell(args: &Args, costs: &Costs) -> Result<()> {
    let profiles = match &args.profile {
        None => PROFILES.to_vec(),
        Some(name) => match habits::profile(name) {
            Some(habits) => vec![habits],
            None => bail!("There is no profile {name:?}; there are family, community, company."),
        },
    };
    for habits in profiles {
        match args.users {
            Some(users) if users >= 1.0 => {
                print!("{}", document::deployment(&Deployment::new(users, habits, costs)));
            }
            Some(_) => bail!("There is at least one person."),
            None => print!("{}", document::sizes(habits, costs)),
        }
    }
    Ok(())
}

fn write_all(costs: &Costs) -> Result<()> {
    for (path, text) in document::files(costs) {
        write(&PathBuf::from(path), &text)?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    let path = root().join(path);
    std::fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    println!("{} is written", path.display());
    Ok(())
}

/// The repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
