//! Effects, compiled once: `Effect::new` is compiled anew for every closure that it is given.

use leptos::prelude::*;

/// Runs `act` now, and again whenever something changes that it read.
pub(crate) fn effect(act: impl FnMut() + 'static) {
    boxed(Box::new(act));
}

fn boxed(act: Box<dyn FnMut()>) {
    Effect::new(act);
}
