//! The viewer: one picture of a conversation at a time, as large as the screen or larger, and the next
//! and the one before by key or finger, which pulls it down to put it away.

use leptos::html;
use leptos::prelude::*;
use tideline_shared::FileId;
use tideline_shared::protocol::File;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use super::album::Album;
use super::{address, thumb_address};
use crate::browser::{listen, t, window};
use crate::kit::icon::{BACK, DOWNLOAD, FORTH, ZOOM_IN, ZOOM_OUT, icon};
use crate::kit::{State, Words, dialog, icon_button, live, pressed, retry, said};
use crate::present::{Pull, Pulled};
use crate::screens::conversation::{Talk, follow};

/// How far one looks into a picture, in steps.
const ZOOMS: [f64; 5] = [1.0, 1.5, 2.0, 3.0, 4.0];

/// The viewer of a conversation; it is open while there is a picture to look at.
pub(in crate::screens) fn viewer(talk: Talk, viewed: State<Option<FileId>>) -> AnyView {
    let open = follow(viewed, Option::is_none, || None);
    let album = Album::new(talk);
    let pictures = move || album.pictures();
    let title = Signal::derive(move || {
        let shown = viewed.get();
        let found = pictures().into_iter().find(|file| Some(file.id) == shown);
        found.map(|file| file.name).unwrap_or_default()
    });
    dialog("viewer", open, title, move || {
        album.begin();
        let (zoom, busy) = (State::new(0_usize), State::new(false));
        let lost = State::new(None::<FileId>);
        let stage = NodeRef::<html::Div>::new();
        let nearer = move |by: isize| {
            let middle = stage.get_untracked().map(|stage| middle_of(&stage));
            zoom.update(|zoom| *zoom = zoom.saturating_add_signed(by).min(ZOOMS.len() - 1));
            // Once it has its size.
            request_animation_frame(move || {
                if let (Some(stage), Some(middle)) = (stage.get_untracked(), middle) {
                    go_to_middle(&stage, middle);
                }
            });
        };
        let turn = move |by: isize| {
            let Some(shown) = viewed.get_untracked() else { return };
            if let Some(next) = album.beside(shown, by) {
                zoom.set(0);
                return viewed.set(Some(next));
            }
            if untrack(|| album.is_done(by < 0)) || busy.get_untracked() {
                return;
            }
            busy.set(true);
            leptos::task::spawn_local(async move {
                let came = album.look(by < 0).await;
                busy.set(false);
                let still = viewed.try_get_untracked() == Some(Some(shown));
                if let Some(next) = album.beside(shown, by).filter(|_| came && still) {
                    zoom.set(0);
                    viewed.set(Some(next));
                }
            });
        };
        let (pull, pulled) = (StoredValue::new(None::<Pull>), State::new((0.0, 0.0)));
        let at = |event: &PointerEvent| (f64::from(event.client_x()), f64::from(event.client_y()));
        let let_go = move || {
            pulled.set((0.0, 0.0));
            pull.try_update_value(Option::take).flatten()
        };
        // A second finger looks nearer, and near one finger moves the picture.
        let touched = move |event: PointerEvent| {
            let_go();
            let free = event.is_primary() && event.pointer_type() == "touch";
            let (x, y) = at(&event);
            let begun = free && zoom.get_untracked() == 0;
            pull.set_value(begun.then(|| Pull::begin(x, y)));
        };
        let moved = move |event: PointerEvent| {
            let (x, y) = at(&event);
            if let Some(by) = pull.try_update_value(|pull| Some(pull.as_mut()?.to(x, y))).flatten()
            {
                pulled.set(by);
            }
        };
        let lifted = move |_| match let_go().map_or(Pulled::Nowhere, Pull::end) {
            Pulled::Nowhere => {}
            Pulled::Turn(by) => turn(by),
            Pulled::Close => viewed.set(None),
        };
        // Wherever in the dialog the focus is.
        let keys = listen(&window(), "keydown", move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            match event.key().as_str() {
                "ArrowLeft" => turn(-1),
                "ArrowRight" => turn(1),
                "+" | "=" => nearer(1),
                "-" => nearer(-1),
                "0" => zoom.set(0),
                _ => return,
            }
            event.prevent_default();
        });
        let keys = StoredValue::new_local(keys);
        on_cleanup(move || keys.dispose());
        let content = move || {
            let file = viewed.get()?;
            if lost.get() == Some(file) {
                return Some(failed(move || lost.set(None)));
            }
            let near = move || (zoom.get() > 0).to_string();
            let pictures = untrack(pictures);
            let shown = pictures.iter().find(|one| one.id == file);
            let (wide, ratio) = size(shown);
            // Until all of it has come, what was on the timeline anyway.
            let thumb = shown.filter(|file| file.thumb).map(|file| thumb_address(talk.id, file));
            let come = State::new(false);
            let meanwhile = move || {
                let thumb = thumb.as_ref().filter(|_| !come.get());
                thumb.map_or_else(|| "none".to_owned(), |thumb| format!("url(\"{thumb}\")"))
            };
            let place = move || {
                let (x, y) = pulled.get();
                format!("{x}px {y}px")
            };
            let factor = move || ZOOMS[zoom.get().min(ZOOMS.len() - 1)].to_string();
            let view = view! {
                <div
                    node_ref=stage
                    class="viewer__stage"
                    data-near=near
                    tabindex="0"
                    on:pointerdown=touched
                    on:pointermove=moved
                    on:pointerup=lifted
                    on:pointercancel=move |_| { let_go(); }
                >
                    <img
                        class="viewer__image"
                        style=("--near", factor)
                        style=("--wide", wide)
                        style=("--ratio", ratio)
                        style=("background-image", meanwhile)
                        style=("translate", place)
                        src=address(talk.id, file)
                        alt=title.get_untracked()
                        on:load=move |_| come.set(true)
                        on:error=move |_| lost.set(Some(file))
                        on:click=move |_| if zoom.get_untracked() == 0 { nearer(2) } else { zoom.set(0) }
                    />
                </div>
            };
            Some(view.into_any())
        };
        let save = move || {
            let file = viewed.get()?;
            let view = view! {
                <a
                    class="icon-button"
                    href=address(talk.id, file)
                    download=title.get()
                    aria-label=t().more().download
                    data-tip=""
                >
                    {icon(DOWNLOAD)}
                </a>
            };
            Some(view)
        };
        let leaf = move |icon_of, name: Words, by: isize| {
            let known = Memo::new(move |_| {
                pictures();
                viewed.get().is_none_or(|shown| album.beside(shown, by).is_some())
            });
            let last = move || !known.get() && album.is_done(by < 0);
            view! {
                <button
                    type="button"
                    class="icon-button"
                    aria-label=said(name)
                    data-tip=""
                    // Not disabled: whoever came this far by keyboard stays in the toolbar.
                    aria-disabled=move || last().to_string()
                    on:click=pressed(move |_| turn(by))
                >
                    {icon(icon_of)}
                </button>
            }
        };
        view! {
            <div class="viewer__body" aria-busy=move || busy.get().to_string()>
                {content}
                <div class="viewer__tools" role="toolbar" aria-label=said(|t| t.more().picture)>
                    {leaf(BACK, |t| t.more().previous_picture, -1)}
                    {icon_button(ZOOM_OUT, |t| t.more().zoom_out, move |_| nearer(-1))}
                    {icon_button(ZOOM_IN, |t| t.more().zoom_in, move |_| nearer(1))} {save}
                    {leaf(FORTH, |t| t.more().next_picture, 1)}
                </div>
            </div>
        }
        .into_any()
    })
}

/// That a picture did not come, in its place.
fn failed(again: impl Fn() + Send + Sync + 'static) -> AnyView {
    view! {
        <div class="viewer__stage" data-near="false">
            <div class="viewer__lost">
                <p class="muted" role="alert">
                    {live(move || t().more().picture_lost)}
                </p>
                {retry(again)}
            </div>
        </div>
    }
    .into_any()
}

/// What the size of a picture goes by: its width, and how many times its height that is.
fn size(file: Option<&File>) -> (String, String) {
    match file.and_then(|file| file.width.zip(file.height)) {
        Some((wide, high)) if high > 0 => {
            (format!("{wide}px"), (f64::from(wide) / f64::from(high)).to_string())
        }
        // As wide as there is room.
        _ => ("100cqi".to_owned(), "9".to_owned()),
    }
}

/// What is in the middle of the stage, from 0 to 1 of what can be scrolled to.
fn middle_of(stage: &Element) -> (f64, f64) {
    let part = |from: i32, seen: i32, whole: i32| {
        (f64::from(from) + f64::from(seen) / 2.0) / f64::from(whole.max(1))
    };
    (
        part(stage.scroll_left(), stage.client_width(), stage.scroll_width()),
        part(stage.scroll_top(), stage.client_height(), stage.scroll_height()),
    )
}

/// Scrolls so that this is in the middle again.
fn go_to_middle(stage: &Element, (x, y): (f64, f64)) {
    let from =
        |part: f64, seen: i32, whole: i32| (part * f64::from(whole) - f64::from(seen) / 2.0) as i32;
    stage.set_scroll_left(from(x, stage.client_width(), stage.scroll_width()));
    stage.set_scroll_top(from(y, stage.client_height(), stage.scroll_height()));
}
