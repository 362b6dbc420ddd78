//! Event listeners and timers that end with their owner.

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, EventTarget};

use super::window;

/// A listener; dropping it removes it.
pub(crate) struct Listener {
    target: EventTarget,
    event: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

/// Calls `f` at each `event` of `target` until the answer is dropped.
#[must_use]
pub(crate) fn listen(
    target: &EventTarget,
    event: &'static str,
    f: impl FnMut(Event) + 'static,
) -> Listener {
    let closure = Closure::<dyn FnMut(Event)>::new(f);
    // Fails only where the arguments are of wrong types.
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    Listener { target: target.clone(), event, closure }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.event, function);
    }
}

/// A function to be called once at a time that can be moved; dropping it calls it off.
pub(crate) struct Ticker {
    closure: Closure<dyn FnMut()>,
    pending: std::cell::Cell<Option<i32>>,
}

impl Ticker {
    /// Nothing is due yet.
    #[must_use]
    pub(crate) fn new(f: impl FnMut() + 'static) -> Self {
        Self { closure: Closure::new(f), pending: std::cell::Cell::new(None) }
    }

    /// Calls the function after `ms` milliseconds, in place of any call asked for before.
    pub(crate) fn after(&self, ms: u64) {
        self.cancel();
        // The largest delay that browsers take; whoever waits longer is woken early, and looks.
        let delay = i32::try_from(ms).unwrap_or(i32::MAX);
        let function = self.closure.as_ref().unchecked_ref();
        let id = window().set_timeout_with_callback_and_timeout_and_arguments_0(function, delay);
        self.pending.set(id.ok());
    }

    /// Calls it off.
    pub(crate) fn cancel(&self) {
        if let Some(id) = self.pending.take() {
            window().clear_timeout_with_handle(id);
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// Waits for so many milliseconds.
pub(crate) async fn sleep(ms: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        // Fails only where the arguments are of wrong types.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    // It is never rejected.
    let _ = JsFuture::from(promise).await;
}
