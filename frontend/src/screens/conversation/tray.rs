//! What is about to be sent besides words: files that were chosen, pasted or dropped, on their way.
//!
//! Here is only what the composer needs to know; preparing and uploading them is in
//! `crate::screens::files`, which is fetched when there is something to do.

use crate::kit::State;
use js_sys::{Array, Reflect};
use leptos::prelude::*;
use tideline_shared::protocol::File;
use tideline_shared::{ConversationId, FileId};
use wasm_bindgen::JsValue;

use crate::browser::Fail;

/// The name under which is kept that the tray of a conversation held something last.
pub(in crate::screens) fn tray_mark(of: ConversationId) -> String {
    format!("tray/{of}")
}

/// The files that the composer holds. Copies are the same.
#[derive(Clone, Copy)]
pub(in crate::screens) struct Tray {
    /// What nobody has taken in yet: arrays of `File`.
    pub(in crate::screens) offered: RwSignal<Vec<Array>, LocalStorage>,
    /// In the order in which they were added.
    pub(in crate::screens) uploads: State<Vec<Upload>>,
}

/// A file on its way.
#[derive(Clone, PartialEq)]
pub(in crate::screens) struct Upload {
    pub(in crate::screens) file: File,
    pub(in crate::screens) state: Progress,
}

/// How far it is.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::screens) enum Progress {
    /// It is being prepared, or looked for.
    Coming,
    /// So many of a hundred.
    Under(u8),
    Failed(Fail),
    Done,
}

impl Tray {
    pub(super) fn new() -> Self {
        Self { offered: RwSignal::new_local(Vec::new()), uploads: State::default() }
    }

    /// Takes the files that `of` has (an input, what is pasted, what is dropped); whether there are
    /// any.
    pub(super) fn offer(self, of: &JsValue) -> bool {
        // A list of its own: the browser's is emptied after the event.
        let files = Reflect::get(of, &"files".into()).map(|list| Array::from(&list));
        let files = files.ok().filter(|files| files.length() > 0);
        let any = files.is_some();
        if let Some(files) = files {
            self.offered.update(|offered| offered.push(files));
        }
        any
    }

    /// Whether something is to be sent; tracked.
    pub(super) fn is_used(self) -> bool {
        self.is_offered() || !self.uploads.with(Vec::is_empty)
    }

    /// Whether all of it can be sent: it goes out when it has arrived. Tracked.
    pub(super) fn is_ready(self) -> bool {
        let is_ready =
            |upload: &Upload| matches!(upload.state, Progress::Under(_) | Progress::Done);
        !self.is_offered() && self.uploads.with(|all| all.iter().all(is_ready))
    }

    fn is_offered(self) -> bool {
        !self.offered.with(Vec::is_empty)
    }

    /// Takes everything out, to be sent.
    pub(super) fn take(self) -> Vec<File> {
        let uploads = self.uploads.try_update(std::mem::take).unwrap_or_default();
        uploads.into_iter().map(|upload| upload.file).collect()
    }

    /// Says how far a file is; false when it was taken out.
    pub(in crate::screens) fn tell(self, id: FileId, state: Progress) -> bool {
        let mut is_here = false;
        self.uploads.update(|all| {
            if let Some(upload) = all.iter_mut().find(|upload| upload.file.id == id) {
                upload.state = state;
                is_here = true;
            }
        });
        is_here
    }
}
