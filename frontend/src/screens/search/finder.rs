//! What is looked for and what was found so far. The engine's [`Sweep`] says what to ask next.

use std::time::Duration;

use crate::kit::effect;
use leptos::prelude::*;
use tideline_client::Sweep;
use tideline_shared::protocol::{FoundGroup, Kind, SearchCommand, SearchReply};
use tideline_shared::search::{Filter, Search, with_filter};
use tideline_shared::{Code, ConversationId, limits};

use crate::browser::{Fail, post};
use crate::kit::Form;
use crate::locale::Locale;
use crate::shell::Device;

/// How long a pause in typing is before the service is asked.
const PAUSE: Duration = Duration::from_millis(150);
const DOOR: &str = "/api/search";

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
            Self::People => t.people,
            Self::Groups => t.groups,
        }
    }
}

/// The state of the search page. Copies are the same.
#[derive(Clone, Copy)]
pub(in crate::screens) struct Finder {
    device: Device,
    pub(super) query: RwSignal<String>,
    pub(super) tab: RwSignal<Tab>,
    /// What is typed while people are looked for.
    pub(super) people: RwSignal<String>,
    /// Messages; none while nothing is asked.
    pub(super) sweep: RwSignal<Option<Sweep>>,
    pub(super) groups: RwSignal<Option<Vec<FoundGroup>>>,
    pub(super) form: Form,
    /// The message to go to in the conversation that is opened next.
    pub(super) goal: StoredValue<Option<(ConversationId, u64)>>,
    /// Which search this is: answers to an earlier one do not count.
    round: StoredValue<u32>,
}

impl Finder {
    /// For as long as somebody is signed in.
    pub(in crate::screens) fn start(device: Device) -> Self {
        let finder = Self {
            device,
            query: RwSignal::new(String::new()),
            tab: RwSignal::new(Tab::Messages),
            people: RwSignal::new(String::new()),
            sweep: RwSignal::new(None),
            groups: RwSignal::new(None),
            form: Form::new(),
            goal: StoredValue::new(None),
            round: StoredValue::new(0),
        };
        let pause = StoredValue::new(None::<TimeoutHandle>);
        effect(move || {
            let (typed, tab) = (finder.query.get(), finder.tab.get());
            if let Some(pause) = pause.get_value() {
                pause.clear();
            }
            finder.round.update_value(|round| *round += 1);
            if tab == Tab::People {
                return finder.people.set(typed);
            }
            if typed.trim().is_empty() {
                return finder.clear();
            }
            let ask = move || finder.begin(typed, tab);
            pause.set_value(set_timeout_with_handle(ask, PAUSE).ok());
        });
        finder
    }

    /// Looks in one conversation next.
    pub(in crate::screens) fn within(self, title: &str) {
        self.tab.set(Tab::Messages);
        self.query.set(with_filter("", Filter::In, Some(title)) + " ");
    }

    /// Where to go in a conversation that is put on the screen, if somewhere.
    pub(in crate::screens) fn take_goal(self, conversation: ConversationId) -> Option<u64> {
        let goal = self.goal.try_update_value(Option::take).flatten();
        goal.filter(|(id, _)| *id == conversation).map(|(_, seq)| seq)
    }

    fn clear(self) {
        self.form.fail.set(None);
        self.sweep.set(None);
        self.groups.set(None);
    }

    fn begin(self, typed: String, tab: Tab) {
        match (tab, Search::parse(&typed)) {
            (Tab::Groups, _) => leptos::task::spawn_local(self.find_groups(typed)),
            // Half of a query is no mistake.
            (_, Err(reject)) if reject.code == Code::QueryEmpty => self.clear(),
            (_, Err(reject)) => self.form.fail.set(Some(reject.into())),
            (_, Ok(search)) => {
                let places = self.places(&search);
                self.form.fail.set(None);
                self.sweep.set(Some(Sweep::of(&places)));
                leptos::task::spawn_local(self.sweep(typed));
            }
        }
    }

    /// Where to look: the whole list, or what is called as `in:` says.
    fn places(self, search: &Search) -> Vec<ConversationId> {
        let named = search.within.as_ref().map(|title| title.to_lowercase());
        self.device.inbox.with_untracked(|inbox| {
            let all = || inbox.iter().flatten().map(|item| (item, item.title.to_lowercase()));
            let exactly = named.as_ref().is_some_and(|name| all().any(|(_, title)| title == *name));
            let fits = |title: &str| match &named {
                Some(name) if exactly => title == name,
                Some(name) => title.contains(name.as_str()),
                None => true,
            };
            all().filter(|(_, title)| fits(title)).map(|(item, _)| item.conversation).collect()
        })
    }

    /// Asks on, until everything was asked or something else is looked for.
    async fn sweep(self, query: String) {
        let round = self.round.get_value();
        // Where days begin.
        let zone_min = -(js_sys::Date::new_0().get_timezone_offset() as i32);
        while let Some(question) = self.change(|sweep| sweep.ask()).flatten() {
            let command = SearchCommand::Messages {
                query: query.clone(),
                conversations: question.conversations.clone(),
                before: question.before,
                zone_min,
            };
            let answer = post(DOOR, &command).await;
            if self.round.try_get_value() != Some(round) {
                return;
            }
            match answer {
                Ok(SearchReply::Messages { found, missing }) => {
                    self.change(|sweep| sweep.answered(&question, found, missing));
                }
                other => return self.failed(other),
            }
        }
    }

    /// Older messages of a conversation in which something was found.
    pub(super) fn more(self, conversation: ConversationId) {
        let idle = self.sweep.with_untracked(|sweep| sweep.as_ref().is_some_and(Sweep::is_done));
        self.change(|sweep| sweep.more(conversation));
        // Otherwise what asks already asks for this, too.
        if idle {
            leptos::task::spawn_local(self.sweep(self.query.get_untracked()));
        }
    }

    fn change<T>(self, change: impl FnOnce(&mut Sweep) -> T) -> Option<T> {
        self.sweep.try_update(|sweep| sweep.as_mut().map(change)).flatten()
    }

    async fn find_groups(self, query: String) {
        let round = self.round.get_value();
        let all: Vec<ConversationId> = self.device.inbox.with_untracked(|inbox| {
            let groups = inbox.iter().flatten().filter(|item| item.kind == Kind::Group);
            groups.map(|item| item.conversation).collect()
        });
        let mut groups = Vec::new();
        for some in all.chunks(limits::SEARCHED_CONVERSATIONS) {
            let (query, conversations) = (query.clone(), some.to_vec());
            let answer = post(DOOR, &SearchCommand::Groups { query, conversations }).await;
            if self.round.try_get_value() != Some(round) {
                return;
            }
            match answer {
                Ok(SearchReply::Groups { found, .. }) => groups.extend(found),
                other => return self.failed(other),
            }
            self.form.fail.set(None);
            self.groups.set(Some(groups.clone()));
        }
        self.groups.set(Some(groups));
    }

    fn failed(self, answer: Result<SearchReply, Fail>) {
        let fail = answer.err().unwrap_or_else(|| Code::Unknown.into());
        self.form.fail.set(Some(fail));
    }
}
