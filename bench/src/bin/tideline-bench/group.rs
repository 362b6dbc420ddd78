//! Groups whose members all look on: at a rate, and as much as goes.

use std::time::Duration;

use tideline_bench::{Account, Runtime};
use tokio::time::MissedTickBehavior;

use crate::cost::Gauge;
use crate::desk::Desk;
use crate::hall::Hall;
use crate::ledger::Ledger;
use crate::people;
use crate::report::Report;

/// Messages before the measuring begins.
pub(crate) const WARM_UP: usize = 60;
/// Between two messages at a rate.
pub(crate) const EVERY: Duration = Duration::from_millis(50);
/// Messages at that rate: ten seconds.
pub(crate) const AT_RATE: usize = 200;
/// Members of the groups at a rate.
const MEMBERS: [usize; 4] = [10, 50, 100, 200];
/// Members of the group of devices with engines.
const DEVICES: usize = 50;
/// Members of the groups that get as much as goes, and how many messages.
pub(crate) const SATURATED: [(usize, usize); 3] = [(50, 3_000), (100, 2_000), (200, 1_000)];
/// Messages that are not with everybody yet at a time.
pub(crate) const WINDOW: usize = 32;

/// Every row of such groups.
pub(crate) async fn rows(runtime: &Runtime, desk: &mut Desk) {
    let host = people::host(runtime.origin()).await;
    desk.take(devices(runtime, &host).await);
    for members in MEMBERS {
        desk.take(at_rate(runtime, &host, members).await);
    }
    for (members, messages) in SATURATED {
        desk.take(saturated(runtime, &host, members, messages).await);
    }
}

/// From screen to screen.
async fn devices(runtime: &Runtime, host: &Account) -> Report {
    let (group, people) = people::group(host, DEVICES).await;
    let ledger = Ledger::default();
    let devices = ledger.open(&people, group).await;
    let mut clock = tokio::time::interval(EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut gauge = None;
    for n in 0..WARM_UP + AT_RATE {
        if n == WARM_UP {
            ledger.settle().await;
            gauge = Some(Gauge::start(runtime).await);
            ledger.warmed_up();
            clock.reset();
        }
        clock.tick().await;
        ledger.send(&devices[n % DEVICES], group, n);
    }
    ledger.settle().await;
    let what =
        format!("{DEVICES} devices looking on, 20 messages a second for 10 s, send to shown");
    let mut report = ledger.close().report("group devices", what, "p50 20, p99 80 ms");
    if let Some(gauge) = gauge {
        report.cost = Some(gauge.stop(AT_RATE).await);
    }
    report
}

/// The same with any number of members, without engines.
async fn at_rate(runtime: &Runtime, host: &Account, members: usize) -> Report {
    let (group, people) = people::group(host, members).await;
    let mut hall = Hall::open(&people, members, group, 0..WARM_UP + AT_RATE).await;
    hall.say_every(WARM_UP, EVERY).await;
    hall.warmed_up();
    let gauge = Gauge::start(runtime).await;
    hall.say_every(AT_RATE, EVERY).await;
    hall.all_told().await;
    let cost = gauge.stop(AT_RATE).await;
    let what = format!("{members} sockets looking on, 20 messages a second for 10 s");
    let aim = if members == 100 { "p50 6.5, p99 16 ms (bare: 5, 9)" } else { "none" };
    let mut report = hall.close().await.report(format!("group {members}"), what, aim);
    report.cost = Some(cost);
    report
}

/// So many messages that the service has never nothing to do.
async fn saturated(runtime: &Runtime, host: &Account, members: usize, messages: usize) -> Report {
    let (group, people) = people::group(host, members).await;
    let mut hall = Hall::open(&people, members, group, 0..WARM_UP + messages).await;
    hall.say(WARM_UP, WINDOW).await;
    hall.warmed_up();
    let gauge = Gauge::start(runtime).await;
    let took = hall.say(messages, WINDOW).await;
    hall.all_told().await;
    let cost = gauge.stop(messages).await;
    let what = format!("{members} sockets looking on, {messages} messages, {WINDOW} under way");
    let aim = match members {
        50 => "42,000 deliveries a second (bare: 64,000)",
        100 => "48,500 (bare: 60,000)",
        _ => "40,000 (bare: 53,000)",
    };
    let name = format!("group {members} saturated");
    let mut report = hall.close().await.report(name, what, aim);
    report.figure("deliveries a second", deliveries(members, messages) / took);
    report.cost = Some(cost);
    report
}

/// How often so many messages come to somebody else.
pub(crate) fn deliveries(members: usize, messages: usize) -> f64 {
    (messages * (members - 1)) as f64
}
