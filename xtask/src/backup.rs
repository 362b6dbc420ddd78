//! `cargo xtask backup` and `cargo xtask restore`: the data of this machine as one file, and back.
//!
//! A program of its own (`backup/`): it brings SQLite, which takes longer to compile than everything
//! else that `cargo xtask dev` waits for before it can begin.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::sh;

#[derive(clap::Args)]
pub(crate) struct BackupArgs {
    /// Where accounts and messages are kept. They may be in use.
    #[arg(long, default_value = ".wrangler/state")]
    persist_to: PathBuf,
    /// The file to make (.tar.gz). Relative paths begin at the repository.
    file: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct RestoreArgs {
    /// Where accounts and messages are to be kept: a directory that is empty or not there yet.
    #[arg(long, default_value = ".wrangler/state")]
    persist_to: PathBuf,
    /// Where there is data already, move it aside, to `DIR.before-restore-<n>`.
    #[arg(long)]
    force: bool,
    /// What `cargo xtask backup` made. Relative paths begin at the repository.
    file: PathBuf,
}

pub(crate) fn backup(args: &BackupArgs) -> Result<()> {
    run("backup", &args.persist_to, false, &args.file)
}

pub(crate) fn restore(args: &RestoreArgs) -> Result<()> {
    run("restore", &args.persist_to, args.force, &args.file)
}

fn run(what: &str, persist_to: &Path, force: bool, file: &Path) -> Result<()> {
    let mut program =
        sh::cmd("cargo", &["run", "--quiet", "--package=tideline-backup", "--", what]);
    program.args(force.then_some("--force")).arg("--persist-to").arg(persist_to);
    sh::run(program.arg("--").arg(file))
}
