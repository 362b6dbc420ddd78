//! From habits to a month's bill: each event as often as it happens, times what it costs.

use tideline_shared::limits;

use crate::costs::Costs;
use crate::count::Cost;
use crate::habits::{Habits, Size};
use crate::prices::Usage;

/// For so long after a call, what is new in a group waits for company, in seconds: the window of the
/// fan-out and a call (`server/src/conversation/fanout.rs`).
const WINDOW_S: f64 = 1.0;
/// Hours of a day in which people are awake.
const AWAKE_H: f64 = 16.0;
/// Gigabytes that an object is billed for while it is awake.
const OBJECT_GB: f64 = 0.128;
/// Processor time of the Worker for a request, in milliseconds. Assumed: it parses, asks and answers;
/// only signing in computes, and that in the account's object.
const REQUEST_CPU_MS: f64 = 2.0;
/// Days that an account's timeline holds messages (`server/src/account/inbox.rs`).
const TIMELINE_DAYS: f64 = 30.0;
const DAYS: f64 = 30.0;

/// One thing that people do, and what it costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// In words.
    pub what: &'static str,
    /// How often the average person does it a day.
    pub times: f64,
    /// What that costs.
    pub cost: Cost,
}

/// What a deployment of so many people does.
#[derive(Clone, Debug)]
pub struct Deployment<'a> {
    /// People.
    pub users: f64,
    /// What they do.
    pub habits: &'a Habits,
    /// What that costs.
    pub costs: &'a Costs,
    /// Its groups, by their size.
    pub sizes: Vec<Size>,
}

impl<'a> Deployment<'a> {
    /// So many people with these habits.
    #[must_use]
    pub fn new(users: f64, habits: &'a Habits, costs: &'a Costs) -> Self {
        // More people than a group may have make no difference.
        let sizes = habits.group_sizes(users.min(limits::GROUP_MEMBERS as f64) as u32);
        Self { users, habits, costs, sizes }
    }

    /// Of all groups, weighed.
    fn groups_of(&self, of: impl Fn(&Size) -> f64) -> f64 {
        self.sizes.iter().map(of).sum()
    }

    /// Conversations for each person: those between two are shared by two, groups by their members.
    #[must_use]
    pub fn conversations(&self) -> f64 {
        let Habits { contacts, groups, .. } = *self.habits;
        contacts / 2.0 + groups * self.groups_of(|size| size.of_members / size.members)
    }

    /// What the average person does in a day.
    #[must_use]
    pub fn day(&self) -> Vec<Line> {
        let mut day = self.direct();
        day.extend(self.groups());
        day.extend(self.around());
        day.extend(self.rarely());
        day
    }

    /// What the average person costs in a day.
    #[must_use]
    pub fn day_cost(&self) -> Cost {
        self.day().iter().map(|line| line.cost).sum()
    }

    fn direct(&self) -> Vec<Line> {
        let Habits { messages, direct, looking, elsewhere, .. } = *self.habits;
        let sent = messages * direct;
        let away = 1.0 - looking - elsewhere;
        let costs = self.costs;
        let each = costs.direct_looking * looking
            + costs.direct_elsewhere * elsewhere
            + costs.direct_away * away;
        let found = (sent * (1.0 - looking)).min(self.opens(true));
        vec![
            line("messages to one person", sent, each),
            line("direct conversations read later", found, costs.direct_read),
        ]
    }

    /// Times a day that somebody looks at a conversation.
    fn opens(&self, direct: bool) -> f64 {
        let Habits { sessions, opened, opened_direct, .. } = *self.habits;
        sessions * opened * if direct { opened_direct } else { 1.0 - opened_direct }
    }

    fn groups(&self) -> Vec<Line> {
        let (habits, costs) = (self.habits, self.costs);
        let sent = habits.messages * (1.0 - habits.direct);
        let (mut looking, mut elsewhere, mut first, mut more) = (0.0, 0.0, 0.0, 0.0);
        for size in &self.sizes {
            let others = sent * size.of_messages * (size.members - 1.0) * together(size.a_day);
            let away = 1.0 - size.looking - habits.group_elsewhere;
            looking += others * size.looking;
            elsewhere += others * habits.group_elsewhere;
            // The first one since the app was closed, at most once for each time that it was.
            let new = (habits.sessions / size.a_day).min(1.0);
            first += others * away * new;
            more += others * away * (1.0 - new);
        }
        let found = (self.opens(false)).min(sent * 4.0);
        vec![
            line("messages to groups", sent, costs.group_message),
            line("…for members who look", looking, costs.group_looking),
            line("…for members elsewhere in the app", elsewhere, costs.group_elsewhere),
            line("…for members away, the first", first, costs.group_away_first),
            line("…for members away, later ones", more, costs.group_away_more),
            line("groups read later", found, costs.group_read),
        ]
    }

    fn around(&self) -> Vec<Line> {
        let (habits, costs) = (self.habits, self.costs);
        let minutes = habits.sessions * habits.minutes;
        let one = habits.searches / 5.0;
        vec![
            line("opening the app", habits.sessions, costs.open_app),
            line("minutes in it", minutes, costs.minute),
            line("minutes in which two see each other", minutes * 0.2, costs.watched_minute),
            line("opening direct conversations", self.opens(true), costs.open_direct),
            line("opening groups", self.opens(false), costs.open_group),
            line("telling that one writes", habits.messages * habits.typing, costs.typing),
            line("reactions", habits.messages * habits.reactions, costs.reaction),
            line("searches of one conversation", one, costs.search_one),
            line("searches of twelve", habits.searches - one, costs.search_twelve),
            line("searches for people", habits.people_searches, self.search_people()),
            line("telling the directory how much there is", self.tallies(), costs.tally),
        ]
    }

    /// A search for people reads the shards' whole lists.
    fn search_people(&self) -> Cost {
        Cost { read: self.costs.search_people.read + self.users, ..self.costs.search_people }
    }

    /// Times a day that conversations tell the directory how much there is of them, for each person: at
    /// most once in an hour in which something changed, and once an hour after.
    #[must_use]
    pub fn tallies(&self) -> f64 {
        let habits = self.habits;
        let in_hours = |exchanges: f64| {
            let awake = AWAKE_H * (1.0 - (-exchanges / AWAKE_H).exp());
            // What was said after the first word of an hour is told when the hour is over.
            (2.0 * awake).min(AWAKE_H + 1.0)
        };
        let direct = habits.contacts / 2.0;
        let exchanges = habits.messages * habits.direct / habits.exchange / direct;
        let groups = self.groups_of(|size| {
            size.of_members / size.members * in_hours(size.a_day / habits.exchange)
        });
        direct * in_hours(exchanges) + habits.groups * groups
    }

    fn rarely(&self) -> Vec<Line> {
        let (habits, costs) = (self.habits, self.costs);
        let new = habits.newcomers / DAYS;
        let others = self.groups_of(|size| (size.members - 1.0) * size.of_members);
        let files = habits.messages * habits.files;
        vec![
            line("accounts", new, costs.register),
            line("further devices", new * (habits.devices - 1.0), costs.sign_in),
            line("direct conversations begun", new * habits.contacts, costs.start_direct),
            line("groups joined", new * habits.groups, costs.join),
            line("…told to each member", new * habits.groups * others, costs.join_member),
            line(
                "names told",
                habits.renames / DAYS * (habits.contacts + habits.groups),
                costs.rename,
            ),
            line("files uploaded", files, costs.upload),
            line("files fetched", files * self.fetches(), costs.download),
        ]
    }

    /// How often a file is fetched: once by each who looks at the message, now or later.
    fn fetches(&self) -> f64 {
        let habits = self.habits;
        // In a large group, most messages scroll by.
        let readers = self.groups_of(|size| size.of_messages * (size.members - 1.0).min(20.0));
        habits.direct + (1.0 - habits.direct) * readers
    }

    /// A month, as billed.
    #[must_use]
    pub fn month(&self) -> Usage {
        let Self { users, habits, .. } = self;
        let users = *users;
        let month = self.day_cost() * (DAYS * users);
        let files = users * DAYS * habits.messages * habits.files;
        Usage {
            requests: month.requests,
            cpu_ms: month.requests * REQUEST_CPU_MS,
            calls: month.billed_calls(),
            gb_s: month.active_ms / 1_000.0 * OBJECT_GB,
            rows: month.billed_rows(),
            read: month.read,
            gb: users * self.bytes_each() / 1e9,
            file_gb: files * habits.months * habits.file_bytes / 1e9,
            puts: files * 1.5,
            gets: files * self.fetches(),
        }
    }

    /// How many people may do this before the free plan runs out.
    #[must_use]
    pub fn fits_free(habits: &Habits, costs: &Costs) -> u32 {
        let fits = |users: u32| {
            let of = Deployment::new(f64::from(users), habits, costs);
            of.month().of_free(habits.busiest_day).1 <= 1.0
        };
        let (mut fit, mut too_many) = (0_u32, 100_000);
        while too_many - fit > 1 {
            let middle = fit.midpoint(too_many);
            if fits(middle) { fit = middle } else { too_many = middle }
        }
        fit
    }

    /// Bytes in objects for each person, after so many months.
    #[must_use]
    pub fn bytes_each(&self) -> f64 {
        let (habits, bytes) = (self.habits, self.costs.bytes);
        let longer = habits.text_bytes - crate::costs::TEXT_BYTES as f64;
        let kept = habits.messages * DAYS * habits.months;
        let members = self.groups_of(|size| size.of_messages * size.members);
        // One's own messages are in one's own timeline, too.
        let delivered = habits.messages * (habits.direct * 2.0 + (1.0 - habits.direct) * members);
        let timeline = delivered * TIMELINE_DAYS;
        bytes.account
            + bytes.entry * (habits.contacts + habits.groups)
            + bytes.conversation * self.conversations()
            + (bytes.message + longer) * kept
            + (bytes.delivered + longer) * timeline.min(10_000.0)
    }
}

fn line(what: &'static str, times: f64, each: Cost) -> Line {
    Line { what, times, cost: each * times }
}

/// How many deliveries there are for each message of a group that gets so many a day: what comes within
/// the window of another one travels with it.
#[must_use]
pub fn together(messages_a_day: f64) -> f64 {
    let a_second = messages_a_day / (AWAKE_H * 3_600.0);
    1.0 / (1.0 + a_second * WINDOW_S)
}
