//! Newer versions of the app; `frontend/update.js` is the other end.

use web_sys::Event;

use super::{Listener, listen, window};

/// Calls `told` whenever a newer version has been fetched and waits, until the answer is dropped.
#[must_use]
pub(crate) fn on_update(told: impl Fn() + 'static) -> Listener {
    listen(&window(), "tideline-update", move |_| told())
}

/// Loads every page of the app anew, in the version that waits.
pub(crate) fn take_update() {
    say("tideline-take");
}

/// Loads the page anew from the service, whatever this device keeps of the app.
pub(super) fn renew() {
    say("tideline-renew");
}

fn say(what: &str) {
    if let Ok(event) = Event::new(what) {
        // Fails for an event that is under way already.
        let _ = window().dispatch_event(&event);
    }
}
