//! What the Tideline service decides: who somebody is, who may say what where, in which order it
//! stands, and who still has to hear of it.
//!
//! Four actors ([`account`], [`conversation`], [`directory`], [`deployment`]), each with a private SQLite
//! database, and a [`gateway`] without any. An actor is a synchronous state machine: a shell hands
//! it what happened, a clock reading and random bytes, runs the turn as one transaction through
//! [`Host`], and carries out the [`Effect`]s. Nothing here opens a socket, reads a clock or draws
//! randomness.

pub mod account;
pub mod card;
pub mod conformance;
pub mod conversation;
pub mod deployment;
pub mod directory;
pub mod drain;
pub mod gateway;
pub mod limits;
pub mod mirror;
mod muted;
#[cfg(not(target_family = "wasm"))]
pub mod native;
pub mod notice;
pub mod sql;

mod agenda;
mod avatars;
mod backoff;
mod cache;
mod erasing;
mod host;
mod migrate;
mod outbox;
mod turn;

pub use host::{ALARM_AGAIN_MS, AnyHost, Env, Host, Outcome};
pub use turn::{
    Actor, Address, Audience, CallId, ERASED, Effect, Failure, Peer, Turn, Unreachable,
};
