//! The object's own SQLite does what the actors' tests rely on.

use tideline_bench::{Api, Request};

use crate::support::shared;

#[tokio::test]
async fn every_check_of_the_sql_suite_holds_inside_the_runtime() {
    let api = Api::new(shared());
    let request = Request { method: "GET", ..api.request("/api/conformance", []) };
    let answer = api.fetch(request).await.expect("answers");
    assert_eq!((answer.status, answer.body.as_str()), (200, "[]"));
}
