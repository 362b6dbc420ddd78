//! More than anybody should ask for: a device that does not read, a burst into a large group.

use std::time::Instant;

use serde_json::Value;
use tideline_bench::{Device, Heard, PATIENCE, Socket};
use tideline_client::{Engine, MessageState};
use tideline_shared::limits::UNREAD_BYTES;
use tokio::time::timeout;

use crate::support::{
    assert_said_once, entry, group, pair, path, read_whole, register, shared, shows_up_to, truth,
};

const MEMBERS: usize = 200;
const WRITERS: usize = 10;
const BURST: usize = 1_000;

#[tokio::test]
async fn a_device_that_does_not_read_is_cut_off_and_then_asks_for_what_it_missed() {
    let (ana, ben, id) = pair(shared(), ["slow-ana", "slow-ben"]).await;
    let mut deaf = Socket::open_narrow(&ben.api, &path(id)).await.expect("opens");
    assert!(deaf.say(r#"{"type":"hello"}"#).await);
    let long = "潮".repeat(7_900);
    // Once more than it may be behind.
    let messages = 2 * UNREAD_BYTES / long.len();
    for _ in 0..messages {
        ana.say(id, &long).await.expect("is stored, whoever reads");
    }
    let mut heard = 0;
    let end = loop {
        match timeout(PATIENCE, deaf.hear()).await.expect("something comes, or the end") {
            Heard::Text(frame) => {
                let frame: Value = serde_json::from_str(&frame).expect("is JSON");
                heard += usize::from(frame["type"] == "change");
            }
            other => break other,
        }
    };
    assert!(matches!(end, Heard::Closed(Some(4_008) | None)), "{end:?}");
    assert!(heard < messages, "{heard} of {messages}");

    let device = Device::new(&ben);
    device.show(id);
    device.until("is up to date", |engine| shows_up_to(engine, messages as u64)).await;
}

#[tokio::test]
async fn a_burst_into_a_large_group_arrives_and_starves_nobody() {
    let owner = register(shared(), "burst-owner").await;
    let names: Vec<String> = (1..MEMBERS).map(|n| format!("Guest {n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (group, mut people) = group(&owner, "Two hundred", &names).await;
    people.insert(0, owner);
    let (ana, ben, talk) = pair(shared(), ["burst-ana", "burst-ben"]).await;
    let writers: Vec<Device> = people.iter().take(WRITERS).map(Device::new).collect();
    let (ana, ben) = (Device::new(&ana), Device::new(&ben));
    for device in writers.iter().chain([&ana, &ben]) {
        device.online().await;
    }
    ana.show(talk);
    ben.show(talk);

    let texts: Vec<String> = (0..BURST).map(|n| format!("message {n:04}")).collect();
    for (n, text) in texts.iter().enumerate() {
        writers[n % WRITERS].send(group, text.clone());
    }
    // Two people talk meanwhile.
    let mut longest = 0.0_f64;
    for n in 1..=20 {
        let begin = Instant::now();
        ana.send(talk, format!("meanwhile {n}"));
        ben.until("hears it", |engine| shows_up_to(engine, n)).await;
        longest = longest.max(begin.elapsed().as_secs_f64());
    }
    println!("a message between two people took {longest:.2} s at most");

    let waits = |engine: &Engine| {
        let preview = entry(engine, group).and_then(|item| item.preview);
        preview.is_some_and(|preview| preview.state == MessageState::Sending)
    };
    // They did not have to wait for the end of the burst.
    assert!(writers.iter().any(|device| device.look(waits)), "the burst is over");
    for device in &writers {
        device.until("is through", |engine| !waits(engine)).await;
    }
    let truth = truth(&people[0], group).await;
    assert_said_once(&truth, texts);
    // Everybody has heard of everything, whether they looked on or not.
    let last = truth.last().expect("is there").text.clone();
    for account in &people {
        let device = Device::new(account);
        device
            .until("hears of the last message", |engine| {
                let preview = entry(engine, group).and_then(|item| item.preview);
                preview.is_some_and(|preview| preview.text == last)
            })
            .await;
        device.close().await;
    }
    let looking_on = Device::new(&people[MEMBERS - 1]);
    looking_on.show(group);
    looking_on.until("shows the end", |engine| shows_up_to(engine, BURST as u64)).await;
    assert_eq!(read_whole(&looking_on).await, truth);
}
