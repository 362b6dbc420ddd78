//! A device comes back after a thousand messages, in one conversation or in fifty.
//!
//! What an engine shows of that is the list, at once; it reads messages where somebody looks. So there are two
//! figures: until the list is right, and until everything is here that was missed, as a program would get it
//! that wants it all.

use std::collections::HashSet;
use std::time::Instant;

use futures_util::{StreamExt, stream};
use serde_json::Value;
use tideline_bench::{Account, Device, Heard, Runtime, Socket, Store};
use tideline_client::{Connection, Engine};
use tideline_shared::ConversationId;

use crate::cost;
use crate::desk::Desk;
use crate::people::{self, say};
use crate::reader::in_step;
use crate::report::{Faults, Report, Spread};
use crate::taken::text;

/// Messages that were missed.
const MISSED: usize = 1_000;
/// In so many conversations.
const SPREAD: [usize; 2] = [1, 50];
/// How often the device comes back, each time as it was before.
const TIMES: usize = 10;
/// How many conversations are read at a time.
const AT_A_TIME: usize = 8;

/// Where a device was when it left, at its account and in each conversation.
struct Left {
    store: Store,
    cursor: u64,
    talks: Vec<(ConversationId, u64)>,
}

/// Every row of comings back.
pub(crate) async fn rows(runtime: &Runtime, desk: &mut Desk) {
    let host = people::host(runtime.origin()).await;
    for count in SPREAD {
        for direct in [true, false] {
            desk.take(back(runtime, &host, count, direct).await);
        }
    }
}

async fn back(runtime: &Runtime, host: &Account, count: usize, direct: bool) -> Report {
    let people = people::strangers(host, count + 1).await;
    let (away, others) = people.split_first().expect("somebody is away");
    let talks = meet(away, others, direct).await;
    let left = leave(away, &talks).await;
    for ((conversation, _), other) in left.talks.iter().zip(others) {
        say(other, *conversation, (0..MISSED / count).map(text)).await;
    }
    cost::rest(runtime.origin()).await;
    let (mut listed, mut whole, mut lost) = (Vec::new(), Vec::new(), 0);
    for _ in 0..TIMES {
        listed.push(list(away, left.store.clone()).await);
        let begun = Instant::now();
        let got = everything(away, &left).await;
        whole.push(begun.elapsed().as_secs_f64() * 1_000.0);
        lost += MISSED - got;
    }
    let kind = if direct { "direct" } else { "group" };
    let what = format!(
        "back after {MISSED} messages in {count} conversations ({kind}): a device's list is right; everything \
         is here, by sockets without an engine"
    );
    let name = format!("catch-up {kind} {count}");
    let mut report = Report::of(name, what, TIMES, "everything in 80 ms (bare: 60)");
    report.ms = Some(Spread::of(listed));
    report.everybody_ms = Some(Spread::of(whole));
    report.faults = Some(Faults { lost, ..Faults::default() });
    report
}

/// Conversations of the one who will be away with each of the others.
async fn meet(away: &Account, others: &[Account], direct: bool) -> Vec<ConversationId> {
    let mut talks = Vec::new();
    for other in others {
        talks.push(if direct {
            other.direct(away).await.expect("starts")
        } else {
            let group = other.group("Two").await.expect("is made");
            let invite = other.invite(group, None).await.expect("is made");
            away.join(&invite).await.expect("joins")
        });
    }
    talks
}

/// Has a device seen everything so far, and closes it.
async fn leave(away: &Account, talks: &[ConversationId]) -> Left {
    let device = Device::new(away);
    device.online().await;
    let (socket, cursor) = in_step(away, "/api/account").await;
    socket.close().await;
    let store = device.close().await;
    let mut cursors = Vec::new();
    for &talk in talks {
        let (socket, cursor) = in_step(away, &format!("/api/conversations/{talk}")).await;
        socket.close().await;
        cursors.push((talk, cursor));
    }
    Left { store, cursor, talks: cursors }
}

/// Milliseconds until a device that comes back says how much is unread.
async fn list(away: &Account, store: Store) -> f64 {
    let unread = |engine: &Engine| {
        let items = engine.inbox().unwrap_or_default();
        items.iter().map(|item| item.unread).sum::<u64>()
    };
    let begun = Instant::now();
    let device = Device::with(away, store);
    device
        .until("have the list right", |engine| {
            engine.connection() == Connection::Online && unread(engine) == MISSED as u64
        })
        .await;
    let ms = begun.elapsed().as_secs_f64() * 1_000.0;
    drop(device.close().await);
    ms
}

/// Fetches everything that was missed: from the account what it brings, the rest from the conversations. How
/// many different messages that is.
async fn everything(away: &Account, left: &Left) -> usize {
    let mut got = HashSet::new();
    for row in changed(away, "/api/account", left.cursor).await {
        if row["type"] == "delivered" {
            got.extend(key(&row["conversation"], &row["message"]["seq"]));
        }
    }
    if got.len() < MISSED {
        let rest = stream::iter(&left.talks).map(async |&(talk, cursor)| {
            let path = format!("/api/conversations/{talk}");
            let rows = changed(away, &path, cursor).await;
            let talk = Value::from(talk.to_string());
            rows.iter().filter_map(|row| key(&talk, &row["seq"])).collect::<Vec<_>>()
        });
        got.extend(rest.buffer_unordered(AT_A_TIME).collect::<Vec<_>>().await.concat());
    }
    if got.len() < MISSED {
        // More than a mirror brings at once: page by page.
        for &(talk, _) in &left.talks {
            let history = away.history(talk).await.expect("is served");
            got.extend(history.iter().map(|message| (talk.to_string(), message.seq)));
        }
    }
    got.len()
}

fn key(talk: &Value, seq: &Value) -> Option<(String, u64)> {
    Some((talk.as_str()?.to_owned(), seq.as_u64()?))
}

/// What changed at an actor since then.
async fn changed(by: &Account, path: &str, cursor: u64) -> Vec<Value> {
    let mut socket = Socket::open(&by.api, path).await.expect("opens");
    let hello = format!(r#"{{"type":"hello","cursor":{cursor}}}"#);
    assert!(socket.say(hello).await, "a new socket takes a frame");
    let mut rows = Vec::new();
    loop {
        let Heard::Text(frame) = socket.hear().await else { panic!("{path} ends") };
        let mut page: Value = serde_json::from_str(&frame).expect("frames are JSON");
        if let Some(more) = page["rows"].as_array_mut() {
            rows.append(more);
        }
        if page["done"] == true {
            socket.close().await;
            return rows;
        }
    }
}
