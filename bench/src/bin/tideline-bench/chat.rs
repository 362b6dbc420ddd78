//! People who talk: from the sender's key press to the reader's screen.

use std::time::Duration;

use tideline_bench::{Account, Device};
use tideline_shared::ConversationId;
use tokio::time::MissedTickBehavior;

use crate::ledger::Ledger;
use crate::report::Report;

/// Messages before the measuring begins: the runtime compiles the Worker's code once more, and
/// better, while that is first used.
const WARM_UP: usize = 200;
/// What may be missing this long after the last message was sent counts as lost.
const PATIENCE: Duration = Duration::from_secs(20);

/// Messages of the direct scenario.
const DIRECT: usize = 500;
/// Members of the group.
const MEMBERS: usize = 50;
/// Milliseconds between two messages to the group.
const EVERY: Duration = Duration::from_millis(50);
/// Messages to the group: 10 seconds.
const GROUP: usize = 200;

/// One pair, one message at a time, both looking at the conversation.
pub(crate) async fn direct(origin: &str) -> Report {
    let ana = Account::register(origin, "ana").await.expect("registers");
    let ben = Account::register(origin, "ben").await.expect("registers");
    let conversation = ana.direct(&ben).await.expect("starts");
    let ledger = Ledger::default();
    let devices = open(&ledger, &[ana, ben], conversation).await;
    for n in 0..WARM_UP + DIRECT {
        if n == WARM_UP {
            ledger.warmed_up();
        }
        ledger.send(&devices[n % 2], conversation, n);
        ledger.settle(PATIENCE).await;
    }
    let what = format!("one pair, {DIRECT} messages one after the other, send to shown");
    report("direct", what, &ledger, "p50 10 ms, p99 40 ms")
}

/// A group whose members all look at it, 20 messages a second, each from the next member.
pub(crate) async fn group(origin: &str) -> Report {
    let owner = Account::register(origin, "ana").await.expect("registers");
    let group = owner.group("Fifty").await.expect("is made");
    let invite = owner.invite(group, None).await.expect("is made");
    let mut people = vec![owner];
    while people.len() < MEMBERS {
        let name = format!("Guest {}", people.len());
        people.push(Account::guest(origin, &invite, &name).await.expect("joins"));
    }
    let ledger = Ledger::default();
    let devices = open(&ledger, &people, group).await;
    let mut clock = tokio::time::interval(EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for n in 0..WARM_UP + GROUP {
        if n == WARM_UP {
            ledger.settle(PATIENCE).await;
            ledger.warmed_up();
            clock.reset();
        }
        clock.tick().await;
        ledger.send(&devices[n % MEMBERS], group, n);
    }
    ledger.settle(PATIENCE).await;
    let what =
        format!("{MEMBERS} members looking on, 20 messages a second for 10 s, send to shown");
    report("group", what, &ledger, "p50 20 ms, p99 80 ms")
}

async fn open(ledger: &Ledger, people: &[Account], conversation: ConversationId) -> Vec<Device> {
    let devices: Vec<Device> = people.iter().map(Device::new).collect();
    for device in &devices {
        ledger.watch(device);
        device.show(conversation);
    }
    for device in &devices {
        device.online().await;
        device
            .until("show the conversation", |engine| {
                let timeline = engine.timeline();
                timeline.at_end && !timeline.loading && engine.record().is_some()
            })
            .await;
    }
    devices
}

fn report(scenario: &'static str, what: String, ledger: &Ledger, aim: &'static str) -> Report {
    let (samples, ms, acknowledged_ms, faults) = ledger.close();
    Report {
        scenario,
        what,
        samples,
        ms: Some(ms),
        acknowledged_ms: Some(acknowledged_ms),
        faults: Some(faults),
        more: serde_json::Map::new(),
        aim,
    }
}
