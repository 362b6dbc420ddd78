//! Files in and out of a conversation: preparing and uploading them, showing them, the viewer,
//! voice messages.

mod album;
mod kept;
mod prepare;
mod recorder;
mod shown;
mod tray;
mod upload;
mod uploads;
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
pub(super) use self::uploads::{sending, uploads};
pub(super) use self::viewer::viewer;
use crate::browser::{now, random, t};

thread_local! {
    /// What this page uploaded itself, by addresses that only it has: shown from here before the
    /// service has it, and not fetched afterwards as long as its conversation is on the screen.
    static OWN: RefCell<Vec<Own>> = const { RefCell::new(Vec::new()) };
}

struct Own {
    id: FileId,
    of: ConversationId,
    url: String,
}

impl Drop for Own {
    fn drop(&mut self) {
        // Fails for what is no address.
        let _ = web_sys::Url::revoke_object_url(&self.url);
    }
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
fn keep(id: FileId, of: ConversationId, blob: &Blob) {
    if own(id).is_none()
        && let Ok(url) = web_sys::Url::create_object_url_with_blob(blob)
    {
        OWN.with_borrow_mut(|own| own.push(Own { id, of, url }));
    }
}

/// Lets go of what nobody sends.
fn forget(id: FileId) {
    release_all_but(|_, other| other != id);
}

/// Lets go of all that need not be at hand any more.
fn release_all_but(is_needed: impl Fn(ConversationId, FileId) -> bool) {
    OWN.with_borrow_mut(|own| own.retain(|own| is_needed(own.of, own.id)));
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

/// What a message that is not sent shows of a file, from when it is at hand; tracked.
fn unsent_address(file: FileId) -> Option<String> {
    uploads::state(file);
    own(file)
}

fn own(file: FileId) -> Option<String> {
    OWN.with_borrow(|all| all.iter().find(|own| own.id == file).map(|own| own.url.clone()))
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
