//! What can be done with a message: its menu.

use leptos::prelude::*;
use tideline_client::{Act, Action, MessageState};
use tideline_shared::markup;
use tideline_shared::rights::Deed;
use tideline_shared::search::Has;
use tideline_shared::{MessageId, Timestamp};

use super::dialogs::reactions_of;
use super::marks::or_kind;
use super::talk::{Dialog, Talk, Writing};
use crate::browser::t;
use crate::kit::icon::{
    CHECKS, COPY, EDIT, FLAG, FORWARD, HISTORY, PIN, RECALL, REPLY, RETRY, SELECT, SMILE, TRASH,
    UNPIN,
};
use crate::kit::{Icon, MenuItem, QuickItem, State, Words, copy_and_tell, menu};
use crate::shell::Device;

/// The emoji that are one press away.
const QUICK: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/// A message as its menu sees it.
#[derive(Clone)]
pub(in crate::screens) struct Subject {
    pub(super) id: MessageId,
    pub(super) seq: Option<u64>,
    pub(super) at: Timestamp,
    pub(super) author: String,
    pub(super) own: bool,
    pub(super) text: Option<String>,
    /// What its first file is.
    pub(super) holds: Option<Has>,
    pub(super) recalled: bool,
    pub(super) edited: bool,
    pub(super) pinned: bool,
    pub(super) state: MessageState,
    /// The emoji that this person reacted with.
    pub(super) reacted: Vec<String>,
}

/// The menu, while it is `open`.
pub(in crate::screens) fn message_menu(
    open: State<bool>,
    up: bool,
    talk: Talk,
    subject: &Subject,
) -> AnyView {
    menu(open, up, subject.own, quick(talk, subject), items(talk, subject))
}

/// Reactions that are one press away, and the way to all others.
fn quick(talk: Talk, subject: &Subject) -> Vec<QuickItem> {
    let Some(seq) = subject.seq.filter(|_| !subject.recalled && talk.may(Deed::React)) else {
        return Vec::new();
    };
    let one = |emoji: &'static str| {
        let own = subject.reacted.iter().any(|reacted| reacted == emoji);
        let act = Box::new(move || {
            talk.alter(seq, if own { Act::Unreact } else { Act::React }, emoji.to_owned());
        });
        QuickItem { shown: emoji, name: (t().more().react_with)(emoji), pressed: Some(own), act }
    };
    let name = t().more().react_more.to_owned();
    let act = Box::new(move || talk.show(Dialog::React(seq)));
    let others = QuickItem { shown: "…", name, pressed: None, act };
    QUICK.into_iter().map(one).chain([others]).collect()
}

/// The menu's items, as far as they are allowed.
fn items(talk: Talk, subject: &Subject) -> Vec<MenuItem> {
    let mut items = Items(Vec::new());
    if matches!(subject.state, MessageState::Failed(_)) {
        copy(&mut items, subject);
        let (device, id) = (Device::here(), subject.id);
        items.add(RETRY, |t| t.retry, move || device.act(Action::Retry(id)));
        items.danger(TRASH, |t| t.discard, move || device.act(Action::Discard(id)));
        return items.0;
    }
    let Some(seq) = subject.seq else {
        copy(&mut items, subject);
        return items.0;
    };
    if !subject.recalled {
        words(&mut items, talk, subject, seq);
    }
    items.add(SELECT, |t| t.select, move || talk.choose(seq));
    items.danger(TRASH, |t| t.more().delete_for_me, move || talk.show(Dialog::Hide(vec![seq])));
    if !subject.own && !subject.recalled {
        items.danger(FLAG, |t| t.more().running.report, move || talk.show(Dialog::Report(seq)));
    }
    if !subject.recalled && talk.may_recall(subject.own, subject.at) {
        items.danger(RECALL, |t| t.more().recall, move || talk.show(Dialog::Recall(vec![seq])));
    }
    items.0
}

/// What can be done with words.
fn words(items: &mut Items, talk: Talk, subject: &Subject, seq: u64) {
    let text = subject.text.clone().unwrap_or_default();
    if talk.may(Deed::Send) {
        let (author, text) = (subject.author.clone(), or_kind(markup::plain(&text), subject.holds));
        items.add(
            REPLY,
            |t| t.more().reply,
            move || {
                let (author, text) = (author.clone(), text.clone());
                talk.writing.set(Writing::Reply { seq, author, text });
            },
        );
    }
    if subject.own && talk.may(Deed::EditOwn) && subject.text.is_some() {
        items.add(
            EDIT,
            |t| t.more().edit,
            move || {
                talk.writing.set(Writing::Edit { seq, text: text.clone() });
            },
        );
    }
    copy(items, subject);
    items.add(FORWARD, |t| t.more().forward, move || talk.show(Dialog::Forward(vec![seq])));
    if talk.may(Deed::Pin) {
        let (icon, name): (_, Words) =
            if subject.pinned { (UNPIN, |t| t.more().unpin) } else { (PIN, |t| t.more().pin) };
        let pinned = subject.pinned;
        items.add(icon, name, move || {
            talk.alter(seq, if pinned { Act::Unpin } else { Act::Pin }, String::new());
        });
    }
    if subject.own && talk.is_group() {
        items.add(CHECKS, |t| t.more().readers, move || talk.show(Dialog::Readers(seq)));
    }
    if !untrack(|| reactions_of(Device::here(), seq)).is_empty() {
        items.add(SMILE, |t| t.reactions, move || talk.show(Dialog::Reactions(seq)));
    }
    if subject.edited {
        items.add(HISTORY, |t| t.earlier_versions, move || talk.show(Dialog::Revisions(seq)));
    }
}

fn copy(items: &mut Items, subject: &Subject) {
    if let Some(text) = subject.text.clone() {
        items.add(COPY, |t| t.more().copy, move || copy_and_tell(markup::plain(&text)));
    }
}

struct Items(Vec<MenuItem>);

impl Items {
    fn add(&mut self, icon: Icon, name: Words, act: impl Fn() + 'static) {
        self.0.push(MenuItem { icon, name, danger: false, act: Box::new(act) });
    }

    fn danger(&mut self, icon: Icon, name: Words, act: impl Fn() + 'static) {
        self.0.push(MenuItem { icon, name, danger: true, act: Box::new(act) });
    }
}
