//! Small marks beside something else: a badge counts, a tag says what something is.

use leptos::prelude::*;

use super::icon::{Icon, svg};

/// A badge with an icon, or `shown`, or both; `words` is what a screen reader says in place of them.
/// `class` completes `badge`.
#[must_use]
pub(crate) fn badge(
    class: &'static str,
    shape: Option<Icon>,
    shown: String,
    words: String,
) -> AnyView {
    view! {
        <span class=format!("badge {class}")>
            {shape.map(|shape| svg(shape, "icon icon--sm"))} <span aria-hidden="true">{shown}</span>
            " " <span class="visually-hidden">{words}</span>
        </span>
    }
    .into_any()
}

/// A tag. `class` completes `tag`.
#[must_use]
pub(crate) fn tag(class: &'static str, words: String) -> AnyView {
    view! { <span class=format!("tag {class}")>{words}</span> }.into_any()
}
