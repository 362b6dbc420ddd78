//! What a person sees, screen by screen.

mod alerts;
mod blocks;
mod card;
mod contacts;
mod conversation;
mod crop;
mod details;
mod edit_group;
mod files;
mod invite_link;
mod join;
mod keeping;
mod list;
mod main;
mod members;
mod more;
mod new_group;
mod new_message;
mod outside;
mod palette;
mod people;
mod picture;
mod privacy;
mod profile;
mod received;
mod requests;
mod search;
mod sessions;
mod settings;
mod share;
mod shortcuts;
mod sign_in;
mod your_data;

pub(crate) use join::join_page;
pub(crate) use main::main_screen;
pub(crate) use sign_in::sign_in_page;
