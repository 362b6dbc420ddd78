//! The viewer: one picture of the timeline at a time, as large as the screen or larger, and the next
//! and the one before by key.

use leptos::prelude::*;
use tideline_client::Item;
use tideline_shared::FileId;
use tideline_shared::protocol::File;
use tideline_shared::search::Has;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::address;
use crate::browser::{listen, t, window};
use crate::kit::icon::{BACK, DOWNLOAD, FORTH, ZOOM_IN, ZOOM_OUT, icon};
use crate::kit::{dialog, icon_button};
use crate::screens::conversation::{Talk, follow};
use crate::shell::Device;

/// How far one looks into a picture, in steps.
const ZOOMS: [u32; 5] = [100, 150, 200, 300, 400];

/// The viewer of a conversation; it is open while there is a picture to look at.
pub(in crate::screens) fn viewer(talk: Talk, viewed: RwSignal<Option<FileId>>) -> AnyView {
    let open = follow(viewed, Option::is_none, || None);
    let device = Device::here();
    let pictures = move || pictures(device);
    let title = Signal::derive(move || {
        let shown = viewed.get();
        let found = pictures().into_iter().find(|file| Some(file.id) == shown);
        found.map(|file| file.name).unwrap_or_default()
    });
    dialog("viewer", open, title, move || {
        let zoom = RwSignal::new(0_usize);
        let nearer = move |by: isize| {
            zoom.update(|zoom| *zoom = zoom.saturating_add_signed(by).min(ZOOMS.len() - 1));
        };
        let turn = move |by: isize| {
            if let Some(next) = beside(device, viewed, by) {
                zoom.set(0);
                viewed.set(Some(next));
            }
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
            let width = move || format!("{}%", ZOOMS[zoom.get().min(ZOOMS.len() - 1)]);
            let near = move || (zoom.get() > 0).to_string();
            let view = view! {
                <div class="viewer__stage" data-near=near tabindex="0">
                    <img
                        class="viewer__image"
                        style:width=width
                        src=address(talk.id, file)
                        alt=title.get_untracked()
                        on:click=move |_| if zoom.get_untracked() == 0 { nearer(2) } else { zoom.set(0) }
                    />
                </div>
            };
            Some(view)
        };
        let save = move || {
            let file = viewed.get()?;
            let view = view! {
                <a
                    class="icon-button"
                    href=address(talk.id, file)
                    download=title.get()
                    aria-label=t().more().download
                    title=t().more().download
                >
                    {icon(DOWNLOAD)}
                </a>
            };
            Some(view)
        };
        view! {
            <div class="viewer__body">
                {content}
                <div class="viewer__tools" role="toolbar" aria-label=move || t().more().picture>
                    {icon_button(BACK, |t| t.more().previous_picture, move |_| turn(-1))}
                    {icon_button(ZOOM_OUT, |t| t.more().zoom_out, move |_| nearer(-1))}
                    {icon_button(ZOOM_IN, |t| t.more().zoom_in, move |_| nearer(1))} {save}
                    {icon_button(FORTH, |t| t.more().next_picture, move |_| turn(1))}
                </div>
            </div>
        }
        .into_any()
    })
}

/// The pictures on the timeline, in its order.
fn pictures(device: Device) -> Vec<File> {
    device.timeline.with(|timeline| {
        let files = timeline.rows.iter().filter_map(|row| match &row.item {
            Item::Message { files, .. } => Some(files),
            _ => None,
        });
        files.flatten().filter(|file| file.kind() == Has::Image).cloned().collect()
    })
}

/// The picture so far behind the one that is shown.
fn beside(device: Device, viewed: RwSignal<Option<FileId>>, by: isize) -> Option<FileId> {
    let shown = viewed.get_untracked()?;
    let all = untrack(|| pictures(device));
    let at = all.iter().position(|file| file.id == shown)?;
    Some(all.get(at.checked_add_signed(by)?)?.id)
}
