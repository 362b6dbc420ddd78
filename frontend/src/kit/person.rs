//! Somebody in a list.

use leptos::prelude::*;
use tideline_shared::Person;

use super::{Shape, avatar};
use crate::browser::t;

/// Somebody's avatar.
#[must_use]
pub(crate) fn person_avatar(person: &Person, size: &'static str) -> AnyView {
    let (id, name) = (person.user.to_string(), &person.display_name);
    avatar(&id, name, size, Shape::Person, person.avatar)
}

/// What a row shows of somebody: avatar, name, handle.
#[must_use]
pub(crate) fn person_row(person: &Person) -> AnyView {
    let handle = person.user_name.as_ref().map(|name| format!("@{name}"));
    let handle = handle.unwrap_or_else(|| t().guest.to_owned());
    view! {
        {person_avatar(person, "md")}
        <span class="row__title" dir="auto">
            {person.display_name.clone()}
        </span>
        " "
        <span class="row__preview">{handle}</span>
    }
    .into_any()
}
