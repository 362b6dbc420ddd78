//! Every frame and every request of the wire; `PROTOCOL.md` describes them with an example each.
//!
//! Enums are internally tagged (`"type"`), fields are only ever added and are optional then, and
//! every enum that the other side may extend has an `Unknown` arm. Commands carry texts as the
//! person typed them; the service parses them, so that each mistake gets its own code.

mod account;
mod admin;
mod conversation;
mod file;
mod frame;
mod invite;
mod message;
mod notice;
mod people;
mod search;
mod session;
mod tagged;

pub use account::{
    AccountCommand, AccountReply, AccountRow, Announcement, Audience, Blocked, Contact,
    ContactState, Delivered, Deployment, Draft, Elsewhere, Entry, Hidden, Keeping, Presence,
    Preview, Settings, SettingsChange,
};
pub use admin::{
    AdminCommand, AdminReply, DeploymentSettings, Did, Figures, FileLimits, ListedGroup,
    ListedPerson, LogRow, Outcome, Reason, RegistrationMode, Report, ReportedMessage,
};
pub use conversation::{
    Banned, ConversationCommand, ConversationReply, ConversationRow, Departure, Forwarding,
    GroupPreview, Invite, JoinRequest, Kind, Member, MirrorReply, Muted, Receipt, Record,
    RecordChange, Role, Standing,
};
pub use file::{File, OTHER as OTHER_MEDIA, UploadReply};
pub use frame::{ClientFrame, ServerFrame};
pub use invite::{InviteCommand, InvitePreview, InviteReply};
pub use message::{Body, Card, Forwarded, Mention, Message, Quote, Reaction, Revision};
pub use notice::{Notice, Subscription};
pub use people::{Listed, PeopleCommand, PeopleReply};
pub use search::{FoundGroup, FoundMessages, Hit, SearchCommand, SearchReply};
pub use session::{Session, SessionCommand, SessionReply};
