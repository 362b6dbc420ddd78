//! Files that were chosen and not sent, kept on this device: after a reload they are in the tray again,
//! and their upload goes on where it was.
//!
//! They lie in the account's local store, which is deleted when somebody signs out. A browser that
//! refuses them costs the person that, and nothing else.

use js_sys::Array;
use tideline_shared::protocol::File;
use tideline_shared::{ConversationId, FileId, UserId, limits};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbKeyRange;

use super::Bytes;
use crate::browser::{local_remove, local_set, now};
use crate::screens::conversation::tray_mark;
use crate::shell::in_store;

/// The service removes what nobody sent after a day; so long before that nothing is brought back, in
/// milliseconds.
const IN_TIME_MS: u64 = 60 * 60 * 1_000;

/// A file of the tray as it was kept.
pub(super) struct Kept {
    pub(super) file: File,
    pub(super) bytes: Bytes,
    /// So many of its parts have arrived.
    pub(super) parts: u64,
}

/// Where the files of one conversation, or of all, are kept.
fn below(of: Option<ConversationId>) -> String {
    of.map_or_else(|| "tray/".to_owned(), |of| format!("tray/{of}/"))
}

fn key(of: ConversationId, file: FileId) -> String {
    format!("{}{file}", below(Some(of)))
}

fn parts_key(of: ConversationId, file: FileId) -> String {
    format!("parts/{of}/{file}")
}

/// Keeps a file, unless there are too many already.
pub(super) async fn put(me: UserId, of: ConversationId, file: &File, bytes: &Bytes) {
    let Ok(about) = serde_json::to_string(file) else { return };
    if all(me, None).await.len() >= limits::UNSENT_FILES {
        return;
    }
    let (at, thumb) = (JsValue::from_f64(now() as f64), JsValue::from(bytes.thumb.clone()));
    let row = Array::of4(&about.into(), &bytes.whole, &at, &thumb);
    let key = JsValue::from(key(of, file.id));
    if in_store(me, |rows| rows.put_with_key(&row, &key)).await.is_ok() {
        local_set(&tray_mark(of), "1");
    }
}

/// So many parts of it have arrived.
pub(super) async fn arrived(me: UserId, of: ConversationId, file: FileId, parts: u64) {
    let (at, parts) = (parts_key(of, file).into(), JsValue::from_f64(parts as f64));
    // Not kept, the parts are sent once more.
    let _ = in_store(me, |rows| rows.put_with_key(&parts, &at)).await;
}

/// Lets go of a file that was sent or taken out.
pub(super) async fn forget(me: UserId, of: ConversationId, file: FileId) {
    for at in [key(of, file), parts_key(of, file)] {
        // What cannot be reached now goes in time.
        let _ = in_store(me, |rows| rows.delete(&at.into())).await;
    }
}

/// The files of a conversation, in the order in which they were chosen.
pub(super) async fn load(me: UserId, of: ConversationId) -> Vec<Kept> {
    let mut found = Vec::new();
    for (file, bytes) in all(me, Some(of)).await {
        let at = parts_key(of, file.id).into();
        let parts = in_store(me, |rows| rows.get(&at)).await.ok().and_then(|parts| parts.as_f64());
        found.push(Kept { file, bytes, parts: parts.unwrap_or_default() as u64 });
    }
    if found.is_empty() {
        local_remove(&tray_mark(of));
    }
    found
}

/// Files that can still be sent; the others go.
async fn all(me: UserId, of: Option<ConversationId>) -> Vec<(File, Bytes)> {
    let from = below(of);
    // Nothing sorts behind U+FFFF.
    let range = IdbKeyRange::bound(&from.as_str().into(), &format!("{from}\u{ffff}").into());
    let Ok(range) = range else { return Vec::new() };
    let keys = in_store(me, |rows| rows.get_all_keys_with_key(&range)).await;
    let values = in_store(me, |rows| rows.get_all_with_key(&range)).await;
    let (Ok(keys), Ok(values)) = (keys, values) else { return Vec::new() };
    let mut found = Vec::new();
    for (at, row) in Array::from(&keys).iter().zip(Array::from(&values).iter()) {
        match read(&row) {
            Some(kept) => found.push(kept),
            None => drop(in_store(me, |rows| rows.delete(&at)).await),
        }
    }
    found
}

/// A row; none for one that is too old, or nothing that this program wrote.
fn read(row: &JsValue) -> Option<(File, Bytes)> {
    let row: &Array = row.dyn_ref()?;
    let file: File = tideline_client::read_json(&row.get(0).as_string()?).ok()?;
    let lasts = limits::UNSENT_MS - IN_TIME_MS;
    let fresh = now().saturating_sub(row.get(2).as_f64()? as u64) < lasts;
    let bytes = Bytes { whole: row.get(1).dyn_into().ok()?, thumb: row.get(3).dyn_into().ok() };
    fresh.then_some((file, bytes))
}
