//! Files on the real runtime and its store: parts, who may fetch, what a page can do, and their end.

use std::time::Duration;

use tideline_bench::{now, ten};
use tideline_shared::limits::PART_BYTES;
use tideline_shared::{Code, FileId};
use tokio::time::{sleep, timeout};

use crate::support::files::{fetch, send, upload};
use crate::support::{assert_refused, group, path, register, shared};

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
async fn a_zip_is_served_as_it_came_and_never_unpacked() {
    let ana = register(shared(), "files-zip").await;
    let group = ana.group("Zips").await.expect("is made");
    // An entry that says it unpacks to two gigabytes, below a path that leads out.
    let mut zip = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0~~~~".to_vec();
    zip.extend(10_u32.to_le_bytes());
    zip.extend(0x7f7f_7f7f_u32.to_le_bytes());
    zip.extend(9_u16.to_le_bytes());
    zip.extend(b"\0\0../tide.x..........");
    let file = upload(&ana, group, "tide.zip", &zip).await;
    send(&ana, group, &file).await;
    let answer = fetch(&ana, group, &file).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.as_bytes() == zip, "it is not the same file");
    assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
    let disposition = answer.header("content-disposition").expect("a disposition");
    assert!(disposition.starts_with("attachment"), "{disposition}");
    assert_eq!(answer.header("content-encoding"), None);
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
