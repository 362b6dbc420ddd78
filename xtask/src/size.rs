//! What a first visit transfers: the page and everything that it leads to, compressed as
//! Cloudflare would. The budget is the project's promise of a light app.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    build::is_later,
    paths, sh,
    steps::{Log, Outcome},
};

/// Most bytes that a first visit may transfer: 250 KiB.
pub(crate) const BUDGET: usize = 256_000;

/// Fails when the built app is over the budget; the table is in the log.
pub(crate) fn check(log: &Log) -> Result<Outcome> {
    let sizes = first_visit(Path::new(paths::DIST))?;
    log.say(&table(&sizes))?;
    let total: usize = sizes.values().map(|size| size.brotli).sum();
    let told = format!("{:.1} kB of {} kB", kilo(total), BUDGET / 1000);
    if total > BUDGET {
        bail!("A first visit transfers {told}. The table above says what is large.");
    }
    Ok(Outcome::Told(told))
}

/// Bytes of one file, as it is and as it travels.
pub(crate) struct Size {
    raw: usize,
    brotli: usize,
}

/// Every file that the page names, and what those name in turn, but for what is fetched later: that
/// no first visit asks for it, `e2e/tests/first-load.spec.ts` says.
pub(crate) fn first_visit(dist: &Path) -> Result<BTreeMap<PathBuf, Size>> {
    let mut raw = BTreeMap::new();
    let mut open = vec![PathBuf::from("index.html")];
    while let Some(file) = open.pop() {
        if raw.contains_key(&file) {
            continue;
        }
        let content = fs::read(dist.join(&file))?;
        if file.extension().is_none_or(|extension| extension != "wasm") {
            let text = String::from_utf8_lossy(&content);
            let named = addresses(&text).map(PathBuf::from);
            open.extend(named.filter(|to| dist.join(to).is_file() && !is_later(to)));
        }
        raw.insert(file, content.len());
    }
    let brotli = brotli(raw.keys().map(|file| dist.join(file)))?;
    let sizes = raw.into_iter().zip(brotli);
    Ok(sizes.map(|((file, raw), brotli)| (file, Size { raw, brotli })).collect())
}

/// The table that `test` and `bench` show.
pub(crate) fn table(sizes: &BTreeMap<PathBuf, Size>) -> String {
    let mut lines = vec![format!("{:<44} {:>10} {:>10}", "first visit", "raw kB", "brotli kB")];
    let line = |name: &str, raw: usize, brotli: usize| {
        format!("{name:<44} {:>10.1} {:>10.1}", kilo(raw), kilo(brotli))
    };
    for (file, size) in sizes {
        lines.push(line(&file.to_string_lossy(), size.raw, size.brotli));
    }
    let sum = |part: fn(&Size) -> usize| sizes.values().map(part).sum();
    lines.push(line("together", sum(|size| size.raw), sum(|size| size.brotli)));
    lines.join("\n")
}

/// Everything between quotes or brackets that begins like a path of this site.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.split(['"', '\'', '`', '(', ')', ' '])
        .filter_map(|part| part.strip_prefix('/'))
        .filter(|path| !path.is_empty() && !path.contains(".."))
}

/// Prints the compressed size of each file, at brotli's highest level. Node does it in a tenth of
/// the time that it takes in an unoptimised build of this program.
const COMPRESS: &str = "for (const file of process.argv.slice(1)) \
     console.log(require('zlib').brotliCompressSync(require('fs').readFileSync(file)).length)";

fn brotli(files: impl Iterator<Item = PathBuf>) -> Result<Vec<usize>> {
    let printed = sh::output(sh::cmd("node", &["-e", COMPRESS]).args(files))?;
    printed.lines().map(|line| line.parse().context("Node printed no size")).collect()
}

/// Too few bytes to lose a digit.
#[allow(clippy::cast_precision_loss)]
fn kilo(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn pages_scripts_and_styles_lead_to_what_they_name() {
        let text = r#"<link href="/a.css"> url(/assets/b.woff2) var c="/assets/c.wasm"; "https://d/e" "/" "#;
        let found: Vec<_> = addresses(text).collect();
        assert_eq!(found, ["a.css", "assets/b.woff2", "assets/c.wasm"]);
    }
}
