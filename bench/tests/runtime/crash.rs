//! The runtime is killed in the middle and started again on the same storage.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tideline_bench::{Device, Limits, PATIENCE, Runtime};
use tideline_client::{Engine, Item, View};
use tideline_shared::MessageId;
use tideline_shared::protocol::{SessionCommand, SessionReply};

use crate::support::{
    assert_said_once, group, read_whole, register, sending, shows_up_to, storage, truth, unread,
};

const WRITERS: usize = 3;
const EACH: usize = 80;

/// Every acknowledgement that a device has ever shown.
type Acknowledged = Arc<Mutex<BTreeMap<MessageId, u64>>>;

fn watch(device: &Device, acknowledged: &Acknowledged) {
    let acknowledged = Arc::clone(acknowledged);
    device.observe(move |engine: &Engine, view| {
        if view != View::Timeline {
            return;
        }
        let mut acknowledged = acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
        for row in engine.timeline().rows {
            if let Item::Message { id, seq: Some(seq), own: true, .. } = row.item {
                let before = acknowledged.insert(id, seq);
                assert!(before.is_none_or(|before| before == seq), "{id} moved to {seq}");
            }
        }
    });
}

fn count(acknowledged: &Acknowledged) -> usize {
    acknowledged.lock().unwrap_or_else(PoisonError::into_inner).len()
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !holds() {
        assert!(tokio::time::Instant::now() < deadline, "it did not come to {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn text(writer: usize, n: usize) -> String {
    format!("writer {writer} message {n:03}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_runtime_loses_and_doubles_nothing_and_goes_on() {
    let mut runtime =
        tokio::task::block_in_place(|| Runtime::start(&storage("killed"), Limits::Off));
    let owner = register(runtime.origin(), "ana").await;
    let (group, guests) = group(&owner, "Through the storm", &["Ben", "Cyd", "Dora"]).await;
    let devices: Vec<Device> =
        [&owner, &guests[0], &guests[1], &guests[2]].into_iter().map(Device::new).collect();
    let (writers, reader) = (&devices[..WRITERS], &devices[WRITERS]);
    let acknowledged = Acknowledged::default();
    for writer in writers {
        watch(writer, &acknowledged);
        writer.show(group);
    }
    for device in &devices {
        device.online().await;
    }

    let all = WRITERS * EACH;
    let mut written = 0;
    // Twice, each time with messages on their way and more of them written while nothing runs.
    for kill_at in [all / 5, all * 3 / 5] {
        while written < kill_at + all / 5 {
            writers[written % WRITERS].send(group, text(written % WRITERS, written / WRITERS));
            written += 1;
        }
        until("be in the middle", || count(&acknowledged) >= kill_at).await;
        runtime.kill();
        for writer in writers {
            writer.send(group, text(written % WRITERS, written / WRITERS));
            written += 1;
        }
        for writer in writers {
            writer.done().await;
        }
        let waiting: usize = writers.iter().map(|writer| writer.look(sending)).sum();
        assert!(waiting > 0, "the runtime was killed too late to matter");
        tokio::task::block_in_place(|| runtime.restart());
    }
    while written < all {
        writers[written % WRITERS].send(group, text(written % WRITERS, written / WRITERS));
        written += 1;
    }

    // Nobody does anything, and everything comes into step.
    for device in &devices {
        device.online().await;
    }
    for writer in writers {
        writer.until("show every message", |engine| shows_up_to(engine, all as u64)).await;
        writer.until("wait for nothing", |engine| sending(engine) == 0).await;
        writer.until("have read everything", |engine| unread(engine, group, 0)).await;
    }
    reader.until("count every message", |engine| unread(engine, group, all as u64)).await;

    let truth = truth(&guests[2], group).await;
    assert_said_once(&truth, (0..all).map(|n| text(n % WRITERS, n / WRITERS)));
    let stored: BTreeMap<MessageId, u64> =
        truth.iter().map(|message| (message.id, message.seq)).collect();
    for (id, seq) in acknowledged.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        assert_eq!(stored.get(id), Some(seq), "{id} was acknowledged");
    }
    reader.show(group);
    for device in &devices {
        assert_eq!(read_whole(device).await, truth);
    }

    // Sessions are as durable as messages.
    let who = owner.session(SessionCommand::Whoami).await.expect("still signed in");
    assert!(matches!(who, SessionReply::SignedIn { session, .. } if session == owner.session));
    let log = runtime.log();
    assert!(!log.contains("Uncaught"), "the runtime's log:\n{log}");
}
