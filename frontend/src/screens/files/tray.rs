//! The tray above the composer: what is about to be sent, how far it is, and a way to take it out or
//! try it again.

use leptos::prelude::*;
use tideline_shared::protocol::File;
use tideline_shared::search::Has;
use tideline_shared::{Code, ConversationId, FileId, UserId, limits};
use wasm_bindgen::JsCast;

use super::kept::{self, Kept};
use super::prepare::{plain, prepare};
use super::{Bytes, address, forget, keep, sentence, size, upload, uploads};
use crate::browser::{Fail, local_remove, t};
use crate::kit::icon::{CLOSE, DOCUMENT, RETRY, icon};
use crate::kit::{News, effect, pressed, toast};
use crate::screens::conversation::{Progress, Talk, Upload, tray_mark};
use crate::shell::Device;

/// The tray of a conversation.
pub(in crate::screens) fn tray(talk: Talk) -> AnyView {
    let device = Device::here();
    let me = device.me;
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
    bring_back(device, talk);
    let ids = Memo::new(move |_| {
        talk.tray.uploads.with(|all| all.iter().map(|upload| upload.file.id).collect::<Vec<_>>())
    });
    effect(move || {
        for id in ids.get() {
            if let Some(state) = uploads::state(id) {
                talk.tray.tell(id, state);
            }
        }
    });
    // What was taken out is not kept any longer. (Who goes elsewhere finds it again.)
    let mut before: Vec<FileId> = Vec::new();
    effect(move || {
        let now = ids.get();
        for &id in before.iter().filter(|&id| !now.contains(id) && !device.carries(*id)) {
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
    keep(file.id, talk.id, &chosen);
    put(talk, file.clone()).then_some((file, chosen))
}

/// Makes a file of the tray what is sent of it, keeps it, and begins to upload it.
async fn prepare_and_begin(me: UserId, talk: Talk, file: File, chosen: &web_sys::File) {
    let id = file.id;
    let (file, bytes) = prepare(file, chosen).await;
    if !become_of(talk, &file, &bytes) {
        return;
    }
    // From here on it can be sent: it is not lost any more. What is refused is not kept to be refused again.
    if upload::check(&bytes).is_ok() && kept::put(me, talk.id, &file, &bytes).await {
        kept::mark(talk.id);
    }
    let is_here = |all: &Vec<Upload>| all.iter().any(|upload| upload.file.id == id);
    match talk.tray.uploads.try_with_untracked(is_here) {
        Some(false) => kept::forget(me, talk.id, id).await,
        // Who went elsewhere finds it again.
        None => {}
        Some(true) => uploads::begin(me, talk.id, Kept { file, bytes, parts: 0 }),
    }
}

/// What was put into the tray is this now; whether it is still there.
fn become_of(talk: Talk, file: &File, bytes: &Bytes) -> bool {
    let id = file.id;
    let mut is_here = false;
    talk.tray.uploads.update(|all| {
        if let Some(upload) = all.iter_mut().find(|upload| upload.file.id == id) {
            forget(id);
            keep(id, talk.id, &bytes.whole);
            upload.file = file.clone();
            is_here = true;
        }
    });
    is_here
}

/// Puts a file into the tray of a conversation that is not on the screen.
pub(in crate::screens) async fn keep_for(me: UserId, to: ConversationId, chosen: &web_sys::File) {
    let (file, bytes) = prepare(plain(chosen.name(), chosen), chosen).await;
    if let Err(fail) = upload::check(&bytes) {
        return toast(News::Failed(fail));
    }
    if kept::put(me, to, &file, &bytes).await {
        kept::mark(to);
    }
}

/// Puts the files into the tray that were there before, once it is known which of them were sent.
fn bring_back(device: Device, talk: Talk) {
    let mut begun = false;
    effect(move || {
        if begun || device.inbox.with(Option::is_none) {
            return;
        }
        begun = true;
        leptos::task::spawn_local(async move {
            for kept in kept::load(device.me, talk.id, |id| device.carries(id)).await {
                let id = kept.file.id;
                let known = talk.tray.uploads.try_with_untracked(|all| {
                    let many = all.len() >= limits::MESSAGE_FILES;
                    many || all.iter().any(|upload| upload.file.id == id)
                });
                if known == Some(false) && put(talk, kept.file.clone()) {
                    match untrack(|| uploads::state(id)) {
                        Some(state) => drop(talk.tray.tell(id, state)),
                        None => uploads::begin(device.me, talk.id, kept),
                    }
                }
            }
        });
    });
}

/// Whether the tray is still there.
fn put(talk: Talk, file: File) -> bool {
    let upload = Upload { file, state: Progress::Coming };
    talk.tray.uploads.try_update(|all| all.push(upload)).is_some()
}

/// Tries once more to upload a file.
fn again(me: UserId, talk: Talk, file: File) {
    if let Some(bytes) = uploads::bytes(file.id) {
        uploads::begin(me, talk.id, Kept { file, bytes, parts: 0 });
    }
}

fn take_out(talk: Talk, id: FileId) {
    talk.tray.uploads.update(|all| all.retain(|upload| upload.file.id != id));
    uploads::end(id);
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
        Progress::Coming | Progress::Under(_) => {
            let percent = if let Progress::Under(percent) = upload.state { percent } else { 0 };
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
        let file = file.clone();
        view! {
            <button
                type="button"
                class="icon-button"
                aria-label=t().retry
                data-tip=""
                on:click=pressed(move |_| again(me, talk, file.clone()))
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
