//! What a device decides: which rows it mirrors, what it shows, what it has still to say.
//!
//! A state machine without a socket, a clock or a store of its own. The shell (a browser, a native
//! program, the simulator) calls [`Engine::handle`] with what happened and carries out the
//! [`Output`]s in their order; what is to be shown it reads from the views. Whatever could lose,
//! double or reorder a message on a device is decided here and nowhere else.

mod account;
mod alterations;
mod backoff;
mod calls;
mod conversation;
mod cursor;
mod drafts;
mod engine;
mod history;
mod io;
mod keys;
mod links;
mod outbox;
mod place;
mod read;
mod reads;
mod screen;
mod search;
mod segments;
mod sorted;
mod status;
mod step;
mod view;
mod window;
mod wire;

pub use alterations::{Act, Alteration};
pub use engine::Engine;
pub use io::{Action, Input, Jump, Link, Mirror, Output, Write};
pub use keys::{
    bytes as bytes_key, members as members_prefix, messages as messages_prefix, parts as parts_key,
    tray as tray_prefix,
};
pub use read::{Unreadable, read_json};
pub use search::{Question, Sweep};
pub use sorted::in_order;
pub use view::{
    Connection, InboxItem, Item, MemberItem, MessageState, PreviewItem, QuoteItem, ReactionItem,
    Row, Timeline, Upload, View,
};
pub use wire::FIRST_HELLO;
