//! The conformance suite of [`tideline_server::sql::Sql`] inside the real runtime:
//! `GET /api/conformance`, only where the variable `TIDELINE_CONFORMANCE` is `on`.
//!
//! It runs on the storage of an object of its own, beside the directory's shards.

use serde_json::json;
use tideline_server::conformance;
use worker::{Env, Response};

use crate::actors;
use crate::storage::Storage;

/// The object's path.
pub(crate) const PATH: &str = "/conformance";
/// The Worker's path.
pub(crate) const ROUTE: &str = "/api/conformance";

/// Whether this deployment answers at all.
pub(crate) fn is_on(env: &Env) -> bool {
    env.var("TIDELINE_CONFORMANCE").is_ok_and(|var| var.to_string() == "on")
}

/// Has the suite run.
pub(crate) async fn ask(env: &Env) -> worker::Result<Response> {
    actors::get(env, "DIRECTORY", "conformance", PATH).await
}

/// Runs the suite: a JSON list of what failed and why.
pub(crate) fn answer(storage: &Storage) -> worker::Result<Response> {
    let failed = conformance::run(storage);
    let failed = failed.iter().map(|(name, fault)| json!({ "check": name, "fault": fault.0 }));
    Response::from_json(&failed.collect::<Vec<_>>())
}
