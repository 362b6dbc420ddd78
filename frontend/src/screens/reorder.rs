//! Rows of the list that change their places are seen going there. Who wants no motion sees them there at once.

use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use super::touch::is_calm;
use crate::browser::document;
use crate::kit::effect;
use crate::shell::Device;

/// As `--calm` and `--ease` in `style/tokens.css`.
const MS: f64 = 220.0;
const EASE: &str = "cubic-bezier(0.2, 0.7, 0.2, 1)";

/// Follows the list for as long as somebody is signed in. Nothing is drawn.
pub(super) fn reorder(device: Device) -> AnyView {
    let known = StoredValue::new(Vec::new());
    effect(move || {
        device.inbox.track();
        leptos::task::spawn_local(async move {
            // The list has been drawn by then, and not been painted.
            leptos::task::tick().await;
            let rows = rows();
            let places = rows.iter().map(|(path, _, at)| (path.clone(), *at)).collect();
            let before = known.try_update_value(|known| std::mem::replace(known, places));
            let before = before.filter(|_| !is_calm()).unwrap_or_default();
            for (path, row, at) in &rows {
                let was = before.iter().find(|(other, _): &&(String, i32)| other == path);
                if let Some((_, was)) = was.filter(|(_, was)| was != at) {
                    slide(row, was - at);
                }
            }
        });
    });
    ().into_any()
}

/// The rows of the list: where they lead, and where they stand, however they move at this moment.
fn rows() -> Vec<(String, HtmlElement, i32)> {
    let Ok(links) = document().query_selector_all(".list a.row") else { return Vec::new() };
    let links = (0..links.length()).filter_map(|at| links.get(at)?.dyn_into::<HtmlElement>().ok());
    links
        .filter_map(|link| {
            let item = link.parent_element()?.dyn_into::<HtmlElement>().ok()?;
            let at = item.offset_top();
            Some((link.get_attribute("href")?, item, at))
        })
        .collect()
}

/// Lets a row come from so many pixels below where it stands.
fn slide(row: &HtmlElement, from: i32) {
    let object = |pairs: &[(&str, JsValue)]| {
        let object = Object::new();
        for (name, value) in pairs {
            // Fails never: it is an object.
            let _ = Reflect::set(&object, &(*name).into(), value);
        }
        object
    };
    let place = |transform: &str| object(&[("transform", transform.into())]);
    let way = Array::of2(&place(&format!("translateY({from}px)")), &place("none"));
    let pace = object(&[("duration", MS.into()), ("easing", EASE.into())]);
    let animate = Reflect::get(row, &"animate".into()).and_then(|it| it.dyn_into::<Function>());
    if let Ok(animate) = animate {
        // A browser without it shows the row at its place.
        let _ = animate.call2(row, &way, &pace);
    }
}
