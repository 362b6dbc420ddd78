//! `cargo xtask backup`: the data of this machine as one file.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use anyhow::{Context, Result, bail};

use crate::{
    DATA, FORMAT, Manifest,
    archive::{self, exists},
    is_vacant, parent,
    progress::{self, Progress, counted, size},
    shown,
    snapshot::Snapshot,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where accounts and messages are kept. They may be in use.
    #[arg(long)]
    persist_to: PathBuf,
    /// The file to make (.tar.gz).
    file: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    create(&args.persist_to, &args.file, &progress::interrupts()?)
}

/// Writes everything in `dir` to a new archive.
///
/// Fails, and leaves nothing behind, when there is no data, the file exists or lies in the data
/// itself, something cannot be read or written, or the person stops it.
pub(super) fn create(dir: &Path, file: &Path, stopped: &Arc<AtomicBool>) -> Result<()> {
    check(dir, file)?;
    let staging = tempfile::Builder::new()
        .prefix(".tideline-backup-")
        .tempdir_in(parent(file))
        .with_context(|| format!("{} cannot be written to", shown(parent(file))))?;
    let snapshot = Snapshot::take(dir, stopped)?;
    if snapshot.files() == 0 {
        bail!(no_data(dir));
    }
    let databases = snapshot.databases();
    // The staging directory is closed to others; what is restored is as open as data usually is.
    let data = staging.path().join(DATA);
    fs::create_dir(&data)?;
    let mut progress = Progress::new(stopped);
    snapshot.copy(&data, |bytes| progress.file(bytes))?;
    progress.end("copied");
    let (files, bytes) = (progress.files, progress.bytes);
    let manifest = Manifest { format: FORMAT, databases, files, bytes };
    let packed = archive::pack(&manifest, &data, file, stopped)?;
    println!(
        "\n  {} with all else ({}) are in {} ({}).",
        counted(databases, "database"),
        size(bytes),
        shown(file),
        size(packed)
    );
    Ok(())
}

fn check(dir: &Path, file: &Path) -> Result<()> {
    if is_vacant(dir)? {
        bail!(no_data(dir));
    }
    if fs::symlink_metadata(file).is_ok() {
        return Err(exists(file));
    }
    let place = fs::canonicalize(parent(file))
        .with_context(|| format!("{} is to go into a directory that is not there", shown(file)))?;
    if place.starts_with(fs::canonicalize(dir)?) {
        bail!("{} lies in the data itself. Choose a place outside.", shown(file));
    }
    Ok(())
}

fn no_data(dir: &Path) -> String {
    format!("There is no data in {}. `--persist-to DIR` says where it is.", shown(dir))
}
