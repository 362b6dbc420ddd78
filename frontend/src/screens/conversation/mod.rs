//! A conversation: header, timeline, composer.

mod actions;
mod announcer;
mod chosen;
mod completion;
mod composer;
mod dialogs;
mod draft;
mod files;
mod header;
mod hold;
mod keys;
mod marks;
mod message;
mod pinned;
mod rows;
mod scroll;
mod silence;
mod talk;
mod timeline;
mod tray;
mod words;

use leptos::prelude::*;
use tideline_client::{Action, InboxItem, Jump};
use tideline_shared::protocol::{AccountCommand, Kind};
use tideline_shared::{Code, ConversationId, FileId};

pub(super) use self::actions::{Subject, message_menu};
pub(super) use self::announcer::announcer;
pub(super) use self::chosen::chosen;
pub(super) use self::completion::{Completion, completion};
use self::composer::composer;
pub(super) use self::dialogs::{date_dialog, dialogs as draw_dialogs, follow};
use self::header::header;
pub(super) use self::keys::message_keys;
pub(super) use self::marks::or_kind;
use self::pinned::pinned;
pub(super) use self::pinned::pinned_line;
use self::scroll::Scroller;
pub(super) use self::silence::silence;
use self::silence::unless_silent;
pub(super) use self::talk::{Dialog, Talk};
use self::timeline::timeline;
pub(super) use self::tray::{Progress, Upload, tray_mark};
use super::more::{More, more, more_when};
use super::search::Lookup;
use crate::browser::{called, go, t};
use crate::kit::icon::{ALERT, icon};
use crate::kit::{Derived, button, empty, live, memo};
use crate::present::Route;
use crate::shell::{Device, order};
use web_sys::DragEvent;

/// What the screens around a conversation need to know of it.
#[derive(Clone, PartialEq)]
pub(super) struct About {
    /// What it is called.
    pub(super) title: String,
    /// Direct or group.
    pub(super) kind: Kind,
    /// One's own notes.
    pub(super) is_notes: bool,
    /// Whose colour it has: the other person's, or the group's.
    pub(super) colour: String,
    /// The same one's picture.
    pub(super) avatar: Option<FileId>,
}

/// What a conversation is, as soon as the list or its own record says so.
pub(super) fn about(device: Device, id: ConversationId) -> Derived<Option<About>> {
    memo(move || {
        if let Some(item) = device.listed(id) {
            let colour = item.peer.map_or_else(|| id.to_string(), |peer| peer.to_string());
            let (title, kind, avatar) = (called(&item.title), item.kind, item.avatar);
            return Some(About { title, kind, is_notes: item.is_notes(), colour, avatar });
        }
        let (record, is_notes) = (device.record.get()?, false);
        if record.kind == Kind::Group {
            let (title, colour, avatar) = (record.name, id.to_string(), record.avatar);
            return Some(About { title, kind: Kind::Group, is_notes, colour, avatar });
        }
        let members = device.members.get();
        let peer = members.into_iter().find(|member| member.person.user != device.me)?.person;
        let (colour, avatar) = (peer.user.to_string(), peer.avatar);
        let title = called(&peer.display_name);
        Some(About { title, kind: Kind::Direct, is_notes, colour, avatar })
    })
}

/// The conversation `id`, put on the screen.
pub(super) fn conversation(id: ConversationId) -> AnyView {
    let device = Device::here();
    device.act(Action::Show(Some(id)));
    // Nothing counts as read before it is clear what can be seen.
    device.act(Action::AtEnd(false));
    if let Some(seq) = expect_context::<Lookup>().take_goal(id) {
        device.act(Action::Jump(Jump::To(seq)));
    }
    if device.inbox.with_untracked(|inbox| is_marked(inbox.as_deref(), id)) {
        let (pinned, archived, unread) = (None, None, Some(false));
        order(AccountCommand::Arrange { conversation: id, pinned, archived, unread });
    }
    let about = about(device, id);
    let talk = Talk::new(device, id);
    provide_context(talk);
    let refused = memo(move || device.timeline.with(|timeline| timeline.refused));
    let content = move || match refused.get() {
        Some(Code::NotAMember) => more(More::Outside(id)),
        Some(code) => refusal(code),
        None => {
            let scroller = Scroller::new(device);
            let sent = Callback::new(move |()| scroller.go_to_end());
            let choosing = memo(move || talk.chosen.with(Option::is_some));
            let write = move || unless_silent(move || composer(talk, sent));
            let foot = move || match (choosing.get(), talk.recording.get()) {
                (true, _) => more(More::Chosen(talk)),
                (false, true) => more(More::Recorder(talk, sent)),
                (false, false) => write(),
            };
            view! {
                {pinned(talk)}
                {timeline(id, about, scroller)}
                {live(foot)}
                {more_when(move || talk.dialog.with(Option::is_some), move || More::Dialogs(talk))}
            }
            .into_any()
        }
    };
    let head = move || (refused.get() != Some(Code::NotAMember)).then(|| header(id, about));
    let over = |event: DragEvent| {
        let types = event.data_transfer().map(|data| data.types());
        if types.is_some_and(|types| types.includes(&"Files".into(), 0)) {
            event.prevent_default();
        }
    };
    let drop = move |event: DragEvent| {
        if event.data_transfer().is_some_and(|data| talk.tray.offer(&data)) {
            event.prevent_default();
        }
    };
    view! {
        <section class="conversation" on:dragover=over on:drop=drop>
            {live(head)}
            {live(content)}
        </section>
    }
    .into_any()
}

/// Whether a conversation of the list was marked as something to come back to.
fn is_marked(inbox: Option<&[InboxItem]>, id: ConversationId) -> bool {
    let item = inbox.iter().copied().flatten().find(|item| item.conversation == id);
    item.is_some_and(|item| item.kept.unread)
}

pub(super) fn refusal(code: Code) -> AnyView {
    let text = Signal::derive(move || (t().reject)(code).to_owned());
    let home = button("button--primary", None, |t| t.to_start, |_| go(Route::Home));
    let content = empty(icon(ALERT), |t| t.cannot_show, text, home);
    view! { <div role="alert">{content}</div> }.into_any()
}
