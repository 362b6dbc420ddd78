//! The archive as a file: written so that it is there whole or not at all, and read with suspicion.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Component, Path},
    sync::{Arc, atomic::AtomicBool},
};

use anyhow::{Context, Result, anyhow, bail};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use tar::{Archive, Builder, Entry, EntryType, Header};
use tempfile::NamedTempFile;

use crate::{DATA, FORMAT, MANIFEST, Manifest, parent, progress::Stoppable, shown, sync_dir};

/// More than any manifest has, in bytes.
const MANIFEST_BYTES: u64 = 64 * 1024;

/// Writes everything in `data` and the manifest to `file`, by way of a temporary file beside it.
/// Brings the size of the archive.
///
/// Fails, and leaves nothing, when there is a `file` already.
pub(super) fn pack(
    manifest: &Manifest,
    data: &Path,
    file: &Path,
    stopped: &Arc<AtomicBool>,
) -> Result<u64> {
    let unwritable = || format!("{} cannot be written", shown(file));
    // Readable by its owner only, as `tempfile` makes them.
    let temporary = tempfile::Builder::new()
        .prefix(".tideline-backup-")
        .tempfile_in(parent(file))
        .with_context(unwritable)?;
    let stoppable = Stoppable { inner: temporary, stopped: Arc::clone(stopped) };
    let gzip = GzEncoder::new(BufWriter::new(stoppable), Compression::default());
    let mut archive = Builder::new(gzip);
    let write = || -> io::Result<NamedTempFile> {
        append_manifest(&mut archive, manifest)?;
        archive.append_dir_all(DATA, data)?;
        let temporary = archive.into_inner()?.finish()?.into_inner()?.inner;
        temporary.as_file().sync_all()?;
        Ok(temporary)
    };
    let temporary = write().with_context(unwritable)?;
    let bytes = temporary.as_file().metadata().with_context(unwritable)?.len();
    temporary.persist_noclobber(file).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => exists(file),
        _ => anyhow!(error.error).context(unwritable()),
    })?;
    sync_dir(parent(file))?;
    Ok(bytes)
}

/// A backup is never overwritten: it may be the only one.
pub(super) fn exists(file: &Path) -> anyhow::Error {
    anyhow!("{} exists already. Choose another name, or move it away.", shown(file))
}

fn append_manifest(archive: &mut Builder<impl Write>, manifest: &Manifest) -> io::Result<()> {
    let content = serde_json::to_vec_pretty(manifest)?;
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o600);
    header.set_size(content.len() as u64);
    archive.append_data(&mut header, MANIFEST, &content[..])
}

/// Unpacks the data of `file` into `into`, as its directory [`DATA`]; tells the size of each file
/// that is done.
///
/// Fails when the archive is broken, cut short, not a backup, of a newer layout, or when anything in
/// it would lead outside. What was unpacked until then stays in `into`.
pub(super) fn unpack(
    file: &Path,
    into: &Path,
    mut done: impl FnMut(u64) -> Result<()>,
) -> Result<Manifest> {
    let opened = File::open(file).with_context(|| format!("{} cannot be read", shown(file)))?;
    let broken = || format!("{} is broken, or not a backup", shown(file));
    let mut archive = Archive::new(GzDecoder::new(BufReader::new(opened)));
    let mut entries = archive.entries().with_context(broken)?;
    let first = entries.next().transpose().with_context(broken)?;
    let manifest = read_manifest(first).with_context(broken)?;
    fs::create_dir(into.join(DATA))?;
    let (mut files, mut bytes) = (0, 0);
    for entry in entries {
        let mut entry = entry.with_context(broken)?;
        if let Some(size) = unpack_entry(&mut entry, into).with_context(broken)? {
            files += 1;
            bytes += size;
            done(size)?;
        }
    }
    // The end of the stream holds the checksum of all that came before.
    io::copy(&mut archive.into_inner(), &mut io::sink()).with_context(broken)?;
    if (files, bytes) != (manifest.files, manifest.bytes) {
        let (wanted, bytes_wanted) = (manifest.files, manifest.bytes);
        let held = format!("{files} files of {bytes} bytes in place of {wanted} of {bytes_wanted}");
        return Err(anyhow!("It holds {held}.").context(broken()));
    }
    Ok(manifest)
}

fn read_manifest(entry: Option<Entry<'_, impl Read>>) -> Result<Manifest> {
    let not_ours = || format!("It does not begin with {MANIFEST}.");
    let entry = entry.with_context(not_ours)?;
    if *entry.path()? != *MANIFEST {
        bail!(not_ours());
    }
    let mut content = Vec::new();
    entry.take(MANIFEST_BYTES).read_to_end(&mut content)?;
    let manifest: Manifest = serde_json::from_slice(&content).with_context(not_ours)?;
    if manifest.format > FORMAT {
        bail!("A newer Tideline made it; restore it with that one.");
    }
    Ok(manifest)
}

/// Unpacks a file, whose size comes back, or a directory.
fn unpack_entry(entry: &mut Entry<'_, impl Read>, into: &Path) -> Result<Option<u64>> {
    let path = entry.path()?.into_owned();
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let kind = entry.header().entry_type();
    if !inside || !path.starts_with(DATA) {
        bail!("{} in it leads outside of the data.", path.display());
    }
    if !kind.is_file() && !kind.is_dir() {
        bail!("{} in it is neither a file nor a directory.", path.display());
    }
    // Looks at the path for itself, too, and at what is there already.
    if !entry.unpack_in(into)? {
        bail!("{} in it leads outside of the data.", path.display());
    }
    if kind.is_dir() {
        return Ok(None);
    }
    File::open(into.join(&path))?.sync_all()?;
    Ok(Some(entry.size()))
}
