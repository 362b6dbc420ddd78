//! What stands in the place of something that is on its way, with its measure.

use leptos::prelude::*;

/// A skeleton; `class` completes `skeleton` and says which measure.
#[must_use]
pub(crate) fn skeleton(class: &'static str) -> AnyView {
    view! { <span class=format!("skeleton {class}")></span> }.into_any()
}

/// Two lines of words, the second one longer.
#[must_use]
pub(crate) fn skeleton_lines() -> AnyView {
    (skeleton("skeleton--line"), skeleton("skeleton--line skeleton--line-long")).into_any()
}
