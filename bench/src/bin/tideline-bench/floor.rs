//! The floor: what this machine and this runtime come to where next to nothing is done for a message. It is measured by the
//! same readers as the service, on the same day, so the one is a measure for the other.

use futures_util::{StreamExt, stream};
use tideline_bench::{Account, Runtime};
use tideline_shared::ConversationId;

use crate::desk::Desk;
use crate::hall::Hall;
use crate::taken::Taken;
use crate::{direct, group, idle};

/// Who look on in the group at a rate.
const MEMBERS: usize = 100;
/// How many come in at a time.
const AT_A_TIME: usize = 16;

/// Every row of the floor.
pub(crate) async fn rows(runtime: &mut Runtime, desk: &mut Desk) {
    let origin = runtime.origin().to_owned();
    pair(&origin, desk).await;
    pairs(&origin, desk).await;
    at_rate(&origin, desk).await;
    for (members, messages) in group::SATURATED {
        saturated(&origin, members, messages, desk).await;
    }
    let connected = idle::CONNECTED[0];
    let people = people(&origin, connected + 1).await;
    tokio::task::block_in_place(|| runtime.restart());
    let name = format!("floor idle {connected}");
    desk.take(idle::silent(runtime, name, &people[0], &people[1..]).await);
}

/// One message at a time.
async fn pair(origin: &str, desk: &mut Desk) {
    let people = people(origin, 2).await;
    let mut hall = open(&people, direct::WARM_UP + direct::MESSAGES).await;
    hall.say(direct::WARM_UP, 1).await;
    hall.warmed_up();
    hall.say(direct::MESSAGES, 1).await;
    let what =
        format!("floor: one pair of sockets, {} messages one after the other", direct::MESSAGES);
    desk.take(hall.close().await.report("floor direct sockets", what, "none"));
}

/// Twenty pairs, as much as goes.
async fn pairs(origin: &str, desk: &mut Desk) {
    let people = people(origin, 2 * direct::PAIRS).await;
    let mut halls = Vec::new();
    for pair in people.chunks(2) {
        halls.push(open(pair, direct::EACH_WARM_UP + direct::EACH).await);
    }
    direct::all_say(&mut halls, direct::EACH_WARM_UP).await;
    halls.iter_mut().for_each(Hall::warmed_up);
    let took = direct::all_say(&mut halls, direct::EACH).await;
    let mut taken = Taken::default();
    for hall in halls {
        taken.add(hall.close().await);
    }
    let what = format!(
        "floor: {} pairs of sockets, {} messages of each under way, {} each",
        direct::PAIRS,
        direct::WINDOW,
        direct::EACH
    );
    let mut report = taken.report("floor direct 20", what, "none");
    report.figure("messages a second", (direct::PAIRS * direct::EACH) as f64 / took);
    desk.take(report);
}

/// A group at a rate.
async fn at_rate(origin: &str, desk: &mut Desk) {
    let people = people(origin, MEMBERS).await;
    let mut hall = open(&people, group::WARM_UP + group::AT_RATE).await;
    hall.say_every(group::WARM_UP, group::EVERY).await;
    hall.warmed_up();
    hall.say_every(group::AT_RATE, group::EVERY).await;
    let what = format!("floor: {MEMBERS} sockets, 20 messages a second for 10 s");
    desk.take(hall.close().await.report(format!("floor group {MEMBERS}"), what, "none"));
}

/// A group that gets as much as goes.
async fn saturated(origin: &str, members: usize, messages: usize, desk: &mut Desk) {
    let people = people(origin, members).await;
    let mut hall = open(&people, group::WARM_UP + messages).await;
    hall.say(group::WARM_UP, group::WINDOW).await;
    hall.warmed_up();
    let took = hall.say(messages, group::WINDOW).await;
    let what =
        format!("floor: {members} sockets, {messages} messages, {} under way", group::WINDOW);
    let name = format!("floor group {members} saturated");
    let mut report = hall.close().await.report(name, what, "none");
    report.figure("deliveries a second", group::deliveries(members, messages) / took);
    desk.take(report);
}

/// People whom the floor does not know from each other.
async fn people(origin: &str, count: usize) -> Vec<Account> {
    let somebody =
        async |_| Account::register(origin, "somebody").await.expect("the floor refuses nobody");
    stream::iter(0..count).map(somebody).buffer_unordered(AT_A_TIME).collect().await
}

/// A room of these people, who all look on.
async fn open(people: &[Account], messages: usize) -> Hall {
    let room = ConversationId::direct(people[0].me.user, people[1].me.user);
    Hall::open(people, people.len(), room, 0..messages).await
}
