//! The runtime is killed under many devices and starts again: how long until all of them are in step.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use futures_util::{StreamExt, stream};
use tideline_bench::{Account, Device, Runtime};
use tideline_client::{Connection, Engine};

use crate::desk::Desk;
use crate::people;
use crate::report::{Report, Spread};
use crate::taken::text;

/// Devices, with those of the host.
const DEVICES: usize = 1_000;
/// Members of each group that they are in, but for the host.
const MEMBERS: usize = 50;
/// How many devices are brought online at a time.
const AT_A_TIME: usize = 16;

/// When each device was in step.
type Times = Arc<Mutex<Vec<Option<Instant>>>>;

/// Kills it once.
pub(crate) async fn rows(runtime: &mut Runtime, desk: &mut Desk) {
    let host = people::host(runtime.origin()).await;
    let mut groups = Vec::new();
    let mut people = Vec::new();
    while people.len() < DEVICES - 1 {
        let members = MEMBERS.min(DEVICES - 1 - people.len());
        let (group, members) = people::group(&host, members + 1).await;
        groups.push(group);
        people.extend(members.into_iter().skip(1));
    }
    let speaker = Device::new(&host);
    speaker.online().await;
    let devices = online(&people).await;
    let times: Times = Arc::new(Mutex::new(vec![None; devices.len()]));
    let killed = Instant::now();
    tokio::task::block_in_place(|| runtime.kill());
    // Said while nothing runs: a device is in step when it has heard of it.
    for (n, &group) in groups.iter().enumerate() {
        speaker.send(group, text(n));
    }
    devices.iter().enumerate().for_each(|(n, device)| watch(device, n, &times));
    tokio::task::block_in_place(|| runtime.restart());
    let answered = Instant::now();
    for device in &devices {
        device.until("be in step", is_in_step).await;
    }
    desk.take(report(&times, killed, answered));
}

async fn online(people: &[Account]) -> Vec<Device> {
    stream::iter(people)
        .map(async |account| {
            let device = Device::new(account);
            device.online().await;
            device
        })
        .buffered(AT_A_TIME)
        .collect()
        .await
}

fn is_in_step(engine: &Engine) -> bool {
    let heard = || engine.inbox().is_some_and(|items| items.iter().any(|item| item.unread > 0));
    engine.connection() == Connection::Online && heard()
}

fn watch(device: &Device, n: usize, times: &Times) {
    let times = Arc::clone(times);
    device.observe(move |engine, _| {
        if is_in_step(engine) {
            let mut times = times.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(time) = times.get_mut(n) {
                time.get_or_insert_with(Instant::now);
            }
        }
    });
}

fn report(times: &Times, killed: Instant, answered: Instant) -> Report {
    let times = times.lock().unwrap_or_else(PoisonError::into_inner);
    let since = |time: &Option<Instant>| {
        time.map_or(0.0, |time| time.saturating_duration_since(answered).as_secs_f64() * 1_000.0)
    };
    let samples: Vec<f64> = times.iter().map(since).collect();
    let what = format!(
        "killed and started again under {DEVICES} devices: from the first answer to in step, with what \
         was said meanwhile"
    );
    let mut report = Report::of("storm", what, samples.len(), "all in step in 5 s");
    let down = answered.duration_since(killed).as_secs_f64();
    report.ms = Some(Spread::of(samples));
    report.figure("seconds without an answer", down);
    report
}
