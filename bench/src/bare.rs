//! The runtime by itself: `workerd` with the built Worker, as a deployment has no `wrangler` before it.
//!
//! Its configuration is made of `wrangler.toml`. What no message needs, the store of files and the app's
//! own files, is a stand-in that answers 404.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::runtime::workspace;

/// The configuration's name; the modules lie beside it.
const CONFIG: &str = "bare.capnp";
/// The Worker, as it was built.
const BUILT: &[(&str, &str)] = &[("index.js", "esModule"), ("index_bg.wasm", "wasm")];
/// The floor, in its place.
const FLOOR: &[(&str, &str)] = &[("floor.js", "esModule")];

/// What of `wrangler.toml` is needed here.
#[derive(Deserialize)]
struct Deployment {
    name: String,
    compatibility_date: String,
    compatibility_flags: Vec<String>,
    durable_objects: Objects,
    r2_buckets: Vec<Bucket>,
    assets: Assets,
    vars: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Objects {
    bindings: Vec<Object>,
}

#[derive(Deserialize)]
struct Object {
    name: String,
    class_name: String,
}

#[derive(Deserialize)]
struct Bucket {
    binding: String,
}

#[derive(Deserialize)]
struct Assets {
    binding: String,
}

/// The program.
pub(crate) fn workerd() -> PathBuf {
    let packages = workspace().join("node_modules/@cloudflare");
    let entries = fs::read_dir(&packages).into_iter().flatten().flatten();
    let mut programs = entries.map(|entry| entry.path().join("bin/workerd"));
    programs.find(|program| program.is_file()).expect("`workerd` is installed: run `npm ci`")
}

/// Writes a configuration into `dir`, with the objects' storage in `state`, and brings its path. It runs the built
/// Worker, or the floor in its place.
pub(crate) fn configure(
    dir: &Path,
    state: &Path,
    port: u16,
    vars: &[(&str, String)],
    is_floor: bool,
) -> PathBuf {
    let root = workspace();
    let (from, modules) =
        if is_floor { (root.join("bench/src"), FLOOR) } else { (root.join("worker/build"), BUILT) };
    for (module, _) in modules {
        fs::copy(from.join(module), dir.join(module)).expect("the Worker can be copied");
    }
    fs::create_dir_all(state).expect("a directory for the objects can be made");
    let file = root.join("wrangler.toml");
    let deployment = fs::read_to_string(file).expect("wrangler.toml can be read");
    let config = config(&deployment, modules, state, port, vars);
    let path = dir.join(CONFIG);
    fs::write(&path, config).expect("the configuration can be written");
    path
}

fn config(
    deployment: &str,
    modules: &[(&str, &str)],
    state: &Path,
    port: u16,
    vars: &[(&str, String)],
) -> String {
    let mut deployment: Deployment =
        toml::from_str(deployment).expect("wrangler.toml is as wrangler reads it");
    deployment.vars.extend(vars.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let Deployment { name, compatibility_date, compatibility_flags, .. } = &deployment;
    let modules =
        modules.iter().map(|(name, kind)| format!("(name = {name:?}, {kind} = embed {name:?})"));
    let objects = deployment.durable_objects.bindings.iter();
    let namespaces = objects.map(|Object { class_name, .. }| {
        // The key is wrangler's, so what looks at the storage finds it in the same place.
        let key = format!("{name}-{class_name}");
        format!("(className = {class_name:?}, uniqueKey = {key:?}, enableSql = true)")
    });
    format!(
        r#"using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [{modules}],
      compatibilityDate = {compatibility_date:?},
      compatibilityFlags = {compatibility_flags:?},
      durableObjectNamespaces = [{namespaces}],
      durableObjectStorage = (localDisk = "state"),
      bindings = [{bindings}],
    )),
    (name = "state", disk = (path = {state}, writable = true)),
    (name = "nothing", worker = (
      modules = [(name = "nothing.js", esModule =
        "export default {{ fetch() {{ return new Response(null, {{ status: 404 }}) }} }}")],
      compatibilityDate = {compatibility_date:?},
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:{port}", http = (), service = "worker")],
);
"#,
        modules = modules.collect::<Vec<_>>().join(", "),
        namespaces = namespaces.collect::<Vec<_>>().join(", "),
        bindings = bindings(&deployment).join(", "),
        state = quoted(&state.to_string_lossy()),
    )
}

fn bindings(deployment: &Deployment) -> Vec<String> {
    let Deployment { durable_objects, r2_buckets, assets, vars, .. } = deployment;
    let objects = durable_objects.bindings.iter().map(|Object { name, class_name }| {
        format!("(name = {name:?}, durableObjectNamespace = {class_name:?})")
    });
    let buckets = r2_buckets
        .iter()
        .map(|Bucket { binding }| format!("(name = {binding:?}, r2Bucket = \"nothing\")"));
    let assets = [format!("(name = {:?}, service = \"nothing\")", assets.binding)];
    let vars =
        vars.iter().map(|(name, value)| format!("(name = {name:?}, text = {})", quoted(value)));
    objects.chain(buckets).chain(assets).chain(vars).collect()
}

/// A text as Cap'n Proto reads it, which escapes as JSON does.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_binds_what_the_deployment_binds() {
        let file = workspace().join("wrangler.toml");
        let deployment = fs::read_to_string(file).expect("is there");
        let vars = [("TIDELINE_LIMITS", r#"{"a":1}"#.to_owned())];
        let config = config(&deployment, BUILT, Path::new("/state"), 8_787, &vars);
        for line in deployment.lines() {
            let bound = ["name = ", "binding = ", "class_name = ", "compatibility_date = "];
            let Some(value) = bound.iter().find_map(|key| line.strip_prefix(key)) else { continue };
            if value != "\"tideline\"" {
                assert!(config.contains(value), "{line} is missing in\n{config}");
            }
        }
        assert!(config.contains(r#"(name = "TIDELINE_LIMITS", text = "{\"a\":1}")"#), "{config}");
        assert!(config.contains(r#"(name = "PUSH", text = "on")"#), "{config}");
    }
}
