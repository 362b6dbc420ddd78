//! The parts that screens are made of.

mod asked;
mod avatar;
mod badge;
mod button;
mod dialog;
mod effect;
mod empty;
mod field;
mod form;
#[cfg(feature = "kit")]
mod gallery;
pub(crate) mod icon;
mod list;
mod menu;
mod person;
mod picker;
mod qr;
mod rounds;
mod rows;
mod skeleton;
mod state;
mod tabs;
mod toast;
mod tooltip;
mod welcome;

pub(crate) use asked::{Asked, retry, waiting};
pub(crate) use avatar::{Shape, avatar, avatar_from};
pub(crate) use badge::{badge, tag};
pub(crate) use button::{
    Words, back_button, button, icon_button, pressed, said, submit_button, submitted, telling,
    typed,
};
pub(crate) use dialog::{confirm, dialog};
pub(crate) use effect::{effect, live};
pub(crate) use empty::{empty, words};
pub(crate) use field::{Control, FieldKind, choice, field, segments, switch};
pub(crate) use form::Form;
#[cfg(feature = "kit")]
pub(crate) use gallery::gallery;
pub(crate) use icon::Icon;
pub(crate) use list::{about, about_person, list_link, list_row, skeleton_list};
pub(crate) use menu::{MenuItem, QuickItem, menu, menu_button};
pub(crate) use person::{person_avatar, person_row};
pub(crate) use picker::emoji_picker;
pub(crate) use qr::qr_code;
pub(crate) use rounds::Rounds;
pub(crate) use rows::{Row, rows};
pub(crate) use skeleton::{skeleton, skeleton_lines};
pub(crate) use state::{Derived, Lasting, State, memo};
pub(crate) use tabs::{Tab, tabs};
pub(crate) use toast::{News, copy_and_tell, toast, toasts};
pub(crate) use tooltip::tooltips;
pub(crate) use welcome::{brand, dead_end, welcome};
