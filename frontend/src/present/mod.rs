//! What a row, a name or an address turns into before it is drawn. Pure: no browser in here, so
//! that plain `cargo test` runs all of it.

mod ago;
mod alerts;
mod animated;
mod arrange;
mod avatar;
mod bounds;
mod cells;
mod complete;
mod crop;
mod ear;
mod emoji;
mod folders;
mod held;
mod pull;
mod rank;
mod route;
mod swipe;
pub mod tokens;

pub use ago::Ago;
pub use alerts::{Alerts, unread_aloud};
pub use animated::is_animated;
pub use arrange::{Arranged, arrange};
pub use avatar::{hue, initials};
pub use bounds::Bounds;
pub use cells::Keyed;
pub use complete::{Wanted, before_caret, finished, fits, wanted};
pub use crop::{Crop, MOST_ZOOM};
pub use ear::{Ear, Heard};
pub use emoji::{Emoji, EmojiTable, TONES};
pub use folders::Folders;
pub use held::{Held, Looker};
pub use pull::{Pull, Pulled};
pub use rank::{beside, folded, ranked};
pub use route::Route;
pub use swipe::{Step, Swipe};
