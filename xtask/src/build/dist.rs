//! `frontend/dist`, as it is deployed: bundled assets, static files, and the page.

use std::{
    collections::BTreeSet,
    fs,
    hash::{DefaultHasher, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::App;
use super::frontend::{FIRST, LATER};
use crate::paths;

/// Where everything is put together before anybody may see it.
pub(super) const STAGE: &str = "target/xtask/dist";

const PAGE: &str = "index.html";
/// The service worker.
const KEEPER: &str = "sw.js";
/// What no device keeps, beside icons in pixels: what the app does not fetch by these names, and what
/// nothing shows.
const NOT_KEPT: [&str; 4] = [PAGE, KEEPER, "_headers", "assets/emoji-LICENSE.txt"];

/// Completes the stage, then makes `frontend/dist` the same. A running `wrangler dev` watches
/// that directory, so it is changed file by file: what the page names, the page, what keeps it on
/// devices, and then what is no longer needed goes.
pub(super) fn write(app: App, bundle: &Value) -> Result<()> {
    let stage = Path::new(STAGE);
    let kit = (app == App::Kit).then_some("frontend/kit");
    for dir in ["frontend/static"].into_iter().chain(kit).map(Path::new) {
        copy_new(dir, stage, &files_in(dir)?)?;
    }
    fs::write(stage.join(PAGE), page(bundle)?)?;
    fs::write(stage.join(KEEPER), keeper(stage)?)?;

    let dist = Path::new(paths::DIST);
    let wanted = files_in(stage)?;
    let last = [PAGE, KEEPER].map(PathBuf::from);
    let rest = wanted.iter().filter(|file| !last.contains(file)).cloned().collect();
    for files in [rest].into_iter().chain(last.map(|file| BTreeSet::from([file]))) {
        copy_new(stage, dist, &files)?;
    }
    for old in files_in(dist)?.difference(&wanted) {
        fs::remove_file(dist.join(old))?;
    }
    Ok(())
}

/// The page, with the names of what it loads filled in.
fn page(bundle: &Value) -> Result<String> {
    let mut page = fs::read_to_string("frontend/index.html").context("frontend/index.html")?;
    for (mark, name, extension) in [
        ("{{script}}", "boot", "js"),
        ("{{style}}", "index", "css"),
        ("{{more-style}}", LATER, "css"),
        ("{{program}}", FIRST, "wasm"),
    ] {
        if !page.contains(mark) {
            bail!("frontend/index.html does not contain {mark}.");
        }
        page = page.replace(mark, &asset(bundle, name, extension)?);
    }
    Ok(page)
}

/// The service worker, with the files that it keeps and the mark of their content.
fn keeper(stage: &Path) -> Result<String> {
    let files = files_in(stage)?;
    let mut version = DefaultHasher::new();
    for file in files.iter().filter(|file| *file != Path::new(KEEPER)) {
        version.write(file.to_string_lossy().as_bytes());
        version.write(&fs::read(stage.join(file))?);
    }
    let kept = files.iter().filter(|file| !is_in_pixels(file)).map(|file| file.to_string_lossy());
    let kept = kept.filter(|file| !NOT_KEPT.contains(&file.as_ref()));
    let kept = json!(kept.map(|file| format!("/{file}")).collect::<Vec<_>>());
    let script = fs::read_to_string("frontend/sw.js").context("frontend/sw.js")?;
    let version = format!("{:016x}", version.finish());
    Ok(format!("const FILES = {kept};\nconst VERSION = \"{version}\";\n{script}"))
}

/// The address of the asset of this name and kind.
fn asset(bundle: &Value, name: &str, extension: &str) -> Result<String> {
    let mut outputs = bundle["outputs"].as_object().into_iter().flatten().map(|(path, _)| path);
    let path = outputs.find(|path| {
        let path = Path::new(path.as_str());
        is_named(path, name) && path.extension().is_some_and(|found| found == extension)
    });
    let path = path.with_context(|| format!("esbuild wrote no {name}.{extension}"))?;
    path.strip_prefix(STAGE).map(str::to_owned).with_context(|| format!("{path} is elsewhere"))
}

/// Whether a file is fetched only when it is needed, when all that is has come, or by who installs the
/// app.
pub(crate) fn is_later(file: &Path) -> bool {
    is_named(file, LATER) || file == Path::new(KEEPER) || is_in_pixels(file)
}

/// Whether a file is an icon for the system that the app is installed on.
fn is_in_pixels(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "png")
}

/// Whether a file has this name, and the mark of its content behind it.
fn is_named(file: &Path, name: &str) -> bool {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy());
    stem.is_some_and(|stem| stem.rsplit_once('-').is_some_and(|(before, _)| before == name))
}

/// All files below a directory, relative to it. None when there is no such directory.
fn files_in(dir: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    let mut open = vec![dir.to_owned()];
    while let Some(next) = open.pop().filter(|next| next.is_dir()) {
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(relative) = path.strip_prefix(dir) {
                files.insert(relative.to_owned());
            }
        }
    }
    Ok(files)
}

/// Copies those files whose content differs.
fn copy_new(from: &Path, to: &Path, files: &BTreeSet<PathBuf>) -> Result<()> {
    for file in files {
        let (source, target) = (from.join(file), to.join(file));
        let content = fs::read(&source)?;
        if fs::read(&target).is_ok_and(|old| old == content) {
            continue;
        }
        if let Some(dir) = target.parent() {
            fs::create_dir_all(dir)?;
        }
        fs::write(&target, content)
            .with_context(|| format!("{} cannot be written", target.display()))?;
    }
    Ok(())
}
