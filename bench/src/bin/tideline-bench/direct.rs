//! Two people who talk, and twenty such pairs at once.

use std::ops::Range;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tideline_bench::{Account, Device, Runtime};
use tideline_shared::ConversationId;
use tokio::time::MissedTickBehavior;

use crate::cost::Gauge;
use crate::desk::Desk;
use crate::hall::Hall;
use crate::ledger::Ledger;
use crate::people;
use crate::report::Report;
use crate::taken::Taken;

/// Messages before the measuring begins: the runtime compiles the Worker's code once more, and
/// better, while that is first used.
pub(crate) const WARM_UP: usize = 200;
/// Messages of one pair.
pub(crate) const MESSAGES: usize = 500;
/// Pairs at once.
pub(crate) const PAIRS: usize = 20;
/// Messages of each of them that are under way at a time.
pub(crate) const WINDOW: usize = 8;
/// Messages of each.
pub(crate) const EACH: usize = 300;
/// Messages before these.
pub(crate) const EACH_WARM_UP: usize = 30;
/// Messages of each pair at a rate: ten seconds of ten a second.
const AT_RATE: usize = 100;
const EVERY: Duration = Duration::from_millis(100);
/// Messages of a burst.
const BURST: usize = 10;
/// Bursts.
const BURSTS: usize = 10;

/// Every row of direct conversations.
pub(crate) async fn rows(runtime: &Runtime, desk: &mut Desk) {
    let host = people::host(runtime.origin()).await;
    let people = people::strangers(&host, 2 * (3 + 3 * PAIRS)).await;
    let mut pairs = people.chunks(2);
    let mut next = |count| pairs.by_ref().take(count).collect::<Vec<_>>();
    let [one, two, three] = [next(1)[0], next(1)[0], next(1)[0]];
    desk.take(devices(runtime, one).await);
    desk.take(sockets(runtime, two).await);
    desk.take(burst(runtime, three).await);
    desk.take(saturated(runtime, &next(PAIRS)).await);
    desk.take(devices_saturated(runtime, &next(PAIRS)).await);
    desk.take(devices_at_rate(runtime, &next(PAIRS)).await);
}

/// One message at a time, from screen to screen.
async fn devices(runtime: &Runtime, pair: &[Account]) -> Report {
    let table = Table::of(pair).await;
    table.talk(0..WARM_UP, 1).await;
    let gauge = Gauge::start(runtime).await;
    table.ledger.warmed_up();
    table.talk(WARM_UP..WARM_UP + MESSAGES, 1).await;
    let what =
        format!("one pair of devices, {MESSAGES} messages one after the other, send to shown");
    let mut report = table.ledger.close().report("direct", what, "p50 10, p99 40 ms");
    report.cost = Some(gauge.stop(MESSAGES).await);
    report
}

/// The same between two programs: what the service takes of it.
async fn sockets(runtime: &Runtime, pair: &[Account]) -> Report {
    let conversation = meet(pair).await;
    let mut hall = Hall::open(pair, 2, conversation, 0..WARM_UP + MESSAGES).await;
    hall.say(WARM_UP, 1).await;
    hall.warmed_up();
    let gauge = Gauge::start(runtime).await;
    hall.say(MESSAGES, 1).await;
    hall.all_told().await;
    let cost = gauge.stop(MESSAGES).await;
    let what =
        format!("one pair of sockets without engines, {MESSAGES} messages one after the other");
    let aim = "p50 1.6, p99 4 ms (bare: 0.45, 1)";
    let mut report = hall.close().await.report("direct sockets", what, aim);
    report.cost = Some(cost);
    report
}

/// What is written when somebody says ten things at once, all in all.
async fn burst(runtime: &Runtime, pair: &[Account]) -> Report {
    let conversation = meet(pair).await;
    let mut hall = Hall::open(pair, 2, conversation, 0..(BURSTS + 1) * BURST).await;
    hall.say(BURST, BURST).await;
    hall.warmed_up();
    let gauge = Gauge::start(runtime).await;
    for _ in 0..BURSTS {
        hall.say(BURST, BURST).await;
    }
    hall.all_told().await;
    let cost = gauge.stop(BURSTS * BURST).await;
    let what =
        format!("one pair of sockets without engines, {BURSTS} times {BURST} messages at once");
    let mut report =
        hall.close().await.report("direct burst", what, "at most 8 rows written a message");
    report.cost = Some(cost);
    report
}

/// All pairs at once, as much as goes.
async fn saturated(runtime: &Runtime, pairs: &[&[Account]]) -> Report {
    let mut halls = Vec::new();
    for pair in pairs {
        let conversation = meet(pair).await;
        halls.push(Hall::open(pair, 2, conversation, 0..EACH_WARM_UP + EACH).await);
    }
    all_say(&mut halls, EACH_WARM_UP).await;
    halls.iter_mut().for_each(Hall::warmed_up);
    let gauge = Gauge::start(runtime).await;
    let took = all_say(&mut halls, EACH).await;
    join_all(halls.iter().map(Hall::all_told)).await;
    let cost = gauge.stop(PAIRS * EACH).await;
    let mut taken = Taken::default();
    for hall in halls {
        taken.add(hall.close().await);
    }
    let what = format!(
        "{PAIRS} pairs of sockets without engines, {WINDOW} messages of each under way, {EACH} each"
    );
    let mut report = taken.report("direct 20", what, "1,300 messages a second (bare: 2,000)");
    report.figure("messages a second", (PAIRS * EACH) as f64 / took);
    report.cost = Some(cost);
    report
}

/// So many messages in each of these, all at once; the seconds that it took.
pub(crate) async fn all_say(halls: &mut [Hall], messages: usize) -> f64 {
    let took = join_all(halls.iter_mut().map(|hall| hall.say(messages, WINDOW))).await;
    took.into_iter().fold(0.0, f64::max)
}

/// The same with engines, which send one message of a conversation at a time, and tell what was read.
async fn devices_saturated(runtime: &Runtime, pairs: &[&[Account]]) -> Report {
    let tables = sit_down(pairs).await;
    join_all(tables.iter().map(|table| table.talk(0..EACH_WARM_UP, WINDOW))).await;
    let gauge = Gauge::start(runtime).await;
    let begun = Instant::now();
    tables.iter().for_each(|table| table.ledger.warmed_up());
    join_all(tables.iter().map(|table| table.talk(EACH_WARM_UP..EACH_WARM_UP + EACH, WINDOW)))
        .await;
    let took = begun.elapsed().as_secs_f64();
    let cost = gauge.stop(PAIRS * EACH).await;
    let what = format!(
        "{PAIRS} pairs of devices, {WINDOW} messages of each not shown yet, {EACH} each; read marks with them"
    );
    let mut report = close(&tables).report("direct 20 devices", what, "none");
    report.figure("messages a second", (PAIRS * EACH) as f64 / took);
    report.cost = Some(cost);
    report
}

/// The same pairs as people talk who are in a hurry.
async fn devices_at_rate(runtime: &Runtime, pairs: &[&[Account]]) -> Report {
    let tables = sit_down(pairs).await;
    join_all(tables.iter().map(|table| table.talk(0..EACH_WARM_UP, WINDOW))).await;
    let gauge = Gauge::start(runtime).await;
    tables.iter().for_each(|table| table.ledger.warmed_up());
    join_all(tables.iter().map(Table::talk_at_rate)).await;
    let cost = gauge.stop(PAIRS * AT_RATE).await;
    let what =
        format!("{PAIRS} pairs of devices, 10 messages a second each for 10 s, send to shown");
    let mut report = close(&tables).report("direct 20 at a rate", what, "p50 10, p99 40 ms");
    report.cost = Some(cost);
    report
}

/// A pair with their devices, and what these showed.
struct Table {
    conversation: ConversationId,
    ledger: Ledger,
    devices: Vec<Device>,
}

async fn sit_down(pairs: &[&[Account]]) -> Vec<Table> {
    let mut tables = Vec::new();
    for pair in pairs {
        tables.push(Table::of(pair).await);
    }
    tables
}

fn close(tables: &[Table]) -> Taken {
    let mut taken = Taken::default();
    tables.iter().for_each(|table| taken.add(table.ledger.close()));
    taken
}

impl Table {
    async fn of(pair: &[Account]) -> Self {
        let conversation = meet(pair).await;
        let ledger = Ledger::default();
        let devices = ledger.open(pair, conversation).await;
        Self { conversation, ledger, devices }
    }

    /// Says these messages, one after the other on either side, so many not shown at a time.
    async fn talk(&self, numbers: Range<usize>, window: usize) {
        for n in numbers {
            self.ledger.lacks_less_than(window).await;
            self.ledger.send(&self.devices[n % 2], self.conversation, n);
        }
        self.ledger.settle().await;
    }

    async fn talk_at_rate(&self) {
        let mut clock = tokio::time::interval(EVERY);
        clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
        for n in EACH_WARM_UP..EACH_WARM_UP + AT_RATE {
            clock.tick().await;
            self.ledger.send(&self.devices[n % 2], self.conversation, n);
        }
        self.ledger.settle().await;
    }
}

async fn meet(pair: &[Account]) -> ConversationId {
    pair[0].direct(&pair[1]).await.expect("starts")
}
