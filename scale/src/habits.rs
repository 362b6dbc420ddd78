//! What people do: assumptions, all of them, stated here and repeated in SCALE.md.

/// How many people groups have: a truncated Pareto distribution, as sizes of groups have a long tail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// Members of the smallest.
    pub least: u32,
    /// Of the largest there may be (`limits::GROUP_MEMBERS`).
    pub most: u32,
    /// The exponent of the tail: the share of groups with more than n members falls as n to its power.
    pub tail: f64,
    /// How much less each member says where more listen: by n to this power.
    pub silence: f64,
}

/// What the average person does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Habits {
    /// How the profile is called.
    pub name: &'static str,
    /// Who that is.
    pub who: &'static str,
    /// Messages a day.
    pub messages: f64,
    /// The share of them that goes to one person.
    pub direct: f64,
    /// Messages of one exchange: what is said together.
    pub exchange: f64,
    /// Direct conversations a person has.
    pub contacts: f64,
    /// Groups a person is in.
    pub groups: f64,
    /// How large they are.
    pub sizes: Sizes,
    /// Times a day that the app is opened, on whichever device.
    pub sessions: f64,
    /// Minutes that it is looked at then.
    pub minutes: f64,
    /// Devices.
    pub devices: f64,
    /// Conversations that are looked at each time.
    pub opened: f64,
    /// The share of these that is direct.
    pub opened_direct: f64,
    /// When a message comes to one person: the share of cases in which they look at it, and in which
    /// they are elsewhere in the app.
    pub looking: f64,
    /// As above.
    pub elsewhere: f64,
    /// The same for each member of a group of ten. In larger ones, as many look as there, and the share
    /// falls.
    pub group_looking: f64,
    /// The share of a group's members who are elsewhere in the app.
    pub group_elsewhere: f64,
    /// Signals that somebody writes, for each message.
    pub typing: f64,
    /// Reactions, for each message.
    pub reactions: f64,
    /// Searches of messages a day; one in five looks into one conversation.
    pub searches: f64,
    /// Searches for people a day.
    pub people_searches: f64,
    /// Files, for each message; each is fetched by those who look and those who come back.
    pub files: f64,
    /// Bytes of the average file, its thumbnail included.
    pub file_bytes: f64,
    /// Bytes of the average text.
    pub text_bytes: f64,
    /// New people a month, as a share of all.
    pub newcomers: f64,
    /// New names a month and person.
    pub renames: f64,
    /// The busiest hour's share of a day, and the busiest day's of an average one.
    pub busiest_hour: f64,
    /// As above.
    pub busiest_day: f64,
    /// Months of messages that are there.
    pub months: f64,
}

/// Friends and families: small groups, much of it between two.
pub const FAMILY: Habits = Habits {
    name: "family",
    who: "friends and families; small groups, phones that are looked at often and briefly",
    messages: 30.0,
    direct: 0.6,
    exchange: 6.0,
    contacts: 12.0,
    groups: 4.0,
    sizes: Sizes { least: 3, most: 100, tail: 1.6, silence: 0.5 },
    sessions: 20.0,
    minutes: 3.0,
    devices: 1.5,
    opened: 2.0,
    opened_direct: 0.6,
    looking: 0.35,
    elsewhere: 0.1,
    group_looking: 0.15,
    group_elsewhere: 0.08,
    typing: 2.0,
    reactions: 0.2,
    searches: 0.2,
    people_searches: 0.02,
    files: 0.08,
    file_bytes: 600_000.0,
    text_bytes: 60.0,
    newcomers: 0.02,
    renames: 0.05,
    busiest_hour: 0.12,
    busiest_day: 1.4,
    months: 12.0,
};

/// A club, a game, a neighbourhood: large groups in which most people read.
pub const COMMUNITY: Habits = Habits {
    name: "community",
    who: "clubs, games, neighbourhoods; large groups in which most people read",
    messages: 12.0,
    direct: 0.2,
    exchange: 6.0,
    contacts: 6.0,
    groups: 6.0,
    sizes: Sizes { least: 5, most: 1_000, tail: 1.1, silence: 0.7 },
    sessions: 8.0,
    minutes: 6.0,
    devices: 1.5,
    opened: 4.0,
    opened_direct: 0.2,
    looking: 0.3,
    elsewhere: 0.1,
    group_looking: 0.12,
    group_elsewhere: 0.08,
    typing: 1.5,
    reactions: 0.5,
    searches: 0.2,
    people_searches: 0.1,
    files: 0.05,
    file_bytes: 600_000.0,
    text_bytes: 80.0,
    newcomers: 0.05,
    renames: 0.1,
    busiest_hour: 0.12,
    busiest_day: 1.6,
    months: 12.0,
};

/// People at work: the app is open all day.
pub const COMPANY: Habits = Habits {
    name: "company",
    who: "people at work; the app is open all day on a desk; figures are means over all days, free ones too",
    messages: 40.0,
    direct: 0.45,
    exchange: 6.0,
    contacts: 25.0,
    groups: 12.0,
    sizes: Sizes { least: 3, most: 1_000, tail: 1.2, silence: 0.6 },
    sessions: 6.0,
    minutes: 50.0,
    devices: 2.0,
    opened: 12.0,
    opened_direct: 0.45,
    looking: 0.35,
    elsewhere: 0.4,
    group_looking: 0.12,
    group_elsewhere: 0.5,
    typing: 2.0,
    reactions: 0.3,
    searches: 1.0,
    people_searches: 0.2,
    files: 0.05,
    file_bytes: 800_000.0,
    text_bytes: 90.0,
    newcomers: 0.02,
    renames: 0.02,
    busiest_hour: 0.15,
    busiest_day: 1.4,
    months: 12.0,
};

/// All profiles.
pub const PROFILES: [&Habits; 3] = [&FAMILY, &COMMUNITY, &COMPANY];

/// The profile of this name.
#[must_use]
pub fn profile(name: &str) -> Option<&'static Habits> {
    PROFILES.into_iter().find(|habits| habits.name == name)
}

/// Groups of one size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Members.
    pub members: f64,
    /// The share of groups that have this size.
    pub of_groups: f64,
    /// The share of all memberships that is in such groups: larger ones have more members.
    pub of_members: f64,
    /// The share of all messages to groups that goes to such groups: each member of a larger one says
    /// less.
    pub of_messages: f64,
    /// Messages that come into each of them a day.
    pub a_day: f64,
    /// The share of its members who look when a message comes.
    pub looking: f64,
}

impl Habits {
    /// Every size of groups. A deployment has none with more people than it has itself.
    #[must_use]
    pub fn group_sizes(&self, people: u32) -> Vec<Size> {
        let Sizes { least, most, tail, silence } = self.sizes;
        let most = people.clamp(least, most);
        let above = |n: f64| (f64::from(least) / n).powf(tail);
        let share = |n: f64| (above(n) - above(n + 1.0)) / (1.0 - above(f64::from(most) + 1.0));
        let all: Vec<(f64, f64)> =
            (least..=most).map(|n| (f64::from(n), share(f64::from(n)))).collect();
        let members: f64 = all.iter().map(|(n, share)| n * share).sum();
        let words: f64 = all.iter().map(|(n, share)| n * share * n.powf(-silence)).sum();
        // What a member of the average group says there.
        let each = self.messages * (1.0 - self.direct) / self.groups;
        let size = |(n, share): (f64, f64)| Size {
            members: n,
            of_groups: share,
            of_members: n * share / members,
            of_messages: n * share * n.powf(-silence) / words,
            a_day: n * each * n.powf(-silence) * members / words,
            // A conversation holds the eyes of so many at a time, however many are in it.
            looking: self.group_looking * (10.0 / n).powf(silence).min(1.5),
        };
        all.into_iter().map(size).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_shares_and_their_tail_is_long() {
        for habits in PROFILES {
            for people in [10, 100, 1_000_000] {
                let sizes = habits.group_sizes(people);
                let of: [fn(&Size) -> f64; 3] =
                    [|size| size.of_groups, |size| size.of_members, |size| size.of_messages];
                for of in of {
                    let whole: f64 = sizes.iter().map(of).sum();
                    assert!((whole - 1.0).abs() < 1e-9, "{}: {whole}", habits.name);
                }
            }
            let sizes = habits.group_sizes(u32::MAX);
            let mean = |of: fn(&Size) -> f64| -> f64 {
                sizes.iter().map(|size| size.members * of(size)).sum()
            };
            let (group, member) = (mean(|size| size.of_groups), mean(|size| size.of_members));
            assert!(member > 2.0 * group, "{}: {group}, {member}", habits.name);
        }
    }

    #[test]
    fn what_groups_get_is_what_people_say() {
        for habits in PROFILES {
            let sizes = habits.group_sizes(1_000);
            let sum = |of: fn(&Size) -> f64| sizes.iter().map(of).sum::<f64>();
            let people = sum(|size| size.members * size.of_groups) / habits.groups;
            let messages = sum(|size| size.a_day * size.of_groups);
            let said = habits.messages * (1.0 - habits.direct) * people;
            assert!((messages / said - 1.0).abs() < 1e-9, "{}: {messages} of {said}", habits.name);
        }
    }
}
