//! Files in a message: the room that they take. What fills it is in `crate::screens::files`.

use leptos::prelude::*;
use tideline_shared::protocol::File;
use tideline_shared::search::Has;

use super::talk::Talk;
use crate::screens::more::{More, more};

/// A picture takes at most so many pixels of the timeline.
const ROOM: (f64, f64) = (360.0, 320.0);

/// The files of a message; `stored` says that the service has it.
pub(super) fn files(files: &[File], stored: bool, talk: Talk) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let one = |file: &File| {
        let room = (file.kind() == Has::Image).then(|| room(file));
        let class = if room.is_some() { "picture" } else { "attached" };
        let content = more(More::File(talk, file.clone(), stored));
        view! { <div class=class>{room} {content}</div> }.into_any()
    };
    let all = files.iter().map(one).collect::<Vec<_>>();
    Some(view! { <div class="message__files">{all}</div> }.into_any())
}

/// Keeps the place of a picture that has not come: an empty one of its shape, so that nothing moves
/// when it comes.
fn room(file: &File) -> AnyView {
    let (width, height) = (side(file.width), side(file.height));
    let scale = (ROOM.0 / width).min(ROOM.1 / height).min(1.0);
    let (width, height) = ((width * scale).max(64.0).round(), (height * scale).max(48.0).round());
    view! {
        <svg
            class="picture__room"
            aria-hidden="true"
            width=width
            height=height
            viewBox=format!("0 0 {width} {height}")
        ></svg>
    }
    .into_any()
}

fn side(pixels: Option<u32>) -> f64 {
    f64::from(pixels.unwrap_or_default().max(1))
}
