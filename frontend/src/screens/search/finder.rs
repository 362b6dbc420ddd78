//! What is looked for and what was found so far. The engine's [`Sweep`] says what to ask next.

use std::cmp::Reverse;

use tideline_client::{InboxItem, Question, Sweep};
use tideline_search::{fold, named};
use tideline_shared::protocol::{FoundGroup, FoundMessages, Kind, SearchCommand, SearchReply};
use tideline_shared::search::{Filter, Search, filter_of};
use tideline_shared::{Code, ConversationId, Query, UserId, limits};

use super::lookup::{Lookup, Tab};
use crate::browser::{Fail, called, post, zone_min};
use crate::kit::{Form, Rounds, State, effect};
use crate::present::Looker;
use crate::shell::Device;

const DOOR: &str = "/api/search";

/// What was found so far. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Finder {
    device: Device,
    pub(super) lookup: Lookup,
    /// What is typed while people are looked for.
    pub(super) people: State<String>,
    /// Messages; none while nothing is asked.
    pub(super) sweep: State<Option<Sweep>>,
    pub(super) groups: State<Option<Vec<FoundGroup>>>,
    /// Public ones that this person is not in; none before they were asked for.
    pub(super) public: State<Option<Vec<FoundGroup>>>,
    /// The service was out of reach: what was found is what this device holds.
    pub(super) offline: State<bool>,
    pub(super) form: Form,
    rounds: Rounds,
}

fn is_blank(typed: &str) -> bool {
    Query::parse(typed).is_err_and(|reject| reject.code == Code::QueryEmpty)
}

impl Finder {
    /// Looks for what `lookup` says, from now on.
    pub(super) fn start(lookup: Lookup) -> Self {
        let finder = Self {
            device: Device::here(),
            lookup,
            people: State::new(String::new()),
            sweep: State::new(None),
            groups: State::new(None),
            public: State::new(None),
            offline: State::new(false),
            form: Form::new(),
            rounds: Rounds::new(),
        };
        effect(move || {
            let (typed, tab) = (lookup.query.get(), lookup.tab.get());
            let chosen = (lookup.author.get().is_some(), lookup.place.get());
            finder.rounds.turn();
            if tab == Tab::People {
                return finder.people.set(typed);
            }
            // Whose messages is a question by itself, where is none.
            if typed.trim().is_empty() && !(chosen.0 && tab == Tab::Messages) {
                return finder.clear();
            }
            finder.form.busy.set(true);
            finder.rounds.ask(move || finder.begin(typed, tab));
        });
        finder
    }

    fn clear(self) {
        self.form.busy.set(false);
        self.form.fail.set(None);
        self.sweep.set(None);
        self.groups.set(None);
        self.public.set(None);
    }

    fn begin(self, typed: String, tab: Tab) {
        match (tab, Search::parse_by(&typed, self.authors(&typed))) {
            (Tab::Groups, _) if is_blank(&typed) => self.clear(),
            (Tab::Groups, _) => leptos::task::spawn_local(self.find_groups(typed)),
            // Half of a query is no mistake.
            (_, Err(reject)) if reject.code == Code::QueryEmpty => self.clear(),
            (_, Err(reject)) => self.failed(Err(reject.into())),
            (_, Ok(search)) => {
                let places = self.places(&search);
                self.form.fail.set(None);
                self.offline.set(false);
                self.sweep.set(Some(Sweep::of(&places)));
                leptos::task::spawn_local(self.sweep(typed));
            }
        }
    }

    /// Where to look, in which something was said last first: what is called as `in:` says, what was
    /// chosen, or the whole list.
    fn places(self, search: &Search) -> Vec<ConversationId> {
        let mut items = self.device.inbox.get_untracked().unwrap_or_default();
        items.sort_by_key(|item| Reverse(item.at));
        if let Some(title) = &search.within {
            let all = items.iter().map(|item| (item.conversation, self.names(item)));
            return named(all.collect(), title);
        }
        let chosen = self.lookup.place.get_untracked();
        let all = || items.iter().map(|item| item.conversation);
        match chosen.filter(|chosen| all().any(|id| id == *chosen)) {
            Some(chosen) => vec![chosen],
            None => all().collect(),
        }
    }

    /// What a conversation is called, and whom it is with.
    fn names(self, item: &InboxItem) -> Vec<String> {
        let mut names = vec![called(&item.title)];
        self.device.contacts.with_untracked(|all| {
            if let Some(one) = all.iter().find(|one| Some(one.person.user) == item.peer) {
                names.push(one.person.display_name.clone());
                names.extend(one.person.user_name.clone());
            }
        });
        names
    }

    /// Whose messages, by id: of whom is nicknamed as `from:` says, or of whom was chosen.
    fn authors(self, typed: &str) -> Vec<UserId> {
        let Some(name) = filter_of(typed, Filter::From) else {
            return self.lookup.author.get_untracked().into_iter().collect();
        };
        if name.trim().is_empty() || fold(&name) == "me" {
            return Vec::new();
        }
        self.device.contacts.with_untracked(|all| {
            let nicknamed = all.iter().filter(|one| !one.nickname.is_empty());
            named(
                nicknamed.map(|one| (one.person.user, vec![one.nickname.clone()])).collect(),
                &name,
            )
        })
    }

    /// Asks on, until everything was asked or something else is looked for.
    async fn sweep(self, query: String) {
        let Some(round) = self.rounds.now() else { return };
        let authors = self.authors(&query);
        let zone_min = zone_min();
        while let Some(question) = self.change(|sweep| sweep.ask()).flatten() {
            let command = SearchCommand::Messages {
                query: query.clone(),
                authors: authors.clone(),
                conversations: question.conversations.clone(),
                before: question.before,
                zone_min,
            };
            let answer = post(DOOR, &command).await;
            if !self.rounds.is(round) {
                return;
            }
            match answer {
                Ok(SearchReply::Messages { found, missing }) => {
                    self.change(|sweep| sweep.answered(&question, found, missing));
                }
                Err(Fail::Network) => {
                    let found = self.held(&question, &query, zone_min).await;
                    if !self.rounds.is(round) {
                        return;
                    }
                    self.offline.set(true);
                    self.change(|sweep| sweep.answered(&question, found, Vec::new()));
                }
                other => return self.failed(other),
            }
        }
        self.form.busy.set(false);
    }

    /// The same of what this device holds.
    async fn held(self, question: &Question, query: &str, zone_min: i32) -> Vec<FoundMessages> {
        let Ok(search) = Search::parse_by(query, self.authors(query)) else { return Vec::new() };
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

    /// Looks once more for the same.
    pub(super) fn again(self) {
        self.rounds.turn();
        self.form.busy.set(true);
        self.begin(self.lookup.query.get_untracked(), self.lookup.tab.get_untracked());
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
        let Some(round) = self.rounds.now() else { return };
        let all: Vec<ConversationId> = self.device.inbox.with_untracked(|inbox| {
            let groups = inbox.iter().flatten().filter(|item| item.kind == Kind::Group);
            groups.map(|item| item.conversation).collect()
        });
        let mut groups = Vec::new();
        self.public.set(None);
        for some in all.chunks(limits::SEARCHED_CONVERSATIONS) {
            let (query, conversations) = (query.clone(), some.to_vec());
            let answer = post(DOOR, &SearchCommand::Groups { query, conversations }).await;
            if !self.rounds.is(round) {
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
        if !self.rounds.is(round) {
            return;
        }
        match answer {
            Ok(SearchReply::Groups { found, .. }) => {
                self.form.busy.set(false);
                self.form.fail.set(None);
                self.public.set(Some(found));
            }
            other => self.failed(other),
        }
    }

    fn failed(self, answer: Result<SearchReply, Fail>) {
        let fail = answer.err().unwrap_or_else(|| Code::Unknown.into());
        self.form.busy.set(false);
        self.form.fail.set(Some(fail));
    }
}
