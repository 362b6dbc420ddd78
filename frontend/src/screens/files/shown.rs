//! A file in a message.

use leptos::html;
use leptos::prelude::*;
use tideline_shared::protocol::File;
use tideline_shared::search::Has;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

use super::voice::voice;
use super::{address, size, thumb_address, unsent_address};
use crate::browser::t;
use crate::kit::icon::{DOCUMENT, icon};
use crate::kit::{State, effect, pressed};
use crate::screens::conversation::{Dialog, Talk};

/// Rows and columns of what stands for a picture.
const CELLS: u32 = 4;

/// What a message shows of a file. Not `stored` yet, there is nothing to be fetched.
pub(in crate::screens) fn shown(talk: Talk, file: &File, stored: bool) -> AnyView {
    match file.kind() {
        Has::Image => picture(talk, file, stored),
        Has::Voice => voice(talk, file, stored),
        _ => document(talk, file, stored),
    }
}

fn picture(talk: Talk, file: &File, stored: bool) -> AnyView {
    let id = file.id;
    let there = stored.then(|| thumb_address(talk.id, file));
    let name = (t().more().open_picture)(&file.name);
    let come = State::new(false);
    view! {
        {file.blur.as_deref().map(blurred)}
        <button
            type="button"
            class="picture__open"
            aria-label=name
            on:click=pressed(move |_| talk.show(Dialog::Picture(id)))
        >
            <img
                class="picture__image"
                src=move || there.clone().or_else(|| unsent_address(id))
                alt=""
                decoding="async"
                draggable="false"
                data-come=move || come.get().to_string()
                on:load=move |_| come.set(true)
            />
        </button>
    }
    .into_any()
}

/// What stands there until the picture has come: few colours, which the browser draws without edges.
fn blurred(colours: &str) -> AnyView {
    let node = NodeRef::<html::Canvas>::new();
    let mut pixels = Vec::new();
    for at in (0..colours.len()).step_by(6) {
        for part in [at, at + 2, at + 4] {
            let digits = colours.get(part..part + 2).unwrap_or_default();
            pixels.push(u8::from_str_radix(digits, 16).unwrap_or(128));
        }
        pixels.push(255);
    }
    effect(move || {
        let Some(canvas) = node.get() else { return };
        let context = canvas.get_context("2d").ok().flatten();
        let context =
            context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
        let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), CELLS, CELLS);
        if let (Some(context), Ok(data)) = (context, data) {
            // Fails for data that belongs to another page.
            let _ = context.put_image_data(&data, 0.0, 0.0);
        }
    });
    view! {
        <canvas node_ref=node class="picture__blur" width=CELLS height=CELLS aria-hidden="true"></canvas>
    }
    .into_any()
}

fn document(talk: Talk, file: &File, stored: bool) -> AnyView {
    let content = view! {
        <span class="attached__icon">{icon(DOCUMENT)}</span>
        <span class="attached__words">
            <span class="attached__name" dir="auto">
                {file.name.clone()}
            </span>
            " "
            <span class="attached__size">{size(file.size)}</span>
        </span>
    };
    if !stored {
        return view! { <span class="attached__file">{content}</span> }.into_any();
    }
    view! {
        <a class="attached__file" href=address(talk.id, file.id) download=file.name.clone()>
            {content}
        </a>
    }
    .into_any()
}
