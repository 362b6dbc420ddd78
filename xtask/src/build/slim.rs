//! What wasm-bindgen writes and nobody needs: names with a hash in each, which do not compress, and
//! doors that nobody comes through.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{ExportSection, ImportSection, Module};
use wasmparser::{Export, ImportSectionReader, Parser, Payload};

use super::{places, prune::UNUSED};

/// What the script calls that for which [`UNUSED`] stands.
const UNUSED_CLASS: &str = "IntoUnderlying";
/// How names begin that wasm-bindgen made up.
const MADE_UP: [&str; 4] = ["./tideline_bg.js", "__wbg_", "__wbindgen_generic_", "wasm_bindgen_"];

/// Gives the imports and exports of a module short names, in the script around it, too, and takes out
/// where in the code something is.
pub(super) fn slim(module: &Path, script: &Path) -> Result<()> {
    let (mut bytes, mut text) = (fs::read(module)?, without_unused(&fs::read_to_string(script)?));
    places::forget(&mut bytes)?;
    let mut names = Names(BTreeMap::new());
    names.find(&bytes)?;
    for (name, short) in names.0.iter().rev() {
        // Sorted backwards, so that no name is the beginning of one that is still to come.
        text = text.replace(name.as_str(), short);
    }
    let mut slim = Module::new();
    let done = names.parse_core_module(&mut slim, Parser::new(0), &bytes);
    done.map_err(|error| anyhow!("{error}")).context("The module cannot be read")?;
    fs::write(module, slim.finish())?;
    Ok(fs::write(script, text)?)
}

/// A script without the classes that nobody uses, and what stands beside them for their sake.
fn without_unused(script: &str) -> String {
    let (mut kept, mut is_used) = (String::new(), true);
    for line in script.split_inclusive('\n') {
        // What is indented, or only closes something, goes on with what began before.
        if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            is_used = !line.contains(UNUSED_CLASS);
        }
        if is_used {
            kept.push_str(line);
        }
    }
    kept
}

/// What made up names are called from now on.
struct Names(BTreeMap<String, String>);

impl Names {
    fn find(&mut self, module: &[u8]) -> Result<()> {
        let mut found = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        found.extend([import.module, import.name]);
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        found.push(export?.name);
                    }
                }
                _ => {}
            }
        }
        let made_up = |name: &&str| MADE_UP.iter().any(|start| name.starts_with(start));
        let unused = |name: &&str| UNUSED.iter().any(|start| name.starts_with(start));
        let names = found.into_iter().filter(|name| made_up(name) && !unused(name));
        let names = names.collect::<BTreeSet<_>>().into_iter();
        self.0 = names.enumerate().map(|(n, name)| (name.to_owned(), format!("_{n}_"))).collect();
        Ok(())
    }

    fn of<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, String::as_str)
    }
}

impl Reencode for Names {
    type Error = std::convert::Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        for import in section.into_imports() {
            let import = import?;
            let ty = self.entity_type(import.ty)?;
            imports.import(self.of(import.module), self.of(import.name), ty);
        }
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), Error<Self::Error>> {
        if UNUSED.iter().any(|start| export.name.starts_with(start)) {
            return Ok(());
        }
        let name = self.of(export.name).to_owned();
        utils::parse_export(self, exports, Export { name: &name, ..export })
    }
}
