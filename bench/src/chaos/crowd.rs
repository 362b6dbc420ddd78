//! Clients that nobody would wish for: some never read what they asked for, one reads slowly, and
//! one sends as fast as it can. The others must not notice.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tideline_client::{Link, Mirror};
use tideline_shared::limits::{PING, PONG};
use tideline_shared::{ConversationId, MessageId};
use tokio::time::{sleep, timeout};

use super::people::{Cast, until};
use super::report::Report;
use crate::device::PATIENCE;
use crate::http::Api;
use crate::process::Group;
use crate::runtime::Runtime;
use crate::socket::{Heard, Socket};
use crate::{now, ten};

/// How many never read.
const DEAF: usize = 2;
/// How long the slow one takes to read a frame.
const SLOW: Duration = Duration::from_millis(15);
/// After so many frames the slow one says that it is there.
const HEARTBEAT: usize = 20;
/// Characters of a long message; three bytes each.
const LONG: usize = 7_900;

/// Everybody writes `each` long messages to the group of all, while some who asked to hear of them
/// do not listen.
pub(crate) async fn slow_readers(runtime: &Runtime, cast: &Cast, each: usize, report: &mut Report) {
    let group = cast.talks[0].id;
    let api = &cast.people[cast.people.len() - 1].api;
    let mut deaf = Vec::new();
    for _ in 0..DEAF {
        deaf.push(greet(api, group).await);
    }
    let slow = greet(api, group).await;
    let long = "潮".repeat(LONG);
    let mut texts = Vec::new();
    for _ in 0..each {
        texts.extend(cast.probe(usize::MAX, &long));
    }
    let reading = tokio::spawn(read_slowly(slow, texts.len()));
    let mut took = cast.acknowledged(&texts, Instant::now()).await;
    took.sort_by(f64::total_cmp);
    let resident = runtime.group().map_or(0.0, |group| Group(group).resident_mib());
    let read = timeout(PATIENCE, reading).await.expect("a slow reader gets on");
    match read.expect("the slow reader did not panic") {
        Ok(()) => {}
        Err(what) => report.fault(format!("the slow reader: {what}")),
    }
    // Nobody waited for the deaf: now their sockets end with all that was queued for them.
    drop(deaf);
    cast.settle().await;
    report.progress(&format!(
        "{} long messages past {DEAF} deaf readers and a slow one, all acknowledged within {:.1} \
         s; {resident:.0} MiB resident",
        texts.len(),
        took.last().copied().unwrap_or_default() / 1_000.0,
    ));
}

/// Opens a socket and asks for everything.
async fn greet(api: &Api, conversation: ConversationId) -> Socket {
    let path = format!("/api/conversations/{conversation}");
    let mut socket = Socket::open_narrow(api, &path).await.expect("opens");
    assert!(socket.say(r#"{"type":"hello"}"#).await, "a new socket takes a frame");
    socket
}

/// Reads until so many messages came as changes, each the next one. Says now and then that it is
/// there, as every device does: who never does is cut off.
async fn read_slowly(mut socket: Socket, wanted: usize) -> Result<(), String> {
    let (mut cursor, mut heard, mut heartbeat_due) = (None, 0, 0);
    while heard < wanted {
        sleep(SLOW).await;
        if heard >= heartbeat_due {
            heartbeat_due = heard + HEARTBEAT;
            // A socket that is gone says so next.
            socket.say(PING).await;
        }
        let frame = match socket.hear().await {
            Heard::Text(frame) if frame == PONG => continue,
            Heard::Text(frame) => frame,
            other => return Err(format!("was told {other:?} after {heard} of {wanted}")),
        };
        let frame: Value = serde_json::from_str(&frame).map_err(|error| error.to_string())?;
        let next = match frame["type"].as_str() {
            Some("page") => frame["cursor"].as_u64(),
            Some("change") => frame["version"].as_u64(),
            _ => continue,
        };
        if frame["type"] == "change" {
            if next != cursor.map(|cursor: u64| cursor + 1) {
                return Err(format!("heard {next:?} after {cursor:?}"));
            }
            heard += 1;
        }
        cursor = next;
    }
    socket.close().await;
    Ok(())
}

/// One device writes `count` messages at once, and a program sends as many without waiting for any
/// answer, while everybody else goes on.
pub(crate) async fn flood(cast: &Cast, count: usize, report: &mut Report) {
    let refused = |cast: &Cast| cast.ledger.counts().refused.get("rate_limited").copied();
    let before = refused(cast).unwrap_or(0);
    let writers = cast.writers();
    let [flooder, program] = [writers[1], writers[writers.len() - 1]];
    for n in 0..count {
        cast.write(flooder, 0, &format!("flood {n}"));
    }
    let others: Vec<String> = writers
        .iter()
        .filter(|&&device| ![flooder, program].contains(&device))
        .map(|&device| cast.write(device, 0, "meanwhile"))
        .collect();
    let since = Instant::now();
    let program = blast(cast, cast.players[program].person, count);
    let (served, ()) = tokio::join!(cast.acknowledged(&others, since), program);
    until("be through the flood", || cast.ledger.is_settled()).await;
    let refused = refused(cast).unwrap_or(0) - before;
    if refused == 0 {
        report.fault(format!("{} messages at once are not too many", 2 * count));
    }
    report.progress(&format!(
        "a flood of {} messages was slowed {refused} times and is through after {:.1} s; others \
         waited {:.2} s at most",
        2 * count,
        since.elapsed().as_secs_f64(),
        served.into_iter().fold(0.0, f64::max) / 1_000.0,
    ));
}

/// A program that sends everything before it reads an answer, and then what was refused when it
/// may.
async fn blast(cast: &Cast, person: usize, count: usize) {
    let group = cast.talks[0].id;
    let mut socket = greet(&cast.people[person].api, group).await;
    let link = Link { mirror: Mirror::Conversation(group), attempt: 0 };
    let mut calls: VecDeque<String> = VecDeque::new();
    for call in 0..count {
        let text = cast.ledger.write_by_program(group, &format!("blast {call}"));
        let id = MessageId::new(now(), ten());
        let command = json!({ "type": "send", "id": id, "text": text });
        calls.push_back(json!({ "type": "call", "ref": call, "command": command }).to_string());
    }
    for call in &calls {
        cast.ledger.program_said(link, call);
        assert!(socket.say(call.clone()).await, "the service takes frames");
    }
    let mut acknowledged = 0;
    while acknowledged < count {
        let heard = timeout(PATIENCE, socket.hear()).await.expect("the service answers");
        let Heard::Text(text) = heard else { panic!("a flood is answered, not {heard:?}") };
        cast.ledger.program_heard(link, &text);
        let frame: Value = serde_json::from_str(&text).unwrap_or_default();
        match frame["type"].as_str() {
            Some("reply") => acknowledged += 1,
            Some("rejected") => {
                let wait = frame["retry_after_ms"].as_u64().unwrap_or(1_000);
                sleep(Duration::from_millis(wait)).await;
                let call = frame["ref"].as_u64().and_then(|call| usize::try_from(call).ok());
                let call = call.and_then(|call| calls.get(call)).expect("as sent");
                cast.ledger.program_said(link, call);
                assert!(socket.say(call.clone()).await, "the service takes frames");
            }
            _ => {}
        }
    }
    socket.close().await;
}
