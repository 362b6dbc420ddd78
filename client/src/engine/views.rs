//! What is shown, computed when somebody looks.

use std::borrow::Cow;
use std::cmp::Reverse;

use tideline_shared::protocol::{Body, Entry, File, Kind, Message, Preview};
use tideline_shared::{ConversationId, Person, Timestamp, UserId, limits, lower, markup};

use super::Engine;
use crate::conversation::Conversation;
use crate::outbox::{Item as Queued, Order, State};
use crate::place::{Place, Slot};
use crate::screen::{Fetch, Screen};
use crate::sorted::by_key;
use crate::view::{
    InboxItem, Item, MemberItem, MessageState, PreviewItem, QuoteItem, ReactionItem, Row, Timeline,
};
use crate::window::Window;

/// How the window stands.
#[derive(PartialEq, Eq)]
pub(super) struct Pose {
    window: Window,
    at_end: bool,
    in_step: bool,
    fetching: (bool, bool),
    new_below: u64,
}

impl Engine {
    pub(super) fn inbox_items(&self) -> Vec<InboxItem> {
        let items = self.account.entries.values().map(|e| self.inbox_item(e)).collect();
        let items = by_key(items, |(waits, item): &(Option<Order>, InboxItem)| {
            Reverse((item.kept.pinned, *waits, item.at, item.conversation))
        });
        items.into_iter().map(|(_, item)| item).collect()
    }

    /// An item, and the place in the outbox of what waits to be sent there.
    fn inbox_item(&self, entry: &Entry) -> (Option<Order>, InboxItem) {
        let id = entry.conversation;
        let conversation = self.conversations.get(&id);
        let newest = conversation.and_then(|conversation| conversation.history.newest());
        let newest = newest.map(|message| self.alterations.over(self.me, id, message));
        // What was done to it here says more of the last message than the entry does.
        let newer = newest.filter(|message| {
            is_shown(message)
                && (message.seq > entry.last_seq
                    || message.seq == entry.last_seq && matches!(message, Cow::Owned(_)))
        });
        let unsent = self.outbox.queue(id).and_then(|queue| queue.last());
        let waits = self.outbox.waiting(id).last();
        let preview = match (unsent, newer.as_deref(), &entry.preview) {
            (Some((_, item)), _, _) => Some(self.preview_of_queued(item)),
            (None, Some(message), _) => Some(self.preview_of_message(conversation, entry, message)),
            (None, None, Some(_)) if self.account.hides(id, entry.last_seq) => None,
            (None, None, Some(preview)) => Some(self.preview_of_entry(preview)),
            (None, None, None) => None,
        };
        let at = newer.as_ref().map_or(entry.last_at, |message| message.at.max(entry.last_at));
        let covered = self.reads.covers(entry);
        let item = InboxItem {
            conversation: id,
            kind: entry.kind,
            title: entry.peer.and_then(|peer| self.nickname(peer)).unwrap_or(entry.title.clone()),
            peer: entry.peer,
            avatar: entry.avatar.or_else(|| self.account.avatar_of(entry.peer?)),
            preview,
            at: waits.map_or(at, |(_, item)| item.at),
            unread: if covered { 0 } else { entry.unread },
            mentions: if covered { 0 } else { entry.mentions },
            requests: entry.requests,
            kept: entry.kept,
            draft: self.listed_draft(id).to_owned(),
        };
        (waits.map(|(order, _)| *order), item)
    }

    /// What is being written, as of the last pause in typing.
    fn listed_draft(&self, id: ConversationId) -> &str {
        self.drafts.listed(id).unwrap_or(self.account.draft(id))
    }

    fn preview_of_queued(&self, item: &Queued) -> PreviewItem {
        PreviewItem {
            author_name: self.own_name(),
            own: true,
            text: cut(&item.text),
            holds: item.files.first().map(File::kind),
            recalled: false,
            state: state_of(item),
        }
    }

    fn preview_of_message(
        &self,
        conversation: Option<&Conversation>,
        entry: &Entry,
        message: &Message,
    ) -> PreviewItem {
        PreviewItem {
            author_name: self.name(conversation, Some(entry), message.author),
            own: message.author == self.me,
            text: cut(message.body.text().unwrap_or_default()),
            holds: message.body.holds(),
            recalled: message.body.is_recalled(),
            state: MessageState::Sent,
        }
    }

    fn preview_of_entry(&self, preview: &Preview) -> PreviewItem {
        PreviewItem {
            author_name: self.nickname(preview.author).unwrap_or(preview.author_name.clone()),
            own: preview.author == self.me,
            text: preview.text.clone(),
            holds: preview.holds,
            recalled: preview.recalled,
            state: MessageState::Sent,
        }
    }

    pub(super) fn members_of(&self, conversation: &Conversation) -> Vec<MemberItem> {
        let inside = conversation.members.values().filter(|member| member.left.is_none());
        let members = inside
            .map(|member| MemberItem {
                person: self.as_called(&member.person),
                role: member.role,
                muted: member.muted,
            })
            .collect();
        by_key(members, |MemberItem { person, .. }| {
            (person.user != self.me, lower(&person.display_name), person.user)
        })
    }

    pub(super) fn timeline_of(&self, screen: &Screen) -> Timeline {
        let nothing = Timeline { conversation: Some(screen.conversation), ..Timeline::default() };
        let (Some(conversation), Some(places)) = (self.shown(), self.places_shown()) else {
            return Timeline { loading: true, ..nothing };
        };
        if conversation.refused.is_some() {
            return Timeline { refused: conversation.refused, ..nothing };
        }
        let entry = self.account.entries.get(&screen.conversation);
        let shown = screen.window.rows(&places);
        let rows = shown.into_iter().filter_map(|place| self.row(conversation, entry, place));
        let rows: Vec<_> = rows.collect();
        let in_step = conversation.cursor.in_step();
        let newest_known = entry.map_or(0, |entry| entry.last_seq);
        let behind = !in_step && conversation.history.tail() < newest_known;
        // A conversation that was brought into step once and has no messages is known to be empty.
        let known = conversation.is_held() && conversation.cursor.at().is_some() && !behind;
        let history = &conversation.history;
        Timeline {
            conversation: nothing.conversation,
            loading: rows.is_empty() && !known,
            at_start: known_start(known, history.is_empty())
                && self.starts_here()
                && screen.window.is_at_top(&places),
            at_end: self.shows_newest(),
            loading_older: self.fetches(&screen.older),
            loading_newer: self.fetches(&screen.newer),
            refused: None,
            unread_after: screen.unread_after,
            target: screen.target,
            new_below: self.new_below(screen, conversation),
            pins: conversation.pins,
            typing: self.typists(screen.conversation),
            online: self.presence(entry).is_some_and(|(online, _)| online),
            last_seen: self.presence(entry).and_then(|(_, last_seen)| last_seen),
            rows,
        }
    }

    fn fetches(&self, fetch: &Fetch) -> bool {
        fetch.is_wanted() && self.links.has_network()
    }

    /// What of the timeline can change without any row of the conversation changing.
    pub(super) fn pose(&self) -> Option<Pose> {
        let screen = self.screen.as_ref()?;
        let conversation = self.shown()?;
        Some(Pose {
            window: screen.window.clone(),
            at_end: self.shows_newest(),
            in_step: conversation.cursor.in_step(),
            fetching: (self.fetches(&screen.older), self.fetches(&screen.newer)),
            new_below: self.new_below(screen, conversation),
        })
    }

    /// Other people's messages behind the newest that was seen.
    fn new_below(&self, screen: &Screen, conversation: &Conversation) -> u64 {
        let behind = conversation.history.range(screen.seen.saturating_add(1)..);
        let counts = |message: &&Message| {
            message.author != self.me
                && message.body != Body::Withheld
                && !message.body.is_recalled()
                && !self.account.hides(screen.conversation, message.seq)
        };
        behind.filter(counts).count() as u64
    }

    fn row(&self, conversation: &Conversation, entry: Option<&Entry>, place: Place) -> Option<Row> {
        match place.slot {
            Slot::Message => {
                let message = conversation.history.get(place.seq)?;
                let shown = self.screen.as_ref()?.conversation;
                let hidden = self.account.hides(shown, place.seq);
                let message = self.alterations.over(self.me, shown, message);
                (!hidden).then(|| self.message_row(conversation, entry, &message))
            }
            Slot::Move { at, left, user } => {
                let member = conversation.members.get(&user)?;
                let person = self.as_called(&member.person);
                let (what, item) = if left {
                    let removed = member.left.is_some_and(|left| left.by.is_some());
                    ("left", Item::Left { person, removed })
                } else {
                    ("joined", Item::Joined { person })
                };
                let key = format!("{what}/{user}/{at}");
                Some(Row { key, at: Timestamp(at), item })
            }
            Slot::Waiting(order) => {
                let queue = self.outbox.queue(self.screen.as_ref()?.conversation)?;
                Some(self.queued_row(conversation, order, queue.get(&order)?))
            }
        }
    }

    fn message_row(
        &self,
        conversation: &Conversation,
        entry: Option<&Entry>,
        message: &Message,
    ) -> Row {
        let name = |user: UserId| self.name(Some(conversation), entry, user);
        let reactions = message.reactions.iter().map(|reaction| ReactionItem {
            emoji: reaction.emoji.clone(),
            names: reaction.users.iter().map(|&user| name(user)).collect(),
            own: reaction.users.contains(&self.me),
        });
        Row {
            key: message.id.to_string(),
            at: message.at,
            item: Item::Message {
                id: message.id,
                seq: Some(message.seq),
                author: message.author,
                author_name: name(message.author),
                author_avatar: conversation
                    .members
                    .get(&message.author)
                    .and_then(|member| member.person.avatar)
                    .or_else(|| self.account.avatar_of(message.author)),
                own: message.author == self.me,
                text: message.body.text().map(str::to_owned),
                files: message.body.files().to_vec(),
                recalled: message.body.is_recalled(),
                quote: message.reply_to.as_ref().map(|quote| QuoteItem {
                    seq: quote.seq,
                    author_name: name(quote.author),
                    text: quote.text.clone(),
                    holds: quote.holds,
                }),
                forwarded_from: message.forwarded.as_ref().map(|first| first.author_name.clone()),
                edited: message.edited_at.is_some(),
                pinned: message.pinned_at.is_some(),
                reactions: reactions.collect(),
                card: message.card.clone().filter(|_| self.account.previews()),
                mentions: message.mentions.clone(),
                mentions_all: message.mentions_all,
                state: conversation.reach(self.me, message.seq),
            },
        }
    }

    fn queued_row(&self, conversation: &Conversation, order: Order, item: &Queued) -> Row {
        let sent = match item.state {
            State::Sent(sent) => Some(sent),
            State::Waiting { .. } | State::Failed(_) => None,
        };
        Row {
            key: order.id.to_string(),
            at: sent.map_or(item.at, |sent| sent.at),
            item: Item::Message {
                id: order.id,
                seq: sent.map(|sent| sent.seq),
                author: self.me,
                author_name: self.own_name(),
                // One's own messages are known by their side.
                author_avatar: None,
                own: true,
                text: Some(item.text.clone()),
                files: item.files.clone(),
                recalled: false,
                quote: item.reply_to.as_ref().map(|quote| QuoteItem {
                    seq: quote.seq,
                    author_name: self.name(Some(conversation), None, quote.author),
                    text: quote.text.clone(),
                    holds: quote.holds,
                }),
                forwarded_from: None,
                edited: false,
                pinned: false,
                reactions: Vec::new(),
                card: None,
                mentions: Vec::new(),
                mentions_all: false,
                state: state_of(item),
            },
        }
    }

    fn own_name(&self) -> String {
        let profile = self.account.profile.as_ref();
        profile.map_or_else(String::new, |profile| profile.person.display_name.clone())
    }

    fn nickname(&self, user: UserId) -> Option<String> {
        self.account.nickname(user).map(str::to_owned)
    }

    /// Somebody by the name that this person chose for them, if they did.
    pub(super) fn as_called(&self, person: &Person) -> Person {
        let display_name =
            self.nickname(person.user).unwrap_or_else(|| person.display_name.clone());
        let avatar = person.avatar.or_else(|| self.account.avatar_of(person.user));
        Person { display_name, avatar, ..person.clone() }
    }

    /// What somebody is called, as far as this device can know.
    pub(super) fn name(
        &self,
        conversation: Option<&Conversation>,
        entry: Option<&Entry>,
        user: UserId,
    ) -> String {
        if let Some(nickname) = self.nickname(user) {
            return nickname;
        }
        if let Some(member) = conversation.and_then(|known| known.members.get(&user)) {
            return member.person.display_name.clone();
        }
        match entry {
            _ if user == self.me => self.own_name(),
            Some(Entry { kind: Kind::Direct, peer: Some(peer), title, .. }) if *peer == user => {
                title.clone()
            }
            Some(Entry { preview: Some(preview), .. }) if preview.author == user => {
                preview.author_name.clone()
            }
            _ => String::new(),
        }
    }
}

/// What is withheld has its place in the history, and none on the screen.
fn is_shown(message: &Message) -> bool {
    message.body != Body::Withheld
}

/// A history that holds something knows by itself whether it begins; an empty one begins once it
/// is known to be empty.
fn known_start(known: bool, empty: bool) -> bool {
    known || !empty
}

fn state_of(item: &Queued) -> MessageState {
    match item.state {
        State::Waiting { .. } => MessageState::Sending,
        State::Failed(code) => MessageState::Failed(code),
        State::Sent(_) => MessageState::Sent,
    }
}

/// A message on one line without its markup, as long as the service's previews are.
pub(super) fn cut(text: &str) -> String {
    let mut line = String::new();
    for word in markup::plain(text).split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() >= limits::PREVIEW_CHARS * 4 {
            break;
        }
    }
    line.chars().take(limits::PREVIEW_CHARS).collect()
}
