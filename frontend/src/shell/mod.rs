//! Drives the client engine in a page: tells it what happened and carries out what it says, in
//! order. Sockets, the local store, the timer and the page's state live here; no rule does.

mod device;
mod driver;
mod order;
mod session;
mod sockets;
mod store;

pub(crate) use device::Device;
pub(crate) use driver::in_store;
pub(crate) use order::{order, order_or};
pub(crate) use session::{SignedIn, Who, begin, delete_account, follow_tabs, leave, sign_in, who};
