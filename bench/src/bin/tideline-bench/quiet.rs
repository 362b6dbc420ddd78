//! A group of which most look elsewhere, or are not there at all.

use tideline_bench::{Account, Runtime};

use crate::cost::Gauge;
use crate::desk::Desk;
use crate::group::{AT_RATE, EVERY};
use crate::hall::Hall;
use crate::people;
use crate::report::Report;

/// Members of the group, and how many of them look at it.
const MEMBERS: usize = 100;
const LOOKERS: usize = 10;
/// Messages before the measuring begins.
const WARM_UP: usize = 60;
/// Messages of a burst.
const BURST: usize = 10;
/// Bursts; each after rest.
const BURSTS: usize = 3;

/// Every row of such groups.
pub(crate) async fn rows(runtime: &Runtime, desk: &mut Desk) {
    let host = people::host(runtime.origin()).await;
    desk.take(at_rate(runtime, &host, MEMBERS).await);
    desk.take(at_rate(runtime, &host, LOOKERS).await);
    desk.take(burst(runtime, &host).await);
}

/// As in a group whose members all look, with so many online.
async fn at_rate(runtime: &Runtime, host: &Account, online: usize) -> Report {
    let (group, people) = people::group(host, MEMBERS).await;
    let mut hall = Hall::open(&people[..online], LOOKERS, group, 0..WARM_UP + AT_RATE).await;
    hall.say_every(WARM_UP, EVERY).await;
    hall.warmed_up();
    let gauge = Gauge::start(runtime).await;
    hall.say_every(AT_RATE, EVERY).await;
    hall.all_told().await;
    let cost = gauge.stop(AT_RATE).await;
    let (name, others) = if online == MEMBERS {
        ("quiet", "online elsewhere")
    } else {
        ("quiet offline", "offline")
    };
    let what = format!(
        "{LOOKERS} of {MEMBERS} sockets looking on, the others {others}, 20 messages a second for 10 s"
    );
    let mut report = hall.close().await.report(name, what, "every account told within 1 s");
    report.cost = Some(cost);
    report
}

/// What is written when somebody says ten things at once and nobody looks but they.
async fn burst(runtime: &Runtime, host: &Account) -> Report {
    let (group, people) = people::group(host, MEMBERS).await;
    let mut hall = Hall::open(&people, 1, group, 0..(BURSTS + 1) * BURST).await;
    hall.say(BURST, BURST).await;
    hall.warmed_up();
    let gauge = Gauge::start(runtime).await;
    for _ in 0..BURSTS {
        hall.say(BURST, BURST).await;
        crate::cost::rest(runtime.origin()).await;
    }
    hall.all_told().await;
    let cost = gauge.stop(BURSTS * BURST).await;
    let what =
        format!("{MEMBERS} members, none looking but the one who says {BURST} things at once");
    let aim = "at most 4 + 0.4 n rows written a message";
    let mut report = hall.close().await.report("quiet burst", what, aim);
    report.cost = Some(cost);
    report
}
