//! The service without its shell: real actors, real SQLite, calls carried by hand.

mod avatars;
mod bad_input;
mod blocks;
mod cards;
mod changes;
mod contacts;
mod deletion;
mod export;
mod files;
mod groups;
mod identity;
mod invites;
mod keeping;
mod mentions;
mod messages;
mod mirrors;
mod notes;
mod presence;
mod public;
mod rates;
mod receipts;
mod rights;
mod schemas;
mod search;
mod sessions;
mod world;
