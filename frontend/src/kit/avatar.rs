//! Avatars: initials on a colour that belongs to the id.

use leptos::prelude::*;
use tideline_shared::protocol::Kind;

use crate::present::{hue, initials};

/// People are round, groups are rounded squares.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Somebody.
    Person,
    /// A group.
    Group,
}

impl From<Kind> for Shape {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Direct => Self::Person,
            Kind::Group => Self::Group,
        }
    }
}

/// An avatar; `size` is the suffix of its class: `xs`, `sm`, `md`, `lg`, `xl`.
#[must_use]
pub(crate) fn avatar(id: &str, name: &str, size: &'static str, shape: Shape) -> AnyView {
    let group = if shape == Shape::Group { " avatar--group" } else { "" };
    let class = format!("avatar avatar--{size}{group}");
    view! {
        <span class=class data-hue=hue(id).to_string() aria-hidden="true">
            {initials(name)}
        </span>
    }
    .into_any()
}
