//! The app in a real Chromium, as somebody uses it who has a busy room: opening, typing, sending, changing
//! rooms, scrolling far up, and what all of that leaves in memory.
//!
//! The browser is driven by `bench/room.mjs`; here are the service that it opens, and the results. The aims
//! are those of peers measured the same way on such a machine, and better.

use serde::Deserialize;
use tideline_bench::Account;
use tideline_shared::ConversationId;

use crate::app::{chromium, drive};
use crate::report::{Report, Spread};

/// Messages in the busy room.
const MESSAGES: usize = 2_500;
/// Rooms beside it, and messages in each.
const ROOMS: [&str; 3] = ["Boats", "Nets", "Ropes"];
const ROOM_MESSAGES: usize = 120;
/// How many messages are scrolled by.
const SCROLLED: usize = 2_000;
/// Times that the app is opened, cold and warm each.
const RUNS: usize = 5;

/// What `room.mjs` prints.
#[derive(Deserialize)]
struct Measured {
    #[serde(rename = "1x")]
    fast: Used,
    #[serde(rename = "4x")]
    slow: Used,
    scroll: Scrolled,
    memory: Memory,
}

/// Milliseconds.
#[derive(Deserialize)]
struct Used {
    cold: Vec<f64>,
    warm: Vec<f64>,
    #[serde(rename = "type")]
    typed: Vec<f64>,
    send: Vec<f64>,
    change: Vec<f64>,
}

#[derive(Deserialize)]
struct Scrolled {
    ms: f64,
    frames: Vec<f64>,
}

/// Megabytes.
#[derive(Deserialize)]
pub(crate) struct Memory {
    pub(crate) heap: f64,
    pub(crate) renderer: Option<f64>,
}

/// Uses the app.
pub(crate) async fn used(origin: &str) -> Vec<Report> {
    let Some(chromium) = chromium("room") else { return Vec::new() };
    let ana = Account::register(origin, "ana").await.expect("registers");
    let ben = Account::register(origin, "ben").await.expect("registers");
    let big = room(&ana, &ben, "Harbour").await;
    for n in 1..=MESSAGES {
        let author = if n % 3 == 0 { &ana } else { &ben };
        let text = format!("Message {n} of {MESSAGES}: the tide comes in, and goes out again.");
        author.say(big, &text).await.expect("is said");
    }
    let mut small = Vec::new();
    for name in ROOMS {
        let id = room(&ana, &ben, name).await;
        for n in 1..=ROOM_MESSAGES {
            ben.say(id, &format!("{name}, message {n}.")).await.expect("is said");
        }
        small.push(id);
    }
    let path = |id: ConversationId| format!("/c/{id}");
    let task = serde_json::json!({
        "chromium": chromium,
        "origin": origin,
        "cookie": ana.api.cookie(),
        "big": path(big),
        "small": small.into_iter().map(path).collect::<Vec<_>>(),
        "titles": ROOMS,
        "until": MESSAGES - SCROLLED,
        "runs": RUNS,
    });
    let measured: Measured =
        tokio::task::block_in_place(|| drive("bench/room.mjs", &task.to_string()));
    let Measured { fast, slow, scroll, memory } = measured;
    vec![
        times("room cold", "a browser that knows nothing but its session", fast.cold, "p50 450 ms"),
        times("room warm", "a reload", fast.warm, "p50 250 ms"),
        times("room cold 4x", "the same, slow phone, 9 Mbit/s, 60 ms", slow.cold, "p50 1,300 ms"),
        times("room warm 4x", "a reload there", slow.warm, "p50 650 ms"),
        times("type", "a key to all work that it causes", fast.typed, "p95 7 ms"),
        times("type 4x", "the same, slow phone", slow.typed, "p95 25 ms"),
        times("send", "Enter to the own message on the screen", fast.send, "p95 25 ms"),
        times("send 4x", "the same, slow phone", slow.send, "p95 60 ms"),
        times("change", "a click to another room's messages", fast.change, "p95 50 ms"),
        times("change 4x", "the same, slow phone", slow.change, "p95 180 ms"),
        scrolled(scroll),
        held(&memory),
    ]
}

/// A room of these two.
pub(crate) async fn room(owner: &Account, guest: &Account, name: &str) -> ConversationId {
    let id = owner.group(name).await.expect("is made");
    let invite = owner.invite(id, None).await.expect("is made");
    guest.join(&invite).await.expect("joins");
    id
}

fn times(scenario: &str, what: &str, ms: Vec<f64>, aim: &str) -> Report {
    let (what, samples) = (what.to_owned(), ms.len());
    let ms = Some(Spread::of(ms));
    Report { ms, ..Report::of(scenario, what, samples, aim) }
}

fn scrolled(Scrolled { ms, frames }: Scrolled) -> Report {
    let what = format!("up {SCROLLED} messages: milliseconds a frame");
    let samples = frames.len();
    let mut report = Report::of("scroll", what, samples, "3 s in all, no frame over 50 ms");
    report.ms = Some(Spread::of(frames));
    report.more.insert("in all, ms".to_owned(), ms.round().into());
    report
}

fn held(memory: &Memory) -> Report {
    let what = "what the page holds after that, in MB".to_owned();
    let mut report = Report::of("memory", what, 1, "heap 20 MB, renderer 110 MB");
    report.more.insert("heap, MB".to_owned(), memory.heap.round().into());
    if let Some(renderer) = memory.renderer {
        report.more.insert("renderer, MB".to_owned(), renderer.round().into());
    }
    report
}
