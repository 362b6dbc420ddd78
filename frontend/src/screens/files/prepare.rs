//! What the device makes of a picture before it goes out: its shape, what stands for it until it has
//! come, a thumbnail, and a smaller one where it is very large.

use js_sys::{Promise, Reflect, Uint8Array};
use tideline_shared::limits::{AVATAR_SIDE, THUMB_BYTES, THUMB_SIDE};
use tideline_shared::protocol::File;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

use super::{Bytes, fresh_id};
use crate::browser::{document, window};
use crate::present::is_animated;

/// Pictures are sent with at most so many pixels on their longer side.
const LONGER_SIDE: u32 = 2_560;
/// From so many bytes on a picture gets a thumbnail even if it has few pixels.
const THUMB_WORTH: f64 = 100_000.0;
/// So many bytes of a picture are looked at to tell whether it moves.
const BEGINNING: f64 = 65_536.0;
/// How good a picture that was made smaller is.
const QUALITY: f64 = 0.86;
/// Rows and columns of colours that stand for a picture.
const CELLS: u32 = 4;
/// What browsers show, by what they call it.
const SHOWN: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

/// A file as it goes out.
pub(super) async fn prepare(mut file: File, chosen: &web_sys::File) -> (File, Bytes) {
    let mut bytes = Bytes { whole: chosen.clone().into(), thumb: None };
    let bitmap = if SHOWN.contains(&chosen.type_().as_str()) { bitmap(chosen).await } else { None };
    // What cannot be shown is sent as any file.
    let Some(bitmap) = bitmap else { return (file, bytes) };
    let size = (bitmap.width(), bitmap.height());
    (file.width, file.height) = (Some(size.0), Some(size.1));
    file.blur = blur(&bitmap);
    if !is_animated(&beginning(chosen).await) {
        if size.0.max(size.1) > LONGER_SIDE
            && let (width, height) = fitting(size, LONGER_SIDE)
            && let Some(smaller) = smaller(&bitmap, width, height).await
        {
            let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
            let end = if smaller.type_() == "image/webp" { "webp" } else { "jpg" };
            file.name = format!("{stem}.{end}");
            (file.width, file.height) = (Some(width), Some(height));
            file.size = smaller.size() as u64;
            file.media = smaller.type_();
            bytes.whole = smaller;
        }
        bytes.thumb = thumb(&bitmap, size, &bytes.whole).await;
    }
    bitmap.close();
    (file, bytes)
}

/// The small one that is shown among messages, where that spares something.
async fn thumb(bitmap: &ImageBitmap, size: (u32, u32), whole: &Blob) -> Option<Blob> {
    if size.0.max(size.1) <= THUMB_SIDE && whole.size() < THUMB_WORTH {
        return None;
    }
    let (width, height) = fitting(size, THUMB_SIDE);
    let thumb = smaller(bitmap, width, height).await?;
    let spares = thumb.size() * 2.0 < whole.size() && thumb.size() <= THUMB_BYTES as f64;
    spares.then_some(thumb)
}

/// A size of the same shape with so many pixels on its longer side at most.
fn fitting((width, height): (u32, u32), most: u32) -> (u32, u32) {
    let factor = (f64::from(most) / f64::from(width.max(height))).min(1.0);
    let scaled = |side: u32| ((f64::from(side) * factor) as u32).max(1);
    (scaled(width), scaled(height))
}

/// Enough of a picture to tell whether it moves.
async fn beginning(of: &Blob) -> Vec<u8> {
    let Ok(first) = of.slice_with_f64_and_f64(0.0, BEGINNING) else { return Vec::new() };
    let buffer = JsFuture::from(first.array_buffer()).await;
    buffer.map(|buffer| Uint8Array::new(&buffer).to_vec()).unwrap_or_default()
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
        thumb: false,
        duration_ms: None,
        waveform: Vec::new(),
    }
}

/// A square of a picture as the avatar of a person or a group: its left and upper edge, and its side.
pub(in crate::screens) async fn square(
    bitmap: &ImageBitmap,
    (x, y, side): (f64, f64, f64),
) -> Option<Blob> {
    let (canvas, context) = canvas(AVATAR_SIDE, AVATAR_SIDE)?;
    let to = f64::from(AVATAR_SIDE);
    // What can be seen through it would show the initials below.
    context.set_fill_style_str("white");
    context.fill_rect(0.0, 0.0, to, to);
    let drawn = context.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        bitmap, x, y, side, side, 0.0, 0.0, to, to,
    );
    drawn.ok()?;
    compressed(&canvas).await
}

/// A picture, decoded; none where it cannot be shown.
pub(in crate::screens) async fn bitmap(blob: &Blob) -> Option<ImageBitmap> {
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
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into()).ok()?;
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
