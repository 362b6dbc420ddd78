//! What this page brings to the service: files of trays, and those that messages wait for. Which those are
//! the engine says; here is how far each of them is.

use std::cell::RefCell;
use std::sync::LazyLock;

use leptos::prelude::*;
use tideline_client::{Action, Upload};
use tideline_shared::protocol::File;
use tideline_shared::{Code, ConversationId, FileId, MessageId, UserId, limits};

use super::kept::{self, Kept};
use super::upload::bring;
use super::{Bytes, keep, release_all_but};
use crate::browser::{Fail, route, t};
use crate::kit::icon::CLOSE;
use crate::kit::{Lasting, effect, icon_button, live};
use crate::present::Route;
use crate::screens::conversation::Progress;
use crate::shell::{Device, Who, who};

/// A file on its way, or one that arrived or failed and that nobody has heard of yet.
struct Running {
    id: FileId,
    me: UserId,
    state: Progress,
}

static RUNNING: LazyLock<Lasting<Vec<Running>>> = LazyLock::new(Default::default);

thread_local! {
    static BYTES: RefCell<Vec<(FileId, Bytes)>> = const { RefCell::new(Vec::new()) };
}

/// How far a file is; tracked. None for what this page does not bring.
pub(super) fn state(id: FileId) -> Option<Progress> {
    RUNNING.with(|all| all.iter().find(|one| one.id == id).map(|one| one.state))
}

/// What is being brought of a file.
pub(super) fn bytes(id: FileId) -> Option<Bytes> {
    let find = |all: &Vec<(FileId, Bytes)>| all.iter().find(|(other, _)| *other == id).cloned();
    BYTES.with_borrow(find).map(|(_, bytes)| bytes)
}

/// Brings a file to the service whose first `parts` have arrived.
pub(super) fn begin(me: UserId, to: ConversationId, Kept { file, bytes, parts }: Kept) {
    let id = file.id;
    keep(id, to, &bytes.whole);
    BYTES.with_borrow_mut(|all| {
        all.retain(|(other, _)| *other != id);
        all.push((id, bytes.clone()));
    });
    enter(me, id);
    leptos::task::spawn_local(async move {
        let note = |part| leptos::task::spawn_local(kept::arrived(me, to, id, part));
        let told = |part, percent| {
            let is_wanted = tell(me, id, Progress::Under(percent));
            if is_wanted && part > parts {
                note(part);
            }
            is_wanted
        };
        match bring(to, &file, &bytes, parts, told).await {
            Ok(true) => {
                if tell(me, id, Progress::Done) {
                    note(file.size.div_ceil(limits::PART_BYTES));
                }
            }
            Ok(false) => {}
            Err(fail) => drop(tell(me, id, Progress::Failed(fail))),
        }
    });
}

/// A file is on its way. Those of somebody who was here before are not.
fn enter(me: UserId, id: FileId) {
    RUNNING.update(|all| {
        all.retain(|one| one.me == me && one.id != id);
        all.push(Running { id, me, state: Progress::Coming });
    });
}

/// Says how far a file is; whether it is still wanted.
fn tell(me: UserId, id: FileId, state: Progress) -> bool {
    let mut is_wanted = false;
    if untrack(who) == Who::Person(me) {
        RUNNING.update(|all| {
            if let Some(one) = all.iter_mut().find(|one| one.id == id) {
                one.state = state;
                is_wanted = true;
            }
        });
    }
    is_wanted
}

/// Brings a file no further.
pub(super) fn end(id: FileId) {
    RUNNING.update(|all| all.retain(|one| one.id != id));
    BYTES.with_borrow_mut(|all| all.retain(|(other, _)| *other != id));
}

/// Brings what messages wait for, wherever the person is, and tells the engine what became of it.
pub(in crate::screens) fn uploads() -> AnyView {
    let device = Device::here();
    let mut before: Vec<FileId> = Vec::new();
    effect(move || {
        let wanted = device.uploads.get();
        for upload in &wanted {
            follow(device, upload);
        }
        let wanted: Vec<_> = wanted.into_iter().map(|upload| upload.file.id).collect();
        before.iter().filter(|id| !wanted.contains(id)).for_each(|&id| end(id));
        before = wanted;
    });
    // The service shows what was sent when its conversation is on the screen again.
    effect(move || {
        let here = match route() {
            Route::Conversation(id) => Some(id),
            _ => None,
        };
        release_all_but(|of, file| {
            Some(of) == here || untrack(|| state(file)).is_some() || device.carries(file)
        });
    });
    on_cleanup(|| release_all_but(|_, _| false));
    ().into_any()
}

fn follow(device: Device, Upload { conversation, file, .. }: &Upload) {
    let id = file.id;
    match state(id) {
        Some(Progress::Coming | Progress::Under(_)) => {}
        Some(Progress::Done) => device.act(Action::Uploaded(id)),
        Some(Progress::Failed(fail)) => {
            device.act(Action::NotUploaded(id, fail.code().unwrap_or(Code::Internal)));
        }
        None => {
            let (me, to) = (device.me, *conversation);
            enter(me, id);
            leptos::task::spawn_local(async move {
                match kept::one(me, to, id).await {
                    // Nobody waits for it any more.
                    _ if untrack(|| state(id)).is_none() => {}
                    Some(kept) => begin(me, to, kept),
                    None => drop(tell(me, id, Progress::Failed(Fail::from(Code::FileIncomplete)))),
                }
            });
        }
    }
}

/// How far the files of a message are, and a way to give it up while they are not there.
pub(in crate::screens) fn sending(message: MessageId, files: Vec<File>) -> AnyView {
    let device = Device::here();
    let is_missing = move |all: &Vec<Upload>, id: Option<FileId>| {
        all.iter().any(|one| one.message == message && id.is_none_or(|id| one.file.id == id))
    };
    let percent = Memo::new(move |_| {
        let of = |file: &File| match state(file.id) {
            _ if !device.uploads.with(|all| is_missing(all, Some(file.id))) => 100,
            Some(Progress::Under(percent)) => u64::from(percent),
            Some(Progress::Done) => 100,
            _ => 0,
        };
        files.iter().map(of).sum::<u64>() / files.len().max(1) as u64
    });
    let waits = Memo::new(move |_| device.uploads.with(|all| is_missing(all, None)));
    live(move || {
        waits.get().then(|| {
            view! {
                <div class="sending">
                    <progress
                        class="bar"
                        max="100"
                        value=move || percent.get()
                        aria-label=t().more().uploading
                    ></progress>
                    {icon_button(CLOSE, |t| t.cancel, move |_| device.act(Action::Discard(message)))}
                </div>
            }
        })
    })
    .into_any()
}
