//! What a row, a name or an address turns into before it is drawn. Pure: no browser in here, so
//! that plain `cargo test` runs all of it.

mod arrange;
mod avatar;
mod cells;
mod route;

pub use arrange::{Arranged, arrange};
pub use avatar::{hue, initials};
pub use cells::Keyed;
pub use route::Route;
