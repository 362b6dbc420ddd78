//! Bringing a file to the service, part by part. A part that got lost is sent again, for as long as
//! somebody waits for it.

use std::fmt::Display;

use tideline_shared::protocol::File;
use tideline_shared::{Code, ConversationId, Reject, limits};
use web_sys::Blob;

use super::Bytes;
use crate::browser::{Fail, send_bytes, sleep};

/// How long to wait before a lost part is sent again: doubled up to the longest.
const FIRST_WAIT_MS: i32 = 500;
const LONGEST_WAIT_MS: i32 = 8_000;
/// How often the service may fail before it is called a failure.
const FAILURES: u32 = 4;

/// How many bytes there are to upload.
///
/// # Errors
/// There are none, or too many.
pub(super) fn check(bytes: &Bytes) -> Result<u64, Fail> {
    match bytes.whole.size() as u64 {
        0 => Err(Code::FileEmpty.into()),
        size if size > limits::FILE_BYTES => Err(Code::FileTooLarge.into()),
        size => Ok(size),
    }
}

/// Uploads a file from a part on, before the first its thumbnail; `told` hears how far it is (the next
/// part, and how many of a hundred), and says whether to go on. Whether it has arrived.
///
/// # Errors
/// The service's refusal.
pub(super) async fn bring(
    to: ConversationId,
    file: &File,
    bytes: &Bytes,
    parts: u64,
    told: impl Fn(u64, u8) -> bool,
) -> Result<bool, Fail> {
    let size = check(bytes)?;
    let path =
        |name: &dyn Display| format!("/api/conversations/{to}/files/{}/{size}/{name}", file.id);
    if let (0, Some(thumb)) = (parts, &bytes.thumb) {
        // A picture does without; whatever else is refused is refused of its parts, too.
        let _ = deliver(&path(&"thumb"), thumb, || told(0, 0)).await;
    }
    for part in parts..size.div_ceil(limits::PART_BYTES) {
        let from = part * limits::PART_BYTES;
        let until = size.min(from + limits::PART_BYTES);
        let piece = bytes.whole.slice_with_f64_and_f64(from as f64, until as f64);
        let piece = piece.map_err(|_| Fail::from(Code::FileIncomplete))?;
        let is_wanted = || told(part, (from * 100 / size) as u8);
        if !deliver(&path(&part), &piece, is_wanted).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Sends some bytes until they have arrived, or are not wanted any more. Whether they have.
async fn deliver(path: &str, bytes: &Blob, is_wanted: impl Fn() -> bool) -> Result<bool, Fail> {
    let mut failures = 0;
    let mut wait = FIRST_WAIT_MS;
    while is_wanted() {
        match send_bytes(path, bytes).await {
            Ok(()) => return Ok(true),
            Err(Fail::Network) => {}
            Err(Fail::Refused(Reject { code: Code::RateLimited, .. })) => {}
            Err(Fail::Refused(Reject { code: Code::Internal, .. })) if failures < FAILURES => {
                failures += 1;
            }
            Err(fail) => return Err(fail),
        }
        sleep(wait).await;
        wait = LONGEST_WAIT_MS.min(wait * 2);
    }
    Ok(false)
}
