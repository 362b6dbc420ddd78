//! wasm-bindgen and worker-build, at the versions that `Cargo.lock` names: what is installed, else
//! a download, else compiled. What was fetched stays in the user's cache, for all clones.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};

use super::system;
use crate::{
    paths, sh,
    steps::{Log, Outcome},
};

/// A program that is published as a crate.
pub(crate) struct Tool {
    /// The crate that holds it.
    package: &'static str,
    exe: &'static str,
    version: String,
    /// How much to optimise when it is compiled here: less saves minutes of a first run.
    opt_level: &'static str,
}

/// Writes the JavaScript around a wasm module; must be of the version of the library it serves.
pub(crate) fn wasm_bindgen() -> Result<Tool> {
    Tool::new("wasm-bindgen-cli", "wasm-bindgen", "wasm-bindgen", "1")
}

/// Makes a Worker of a crate; released together with the library.
pub(crate) fn worker_build() -> Result<Tool> {
    // It only starts others.
    Tool::new("worker-build", "worker-build", "worker", "0")
}

impl Tool {
    fn new(
        package: &'static str,
        exe: &'static str,
        library: &str,
        opt_level: &'static str,
    ) -> Result<Self> {
        let lock = fs::read_to_string("Cargo.lock").context("Cargo.lock cannot be read")?;
        let version = locked_version(&lock, library)
            .with_context(|| format!("Cargo.lock does not name the version of `{library}`"))?;
        Ok(Self { package, exe, version: version.to_owned(), opt_level })
    }

    /// Where the program is, when it is installed at the right version.
    pub(crate) fn find(&self) -> Result<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let dirs =
            std::env::split_paths(&path).chain([paths::cargo_bin()?, self.root()?.join("bin")]);
        dirs.map(|dir| dir.join(self.exe))
            .find(|file| self.fits(file))
            .with_context(|| format!("{} {} is not installed", self.exe, self.version))
    }

    pub(super) fn ensure(&self, log: &Log) -> Result<Outcome> {
        if self.find().is_ok() {
            return Ok(Outcome::Fresh);
        }
        let told = if self.fetched(log)? {
            "downloaded"
        } else {
            self.compile(log)?;
            "compiled"
        };
        self.find()?;
        Ok(Outcome::Told(format!("{} {told}", self.version)))
    }

    fn fits(&self, file: &PathBuf) -> bool {
        file.is_file()
            && sh::output(&mut sh::cmd(file, &["--version"]))
                .is_ok_and(|said| said.split_whitespace().next_back() == Some(&self.version))
    }

    fn root(&self) -> Result<PathBuf> {
        Ok(paths::cache()?.join(format!("{}-{}", self.package, self.version)))
    }

    /// Tries to get a compiled program. A network that does not reach the place is no failure.
    fn fetched(&self, log: &Log) -> Result<bool> {
        let result = if paths::which("cargo-binstall").is_some() {
            self.binstall(log)
        } else {
            self.download(log)
        };
        if let Err(error) = result {
            log.say(&format!("No download ({error:#}); compiling instead."))?;
            return Ok(false);
        }
        Ok(self.find().is_ok())
    }

    fn binstall(&self, log: &Log) -> Result<()> {
        let what = format!("{}@{}", self.package, self.version);
        let args = ["binstall", &what, "--no-confirm", "--disable-strategies=compile", "--root"];
        log.run(sh::cmd("cargo", &args).arg(self.root()?))
    }

    fn download(&self, log: &Log) -> Result<()> {
        let Some(url) = self.url() else { bail!("none is published") };
        let bin = self.root()?.join("bin");
        fs::create_dir_all(&bin)?;
        let archive = bin.join("download.tar.gz");
        let mut curl = sh::cmd("curl", &["--fail", "--location", "--silent", "--show-error"]);
        curl.args(["--connect-timeout", "5", "--max-time", "300", &url, "--output"]).arg(&archive);
        let unpacked = log.run(&mut curl).and_then(|()| {
            let mut tar = sh::cmd("tar", &["--strip-components=1", "-xzf"]);
            log.run(tar.arg(&archive).arg("-C").arg(&bin))
        });
        // It may not have come to exist.
        let _ = fs::remove_file(&archive);
        unpacked
    }

    /// Where the project publishes the program for this machine.
    fn url(&self) -> Option<String> {
        let machine = match (std::env::consts::OS, std::env::consts::ARCH) {
            _ if self.package != "wasm-bindgen-cli" => return None,
            ("linux", "x86_64") => "x86_64-unknown-linux-musl",
            ("linux", "aarch64") => "aarch64-unknown-linux-musl",
            ("macos", "x86_64") => "x86_64-apple-darwin",
            ("macos", "aarch64") => "aarch64-apple-darwin",
            _ => return None,
        };
        let version = &self.version;
        Some(format!(
            "https://github.com/wasm-bindgen/wasm-bindgen/releases/download/{version}/\
             wasm-bindgen-{version}-{machine}.tar.gz"
        ))
    }

    fn compile(&self, log: &Log) -> Result<()> {
        if self.package == "worker-build" {
            system::ensure_openssl(log)?;
        }
        let mut install = sh::cmd("cargo", &["install", self.package, "--locked", "--version"]);
        install.arg(format!("={}", self.version)).arg("--root").arg(self.root()?);
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level);
        log.run(&mut install).with_context(|| {
            format!(
                "{} could not be compiled. The lines above say why; `cargo install {} --version \
                 {} --locked` does the same by hand",
                self.package, self.package, self.version
            )
        })
    }
}

/// The version of a package in the text of a `Cargo.lock`.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn the_version_is_that_of_the_package_of_exactly_this_name() {
        let lock = "[[package]]\nname = \"worker-macros\"\nversion = \"0.8.6\"\n\n\
                    [[package]]\nname = \"worker\"\nversion = \"0.8.7\"\n";
        assert_eq!(locked_version(lock, "worker"), Some("0.8.7"));
        assert_eq!(locked_version(lock, "work"), None);
    }
}
