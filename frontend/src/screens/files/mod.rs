//! Files in and out of a conversation: preparing and uploading them, showing them, the viewer,
//! voice messages.

mod kept;
mod prepare;
mod recorder;
mod shown;
mod tray;
mod upload;
mod viewer;
mod voice;

use std::cell::RefCell;

use tideline_shared::protocol::File;
use tideline_shared::{ConversationId, FileId};
use web_sys::Blob;

pub(super) use self::prepare::{bitmap, square};
pub(super) use self::recorder::recorder;
pub(super) use self::shown::shown;
pub(super) use self::tray::keep_for;
pub(super) use self::tray::tray;
pub(super) use self::viewer::viewer;
use crate::browser::{now, random, t};

thread_local! {
    /// What this page uploaded itself, by addresses that only it has: shown from here before the
    /// service has it, and not fetched afterwards.
    static OWN: RefCell<Vec<(FileId, String)>> = const { RefCell::new(Vec::new()) };
}

/// What is uploaded of a file: all of it, and a thumbnail where it is a picture for which that pays.
#[derive(Clone)]
struct Bytes {
    whole: Blob,
    thumb: Option<Blob>,
}

/// An id for a file of this device.
fn fresh_id() -> FileId {
    let mut bytes = [0; 10];
    random(&mut bytes);
    FileId::new(now(), bytes)
}

/// Keeps what is uploaded at hand for this page.
fn keep(id: FileId, blob: &Blob) {
    if let Ok(url) = web_sys::Url::create_object_url_with_blob(blob) {
        OWN.with_borrow_mut(|own| own.push((id, url)));
    }
}

/// Lets go of what nobody sends.
fn forget(id: FileId) {
    OWN.with_borrow_mut(|own| {
        if let Some(at) = own.iter().position(|(other, _)| *other == id) {
            // Fails for what is no address.
            let _ = web_sys::Url::revoke_object_url(&own.swap_remove(at).1);
        }
    });
}

/// Where a file's bytes are.
fn address(conversation: ConversationId, file: FileId) -> String {
    own(file).unwrap_or_else(|| format!("/api/conversations/{conversation}/files/{file}"))
}

/// Where what a picture shows among messages is: its thumbnail, or where it has none, all of it.
fn thumb_address(conversation: ConversationId, file: &File) -> String {
    match own(file.id) {
        None if file.thumb => format!("{}/thumb", address(conversation, file.id)),
        own => own.unwrap_or_else(|| address(conversation, file.id)),
    }
}

fn own(file: FileId) -> Option<String> {
    OWN.with_borrow(|own| own.iter().find(|(other, _)| *other == file).map(|(_, url)| url.clone()))
}

/// A size as people read it.
pub(super) fn size(bytes: u64) -> String {
    let rounded = |unit: f64| format!("{:.1}", bytes as f64 / unit);
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", rounded(1_000_000.0)),
        _ => format!("{} GB", rounded(1_000_000_000.0)),
    }
}

/// A length of time as players show it.
fn clock(ms: u32) -> String {
    let seconds = (f64::from(ms) / 1_000.0).round() as u32;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A sentence for a failure.
fn sentence(fail: crate::browser::Fail) -> String {
    fail.sentence(t())
}
