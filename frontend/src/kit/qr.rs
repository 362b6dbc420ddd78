//! A text as a QR code, for the camera of somebody's phone.

use std::fmt::Write;

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

/// The bright edge that scanners need, in modules (ISO/IEC 18004, section 6.3.8).
const EDGE: i32 = 4;

/// The code, as wide as its place; `name` is what a screen reader says. Nothing for a text that is too
/// long for one (some 2,900 bytes).
#[must_use]
pub(crate) fn qr_code(text: &str, name: String) -> Option<AnyView> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size() + 2 * EDGE;
    let view = view! {
        <svg
            class="qr"
            role="img"
            aria-label=name
            viewBox=format!("0 0 {size} {size}")
            shape-rendering="crispEdges"
        >
            <path d=path(&code)></path>
        </svg>
    };
    Some(view.into_any())
}

/// The dark modules, those of a row that lie side by side in one stroke.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let from = x;
            while code.get_module(x, y) {
                x += 1;
            }
            if x > from {
                let (left, top, wide) = (from + EDGE, y + EDGE, x - from);
                // Writing to a string does not fail.
                let _ = write!(path, "M{left} {top}h{wide}v1h-{wide}z");
            }
            x += 1;
        }
    }
    path
}
