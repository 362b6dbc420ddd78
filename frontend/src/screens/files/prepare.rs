//! What the device makes of a picture before it goes out: its shape, what stands for it until it has
//! come, and a smaller one where it is very large.

use js_sys::{Promise, Reflect};
use tideline_shared::limits::AVATAR_SIDE;
use tideline_shared::protocol::File;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

use super::fresh_id;
use crate::browser::{document, window};

/// Pictures are sent with at most so many pixels on their longer side.
const LONGER_SIDE: u32 = 2_560;
/// How good a picture that was made smaller is.
const QUALITY: f64 = 0.86;
/// Rows and columns of colours that stand for a picture.
const CELLS: u32 = 4;
/// What browsers show, by what they call it.
const SHOWN: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

/// A file as it goes out.
pub(super) async fn prepare(chosen: &web_sys::File) -> (File, Blob) {
    let mut file = plain(chosen.name(), chosen);
    let bitmap = if SHOWN.contains(&chosen.type_().as_str()) { bitmap(chosen).await } else { None };
    // What cannot be shown is sent as any file.
    let Some(bitmap) = bitmap else { return (file, chosen.clone().into()) };
    let (width, height) = (bitmap.width(), bitmap.height());
    (file.width, file.height) = (Some(width), Some(height));
    file.blur = blur(&bitmap);
    let longer = width.max(height);
    // An animation would come to rest.
    if longer > LONGER_SIDE && chosen.type_() != "image/gif" {
        let scaled =
            |side: u32| (f64::from(side) * f64::from(LONGER_SIDE) / f64::from(longer)) as u32;
        let (width, height) = (scaled(width).max(1), scaled(height).max(1));
        if let Some(smaller) = smaller(&bitmap, width, height).await {
            let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
            let end = if smaller.type_() == "image/webp" { "webp" } else { "jpg" };
            file.name = format!("{stem}.{end}");
            (file.width, file.height) = (Some(width), Some(height));
            file.size = smaller.size() as u64;
            file.media = smaller.type_();
            bitmap.close();
            return (file, smaller);
        }
    }
    bitmap.close();
    (file, chosen.clone().into())
}

/// A file of which nothing is known but what it is called.
pub(super) fn plain(name: String, blob: &Blob) -> File {
    File {
        id: fresh_id(),
        name,
        size: blob.size() as u64,
        // As long as the service has not said.
        media: blob.type_(),
        width: None,
        height: None,
        blur: None,
        duration_ms: None,
        waveform: Vec::new(),
    }
}

/// The middle of a picture as the avatar of a person or a group.
pub(in crate::screens) async fn square(chosen: &web_sys::File) -> Option<Blob> {
    let bitmap = bitmap(chosen).await?;
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let (canvas, context) = canvas(AVATAR_SIDE, AVATAR_SIDE)?;
    let (from, to) = (width.min(height), f64::from(AVATAR_SIDE));
    // What can be seen through it would show the initials below.
    context.set_fill_style_str("white");
    context.fill_rect(0.0, 0.0, to, to);
    Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into()).ok()?;
    let (x, y) = ((width - from) / 2.0, (height - from) / 2.0);
    let drawn = context.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        &bitmap, x, y, from, from, 0.0, 0.0, to, to,
    );
    bitmap.close();
    drawn.ok()?;
    compressed(&canvas).await
}

async fn bitmap(blob: &Blob) -> Option<ImageBitmap> {
    let promise = window().create_image_bitmap_with_blob(blob).ok()?;
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

/// The picture drawn at this size.
fn drawn(
    bitmap: &ImageBitmap,
    width: u32,
    height: u32,
) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let (canvas, context) = canvas(width, height)?;
    let (width, height) = (f64::from(width), f64::from(height));
    context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height).ok()?;
    Some((canvas, context))
}

fn canvas(width: u32, height: u32) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    Some((canvas, context))
}

/// The colours that stand for it.
fn blur(bitmap: &ImageBitmap) -> Option<String> {
    // Twice: browsers that take few points of a large picture get its colours by chance.
    let (middle, _) = drawn(bitmap, 8 * CELLS, 8 * CELLS)?;
    let (_, context) = drawn(bitmap, CELLS, CELLS)?;
    let side = f64::from(CELLS);
    context
        .draw_image_with_html_canvas_element_and_dw_and_dh(&middle, 0.0, 0.0, side, side)
        .ok()?;
    let pixels = context.get_image_data(0.0, 0.0, side, side).ok()?.data();
    let mut digits = String::new();
    for pixel in pixels.0.chunks_exact(4) {
        for part in &pixel[..3] {
            digits.push_str(&format!("{part:02x}"));
        }
    }
    Some(digits)
}

async fn smaller(bitmap: &ImageBitmap, width: u32, height: u32) -> Option<Blob> {
    let (canvas, _) = drawn(bitmap, width, height)?;
    compressed(&canvas).await
}

async fn compressed(canvas: &HtmlCanvasElement) -> Option<Blob> {
    let webp = encoded(canvas, "image/webp").await?;
    // A browser that cannot write this kind writes a large one.
    if webp.type_() == "image/webp" { Some(webp) } else { encoded(canvas, "image/jpeg").await }
}

async fn encoded(canvas: &HtmlCanvasElement, media: &str) -> Option<Blob> {
    let promise = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| resolve.call1(&JsValue::NULL, &blob));
        let asked = canvas.to_blob_with_type_and_encoder_options(
            done.unchecked_ref(),
            media,
            &JsValue::from_f64(QUALITY),
        );
        if asked.is_err() {
            let _ = reject.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}
