//! A load that is the same everywhere: people in groups of ten, each with a few friends among them, who
//! come and go, look, read and write. The model foretells what it costs; the native actors and the
//! bench's `mixed` scenario play it.
//!
//! Everybody does the same whatever the number of people, so what an actor has to do must not depend on it.

use std::collections::{BTreeMap, BTreeSet};

use tideline_shared::ConversationId;
use tideline_shared::limits::{PRESENT_EVERY_MS, PRESENT_MS};

use crate::costs::Costs;
use crate::count::Cost;
use crate::world::World;

/// Members of each group.
pub const GROUP: usize = 10;
/// How long people stay with a conversation, in milliseconds.
pub const SLOT_MS: u64 = 45_000;
/// When each slot's messages are said, in milliseconds after its beginning: far enough apart that a
/// group's deliveries do not travel together.
const SAID_AT_MS: [u64; 3] = [8_000, 20_000, 32_000];
/// When the last slot is over, a group's readers still have to be heard.
pub const REST_MS: u64 = 20_000;

/// Where something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In this group.
    Group(usize),
    /// Between these two, by their place in [`Script::pairs`].
    Pair(usize),
}

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Opens the app.
    Open,
    /// Closes it.
    Close,
    /// Looks at a conversation.
    Show(Place),
    /// Says something where they look.
    Say(Place),
}

/// When who does what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Milliseconds after the beginning.
    pub at_ms: u64,
    /// By number.
    pub who: usize,
    /// What.
    pub does: Does,
}

/// The load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// How many people there are.
    pub people: usize,
    /// Who is in which group.
    pub groups: Vec<Vec<usize>>,
    /// Who talks with whom.
    pub pairs: Vec<(usize, usize)>,
    /// What they do, in order.
    pub steps: Vec<Step>,
    /// How long it takes, in milliseconds, without [`REST_MS`].
    pub ms: u64,
}

impl Script {
    /// For so many people (whole groups of them) and slots.
    #[must_use]
    pub fn new(people: usize, slots: u64) -> Self {
        let groups: Vec<Vec<usize>> =
            (0..people / GROUP).map(|n| (n * GROUP..(n + 1) * GROUP).collect()).collect();
        // In a ring, each with the next one of their group.
        let pairs: Vec<(usize, usize)> = groups
            .iter()
            .flat_map(|group| (0..GROUP).map(|n| (group[n], group[(n + 1) % GROUP])))
            .collect();
        let (people, ms) = (groups.len() * GROUP, slots * SLOT_MS);
        let mut script = Self { people, groups, pairs, steps: Vec::new(), ms };
        (0..slots).for_each(|slot| script.slot(slot));
        script.steps.sort_by_key(|step| (step.at_ms, step.who));
        script
    }

    fn slot(&mut self, slot: u64) {
        let begin = slot * SLOT_MS;
        for group in 0..self.groups.len() {
            let mut said = 0;
            for member in 0..GROUP {
                let who = group * GROUP + member;
                // Not all in the same moment.
                let at_ms = begin + 100 * member as u64;
                let turn = member as u64 + slot;
                if turn % 4 == 3 {
                    self.step(at_ms, who, Does::Close);
                    continue;
                }
                if turn.is_multiple_of(4) || slot == 0 {
                    self.step(at_ms, who, Does::Open);
                }
                let place =
                    if turn.is_multiple_of(3) { Place::Group(group) } else { Place::Pair(who) };
                self.step(at_ms + 3_000, who, Does::Show(place));
                match place {
                    Place::Group(_) if said < SAID_AT_MS.len() => {
                        self.step(begin + SAID_AT_MS[said], who, Does::Say(place));
                        said += 1;
                    }
                    Place::Pair(_) if turn % 3 == 1 => {
                        self.step(at_ms + SAID_AT_MS[1], who, Does::Say(place));
                    }
                    _ => {}
                }
            }
        }
    }

    fn step(&mut self, at_ms: u64, who: usize, does: Does) {
        self.steps.push(Step { at_ms, who, does });
    }

    /// Who gets what is said there.
    #[must_use]
    pub fn members(&self, place: Place) -> Vec<usize> {
        match place {
            Place::Group(n) => self.groups[n].clone(),
            Place::Pair(n) => vec![self.pairs[n].0, self.pairs[n].1],
        }
    }

    /// How many messages are said.
    #[must_use]
    pub fn messages(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step.does, Does::Say(_))).count()
    }

    /// What it costs by the model.
    #[must_use]
    pub fn foretold(&self, costs: &Costs) -> Cost {
        let mut foretelling =
            Foretelling { script: self, costs, people: vec![Someone::default(); self.people] };
        let steps: Cost = self.steps.iter().map(|step| foretelling.take(step)).sum();
        let end = self.ms + REST_MS;
        steps + (0..self.people).map(|who| foretelling.minutes(who, end)).sum()
    }
}

/// Where somebody is.
#[derive(Clone, Debug, Default)]
struct Someone {
    is_open: bool,
    at: Option<Place>,
    /// Where there is something that they have not read.
    unread: BTreeSet<Place>,
    /// Groups that told them something since they closed the app.
    told: BTreeSet<Place>,
    /// When their device said last that they are there.
    present: u64,
    /// Who watches them, and until when.
    watchers: BTreeMap<usize, u64>,
}

struct Foretelling<'a> {
    script: &'a Script,
    costs: &'a Costs,
    people: Vec<Someone>,
}

impl Foretelling<'_> {
    fn take(&mut self, step: &Step) -> Cost {
        let before = self.minutes(step.who, step.at_ms);
        let one = &mut self.people[step.who];
        before
            + match step.does {
                Does::Open => {
                    one.is_open = true;
                    self.costs.open_app + self.present(step.who, step.at_ms)
                }
                Does::Close => {
                    one.is_open = false;
                    one.at = None;
                    one.told.clear();
                    Cost::default()
                }
                Does::Show(place) => self.show(step.who, place, step.at_ms),
                Does::Say(place) => self.say(step.who, place),
            }
    }

    fn show(&mut self, who: usize, place: Place, now: u64) -> Cost {
        let costs = self.costs;
        let one = &mut self.people[who];
        if one.at == Some(place) {
            return Cost::default();
        }
        one.at = Some(place);
        let read = one.unread.remove(&place);
        let (open, found) = match place {
            // Says at once whom this person watches, and so that they are there.
            Place::Pair(_) => (costs.open_direct + self.present(who, now), costs.direct_read),
            Place::Group(_) => (costs.open_group, costs.group_read),
        };
        open + if read { found } else { Cost::default() }
    }

    /// Somebody's device says that they are there, and whom they watch.
    fn present(&mut self, who: usize, now: u64) -> Cost {
        let one = &mut self.people[who];
        one.present = now;
        one.watchers.retain(|_, until| *until >= now);
        let watchers = one.watchers.len();
        if let Some(place @ Place::Pair(_)) = one.at {
            for other in self.script.members(place).into_iter().filter(|&other| other != who) {
                self.people[other].watchers.insert(who, now + PRESENT_MS);
            }
        }
        self.costs.seen * watchers as f64
    }

    /// What somebody's device says each minute, up to now.
    fn minutes(&mut self, who: usize, now: u64) -> Cost {
        let mut cost = Cost::default();
        while self.people[who].is_open && now - self.people[who].present >= PRESENT_EVERY_MS {
            let watches = matches!(self.people[who].at, Some(Place::Pair(_)));
            let at = self.people[who].present + PRESENT_EVERY_MS;
            let minute = self.costs.minute + self.present(who, at);
            // Its watching is told anew, and answered: without that the watched one is told of this.
            let more = self.costs.watched_minute - self.costs.seen;
            cost += minute + if watches { more } else { Cost::default() };
        }
        cost
    }

    fn say(&mut self, by: usize, place: Place) -> Cost {
        let costs = self.costs;
        let mut cost = match place {
            Place::Group(_) => costs.group_message,
            Place::Pair(_) => Cost::default(),
        };
        for other in self.script.members(place).into_iter().filter(|&other| other != by) {
            let one = &mut self.people[other];
            let looks = one.is_open && one.at == Some(place);
            if !looks {
                one.unread.insert(place);
            }
            let first = !one.is_open && one.told.insert(place);
            cost += match (place, looks, one.is_open) {
                (Place::Pair(_), true, _) => costs.direct_looking,
                (Place::Pair(_), _, true) => costs.direct_elsewhere,
                (Place::Pair(_), ..) => costs.direct_away,
                (Place::Group(_), true, _) => costs.group_looking,
                (Place::Group(_), _, true) => costs.group_elsewhere,
                (Place::Group(_), ..) if first => costs.group_away_first,
                (Place::Group(_), ..) => costs.group_away_more,
            };
        }
        cost
    }
}

/// The load in a native world: everybody is there, nobody has opened the app.
pub struct Stage {
    /// The world.
    pub world: World,
    /// Groups, as in the script.
    pub groups: Vec<ConversationId>,
    /// Pairs, as in the script.
    pub pairs: Vec<ConversationId>,
}

impl Stage {
    /// Makes accounts, groups and direct conversations.
    #[must_use]
    pub fn set(script: &Script) -> Self {
        let mut world = World::new();
        world.register_many(script.people);
        let groups = script.groups.iter().map(|members| world.group(members)).collect();
        world.run(20_000);
        let pairs = script.pairs.iter().map(|&(one, other)| world.direct(one, other)).collect();
        world.run(20_000);
        for person in 0..script.people {
            world.device(person);
        }
        let mut stage = Self { world, groups, pairs };
        stage.warm_up(script);
        stage
    }

    /// Everybody looks at everything once: a device that knows nothing asks for more than one that
    /// comes back.
    fn warm_up(&mut self, script: &Script) {
        for person in 0..script.people {
            self.world.open(person);
        }
        self.world.run(5_000);
        for (place, members) in (0..script.pairs.len())
            .map(Place::Pair)
            .chain((0..script.groups.len()).map(Place::Group))
            .map(|place| (place, script.members(place)))
        {
            for member in members {
                self.world.show(member, Some(self.conversation(place)));
            }
            self.world.run(1_000);
        }
        for person in 0..script.people {
            self.world.close(person);
        }
        self.world.run(120_000);
    }

    /// Which conversation that is.
    #[must_use]
    pub fn conversation(&self, place: Place) -> ConversationId {
        match place {
            Place::Group(n) => self.groups[n],
            Place::Pair(n) => self.pairs[n],
        }
    }

    /// Plays the script.
    pub fn play(&mut self, script: &Script) {
        let mut now = 0;
        for step in &script.steps {
            self.world.run(step.at_ms - now);
            now = step.at_ms;
            match step.does {
                Does::Open => self.world.open(step.who),
                Does::Close => self.world.close(step.who),
                Does::Show(place) => {
                    let conversation = self.conversation(place);
                    self.world.show(step.who, Some(conversation));
                }
                Does::Say(place) => {
                    let conversation = self.conversation(place);
                    let text = format!("person {} says something at {} ms", step.who, step.at_ms);
                    self.world.say_in(step.who, conversation, &text);
                }
            }
        }
        self.world.run(script.ms + REST_MS - now);
    }
}
