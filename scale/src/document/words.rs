//! The document's words. What they say of figures, the figures say themselves.

use super::tables::{costs_table, day, dollars, hot, short, sizes, table};
use super::{SIZES, compared};
use crate::chart::{grouped, people};
use crate::costs::{Costs, GAP_MS, TEXT_BYTES};
use crate::habits::{COMMUNITY, Habits, PROFILES};
use crate::hottest;
use crate::mixed::Script;
use crate::model::Deployment;
use crate::prices::PRICES;
use crate::world::{CALL_MS, FRAME_MS, TURN_MS};

pub(super) fn scale_md(costs: &Costs) -> String {
    [
        "# Scale\n\nWhat Tideline costs on Cloudflare, from a thousand people to a hundred million, and where it \
         ends.\nWritten by `cargo xtask scale --write`; a test holds it to that. The model is code (`scale/`): \
         `cargo xtask scale --users 20000 --profile company` asks it anything.\n"
            .to_owned(),
        in_short(costs),
        how(costs),
        habits(),
        money(costs),
        busiest(costs),
        nobody(),
        agreement(costs),
        compared::others(costs),
        compared::prices(),
        left_out(),
    ]
    .join("\n")
}

fn of<'a>(users: f64, habits: &'a Habits, costs: &'a Costs) -> Deployment<'a> {
    Deployment::new(users, habits, costs)
}

fn each(users: f64, habits: &Habits, costs: &Costs) -> String {
    dollars(of(users, habits, costs).month().paid() / users)
}

fn in_short(costs: &Costs) -> String {
    let free: Vec<String> = PROFILES
        .iter()
        .map(|habits| format!("{} ({})", Deployment::fits_free(habits, costs), habits.name))
        .collect();
    let row = |habits: &Habits| {
        let mut row = vec![habits.name.to_owned()];
        row.extend(SIZES.iter().map(|&users| each(users, habits, costs)));
        row
    };
    let mut head = vec!["a month and person".to_owned()];
    head.extend(SIZES.iter().map(|&users| people(users)));
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> = PROFILES.into_iter().map(row).collect();
    let breaks = hottest::breaks(&COMMUNITY, costs);
    let first = breaks.first().map_or(String::new(), |(users, hot)| {
        format!("The first object that has too much to do is a {}, at some {} people of a `community`: {}.",
            hot.what, rounded(*users), hot.then)
    });
    format!(
        "## In short\n\n{}\n\
         - The free plan suffices for so many people: {}.\n\
         - Most of it is rows written; of these, most are, each day: {}. {:.0}% of them are alarms \
         (`community`).\n\
         - Compared with what hosted chats ask for each person, it is nearly nothing; compared with a server that one \
         rents and looks after, it is cheaper for some thousand people, and dearer for more.\n\
         - No object is needed by everybody, and none gets more to do for a message because there are more \
         people. {first}\n",
        table(&head, &rows),
        free.join(", "),
        dearest(costs),
        alarms(costs),
    )
}

/// What most rows are written for, in each profile.
fn dearest(costs: &Costs) -> String {
    let most = |habits| {
        let day = of(1e4, habits, costs).day();
        let most = day
            .into_iter()
            .max_by(|one, two| one.cost.billed_rows().total_cmp(&two.cost.billed_rows()))?;
        Some(format!("{} (`{}`)", most.what.trim_start_matches('…'), habits.name))
    };
    PROFILES.into_iter().filter_map(most).collect::<Vec<_>>().join(", ")
}

/// The share of alarms in rows, in percent.
fn alarms(costs: &Costs) -> f64 {
    let day = of(1e4, &COMMUNITY, costs).day_cost();
    100.0 * day.alarms / day.billed_rows()
}

/// Two digits of a number of people.
fn rounded(users: f64) -> String {
    let unit = 10f64.powf(users.log10().floor() - 1.0);
    let users = (users / unit).round() * unit;
    if users >= 1e6 { format!("{} million", short(users / 1e6)) } else { grouped(users) }
}

fn how(costs: &Costs) -> String {
    format!(
        "## How it is computed\n\n\
         What single events cost is counted (`scale/src/measure`): the real actors with their databases and \
         the real engines of devices, in one process, on a clock of their own; each event some dozens of times, \
         and what the same time costs without it is taken off. Rows are counted as Cloudflare's SQLite counts \
         them: one for each entry put into a table or an index, one for each row deleted \
         (`scale/src/rows.rs`). `cargo xtask scale --measure` counts again and keeps the figures in \
         `scale/costs.json`; a test holds the file against the actors, within 10 %.\n\n\
         Messages are {} s apart, of {TEXT_BYTES} bytes, and none of them means anybody. An object sleeps 10 s \
         after its last work, and has to read again what its memory held. Assumed: a frame takes {FRAME_MS} ms \
         between a device and the service, a call {CALL_MS} ms between two objects, and {TURN_MS} ms pass until a \
         write is confirmed; only the time for which objects are awake depends on these, {} of what a million people of \
         a `community` cost. An alarm that is set is \
         billed as a row written.\n\n{}\n\
         What is kept: {} KB for an account and {} KB for a conversation (each of their tables begins with a \
         page of 4 KB), {} bytes for a message in its conversation with its index for search, and {} in each \
         member's timeline, which holds 30 days.\n",
        GAP_MS / 1_000,
        awake(costs),
        costs_table(costs),
        grouped(costs.bytes.account / 1_000.0),
        grouped(costs.bytes.conversation / 1_000.0),
        grouped(costs.bytes.message),
        grouped(costs.bytes.delivered),
    )
}

/// The share of a bill that is for objects being awake.
fn awake(costs: &Costs) -> String {
    let month = of(1e6, &COMMUNITY, costs).month();
    let awake = PRICES.iter().filter(|price| price.what.starts_with("object duration"));
    let awake: f64 = awake.map(|price| price.of(&month)).sum();
    format!("{:.1} %", 100.0 * awake / month.paid())
}

type Habit = (&'static str, fn(&Habits) -> f64);

fn habits() -> String {
    const ROWS: &[Habit] = &[
        ("messages a day", |h| h.messages),
        ("…of these to one person, %", |h| h.direct * 100.0),
        ("direct conversations", |h| h.contacts),
        ("groups", |h| h.groups),
        ("members of a group, at least", |h| f64::from(h.sizes.least)),
        ("…at most", |h| f64::from(h.sizes.most)),
        ("…share of groups above n falls as n to the", |h| -h.sizes.tail),
        ("…each member says less as n to the", |h| -h.sizes.silence),
        ("times a day that the app is opened", |h| h.sessions),
        ("minutes each time", |h| h.minutes),
        ("conversations opened each time", |h| h.opened),
        ("devices", |h| h.devices),
        ("other one looks when a direct message comes, %", |h| h.looking * 100.0),
        ("…is elsewhere in the app, %", |h| h.elsewhere * 100.0),
        ("members of a group of ten who look, %", |h| h.group_looking * 100.0),
        ("…who are elsewhere in the app, %", |h| h.group_elsewhere * 100.0),
        ("signals of writing for each message", |h| h.typing),
        ("reactions for each message", |h| h.reactions),
        ("searches of messages a day", |h| h.searches),
        ("searches for people a day", |h| h.people_searches),
        ("files for each message", |h| h.files),
        ("bytes of a file", |h| h.file_bytes),
        ("bytes of a text", |h| h.text_bytes),
        ("new people a month, %", |h| h.newcomers * 100.0),
        ("the busiest hour's share of a day, %", |h| h.busiest_hour * 100.0),
        ("the busiest day, of an average one", |h| h.busiest_day),
        ("months of messages that are kept", |h| h.months),
    ];
    let rows: Vec<Vec<String>> = ROWS
        .iter()
        .map(|(what, of)| {
            let figures = PROFILES.iter().map(|habits| short(of(habits)));
            [(*what).to_owned()].into_iter().chain(figures).collect()
        })
        .collect();
    let who: Vec<String> =
        PROFILES.iter().map(|habits| format!("`{}`: {}", habits.name, habits.who)).collect();
    format!(
        "## What people do\n\nAssumed, all of it (`scale/src/habits.rs`): {}. Sizes of groups follow a truncated \
         Pareto distribution.\n\n{}",
        who.join("; "),
        table(&["the average person", "family", "community", "company"], &rows)
    )
}

fn money(costs: &Costs) -> String {
    let tables: String = PROFILES.into_iter().map(|habits| sizes(habits, costs)).collect();
    let days: String = PROFILES
        .into_iter()
        .map(|habits| {
            format!("`{}`, of 10,000:\n\n{}\n", habits.name, day(&of(1e4, habits, costs)))
        })
        .collect();
    format!(
        "## What it costs\n\n![US dollars a month for each person](docs/scale-cost.svg)\n\n{tables}\
         Up to a few thousand people much is included in the plan; from there on the cost of each person stays \
         the same up to a million. What rises then is the reading of the directory's lists by searches for \
         people, which has to be replaced before that (below).\n\n### Where it goes\n\n{days}"
    )
}

fn busiest(costs: &Costs) -> String {
    let rows: Vec<Vec<String>> = PROFILES
        .into_iter()
        .flat_map(|habits| {
            hottest::breaks(habits, costs).into_iter().map(|(users, hot)| {
                let what = hot.what.to_owned();
                vec![habits.name.to_owned(), rounded(users), what, hot.then.to_owned()]
            })
        })
        .collect();
    format!(
        "## The busiest objects\n\nOf a `community` of a million, in the busiest hour of the busiest day; the \
         busiest person and the busiest group are taken to have {} times as much as the average one.\n\n{}\n\
         ![Of what one object can do](docs/scale-load.svg)\n\nWhat has too much to do, and from how many people \
         on; nothing else does, up to a billion:\n\n{}\n\
         The limits are Cloudflare's: 200 requests a second of one object with writes (it says 200 to 500), 10 GB, \
         32,768 sockets. That a shard searches a million names a second is assumed.\n\n\
         What bounds a group, whatever is said in it: one call in 0.9 s for each member, 16 under way at a time (a \
         thousand members take two to three seconds, in which what is said meanwhile comes along), 50 messages in a \
         call and of more the newest, 200 messages a second for all together, 1,000 members.\n",
        grouped(20.0),
        hot(&of(1e6, &COMMUNITY, costs)),
        table(&["profile", "people", "object", "then"], &rows)
    )
}

fn nobody() -> String {
    "## No object is needed by everybody\n\n\
     From the code: an account is called by the conversations of its person, by those who watch them and by their \
     own devices; a conversation by its members' accounts and devices. The directory and the deployment are \
     called where names, lists, rates of network addresses and who may come in are concerned:\n\n\
     | what | directory, calls in all | deployment, calls |\n|---|---|---|\n\
     | a registration | 4 | 1 |\n| a sign-in | 2 | 0 |\n| a new name | 1 | 0 |\n\
     | a search for people or public groups | one to each of 8 shards | 0 |\n\
     | an hour of a conversation in which something happened | 1 | 0 |\n\
     | anything else, messages above all | 0 | 0 |\n\n\
     `scale/tests/growth.rs` holds that with the real actors: 20, 80 and 320 people with the same habits in groups \
     of ten; the busiest account and the busiest conversation get the same number of calls and frames each time, \
     and the directory and the deployment none. What is said once an hour is not said for each message: however \
     much is said, it is one call.\n"
        .to_owned()
}

fn agreement(costs: &Costs) -> String {
    let script = Script::new(50, 4);
    let foretold = script.foretold(costs);
    let figures: Vec<String> = foretold
        .figures()
        .iter()
        .filter(|(name, _)| *name != "read" && *name != "active_ms")
        .map(|(name, figure)| format!("{} {name}", grouped(*figure)))
        .collect();
    format!(
        "## What it was checked against\n\n\
         A mixed load (`scale/src/mixed.rs`): people in groups of ten who come and go, look, read and write, to \
         each other and to their groups. For 50 people and three minutes, {} messages, the model foretells {}. The \
         native actors play it in `scale/tests/agreement.rs`, and must come to the same within 10 %. \
         `cargo xtask bench mixed` plays it on the real runtime, where the objects count themselves, and prints \
         both beside each other: on 2026-11-29 (commit 1c0b261, the bare runtime) 1,355 calls between objects and \
         of the Worker where 1,307 were foretold, 675 frames where 690, 3,318 rows written where 3,150, 853 alarms \
         set where 931.\n",
        script.messages(),
        figures.join(", ")
    )
}

fn left_out() -> String {
    "## Not in it\n\n\
     - Requests of the page itself: static files are served without the Worker, and are free.\n\
     - Web Push and link previews: each is a request that an object makes, and waits for.\n\
     - Mentions, edits, recalls, pins, polls of unread marks by programs: rare beside messages.\n\
     - What a deployment's owner does; announcements reach everybody, fifty accounts at a time for each shard.\n\
     - Processor time of objects is not billed but for the time they are awake; hashing a password (24 ms) is in \
     their turn.\n\
     - Discounts: nobody pays list prices for a hundred million people.\n"
        .to_owned()
}
