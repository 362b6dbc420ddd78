//! Files: how they are uploaded, said and fetched.

use serde_json::{Value, json};
use tideline_bench::{Account, Answer, Request, now, ten};
use tideline_shared::limits::PART_BYTES;
use tideline_shared::{ConversationId, FileId, MessageId};

use super::path;

/// Uploads a file part by part; how a message names it.
pub(crate) async fn upload(by: &Account, to: ConversationId, name: &str, bytes: &[u8]) -> Value {
    let id = FileId::new(now(), ten());
    for (n, part) in bytes.chunks(PART_BYTES as usize).enumerate() {
        let path = format!("{}/files/{id}/{}/{n}", path(to), bytes.len());
        let answer = by.api.fetch(by.api.request(&path, part)).await.expect("answers");
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"type":"stored"}"#));
    }
    json!({ "id": id, "name": name })
}

pub(crate) async fn send(by: &Account, to: ConversationId, file: &Value) {
    let body = json!({ "type": "send", "id": MessageId::new(now(), ten()), "text": "",
                       "files": [file] });
    let request = by.api.request(&path(to), body.to_string());
    assert_eq!(by.api.fetch(request).await.expect("answers").status, 200);
}

pub(crate) async fn fetch(by: &Account, of: ConversationId, file: &Value) -> Answer {
    let path = format!("{}/files/{}", path(of), file["id"].as_str().expect("an id"));
    let request = Request { method: "GET", origin: None, ..by.api.request(&path, "") };
    by.api.fetch(request).await.expect("answers")
}
