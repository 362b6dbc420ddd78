//! What is looked for. It outlives the search page, whose code comes later.

use crate::kit::State;
use leptos::prelude::*;
use tideline_shared::{ConversationId, UserId};

use super::finder::Finder;
use crate::browser::go;
use crate::locale::Locale;
use crate::present::Route;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Messages,
    People,
    Groups,
}

impl Tab {
    pub(super) const ALL: [Self; 3] = [Self::Messages, Self::People, Self::Groups];

    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Messages => "tab-messages",
            Self::People => "tab-people",
            Self::Groups => "tab-groups",
        }
    }

    pub(super) fn words(self, t: &Locale) -> &'static str {
        match self {
            Self::Messages => t.messages,
            Self::People => t.more().people,
            Self::Groups => t.more().groups,
        }
    }
}

/// What is looked for, for as long as somebody is signed in. Copies are the same.
#[derive(Clone, Copy)]
pub(in crate::screens) struct Lookup {
    pub(super) query: State<String>,
    /// Where to look, chosen; an `in:` in the query takes its place.
    pub(super) place: State<Option<ConversationId>>,
    /// Whose messages, chosen; a `from:` in the query takes its place.
    pub(super) author: State<Option<UserId>>,
    pub(super) tab: State<Tab>,
    /// The message to go to in the conversation that is opened next.
    goal: StoredValue<Option<(ConversationId, u64)>>,
    /// Who looks, since the page was first opened.
    finder: StoredValue<Option<Finder>>,
    /// What it lives in.
    owner: StoredValue<Owner>,
}

impl Lookup {
    /// Nothing is looked for; in the scope of whoever is signed in.
    pub(in crate::screens) fn start() -> Self {
        Self {
            query: State::new(String::new()),
            place: State::new(None),
            author: State::new(None),
            tab: State::new(Tab::Messages),
            goal: StoredValue::new(None),
            finder: StoredValue::new(None),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// Looks in this conversation next.
    pub(in crate::screens) fn within(self, conversation: ConversationId) {
        self.begin(String::new(), Some(conversation));
    }

    /// Looks for messages with these words next.
    pub(in crate::screens) fn messages(self, words: String) {
        self.begin(words, None);
    }

    fn begin(self, words: String, place: Option<ConversationId>) {
        self.tab.set(Tab::Messages);
        self.query.set(words);
        self.place.set(place);
        self.author.set(None);
        go(Route::Search);
    }

    /// Goes to a message in its place, with what was said around it.
    pub(in crate::screens) fn open_at(self, conversation: ConversationId, seq: u64) {
        self.goal.set_value(Some((conversation, seq)));
        go(Route::Conversation(conversation));
    }

    /// Where to go in a conversation that is put on the screen, if somewhere.
    pub(in crate::screens) fn take_goal(self, conversation: ConversationId) -> Option<u64> {
        let goal = self.goal.try_update_value(Option::take).flatten();
        goal.filter(|(id, _)| *id == conversation).map(|(_, seq)| seq)
    }

    /// Who looks; the same as before.
    pub(super) fn finder(self) -> Finder {
        if let Some(finder) = self.finder.get_value() {
            return finder;
        }
        let finder = self.owner.with_value(|owner| owner.with(|| Finder::start(self)));
        self.finder.set_value(Some(finder));
        finder
    }
}
