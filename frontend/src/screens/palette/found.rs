//! What the palette looks for while somebody types: messages of the newest conversations, at first
//! those that this device holds, and people of the directory.

use std::cmp::Reverse;

use tideline_client::InboxItem;
use tideline_shared::limits;
use tideline_shared::protocol::{
    FoundMessages, Hit, Listed, PeopleCommand, PeopleReply, SearchCommand, SearchReply,
};
use tideline_shared::search::Search;

use super::choice::{Choice, Deed, Part, Picture, picture_of};
use crate::browser::{Fail, called, post, t, zone_min};
use crate::kit::{Rounds, Shape, State, effect};
use crate::present::Looker;
use crate::screens::conversation::or_kind;
use crate::shell::Device;

/// Letters of a script with spaces that are too few to look for.
const FEW: usize = 1;
/// Conversations in which this device looks by itself.
const HELD: usize = 12;
/// Messages, and people, that are listed at most.
const MOST: usize = 5;

/// What was found so far. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Found {
    device: Device,
    query: State<String>,
    people: State<Vec<Choice>>,
    messages: State<Vec<Choice>>,
    /// Questions that are not answered yet.
    asking: State<usize>,
    /// The service was out of reach.
    offline: State<bool>,
    rounds: Rounds,
}

impl Found {
    /// Follows what is typed into `query`.
    pub(super) fn follow(device: Device, query: State<String>) -> Self {
        let it = Self {
            device,
            query,
            people: State::new(Vec::new()),
            messages: State::new(Vec::new()),
            asking: State::new(0),
            offline: State::new(false),
            rounds: Rounds::new(),
        };
        effect(move || {
            let typed = query.get();
            it.rounds.turn();
            it.people.set(Vec::new());
            it.messages.set(Vec::new());
            it.offline.set(false);
            let few = typed.trim().chars().count() <= FEW && typed.is_ascii();
            it.asking.set(if few { 0 } else { 2 });
            if !few {
                it.rounds.ask(move || {
                    leptos::task::spawn_local(it.find_messages(typed.clone()));
                    leptos::task::spawn_local(it.find_people(typed));
                });
            }
        });
        it
    }

    async fn find_people(self, typed: String) {
        // The palette may be closed by now.
        let Some(round) = self.rounds.now() else { return };
        let answer = post("/api/people", &PeopleCommand::Find { query: typed }).await;
        if !self.rounds.is(round) {
            return;
        }
        if let Ok(PeopleReply::Found { people }) = answer {
            self.people.set(people.into_iter().map(person).collect());
        }
        self.asking.update(|asking| *asking -= 1);
    }

    async fn find_messages(self, typed: String) {
        // The palette may be closed by now.
        let Some(round) = self.rounds.now() else { return };
        let Ok(search) = Search::parse(&typed) else {
            return self.asking.update(|asking| *asking -= 1);
        };
        let mut places = self.device.inbox.get_untracked().unwrap_or_default();
        places.sort_by_key(|item| Reverse(item.at));
        let by = Looker { me: self.device.me, zone_min: zone_min() };
        let mut held = Vec::new();
        for place in places.iter().take(HELD) {
            let known = self.device.held(place.conversation).await;
            held.extend(known.find(&search, by, None, limits::FOUND_EACH));
        }
        if !self.rounds.is(round) {
            return;
        }
        self.messages.set(messages(&places, held));
        let some = places.iter().take(limits::SEARCHED_CONVERSATIONS);
        let conversations: Vec<_> = some.map(|item| item.conversation).collect();
        let (query, authors, before) = (typed, Vec::new(), None);
        let zone_min = by.zone_min;
        let command = SearchCommand::Messages { query, authors, conversations, before, zone_min };
        let answer = match places.is_empty() {
            true => Ok(SearchReply::Unknown),
            false => post("/api/search", &command).await,
        };
        if !self.rounds.is(round) {
            return;
        }
        match answer {
            Ok(SearchReply::Messages { found, .. }) => self.messages.set(messages(&places, found)),
            Err(Fail::Network) => self.offline.set(true),
            // What this device holds is there, and the page for it says what is wrong.
            _ => {}
        }
        self.asking.update(|asking| *asking -= 1);
    }

    /// What was found besides `known`; tracked.
    pub(super) fn parts(self, known: &[Part]) -> Vec<Part> {
        let is_known = |one: &Choice| {
            let all = || known.iter().flat_map(|(_, list)| list);
            let same = |other: &Choice| other.picture == one.picture;
            // Somebody who has a conversation, too: their colour is theirs.
            all().any(same)
        };
        let mut people = self.people.get();
        people.retain(|one| !is_known(one));
        people.truncate(MOST);
        let mut messages = self.messages.get();
        if !messages.is_empty() {
            messages.push(Choice::find(&self.query.get()));
        }
        let parts: [Part; 2] =
            [(Some(|t| t.more().people), people), (Some(|t| t.messages), messages)];
        parts.into_iter().filter(|(_, list)| !list.is_empty()).collect()
    }

    /// Whether something is still looked for, or could not be; tracked.
    pub(super) fn status(self) -> Option<&'static str> {
        match (self.asking.get(), self.offline.get()) {
            (1.., _) => Some(t().more().searching),
            (0, true) => Some(t().more().search_offline),
            (0, false) => None,
        }
    }
}

fn person(found: Listed) -> Choice {
    let person = found.person;
    let picture = Picture::Avatar(person.user.to_string(), Shape::Person, person.avatar);
    let handle = person.user_name.map_or_else(|| t().guest.to_owned(), |name| format!("@{name}"));
    Choice::new(Deed::Write(person.user), picture, called(&person.display_name), &handle)
}

/// The newest ones.
fn messages(places: &[InboxItem], found: Vec<FoundMessages>) -> Vec<Choice> {
    let hits = found.into_iter().flat_map(|place| {
        let place_of = places.iter().find(|item| item.conversation == place.conversation);
        let hits = place.hits.into_iter();
        place_of.into_iter().flat_map(move |item| hits.clone().map(move |hit| (item, hit)))
    });
    let mut hits: Vec<_> = hits.collect();
    hits.sort_by_key(|(_, hit)| Reverse(hit.at));
    hits.truncate(MOST);
    hits.into_iter().map(|(item, hit)| message(item, hit)).collect()
}

fn message(item: &InboxItem, hit: Hit) -> Choice {
    let deed = Deed::Read(item.conversation, hit.seq);
    Choice::new(deed, picture_of(item), or_kind(hit.excerpt, hit.holds), &called(&item.title))
}
