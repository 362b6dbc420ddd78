//! Is what was built still what its inputs would build? Contents decide, not times, so a fresh
//! checkout of the same state rebuilds nothing.

use std::{
    collections::BTreeSet,
    fs,
    hash::{DefaultHasher, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{paths, sh};

/// Directories of a crate that hold results or tests, and so are never inputs.
const NOT_INPUTS: [&str; 4] = ["target", "build", "dist", "tests"];

/// A record of the inputs that something was made from.
pub(crate) struct Stamp {
    file: PathBuf,
    value: String,
}

impl Stamp {
    /// `inputs` are files, or directories taken whole.
    pub(crate) fn new(
        file: impl Into<PathBuf>,
        inputs: impl IntoIterator<Item = PathBuf>,
    ) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        for input in inputs {
            hash_tree(&mut hasher, &input)?;
        }
        Ok(Self { file: file.into(), value: format!("{:016x}", hasher.finish()) })
    }

    /// The same for another result of the same inputs.
    pub(crate) fn with(self, what: &str) -> Self {
        Self { value: format!("{} {what}", self.value), ..self }
    }

    /// True when the last complete run saw the same inputs and its result is still there.
    pub(crate) fn is_fresh(&self, result: impl AsRef<Path>) -> bool {
        result.as_ref().exists()
            && fs::read_to_string(&self.file).is_ok_and(|seen| seen == self.value)
    }

    /// Forgets the last run, so that a run that is cut short does not look complete.
    pub(crate) fn clear(&self) {
        // It may not exist yet.
        let _ = fs::remove_file(&self.file);
    }

    /// Call this when the result is complete.
    pub(crate) fn set(&self) -> Result<()> {
        if let Some(dir) = self.file.parent() {
            fs::create_dir_all(dir)?;
        }
        fs::write(&self.file, &self.value)
            .with_context(|| format!("{} cannot be written", self.file.display()))
    }
}

/// Everything that a crate of this workspace is built from: itself, the crates of the workspace
/// that it uses, the lock files, and the recipes in this program.
pub(crate) fn inputs_of(package: &str) -> Result<BTreeSet<PathBuf>> {
    let metadata =
        sh::output(&mut sh::cmd("cargo", &["metadata", "--no-deps", "--format-version=1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let mut inputs: BTreeSet<PathBuf> =
        [".cargo", "Cargo.toml", "Cargo.lock", "package-lock.json", "xtask/src"]
            .map(PathBuf::from)
            .into();
    add_crate(&metadata, package, &mut inputs);
    Ok(inputs)
}

fn add_crate(metadata: &Value, package: &str, inputs: &mut BTreeSet<PathBuf>) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let Some(found) = list(&metadata["packages"]).into_iter().find(|p| p["name"] == package) else {
        return;
    };
    let manifest = Path::new(found["manifest_path"].as_str().unwrap_or_default());
    let Some(dir) = manifest.parent() else { return };
    if !inputs.insert(dir.strip_prefix(paths::root()).unwrap_or(dir).to_owned()) {
        return;
    }
    for dependency in list(&found["dependencies"]) {
        let shipped = dependency["kind"] != "dev" && dependency["path"].is_string();
        if let (true, Some(name)) = (shipped, dependency["name"].as_str()) {
            add_crate(metadata, name, inputs);
        }
    }
}

fn hash_tree(hasher: &mut DefaultHasher, path: &Path) -> Result<()> {
    if path.is_dir() {
        let is_crate = path.join("Cargo.toml").is_file();
        let mut entries: Vec<_> =
            fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        entries.sort();
        for entry in entries.iter().filter(|entry| is_input(entry, is_crate)) {
            hash_tree(hasher, entry)?;
        }
        return Ok(());
    }
    let content = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    for part in [path.as_os_str().as_encoded_bytes(), &content] {
        hasher.write_usize(part.len());
        hasher.write(part);
    }
    Ok(())
}

fn is_input(path: &Path, in_crate: bool) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let result = in_crate && NOT_INPUTS.contains(&&*name);
    !result && !name.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_changes_with_its_sources_and_not_with_its_tests_or_results() {
        let dir = std::env::temp_dir().join(format!("tideline-fresh-{}", std::process::id()));
        let write = |file: &str, content: &str| {
            let path = dir.join(file);
            fs::create_dir_all(path.parent().expect("below a directory")).expect("made");
            fs::write(path, content).expect("written");
        };
        let value = || Stamp::new("unused", [dir.clone()]).expect("readable").value;
        write("Cargo.toml", "[package]");
        write("src/build/mod.rs", "one");

        let first = value();
        write("tests/it.rs", "a test");
        write("build/index.js", "a result");
        assert_eq!(value(), first);
        write("src/build/mod.rs", "two");
        assert_ne!(value(), first);
        fs::remove_dir_all(&dir).expect("removed");
    }
}
