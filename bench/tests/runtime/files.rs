//! Files on the real runtime and its store: parts, who may fetch, what a page can do, and their end.

use std::time::Duration;

use serde_json::{Value, json};
use tideline_bench::{Account, Answer, Request, now, ten};
use tideline_shared::limits::PART_BYTES;
use tideline_shared::{Code, ConversationId, FileId, MessageId};
use tokio::time::{sleep, timeout};

use crate::support::{assert_refused, group, path, register, shared};

/// Uploads a file part by part; how a message names it.
async fn upload(by: &Account, to: ConversationId, name: &str, bytes: &[u8]) -> Value {
    let id = FileId::new(now(), ten());
    for (n, part) in bytes.chunks(PART_BYTES as usize).enumerate() {
        let path = format!("{}/files/{id}/{}/{n}", path(to), bytes.len());
        let answer = by.api.fetch(by.api.request(&path, part)).await.expect("answers");
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"type":"stored"}"#));
    }
    json!({ "id": id, "name": name })
}

async fn send(by: &Account, to: ConversationId, file: &Value) {
    let body = json!({ "type": "send", "id": MessageId::new(now(), ten()), "text": "",
                       "files": [file] });
    let request = by.api.request(&path(to), body.to_string());
    assert_eq!(by.api.fetch(request).await.expect("answers").status, 200);
}

async fn fetch(by: &Account, of: ConversationId, file: &Value) -> Answer {
    let path = format!("{}/files/{}", path(of), file["id"].as_str().expect("an id"));
    let request = Request { method: "GET", origin: None, ..by.api.request(&path, "") };
    by.api.fetch(request).await.expect("answers")
}

#[tokio::test]
async fn a_file_of_several_parts_comes_back_whole_to_members_only() {
    let ana = register(shared(), "files-ana").await;
    let (group, guests) = group(&ana, "Files", &["files-ben"]).await;
    let stranger = register(shared(), "files-stranger").await;
    let mut bytes = b"GIF89a".to_vec();
    bytes.extend((0..2 * PART_BYTES).map(|n| b'a' + (n % 23) as u8));
    let file = upload(&ana, group, "tide.gif", &bytes).await;
    send(&ana, group, &file).await;
    let answer = fetch(&guests[0], group, &file).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.as_bytes() == bytes, "it is not the same file");
    assert_eq!(answer.header("content-type"), Some("image/gif"));
    assert_refused(&fetch(&stranger, group, &file).await, Code::NotAMember);
    let empty = format!("{}/files/{}/0/0", path(group), FileId::new(now(), ten()));
    let answer = ana.api.fetch(ana.api.request(&empty, "")).await.expect("answers");
    assert_refused(&answer, Code::FileEmpty);
    let large = format!("{}/files/{}/25000001/0", path(group), FileId::new(now(), ten()));
    let answer = ana.api.fetch(ana.api.request(&large, vec![0; 3_000_000])).await.expect("answers");
    assert_refused(&answer, Code::FileTooLarge);
}

#[tokio::test]
async fn a_page_that_was_uploaded_cannot_run() {
    let ana = register(shared(), "files-page").await;
    let group = ana.group("Pages").await.expect("is made");
    let page = b"<!doctype html><script>alert(document.domain)</script>";
    let file = upload(&ana, group, "page.html", page).await;
    send(&ana, group, &file).await;
    let answer = fetch(&ana, group, &file).await;
    let header = |name| answer.header(name).unwrap_or_else(|| panic!("no {name} in {answer:?}"));
    assert_eq!(header("content-type"), "application/octet-stream");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-disposition").starts_with("attachment"), "{answer:?}");
    assert!(header("content-security-policy").starts_with("sandbox; default-src 'none'"));
    assert!(header("cache-control").starts_with("private"));
    assert_eq!(header("cross-origin-resource-policy"), "same-origin");
}

#[tokio::test]
async fn after_a_recall_a_file_is_gone() {
    let ana = register(shared(), "files-recall").await;
    let group = ana.group("Recalls").await.expect("is made");
    let file = upload(&ana, group, "tide.txt", b"high at noon").await;
    send(&ana, group, &file).await;
    assert_eq!(fetch(&ana, group, &file).await.body, "high at noon");
    let recall = ana.api.request(&path(group), r#"{"type":"recall","seq":1}"#);
    assert_eq!(ana.api.fetch(recall).await.expect("answers").status, 200);
    let answer = fetch(&ana, group, &file).await;
    assert_eq!(answer.status, 404);
    assert_refused(&answer, Code::UnknownFile);
    // Its id is free again once the store has let go of it, and not before.
    let id = file["id"].as_str().expect("an id");
    let again = format!("{}/files/{id}/12/0", path(group));
    let erased = async {
        loop {
            let request = ana.api.request(&again, "low at seven");
            if ana.api.fetch(request).await.expect("answers").status == 200 {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(20), erased).await.expect("it is erased");
}
