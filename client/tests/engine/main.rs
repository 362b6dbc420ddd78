//! The engine as a whole, one file a behaviour: what a device does when this happens, then that.

mod kit;

mod account;
mod alterations;
mod changes;
mod drafts;
mod jumps;
mod keeping;
mod links;
mod messages;
mod model;
mod outbox;
mod reads;
mod simulation;
mod status;
mod store;
mod storing;
mod uploads;
mod window;
