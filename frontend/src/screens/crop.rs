//! Choosing the square of a picture that is shown of a person or a group.

use leptos::html;
use leptos::prelude::*;
use web_sys::{Blob, HtmlInputElement, ImageBitmap, KeyboardEvent, PointerEvent, Url, WheelEvent};

use super::files::{bitmap, square};
use crate::browser::t;
use crate::kit::{State, button, dialog, live, typed, words};
use crate::present::{Crop, MOST_ZOOM};

/// So much of the square a key moves it.
const STEP: f64 = 0.05;
/// Pixels of a wheel that double the zoom.
const FULL_WHEEL: f64 = 600.0;

/// The picture that was chosen, while its square is being chosen.
#[derive(Clone)]
struct Chosen {
    bitmap: ImageBitmap,
    /// Where the page shows it from.
    url: String,
}

impl Chosen {
    fn end(self) {
        self.bitmap.close();
        // Fails for what is no address.
        let _ = Url::revoke_object_url(&self.url);
    }
}

/// Chooses squares. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Cropper {
    chosen: StoredValue<Option<Chosen>, LocalStorage>,
    crop: State<Crop>,
    open: State<bool>,
    is_round: bool,
}

impl Cropper {
    /// Nothing is chosen yet. People are shown round.
    pub(super) fn new(is_round: bool) -> Self {
        let (chosen, open) = (StoredValue::new_local(None), State::new(false));
        Self { chosen, crop: State::new(Crop::middle(1, 1)), open, is_round }
    }

    /// Shows a picture to choose from; false for what is none.
    pub(super) async fn begin(self, file: &web_sys::File) -> bool {
        let (Some(bitmap), Ok(url)) = (bitmap(file).await, Url::create_object_url_with_blob(file))
        else {
            return false;
        };
        self.crop.set(Crop::middle(bitmap.width(), bitmap.height()));
        self.chosen.try_set_value(Some(Chosen { bitmap, url }));
        self.open.set(true);
        true
    }

    /// The dialog; `take` gets what was chosen, small.
    pub(super) fn dialog(
        self,
        take: impl Fn(Option<Blob>) + Copy + Send + Sync + 'static,
    ) -> AnyView {
        let title = Signal::derive(|| t().more().crop_picture.to_owned());
        crate::kit::effect(move || {
            if !self.open.get() {
                self.let_go();
            }
        });
        on_cleanup(move || self.let_go());
        let agree = move |_| {
            let chosen = self.chosen.try_update_value(Option::take).flatten();
            let square_of = self.crop.get_untracked().square();
            self.open.set(false);
            leptos::task::spawn_local(async move {
                if let Some(chosen) = chosen {
                    let made = square(&chosen.bitmap, square_of).await;
                    chosen.end();
                    take(made);
                }
            });
        };
        dialog("dialog--crop", self.open, title, move || {
            let url = self.chosen.try_with_value(|chosen| chosen.as_ref().map(|it| it.url.clone()));
            view! {
                <div class="dialog__body">
                    {self.stage(url.flatten().unwrap_or_default())} {self.slider()}
                    <p class="field__hint" id="crop-hint">
                        {live(move || t().more().crop_hint)}
                    </p>
                </div>
                <div class="dialog__footer">
                    {button("", None, |t| t.cancel, move |_| self.open.set(false))}
                    {button("button--primary", None, |t| t.more().use_picture, agree)}
                </div>
            }
            .into_any()
        })
    }

    fn let_go(self) {
        if let Some(chosen) = self.chosen.try_update_value(Option::take).flatten() {
            chosen.end();
        }
    }

    /// The square, through which the picture is seen.
    fn stage(self, url: String) -> AnyView {
        let node = NodeRef::<html::Div>::new();
        let held = State::new(None::<(f64, f64)>);
        let place =
            |event: &PointerEvent| (f64::from(event.client_x()), f64::from(event.client_y()));
        let grasp = move |event: PointerEvent| {
            if let Some(node) = node.get_untracked() {
                // Fails for a pointer that is gone already.
                let _ = node.set_pointer_capture(event.pointer_id());
            }
            held.set(Some(place(&event)));
        };
        let drag = move |event: PointerEvent| {
            let (Some(before), Some(node)) = (held.get_untracked(), node.get_untracked()) else {
                return;
            };
            let now = place(&event);
            let side = f64::from(node.client_width().max(1));
            self.crop.update(|crop| {
                *crop = crop.moved((before.0 - now.0) / side, (before.1 - now.1) / side);
            });
            held.set(Some(now));
        };
        let wheel = move |event: WheelEvent| {
            event.prevent_default();
            let factor = 1.0 - event.delta_y() / FULL_WHEEL;
            self.crop.update(|crop| *crop = crop.zoomed(crop.zoom() * factor));
        };
        let keys = move |event: KeyboardEvent| {
            let (right, down) = match event.key().as_str() {
                "ArrowLeft" => (-STEP, 0.0),
                "ArrowRight" => (STEP, 0.0),
                "ArrowUp" => (0.0, -STEP),
                "ArrowDown" => (0.0, STEP),
                _ => return,
            };
            event.prevent_default();
            self.crop.update(|crop| *crop = crop.moved(right, down));
        };
        let percent = move |of: fn((f64, f64, f64)) -> f64| {
            move || format!("{}%", of(self.crop.get().seen()))
        };
        view! {
            <div
                node_ref=node
                class=if self.is_round { "crop crop--round" } else { "crop" }
                role="group"
                tabindex="0"
                aria-label=words(|t| t.more().crop_picture)
                aria-describedby="crop-hint"
                on:pointerdown=grasp
                on:pointermove=drag
                on:pointerup=move |_| held.set(None)
                on:pointercancel=move |_| held.set(None)
                on:wheel=wheel
                on:keydown=keys
            >
                <img
                    class="crop__picture"
                    src=url
                    alt=""
                    draggable="false"
                    style=("left", percent(|(left, _, _)| left))
                    style=("top", percent(|(_, top, _)| top))
                    style=("width", percent(|(_, _, width)| width))
                />
            </div>
        }
        .into_any()
    }

    fn slider(self) -> AnyView {
        let zoom = typed(move |event| {
            let input: HtmlInputElement = event_target(&event);
            self.crop.update(|crop| *crop = crop.zoomed(input.value_as_number()));
        });
        view! {
            <label class="crop__zoom">
                <span class="visually-hidden">{live(move || t().more().zoom)}</span>
                <input
                    type="range"
                    min="1"
                    max=MOST_ZOOM
                    step="0.05"
                    prop:value=move || self.crop.get().zoom().to_string()
                    on:input=zoom
                />
            </label>
        }
        .into_any()
    }
}
