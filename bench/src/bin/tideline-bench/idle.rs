//! Many who are connected and silent: what each of them costs the runtime in memory.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use tideline_bench::{Account, Group, Heard, Runtime, Socket};
use tideline_shared::limits::{PING, PONG};
use tokio::time::{sleep, timeout};

use crate::desk::Desk;
use crate::people;
use crate::reader::in_step;
use crate::report::{Faults, Report};
use crate::taken::PATIENCE;

/// How many are connected.
pub(crate) const CONNECTED: [usize; 2] = [1_000, 5_000];
/// How many connect at a time.
const AT_A_TIME: usize = 16;
/// So many come at a time, the next when these are asleep, as people do not come all within one second. (What sleeps
/// leaves its memory to the runtime, which gives nearly none of it back to the system.)
const WAVE: usize = 250;
/// Between two looks at what is awake.
const LOOK: Duration = Duration::from_millis(500);
/// An end to the waiting for all objects to sleep.
const SLEEP: Duration = Duration::from_secs(60);

/// Every row of the silent.
pub(crate) async fn rows(runtime: &mut Runtime, desk: &mut Desk) {
    let host = people::host(runtime.origin()).await;
    let mut people = Vec::new();
    for connected in CONNECTED {
        people.extend(people::strangers(&host, connected - people.len()).await);
        // Begins anew, so that nothing is in memory that made these people.
        tokio::task::block_in_place(|| runtime.restart());
        let name = format!("idle {connected}");
        desk.take(silent(runtime, name, &host, &people).await);
    }
}

/// Each with one socket to the own account, as a browser in another tab.
pub(crate) async fn silent(
    runtime: &Runtime,
    name: String,
    host: &Account,
    people: &[Account],
) -> Report {
    let group = Group(runtime.group().expect("the runtime runs"));
    // The first one has the Worker compiled.
    let first = in_step(host, "/api/account").await;
    let before = group.resident_mib();
    let (mut sockets, mut took): (Vec<Socket>, _) = (Vec::new(), 0.0);
    // After each wave: awake, and asleep.
    let (mut held, mut objects) = (Vec::new(), 0);
    for wave in people.chunks(WAVE) {
        let begun = Instant::now();
        let connected = stream::iter(wave)
            .map(async |account| in_step(account, "/api/account").await.0)
            .buffer_unordered(AT_A_TIME);
        sockets.extend(connected.collect::<Vec<_>>().await);
        took += begun.elapsed().as_secs_f64();
        let awake = group.resident_mib();
        objects = until_asleep(group).await;
        held.push((awake, group.resident_mib()));
    }
    let lost = people.len() - answers(sockets).await;
    drop(first);
    let kib = |mib: f64, people: usize| mib * 1_024.0 / people as f64;
    let what =
        format!("{} sockets of as many accounts, silent; {WAVE} come at a time", people.len());
    let mut report = Report::of(name, what, people.len(), "100 KiB each (bare)");
    report.faults = Some(Faults { lost, ..Faults::default() });
    if let (Some(&(awake, first)), Some(&(_, last))) = (held.first(), held.last()) {
        report.figure("KiB each", kib(last - before, people.len()));
        report.figure("KiB each, 250 just connected", kib(awake - before, WAVE.min(people.len())));
        if people.len() > WAVE {
            report.figure("KiB each one more", kib(last - first, people.len() - WAVE));
        }
    }
    report.figure("seconds to connect all", took);
    report.figure("objects that stayed awake", objects as f64);
    report
}

/// Waits until every object is out of memory, while its socket stays open; how many are not.
async fn until_asleep(group: Group) -> usize {
    let begun = Instant::now();
    loop {
        let awake = group.awake().len();
        if awake == 0 || begun.elapsed() > SLEEP {
            return awake;
        }
        sleep(LOOK).await;
    }
}

/// How many are still there and answered.
async fn answers(sockets: Vec<Socket>) -> usize {
    let answers = stream::iter(sockets).map(async |mut socket| {
        let asked = socket.say(PING).await;
        asked && matches!(timeout(PATIENCE, socket.hear()).await, Ok(Heard::Text(pong)) if pong == PONG)
    });
    answers.buffer_unordered(AT_A_TIME).filter(|answer| std::future::ready(*answer)).count().await
}
