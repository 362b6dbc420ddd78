//! The tray above the composer: what is about to be sent, how far it is, and a way to take it out or
//! try it again.

use std::cell::RefCell;

use leptos::prelude::*;
use tideline_shared::protocol::File;
use tideline_shared::search::Has;
use tideline_shared::{Code, ConversationId, FileId, UserId, limits};
use wasm_bindgen::JsCast;

use super::kept::{self, Kept};
use super::prepare::{plain, prepare};
use super::{Bytes, address, forget, keep, sentence, size, upload};
use crate::browser::{Fail, local_remove, t};
use crate::kit::icon::{CLOSE, DOCUMENT, RETRY, icon};
use crate::kit::{News, effect, pressed, toast};
use crate::screens::conversation::{Progress, Talk, Upload, tray_mark};
use crate::shell::Device;

thread_local! {
    /// The bytes of what is in trays.
    static BYTES: RefCell<Vec<(FileId, Bytes)>> = const { RefCell::new(Vec::new()) };
}

/// The tray of a conversation.
pub(in crate::screens) fn tray(talk: Talk) -> AnyView {
    let me = Device::here().me;
    effect(move || {
        let offered = talk.tray.offered.get();
        if offered.is_empty() {
            return;
        }
        talk.tray.offered.set(Vec::new());
        let files = offered.iter().flat_map(js_sys::Array::iter);
        let files: Vec<web_sys::File> = files.filter_map(|file| file.dyn_into().ok()).collect();
        // All of them are in the tray before any is prepared.
        let added: Vec<_> = files.into_iter().map_while(|file| add(talk, file)).collect();
        leptos::task::spawn_local(async move {
            for (file, chosen) in added {
                prepare_and_begin(me, talk, file, &chosen).await;
            }
        });
    });
    on_cleanup(|| BYTES.with_borrow_mut(Vec::clear));
    leptos::task::spawn_local(async move {
        for kept in kept::load(me, talk.id).await {
            bring_back(me, talk, kept);
        }
    });
    // What was sent or taken out is not kept any longer. (Who goes elsewhere finds it again.)
    let mut before: Vec<FileId> = Vec::new();
    effect(move || {
        let ids = |all: &Vec<Upload>| all.iter().map(|upload| upload.file.id).collect::<Vec<_>>();
        let now = talk.tray.uploads.with(ids);
        for &id in before.iter().filter(|id| !now.contains(id)) {
            leptos::task::spawn_local(kept::forget(me, talk.id, id));
        }
        if now.is_empty() && !before.is_empty() {
            local_remove(&tray_mark(talk.id));
        }
        before = now;
    });
    let chips = move || {
        let uploads = talk.tray.uploads.get();
        (!uploads.is_empty()).then(|| {
            let chips = uploads.iter().map(|upload| chip(me, talk, upload)).collect::<Vec<_>>();
            view! {
                <ul class="tray" aria-label=t().more().files>
                    {chips}
                </ul>
            }
        })
    };
    chips.into_any()
}

/// Takes a file in, so that nothing is sent without it from now on; none when there are too many.
fn add(talk: Talk, chosen: web_sys::File) -> Option<(File, web_sys::File)> {
    if talk.tray.uploads.with_untracked(Vec::len) >= limits::MESSAGE_FILES {
        toast(News::Failed(Fail::from(Code::TooManyFiles)));
        return None;
    }
    let file = plain(chosen.name(), &chosen);
    let bytes = Bytes { whole: chosen.clone().into(), thumb: None };
    put(talk, file.clone(), bytes).then_some((file, chosen))
}

/// Makes a file of the tray what is sent of it, and begins to upload it.
async fn prepare_and_begin(me: UserId, talk: Talk, file: File, chosen: &web_sys::File) {
    let id = file.id;
    let (file, bytes) = prepare(file, chosen).await;
    if !become_of(talk, &file, &bytes) {
        return;
    }
    begin(me, talk, id, 0);
    kept::put(me, talk.id, &file, &bytes).await;
    let is_here = |all: &Vec<Upload>| all.iter().any(|upload| upload.file.id == id);
    if talk.tray.uploads.try_with_untracked(is_here) == Some(false) {
        // Sent meanwhile.
        kept::forget(me, talk.id, id).await;
    }
}

/// What was put into the tray is this now; whether it is still there.
fn become_of(talk: Talk, file: &File, bytes: &Bytes) -> bool {
    let id = file.id;
    let mut is_here = false;
    talk.tray.uploads.try_update(|all| {
        if let Some(upload) = all.iter_mut().find(|upload| upload.file.id == id) {
            BYTES.with_borrow_mut(|all| {
                all.retain(|(other, _)| *other != id);
                all.push((id, bytes.clone()));
            });
            forget(id);
            keep(id, &bytes.whole);
            upload.file = file.clone();
            is_here = true;
        }
    });
    is_here
}

/// Puts a file into the tray of a conversation that is not on the screen.
pub(in crate::screens) async fn keep_for(me: UserId, to: ConversationId, chosen: &web_sys::File) {
    let (file, bytes) = prepare(plain(chosen.name(), chosen), chosen).await;
    kept::put(me, to, &file, &bytes).await;
}

/// Puts a file into the tray that was there before the page was loaded.
fn bring_back(me: UserId, talk: Talk, Kept { file, bytes, parts }: Kept) {
    let id = file.id;
    let known = talk.tray.uploads.try_with_untracked(|all| {
        all.iter().any(|upload| upload.file.id == id) || all.len() >= limits::MESSAGE_FILES
    });
    if known == Some(false) && put(talk, file, bytes) {
        begin(me, talk, id, parts);
    }
}

/// Whether the tray is still there.
fn put(talk: Talk, file: File, bytes: Bytes) -> bool {
    let id = file.id;
    keep(id, &bytes.whole);
    BYTES.with_borrow_mut(|all| all.push((id, bytes)));
    let upload = Upload { file, state: Progress::Under(0) };
    talk.tray.uploads.try_update(|all| all.push(upload)).is_some()
}

/// Uploads a file of the tray whose first `parts` have arrived.
fn begin(me: UserId, talk: Talk, id: FileId, parts: u64) {
    let bytes = BYTES.with_borrow(|all| {
        all.iter().find(|(other, _)| *other == id).map(|(_, bytes)| bytes.clone())
    });
    let file = talk.tray.uploads.with_untracked(|all| {
        all.iter().find(|upload| upload.file.id == id).map(|upload| upload.file.clone())
    });
    if let (Some(bytes), Some(file)) = (bytes, file) {
        talk.tray.tell(id, Progress::Under(0));
        let to = (me, talk.id);
        leptos::task::spawn_local(upload::upload(talk.tray, to, file, bytes, parts));
    }
}

fn take_out(talk: Talk, id: FileId) {
    talk.tray.uploads.update(|all| all.retain(|upload| upload.file.id != id));
    BYTES.with_borrow_mut(|bytes| bytes.retain(|(other, _)| *other != id));
    forget(id);
}

fn chip(me: UserId, talk: Talk, upload: &Upload) -> AnyView {
    let file = &upload.file;
    let id = file.id;
    let picture = if file.kind() == Has::Image {
        view! { <img class="tray__picture" src=address(talk.id, id) alt="" /> }.into_any()
    } else {
        view! { <span class="tray__picture">{icon(DOCUMENT)}</span> }.into_any()
    };
    let (state, line) = match upload.state {
        Progress::Under(percent) => {
            let bar = view! {
                <progress class="bar" max="100" value=percent aria-label=t().more().uploading></progress>
            };
            ("under", bar.into_any())
        }
        Progress::Done => ("done", size(file.size).into_any()),
        Progress::Failed(fail) => {
            let why = view! { <span role="alert">{sentence(fail)}</span> };
            ("failed", why.into_any())
        }
    };
    // What the file itself is refused for, another try does not change.
    let lost = |fail: Fail| {
        !matches!(fail.code(), Some(Code::FileEmpty | Code::FileTooLarge | Code::FileNameBad))
    };
    let again = matches!(upload.state, Progress::Failed(fail) if lost(fail)).then(|| {
        view! {
            <button
                type="button"
                class="icon-button"
                aria-label=t().retry
                data-tip=""
                on:click=pressed(move |_| begin(me, talk, id, 0))
            >
                {icon(RETRY)}
            </button>
        }
    });
    let remove = (t().more().remove_file)(&file.name);
    view! {
        <li class="tray__file" data-state=state>
            {picture} <span class="tray__words">
                <span class="tray__name" dir="auto">
                    {file.name.clone()}
                </span>
                <span class="tray__line">{line}</span>
            </span> {again}
            <button
                type="button"
                class="icon-button"
                aria-label=remove
                data-tip=""
                on:click=pressed(move |_| take_out(talk, id))
            >
                {icon(CLOSE)}
            </button>
        </li>
    }
    .into_any()
}
