//! What Tideline costs and where it ends.
//!
//! [`measure`] counts what single events cost, with the real actors and the real engines in a small
//! [`world`]; [`costs`] keeps that. [`model`] multiplies it by what people do ([`habits`]) and by
//! Cloudflare's [`prices`]; [`hottest`] holds the busiest objects against what one object can do.
//! [`mixed`] is a load about which the model, the native actors and the real runtime have to agree.
//! [`document`] writes SCALE.md.

pub mod chart;
pub mod costs;
pub mod count;
pub mod document;
pub mod habits;
pub mod hottest;
pub mod measure;
pub mod mixed;
pub mod model;
pub mod others;
pub mod prices;
pub mod random;
pub mod rows;
pub mod world;
