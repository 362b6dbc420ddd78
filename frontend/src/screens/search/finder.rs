//! What is looked for and what was found so far. The engine's [`Sweep`] says what to ask next.

use std::time::Duration;

use crate::kit::effect;
use leptos::prelude::*;
use tideline_client::{Question, Sweep};
use tideline_shared::protocol::{FoundGroup, FoundMessages, Kind, SearchCommand, SearchReply};
use tideline_shared::search::Search;
use tideline_shared::{Code, ConversationId, limits};

use super::lookup::{Lookup, Tab};
use crate::browser::{Fail, post};
use crate::kit::Form;
use crate::present::Looker;
use crate::shell::Device;

/// How long a pause in typing is before the service is asked.
const PAUSE: Duration = Duration::from_millis(150);
const DOOR: &str = "/api/search";

/// What was found so far. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Finder {
    device: Device,
    pub(super) lookup: Lookup,
    /// What is typed while people are looked for.
    pub(super) people: RwSignal<String>,
    /// Messages; none while nothing is asked.
    pub(super) sweep: RwSignal<Option<Sweep>>,
    pub(super) groups: RwSignal<Option<Vec<FoundGroup>>>,
    /// Public ones that this person is not in; none before they were asked for.
    pub(super) public: RwSignal<Option<Vec<FoundGroup>>>,
    /// The service was out of reach: what was found is what this device holds.
    pub(super) offline: RwSignal<bool>,
    pub(super) form: Form,
    /// Which search this is: answers to an earlier one do not count.
    round: StoredValue<u32>,
}

impl Finder {
    /// Looks for what `lookup` says, from now on.
    pub(super) fn start(lookup: Lookup) -> Self {
        let finder = Self {
            device: Device::here(),
            lookup,
            people: RwSignal::new(String::new()),
            sweep: RwSignal::new(None),
            groups: RwSignal::new(None),
            public: RwSignal::new(None),
            offline: RwSignal::new(false),
            form: Form::new(),
            round: StoredValue::new(0),
        };
        let pause = StoredValue::new(None::<TimeoutHandle>);
        effect(move || {
            let (typed, tab) = (lookup.query.get(), lookup.tab.get());
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

    fn clear(self) {
        self.form.fail.set(None);
        self.sweep.set(None);
        self.groups.set(None);
        self.public.set(None);
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
                self.offline.set(false);
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
                Err(Fail::Network) => {
                    let found = self.held(&question, &query, zone_min).await;
                    if self.round.try_get_value() != Some(round) {
                        return;
                    }
                    self.offline.set(true);
                    self.change(|sweep| sweep.answered(&question, found, Vec::new()));
                }
                other => return self.failed(other),
            }
        }
    }

    /// The same of what this device holds.
    async fn held(self, question: &Question, query: &str, zone_min: i32) -> Vec<FoundMessages> {
        let Ok(search) = Search::parse(query) else { return Vec::new() };
        let by = Looker { me: self.device.me, zone_min };
        let alone = question.conversations.len() == 1;
        let most = if alone { limits::FOUND_MESSAGES } else { limits::FOUND_EACH };
        let mut found = Vec::new();
        for &conversation in &question.conversations {
            let held = self.device.held(conversation).await;
            found.extend(held.find(&search, by, question.before, most));
        }
        found.retain(|place| !place.hits.is_empty());
        found
    }

    /// Older messages of a conversation in which something was found.
    pub(super) fn more(self, conversation: ConversationId) {
        let idle = self.sweep.with_untracked(|sweep| sweep.as_ref().is_some_and(Sweep::is_done));
        self.change(|sweep| sweep.more(conversation));
        // Otherwise what asks already asks for this, too.
        if idle {
            leptos::task::spawn_local(self.sweep(self.lookup.query.get_untracked()));
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
        self.public.set(None);
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
        let answer = post(DOOR, &SearchCommand::PublicGroups { query }).await;
        if self.round.try_get_value() != Some(round) {
            return;
        }
        match answer {
            Ok(SearchReply::Groups { found, .. }) => {
                self.form.fail.set(None);
                self.public.set(Some(found));
            }
            other => self.failed(other),
        }
    }

    fn failed(self, answer: Result<SearchReply, Fail>) {
        let fail = answer.err().unwrap_or_else(|| Code::Unknown.into());
        self.form.fail.set(Some(fail));
    }
}
