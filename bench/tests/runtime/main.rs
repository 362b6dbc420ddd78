//! The service as it runs: the built Worker in `wrangler dev`, met by the real client engine over
//! real sockets, and by programs that send what no client would.
//!
//! One module a behaviour. Most tests share one runtime; those that kill it, or want its rates,
//! have their own.

mod away;
mod backup;
mod bad_requests;
mod bad_sockets;
mod cards;
mod conformance;
mod crash;
mod files;
mod five_devices;
mod headers;
mod invites;
mod meter;
mod notices;
mod one_order;
mod overload;
mod rates;
mod rights;
mod sessions;
mod support;
