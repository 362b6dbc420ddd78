//! Files on their way to the service, kept on this device: those that were chosen are in the tray again
//! after a reload, those that were sent go out, and an upload goes on where it was.
//!
//! They lie in the account's local store, which is deleted when somebody signs out; what belongs to a message
//! the engine lets go of together with that. A browser that refuses them costs the person that, and nothing
//! else.

use js_sys::Array;
use tideline_client::{bytes_key, parts_key, tray_prefix};
use tideline_shared::protocol::File;
use tideline_shared::{ConversationId, FileId, UserId, limits};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbKeyRange;

use super::Bytes;
use crate::browser::{local_remove, local_set, now};
use crate::screens::conversation::tray_mark;
use crate::shell::in_store;

/// The service removes what no message took after a day; so long before that it counts as gone, in
/// milliseconds.
const IN_TIME_MS: u64 = 60 * 60 * 1_000;

/// A file as it was kept.
pub(super) struct Kept {
    pub(super) file: File,
    pub(super) bytes: Bytes,
    /// So many of its parts have arrived.
    pub(super) parts: u64,
}

/// Keeps a file, unless there are too many in this tray already. Whether it is kept.
pub(super) async fn put(me: UserId, of: ConversationId, file: &File, bytes: &Bytes) -> bool {
    let Ok(about) = serde_json::to_string(file) else { return false };
    if rows(me, of).await.len() >= limits::UNSENT_FILES {
        return false;
    }
    let (at, thumb) = (JsValue::from_f64(now() as f64), JsValue::from(bytes.thumb.clone()));
    let row = Array::of4(&about.into(), &bytes.whole, &at, &thumb);
    let key = JsValue::from(bytes_key(of, file.id));
    in_store(me, |rows| rows.put_with_key(&row, &key)).await.is_ok()
}

/// There is something in the tray of a conversation.
pub(super) fn mark(of: ConversationId) {
    local_set(&tray_mark(of), "1");
}

/// So many parts of it have arrived.
pub(super) async fn arrived(me: UserId, of: ConversationId, file: FileId, parts: u64) {
    let (at, parts) = (parts_key(of, file).into(), JsValue::from_f64(parts as f64));
    // Not kept, the parts are sent once more.
    let _ = in_store(me, |rows| rows.put_with_key(&parts, &at)).await;
}

/// Lets go of a file that was taken out.
pub(super) async fn forget(me: UserId, of: ConversationId, file: FileId) {
    for at in [bytes_key(of, file), parts_key(of, file)] {
        // What cannot be reached now goes in time.
        let _ = in_store(me, |rows| rows.delete(&at.into())).await;
    }
}

/// The files of a conversation that can still be sent, in the order in which they were chosen; the others go,
/// but for those that `is_sent` says a message has.
pub(super) async fn load(
    me: UserId,
    of: ConversationId,
    is_sent: impl Fn(FileId) -> bool,
) -> Vec<Kept> {
    let mut found = Vec::new();
    for (at, row) in rows(me, of).await {
        match read(&row) {
            Some((file, ..)) if is_sent(file.id) => {}
            Some((file, bytes, true)) => {
                let parts = parts(me, of, file.id).await;
                found.push(Kept { file, bytes, parts });
            }
            _ => drop(in_store(me, |rows| rows.delete(&at)).await),
        }
    }
    if found.is_empty() {
        local_remove(&tray_mark(of));
    }
    found
}

/// One file, however old; its parts count only as long as the service keeps them.
pub(super) async fn one(me: UserId, of: ConversationId, file: FileId) -> Option<Kept> {
    let at = bytes_key(of, file).into();
    let (file, bytes, is_fresh) = read(&in_store(me, |rows| rows.get(&at)).await.ok()?)?;
    let parts = if is_fresh { parts(me, of, file.id).await } else { 0 };
    Some(Kept { file, bytes, parts })
}

async fn parts(me: UserId, of: ConversationId, file: FileId) -> u64 {
    let at = parts_key(of, file).into();
    let parts = in_store(me, |rows| rows.get(&at)).await.ok().and_then(|parts| parts.as_f64());
    parts.unwrap_or_default() as u64
}

/// What is kept for a conversation.
async fn rows(me: UserId, of: ConversationId) -> Vec<(JsValue, JsValue)> {
    let from = tray_prefix(of);
    // Nothing sorts behind U+FFFF.
    let range = IdbKeyRange::bound(&from.as_str().into(), &format!("{from}\u{ffff}").into());
    let Ok(range) = range else { return Vec::new() };
    let keys = in_store(me, |rows| rows.get_all_keys_with_key(&range)).await;
    let values = in_store(me, |rows| rows.get_all_with_key(&range)).await;
    let (Ok(keys), Ok(values)) = (keys, values) else { return Vec::new() };
    Array::from(&keys).iter().zip(Array::from(&values).iter()).collect()
}

/// A row, and whether the service has what arrived of it; none for what this program did not write.
fn read(row: &JsValue) -> Option<(File, Bytes, bool)> {
    let row: &Array = row.dyn_ref()?;
    let file: File = tideline_client::read_json(&row.get(0).as_string()?).ok()?;
    let lasts = limits::UNSENT_MS - IN_TIME_MS;
    let is_fresh = now().saturating_sub(row.get(2).as_f64()? as u64) < lasts;
    let bytes = Bytes { whole: row.get(1).dyn_into().ok()?, thumb: row.get(3).dyn_into().ok() };
    Some((file, bytes, is_fresh))
}
