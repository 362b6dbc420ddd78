//! `cargo xtask restore`: what `cargo xtask backup` made, as data again.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use anyhow::{Context, Result, bail};

use crate::{
    DATA, archive, future, in_use, is_vacant, parent,
    progress::{self, Progress, counted, size},
    shown, sync_dir,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where accounts and messages are to be kept: a directory that is empty or not there yet.
    #[arg(long)]
    persist_to: PathBuf,
    /// Where there is data already, move it aside, to `DIR.before-restore-<n>`.
    #[arg(long)]
    force: bool,
    /// What `cargo xtask backup` made.
    file: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    restore(&args.file, &args.persist_to, args.force, &progress::interrupts()?)
}

/// Puts the data of an archive into `dir`. With `force`, data that is there already is moved aside;
/// nothing is ever deleted.
///
/// Fails, and changes nothing, when there is data (without `force`), when a runtime is working on
/// it (with `force`, too), when the archive is not good ([`archive::unpack`]), or when the person
/// stops it.
pub(super) fn restore(
    file: &Path,
    dir: &Path,
    force: bool,
    stopped: &Arc<AtomicBool>,
) -> Result<()> {
    if !file.is_file() {
        bail!("There is no file {}.", shown(file));
    }
    // Where `dir` is a link, the data is what it leads to.
    let target = fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
    check(&target, force)?;
    let beside = existing(parent(&target));
    let staging = tempfile::Builder::new()
        .prefix(".tideline-restore-")
        .tempdir_in(beside)
        .with_context(|| format!("{} cannot be written to", shown(beside)))?;
    let mut progress = Progress::new(stopped);
    let manifest = archive::unpack(file, staging.path(), |bytes| progress.file(bytes))
        .context("Nothing was restored, and nothing was changed")?;
    progress.end("unpacked");
    future::end(&staging.path().join(DATA))?;
    // Unpacking takes a while: somebody may have started the service.
    check(&target, force)?;
    let aside = put(&staging.path().join(DATA), &target)?;
    sync_dir(parent(&target))?;
    println!(
        "\n  {} with all else ({}) are in {}.",
        counted(manifest.databases, "database"),
        size(manifest.bytes),
        shown(dir)
    );
    if let Some(aside) = aside {
        println!("  What was there before is in {}.", shown(&aside));
    }
    Ok(())
}

fn check(target: &Path, force: bool) -> Result<()> {
    if let Some(process) = in_use::by_whom(target)? {
        bail!("The service is running on {} ({process}). Stop it first.", shown(target));
    }
    if !force && !is_vacant(target)? {
        bail!(
            "There is data in {}. Move it away, say another place with `--persist-to DIR`, or let \
             `--force` move it aside.",
            shown(target)
        );
    }
    Ok(())
}

/// The directory itself, or the nearest one above it that is there: on the disk that it will be on.
fn existing(dir: &Path) -> &Path {
    dir.ancestors().find(|dir| dir.is_dir()).unwrap_or(Path::new("."))
}

/// Moves the data to where it belongs. What was there before is moved aside; says to where.
fn put(data: &Path, target: &Path) -> Result<Option<PathBuf>> {
    fs::create_dir_all(parent(target))
        .with_context(|| format!("{} cannot be made", shown(parent(target))))?;
    let aside = if is_vacant(target)? { None } else { Some(move_aside(target)?) };
    // An empty directory gives way; one that has been filled meanwhile does not.
    if let Err(error) = fs::rename(data, target) {
        if let Some(aside) = &aside {
            fs::rename(aside, target).with_context(|| {
                format!("What was in {} is now in {}", shown(target), shown(aside))
            })?;
        }
        return Err(error).with_context(|| format!("{} cannot be written", shown(target)));
    }
    Ok(aside)
}

fn move_aside(target: &Path) -> Result<PathBuf> {
    let mut n = 0_u32;
    let aside = loop {
        n += 1;
        let mut aside = target.as_os_str().to_owned();
        aside.push(format!(".before-restore-{n}"));
        let aside = PathBuf::from(aside);
        match fs::symlink_metadata(&aside) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => break aside,
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be read", shown(&aside)));
            }
        }
    };
    let moved = fs::rename(target, &aside);
    moved.with_context(|| format!("{} cannot be moved aside", shown(target)))?;
    Ok(aside)
}
