//! Bringing a file to the service, part by part. A part that got lost is sent again, for as long as
//! somebody waits for it.

use js_sys::Promise;
use tideline_shared::protocol::File;
use tideline_shared::{Code, ConversationId, Reject, limits};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use crate::browser::{Fail, send_bytes, window};
use crate::screens::conversation::{Progress, Tray};

/// How long to wait before a lost part is sent again: doubled up to the longest.
const FIRST_WAIT_MS: i32 = 500;
const LONGEST_WAIT_MS: i32 = 8_000;
/// How often the service may fail before it is called a failure.
const FAILURES: u32 = 4;

/// Uploads a file of the tray, and says there how far it is.
pub(super) async fn upload(tray: Tray, to: ConversationId, file: File, blob: Blob) {
    let id = file.id;
    let told = |percent: u8| tray.tell(id, Progress::Under(percent));
    match bring(to, &file, &blob, told).await {
        Ok(true) => drop(tray.tell(id, Progress::Done)),
        Ok(false) => {}
        Err(fail) => drop(tray.tell(id, Progress::Failed(fail))),
    }
}

/// Uploads a file; `told` hears how far it is, and says whether to go on. Whether it has arrived.
///
/// # Errors
/// The service's refusal.
pub(super) async fn bring(
    to: ConversationId,
    file: &File,
    blob: &Blob,
    told: impl Fn(u8) -> bool,
) -> Result<bool, Fail> {
    let size = blob.size() as u64;
    if size == 0 {
        return Err(Code::FileEmpty.into());
    }
    if size > limits::FILE_BYTES {
        return Err(Code::FileTooLarge.into());
    }
    let mut failures = 0;
    let mut wait = FIRST_WAIT_MS;
    let mut part = 0;
    while part * limits::PART_BYTES < size {
        if !told((part * limits::PART_BYTES * 100 / size) as u8) {
            return Ok(false);
        }
        let from = part * limits::PART_BYTES;
        let until = size.min(from + limits::PART_BYTES);
        let piece = blob.slice_with_f64_and_f64(from as f64, until as f64);
        let piece = piece.map_err(|_| Fail::from(Code::FileIncomplete))?;
        let path = format!("/api/conversations/{to}/files/{}/{size}/{part}", file.id);
        match send_bytes(&path, &piece).await {
            Ok(()) => {
                part += 1;
                (failures, wait) = (0, FIRST_WAIT_MS);
                continue;
            }
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
    Ok(true)
}

async fn sleep(ms: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        // Fails only where the arguments are of wrong types.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    // It is never rejected.
    let _ = JsFuture::from(promise).await;
}
