//! The busiest object of each kind, against what one object can do, and at which size it cannot.

use crate::costs::Costs;
use crate::habits::Habits;
use crate::model::Deployment;

/// Requests that one object serves in a second: Cloudflare says 1,000 for simple ones and 200 to 500 with
/// writes; the lowest of these is taken.
pub const REQUESTS_A_SECOND: f64 = 200.0;
/// Bytes that one object keeps.
pub const OBJECT_BYTES: f64 = 10e9;
/// Sockets that sleep at one object.
pub const SOCKETS: f64 = 32_768.0;
/// Rows that a shard of the directory reads in a second while it searches. Assumed: a scan in SQLite.
pub const ROWS_A_SECOND: f64 = 1e6;
/// Shards of the directory (`tideline_server::directory::SHARDS`).
const SHARDS: f64 = tideline_server::directory::SHARDS as f64;
/// How much more than the average the busiest person gets, and the busiest group of its size. Assumed.
const BUSIEST: f64 = 20.0;
/// Bytes of a row of the directory for a person, with their claim to a name, and for a conversation.
const PERSON_BYTES: f64 = 500.0;
/// As above.
const TALLY_BYTES: f64 = 120.0;

/// One object, and how much of what it can do is asked of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hot {
    /// Which.
    pub what: &'static str,
    /// How much is asked, in the busiest hour.
    pub load: f64,
    /// Of so much.
    pub limit: f64,
    /// In which unit.
    pub unit: &'static str,
    /// Whether it grows with the deployment.
    pub grows: bool,
    /// What the design does about it.
    pub then: &'static str,
}

impl Hot {
    /// The share of the limit.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.load / self.limit
    }
}

/// The busiest objects of a deployment.
#[must_use]
pub fn objects(of: &Deployment<'_>) -> Vec<Hot> {
    let mut all = vec![account(of)];
    all.extend(largest_group(of));
    all.extend(directory(of));
    all.push(deployment(of));
    all
}

/// From a day to a second of the busiest hour of the busiest day.
fn peak(habits: &Habits, a_day: f64) -> f64 {
    a_day * habits.busiest_day * habits.busiest_hour / 3_600.0
}

fn account(of: &Deployment<'_>) -> Hot {
    let Habits { messages, direct, sessions, minutes, .. } = *of.habits;
    let members: f64 = of.sizes.iter().map(|size| size.of_messages * size.members).sum();
    let delivered = messages * (direct * 2.0 + (1.0 - direct) * members);
    // Each is delivered by a call and answered by a frame; a minute in the app is a frame.
    let a_day = (2.0 * delivered + sessions * (4.0 + minutes)) * BUSIEST;
    Hot {
        what: "account of the busiest person",
        load: peak(of.habits, a_day),
        limit: REQUESTS_A_SECOND,
        unit: "requests/s",
        grows: false,
        then: "a group tells each account at most once in 0.9 s, whatever is said in it",
    }
}

fn largest_group(of: &Deployment<'_>) -> [Hot; 3] {
    let (day, lookers) =
        of.sizes.last().map_or((0.0, 0.0), |size| (size.a_day, size.members * size.looking));
    let said = peak(of.habits, day) * BUSIEST;
    // Who looks tells how far they are with what they read, at most once in two seconds.
    let receipts = lookers * said.min(0.5);
    let kept = day * BUSIEST * 30.0 * of.habits.months * of.costs.bytes.message;
    [
        Hot {
            what: "busiest of the largest groups, requests",
            load: said + receipts,
            limit: REQUESTS_A_SECOND,
            unit: "requests/s",
            grows: false,
            then: "readers are heard at most once in 2 s; more than 200 messages a second are turned away",
        },
        Hot {
            what: "busiest of the largest groups, what it keeps",
            load: kept,
            limit: OBJECT_BYTES,
            unit: "bytes",
            grows: false,
            then: "files are elsewhere; retention, where the owner sets it",
        },
        Hot {
            what: "busiest of the largest groups, sockets",
            load: lookers,
            limit: SOCKETS,
            unit: "sockets",
            grows: false,
            then: "a group has at most 1,000 members",
        },
    ]
}

fn directory(of: &Deployment<'_>) -> [Hot; 3] {
    let (users, habits) = (of.users, of.habits);
    let new = habits.newcomers / 30.0;
    // Rate, claim, confirmation, list; rate and name for each sign-in; a changed name.
    let a_person =
        new * (4.0 + 2.0 * (habits.devices - 1.0)) + habits.renames / 30.0 + of.tallies();
    let searches = peak(habits, users * habits.people_searches);
    [
        Hot {
            what: "shard of the directory, searches for people",
            load: searches * users / SHARDS / ROWS_A_SECOND,
            limit: 1.0,
            unit: "of its time",
            grows: true,
            then: "each search reads all names: an index of their beginnings and parts, or more shards",
        },
        Hot {
            what: "shard of the directory, requests",
            load: peak(habits, users * a_person) / SHARDS + searches,
            limit: REQUESTS_A_SECOND,
            unit: "requests/s",
            grows: true,
            then: "how much there is of each conversation can be told once a day instead of once an hour",
        },
        Hot {
            what: "shard of the directory, what it keeps",
            load: users * (PERSON_BYTES + of.conversations() * TALLY_BYTES) / SHARDS,
            limit: OBJECT_BYTES,
            unit: "bytes",
            grows: true,
            then: "more shards, by another hash for ids made after a date",
        },
    ]
}

fn deployment(of: &Deployment<'_>) -> Hot {
    Hot {
        what: "the deployment's object",
        load: peak(of.habits, of.users * of.habits.newcomers / 30.0),
        limit: REQUESTS_A_SECOND,
        unit: "requests/s",
        grows: true,
        then: "asked when somebody registers or reports, never for a message; the gateway can keep its \
               answer for a minute, as it does for files",
    }
}

/// What is asked for more than it can do, and from how many people on, up to 10^9; what is so first
/// comes first.
#[must_use]
pub fn breaks(habits: &Habits, costs: &Costs) -> Vec<(f64, Hot)> {
    let at = |users: f64| objects(&Deployment::new(users, habits, costs));
    let mut breaks: Vec<(f64, Hot)> = at(MOST_PEOPLE)
        .into_iter()
        .enumerate()
        .filter(|(_, hot)| hot.share() >= 1.0)
        .map(|(n, hot)| (first(|users| at(users)[n].share()), hot))
        .collect();
    breaks.sort_by(|one, two| one.0.total_cmp(&two.0));
    breaks
}

/// More people than any deployment will have.
const MOST_PEOPLE: f64 = 1e9;

/// The number of people at which a rising share reaches 1, to a percent.
fn first(share: impl Fn(f64) -> f64) -> f64 {
    let (mut below, mut above) = (10.0, MOST_PEOPLE);
    while above / below > 1.01 {
        let middle = f64::sqrt(below * above);
        if share(middle) >= 1.0 { above = middle } else { below = middle }
    }
    above
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::habits::PROFILES;

    #[test]
    fn only_the_directory_and_the_deployment_grow_with_the_number_of_people() {
        let costs = Costs::kept().expect("are there");
        for habits in PROFILES {
            let at = |users| objects(&Deployment::new(users, habits, &costs));
            for (small, large) in at(1e5).into_iter().zip(at(1e8)) {
                let grew = large.load / small.load > 1.001;
                assert_eq!(grew, small.grows, "{}: {small:?} {large:?}", habits.name);
            }
        }
    }
}
