//! Avatars: a picture, or initials on a colour that belongs to the id.

use leptos::prelude::*;
use tideline_shared::FileId;
use tideline_shared::protocol::Kind;

use super::icon::{NOTES, icon};
use crate::present::{hue, initials};

/// People are round, groups are rounded squares.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Somebody.
    Person,
    /// A group.
    Group,
    /// One's own notes: round, too, with an icon.
    Notes,
}

impl Shape {
    /// That of a conversation, which may be one's own notes.
    pub(crate) fn of(kind: Kind, is_notes: bool) -> Self {
        match kind {
            _ if is_notes => Self::Notes,
            Kind::Direct => Self::Person,
            Kind::Group => Self::Group,
        }
    }
}

/// An avatar; `size` is the suffix of its class: `xs`, `sm`, `md`, `lg`, `xl`.
#[must_use]
pub(crate) fn avatar(
    id: &str,
    name: &str,
    size: &'static str,
    shape: Shape,
    picture: Option<FileId>,
) -> AnyView {
    let address = picture.map(|picture| format!("/api/avatars/{picture}"));
    avatar_from(id, name, size, shape, address)
}

/// The same with the address of its picture. The initials stand below the picture, for as long as it has
/// not come.
#[must_use]
pub(crate) fn avatar_from(
    id: &str,
    name: &str,
    size: &'static str,
    shape: Shape,
    address: Option<String>,
) -> AnyView {
    let group = if shape == Shape::Group { " avatar--group" } else { "" };
    let class = format!("avatar avatar--{size}{group}");
    let content = match shape {
        Shape::Notes => icon(NOTES),
        _ => initials(name).into_any(),
    };
    view! {
        <span class=class data-hue=hue(id).to_string() aria-hidden="true">
            {content} {address.map(|src| view! { <img src=src alt="" /> })}
        </span>
    }
    .into_any()
}
