//! Tideline in the browser.
//!
//! `present` and `locale` are pure. Everything else needs a browser: `browser` wraps what it
//! offers, `shell` drives the client engine, `kit` and `screens` draw. No rule of sync is in here:
//! the screens render what the engine says and report what happened.

pub mod locale;
pub mod present;

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod kit;
#[cfg(target_arch = "wasm32")]
mod screens;
#[cfg(target_arch = "wasm32")]
mod shell;

/// Starts the app; called by the page's script once the module is there.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::app);
}
