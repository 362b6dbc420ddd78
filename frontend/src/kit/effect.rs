//! What is compiled once here is compiled anew by Leptos for every closure that it is given: effects and
//! the parts of a view that change.

use leptos::prelude::*;

/// A part of a view that changes.
pub(crate) type Live = Box<dyn FnMut() -> AnyView + Send>;

/// Runs `act` now, and again whenever something changes that it read.
pub(crate) fn effect(act: impl FnMut() + 'static) {
    boxed(Box::new(act));
}

fn boxed(act: Box<dyn FnMut()>) {
    Effect::new(act);
}

/// Draws a part of a view now, and again whenever something changes that it read.
pub(crate) fn live<V: IntoAny>(mut draw: impl FnMut() -> V + Send + 'static) -> Live {
    Box::new(move || draw().into_any())
}
