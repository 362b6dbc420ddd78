//! Groups as large as they may be, of which few are online.

use std::time::Duration;

use tideline_bench::{Account, Runtime};
use tideline_shared::ConversationId;
use tideline_shared::limits::GROUP_MEMBERS;

use crate::cost::Gauge;
use crate::desk::Desk;
use crate::hall::Hall;
use crate::people;
use crate::report::Report;

/// Members, as far as a group may have so many; one in twenty is online.
const MEMBERS: [usize; 2] = [1_000, 5_000];
const ONLINE: usize = 20;
/// Messages before the measuring begins.
const WARM_UP: usize = 20;
/// Messages to those who look, and between two of them.
const MESSAGES: usize = 50;
const EVERY: Duration = Duration::from_millis(200);
/// How many that makes.
const SAID: usize = WARM_UP + MESSAGES;
/// Messages to those who look elsewhere, each when all have been told of the one before.
const TOLD: usize = 10;

/// Every row of such groups.
pub(crate) async fn rows(runtime: &Runtime, desk: &mut Desk) {
    let host = people::host(runtime.origin()).await;
    for members in MEMBERS.into_iter().filter(|&members| members <= GROUP_MEMBERS) {
        let (group, people) = people::group(&host, members).await;
        let online = &people[..members / ONLINE];
        desk.take(looking(runtime, members, group, online).await);
        desk.take(elsewhere(runtime, members, group, online).await);
    }
}

/// Who is online looks at the group.
async fn looking(
    runtime: &Runtime,
    members: usize,
    group: ConversationId,
    online: &[Account],
) -> Report {
    let mut hall = Hall::open(online, online.len(), group, 0..SAID).await;
    hall.say_every(WARM_UP, EVERY).await;
    hall.warmed_up();
    let gauge = Gauge::start(runtime).await;
    hall.say_every(MESSAGES, EVERY).await;
    hall.all_told().await;
    let cost = gauge.stop(MESSAGES).await;
    let what = format!(
        "{members} members, {} sockets looking on, 5 messages a second for 10 s",
        online.len()
    );
    let aim = "acknowledged in 5 ms, all online devices have it in 50 ms (1,000 members)";
    let mut report = hall.close().await.report(format!("large {members}"), what, aim);
    report.cost = Some(cost);
    report
}

/// Who is online looks at something else, but for the one who talks.
async fn elsewhere(
    runtime: &Runtime,
    members: usize,
    group: ConversationId,
    online: &[Account],
) -> Report {
    let mut hall = Hall::open(online, 1, group, SAID..SAID + TOLD + 1).await;
    hall.say(1, 1).await;
    hall.all_told().await;
    hall.warmed_up();
    let gauge = Gauge::start(runtime).await;
    for _ in 0..TOLD {
        hall.say(1, 1).await;
        hall.all_told().await;
        crate::cost::rest(runtime.origin()).await;
    }
    let cost = gauge.stop(TOLD).await;
    let what = format!(
        "{members} members, {} sockets online elsewhere, {TOLD} messages, each after rest",
        online.len()
    );
    let name = format!("large {members} elsewhere");
    let mut report = hall.close().await.report(name, what, "every account told within 1 s");
    report.cost = Some(cost);
    report
}
