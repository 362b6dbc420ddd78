//! Files in a message: the room that they take. What fills it is in `crate::screens::files`.

use leptos::prelude::*;
use tideline_shared::MessageId;
use tideline_shared::protocol::File;
use tideline_shared::search::Has;

use super::talk::Talk;
use crate::screens::more::{More, more};

/// A picture takes at most so many pixels of the timeline.
const ROOM: (u64, u64) = (360, 320);
/// And at least so many.
const LEAST: (u64, u64) = (64, 48);

/// The files of a message; `stored` says that the service has it.
pub(super) fn files(files: &[File], id: MessageId, stored: bool, talk: Talk) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let sending = (!stored).then(|| more(More::Sending(id, files.to_vec())));
    let one = |file: &File| {
        let room = (file.kind() == Has::Image).then(|| room(file));
        let class = if room.is_some() { "picture" } else { "attached" };
        let content = more(More::File(talk, file.clone(), stored));
        view! { <div class=class>{room} {content}</div> }.into_any()
    };
    let all = files.iter().map(one).collect::<Vec<_>>();
    Some(view! { <div class="message__files">{all} {sending}</div> }.into_any())
}

/// Keeps the place of a picture that has not come: an empty one of its shape, so that nothing moves
/// when it comes.
fn room(file: &File) -> AnyView {
    let (width, height) = fit(side(file.width), side(file.height));
    view! {
        <svg
            class="picture__room"
            aria-hidden="true"
            width=width.to_string()
            height=height.to_string()
            viewBox=format!("0 0 {width} {height}")
        ></svg>
    }
    .into_any()
}

fn side(pixels: Option<u32>) -> u64 {
    pixels.unwrap_or_default().max(1).into()
}

/// A shape made small enough for [`ROOM`], in whole numbers: nothing else of a first load prints others.
fn fit(width: u64, height: u64) -> (u64, u64) {
    // A part of a whole, rounded.
    let part = |of: u64, by: u64, whole: u64| (of * by + whole / 2) / whole;
    let (width, height) = if width <= ROOM.0 && height <= ROOM.1 {
        (width, height)
    } else if width * ROOM.1 >= height * ROOM.0 {
        (ROOM.0, part(height, ROOM.0, width))
    } else {
        (part(width, ROOM.1, height), ROOM.1)
    };
    (width.max(LEAST.0), height.max(LEAST.1))
}
