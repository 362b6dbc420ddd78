//! The parts that screens are made of.

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
mod menu;
mod person;
mod picker;
mod qr;
mod skeleton;
mod tabs;
mod toast;
mod tooltip;
mod welcome;

pub(crate) use avatar::{Shape, avatar, avatar_from};
pub(crate) use badge::{badge, tag};
pub(crate) use button::{Words, back_button, button, icon_button, pressed, submit_button, typed};
pub(crate) use dialog::{confirm, dialog};
pub(crate) use effect::{effect, live};
pub(crate) use empty::{empty, words};
pub(crate) use field::{Control, FieldKind, choice, field, segments, switch};
pub(crate) use form::Form;
#[cfg(feature = "kit")]
pub(crate) use gallery::gallery;
pub(crate) use icon::Icon;
pub(crate) use menu::{MenuItem, QuickItem, menu, menu_button};
pub(crate) use person::{person_avatar, person_row};
pub(crate) use picker::emoji_picker;
pub(crate) use qr::qr_code;
pub(crate) use skeleton::{skeleton, skeleton_lines};
pub(crate) use tabs::{Tab, tabs};
pub(crate) use toast::{News, copy_and_tell, toast, toasts};
pub(crate) use tooltip::tooltips;
pub(crate) use welcome::{brand, dead_end, welcome};
