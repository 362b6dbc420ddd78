//! The app: the crate compiled for size, its JavaScript glue and its styles bundled, every name
//! made from its content, and a page that names them.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use tideline_shared::limits::PROTOCOL;

use super::{App, alike, dist, prune::prune, slim::slim};
use crate::{
    fresh::{self, Stamp},
    paths, setup, sh,
    steps::{Log, Outcome},
};

/// What wasm-bindgen and wasm-opt made, for esbuild.
const PKG: &str = "target/xtask/pkg";

/// What rustc's wasm32-unknown-unknown assumes of every engine. No more than that: wasm-opt must
/// not write what a browser that runs the input cannot read.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What makes the compressed module smaller. `-Oz` does not: it makes the module a tenth smaller and
/// what travels a tenth larger (measured: 362 kB for 324 kB), because it makes alike code unlike, and
/// it takes a minute. Functions go into their callers where that is their only one and they are small:
/// a browser compiles each one when it is first called, on the thread that draws. Sorting functions by name, which the last
/// pass removes, puts many alike ones side by side; `alike` goes on from there.
const WASM_PASSES: [&str; 25] = [
    "--duplicate-function-elimination",
    "--optimize-instructions",
    "--vacuum",
    "--remove-unused-brs",
    "--remove-unused-names",
    "--merge-blocks",
    "--vacuum",
    "--dae-optimizing",
    "--duplicate-function-elimination",
    "--shrink-level=2",
    "--one-caller-inline-max-function-size=40",
    "--always-inline-max-function-size=4",
    "--inlining-optimizing",
    "--duplicate-function-elimination",
    "--vacuum",
    "--code-folding",
    "--optimize-instructions",
    "--coalesce-locals",
    "--reorder-locals",
    "--remove-unused-module-elements",
    "--simplify-globals",
    "--directize",
    "--reorder-functions-by-name",
    "--strip-producers",
    "--strip-debug",
];

/// The linker's notes on what refers to what stay in the module, for [`split`].
const FLAGS: [&str; 1] = ["-Clink-arg=--emit-relocs"];

pub(super) fn build(app: App, log: &Log) -> Result<Outcome> {
    let stamp =
        Stamp::new(format!("{}/app.stamp", paths::WORK), fresh::inputs_of("tideline-frontend")?)?;
    let stamp = if app == App::Kit { stamp.with("kit") } else { stamp };
    if stamp.is_fresh(format!("{}/index.html", paths::DIST)) {
        return Ok(Outcome::Fresh);
    }
    stamp.clear();
    let module =
        compile(app, log).context("The app could not be compiled; the lines above say why")?;
    package(log, module).context("The app's wasm could not be packaged")?;
    let bundle = bundle(log).context("The app's scripts and styles could not be bundled")?;
    dist::write(app, &bundle)?;
    stamp.set()?;
    Ok(Outcome::Done)
}

/// [`FLAGS`] as cargo's configuration. Where this machine keeps the sources of crates is not for
/// those who open the app.
fn flags() -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_default();
    let away = format!("--remap-path-prefix={}=", home.join("registry/src").display());
    let flags: Vec<_> = FLAGS.into_iter().chain([away.as_str()]).map(|it| json!(it)).collect();
    format!("target.wasm32-unknown-unknown.rustflags={}", json!(flags))
}

/// Compiles the crate, and says where the module is.
fn compile(app: App, log: &Log) -> Result<PathBuf> {
    let mut cargo = sh::cmd("cargo", &["build", "--package=tideline-frontend", "--profile=app"]);
    cargo.args(["--config", &flags()]);
    if app == App::Kit {
        cargo.arg("--features=kit");
    }
    cargo.arg(format!("--target={}", setup::wasm::TARGET));
    let messages = log.output(cargo.arg("--message-format=json-render-diagnostics"))?;
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let own = messages.filter(|message| message["target"]["name"] == "tideline_frontend");
    own.flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .find(|file| file.extension().is_some_and(|extension| extension == "wasm"))
        .context("cargo made no wasm module: is the crate a `cdylib`?")
}

/// Writes the JavaScript around the module, and makes it small. Done again only for another
/// module, which spares those who change styles the wait.
fn package(log: &Log, module: PathBuf) -> Result<()> {
    let inputs = [module.clone(), "package-lock.json".into(), "xtask/src/build".into()];
    let stamp = Stamp::new(format!("{PKG}.stamp"), inputs)?;
    let wasm = format!("{PKG}/tideline_bg.wasm");
    if stamp.is_fresh(&wasm) {
        return Ok(());
    }
    stamp.clear();
    remove_dir(PKG)?;
    let main = split(&module)?;
    let mut bindgen = sh::cmd(setup::tools::wasm_bindgen()?.find()?, &["--target=web"]);
    bindgen.args(["--out-dir", PKG, "--out-name=tideline", "--no-typescript"]);
    log.run(bindgen.args(["--omit-default-module-path", "--keep-lld-exports"]).arg(main))?;
    slim(wasm.as_ref(), format!("{PKG}/tideline.js").as_ref())?;

    for module in wasm_files()? {
        let name = module.display().to_string();
        let mut opt = sh::cmd(paths::npm_tool("wasm-opt"), &["--output", &name, &name]);
        log.run(opt.args(WASM_FEATURES).args(WASM_PASSES))?;
        alike::arrange(&module)?;
    }
    stamp.set()
}

/// The module that is there at first, and the one that no first visit fetches.
pub(super) const FIRST: &str = "tideline_bg";
pub(super) const LATER: &str = "more";

/// Takes the code of `frontend/src/screens/more.rs` out of the module, with everything that only it
/// uses, and writes the script that fetches it. What is left still has to go through
/// wasm-bindgen.
fn split(module: &Path) -> Result<PathBuf> {
    fs::create_dir_all(PKG)?;
    let (input, main) = (prune(&fs::read(module)?)?, Path::new(paths::WORK).join("main.wasm"));
    let mut options = wasm_split_cli_support::Options::new(&input);
    options.output_dir = Path::new(PKG);
    options.main_out_path = &main;
    options.main_module = "./tideline.js";
    options.link_name = "./split.js";
    wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:#}"))?;

    // esbuild gives files their addresses where they are imported.
    let script = Path::new(PKG).join("split.js");
    let mut text = fs::read_to_string(&script)?;
    for part in wasm_files()? {
        let stem = part.file_stem().context("a file has a name")?.to_string_lossy().into_owned();
        let name = stem.trim_start_matches("split_");
        fs::rename(&part, part.with_file_name(format!("{name}.wasm")))?;
        let address = format!("new URL(\"./{stem}.wasm\", import.meta.url)");
        if !text.contains(&address) {
            bail!("split.js does not fetch {stem}.wasm");
        }
        text = text.replace(&address, name);
        text.insert_str(0, &format!("import {name} from \"./{name}.wasm\";\n"));
    }
    fs::write(script, text)?;
    Ok(main)
}

/// The modules in [`PKG`].
fn wasm_files() -> Result<Vec<PathBuf>> {
    let files = fs::read_dir(PKG)?.map(|entry| Ok(entry?.path()));
    let files = files.collect::<Result<Vec<_>>>()?;
    let is_wasm = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "wasm");
    Ok(files.into_iter().filter(is_wasm).collect())
}

/// Bundles the scripts and the styles into [`dist::STAGE`]; the result is esbuild's description of
/// what it wrote.
fn bundle(log: &Log) -> Result<Value> {
    remove_dir(dist::STAGE)?;
    let description = format!("{}/esbuild.json", paths::WORK);
    let pkg = paths::root().join(PKG);
    let mut esbuild = sh::cmd(paths::npm_tool("esbuild"), &["frontend/boot.js"]);
    esbuild
        .args([
            "frontend/style/index.css",
            "frontend/style/more.css",
            "--bundle",
            "--minify",
            "--format=esm",
        ])
        .args(["--target=es2022,chrome123,firefox120,safari17.5", "--legal-comments=none"])
        .args(["--loader:.wasm=file", "--loader:.woff2=file", "--loader:.svg=file"])
        .args(["--entry-names=assets/[name]-[hash]", "--asset-names=assets/[name]-[hash]"])
        .args(["--public-path=/", "--log-level=warning"])
        .arg(format!("--outdir={}", dist::STAGE))
        .arg(format!("--alias:pkg={}", pkg.display()))
        .arg(format!("--define:PROTOCOL={PROTOCOL}"))
        .arg(format!("--metafile={description}"));
    log.run(&mut esbuild)?;
    Ok(serde_json::from_slice(&fs::read(description)?)?)
}

/// Removes what an earlier run left, which the next one would take for its own.
fn remove_dir(dir: &str) -> Result<()> {
    if fs::exists(dir)? {
        fs::remove_dir_all(dir)?;
    }
    Ok(())
}
