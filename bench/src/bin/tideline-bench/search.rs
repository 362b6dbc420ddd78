//! Searching: one long conversation, and a long list of short ones. Over HTTP, as devices ask: the
//! door, the account and the conversations are in the figure.

use std::time::Instant;

use serde_json::json;
use tideline_bench::{Account, Heard, Socket, ten};
use tideline_client::Sweep;
use tideline_shared::protocol::{SearchCommand, SearchReply};
use tideline_shared::{ConversationId, MessageId};

use crate::report::{Report, Spread};

/// Messages of the long conversation.
const MESSAGES: usize = 100_000;
/// Messages on their way at a time.
const IN_FLIGHT: usize = 200;
/// Conversations of the long list.
const CONVERSATIONS: usize = 200;
/// Messages in each of them.
const EACH: usize = 80;
/// Searches that are measured.
const SEARCHES: usize = 300;

/// What people say here: common and rare words of both languages.
fn text(n: usize) -> String {
    let han: String = (0..6).map(|k| han(n * 7 + k * k * 13)).collect();
    format!("{han}，tide{} at the pier {} 的 {}", n % 500, n % 7, n / 50)
}

/// One of 900 characters, low ones far more often.
fn han(n: usize) -> char {
    let rank = (n * 2_654_435_761 % 900) * (n * 40_503 % 900) / 900;
    u32::try_from(rank).ok().and_then(|rank| char::from_u32(0x4e00 + rank * 5)).unwrap_or('一')
}

/// One character, two, a word's beginning, a phrase, two words, an author and a word, and nothing.
fn query(n: usize) -> String {
    let said = n * 7_919 % MESSAGES;
    let two: String = text(said).chars().take(2).collect();
    match n % 7 {
        0 => two.chars().take(1).collect(),
        1 => two,
        2 => format!("tide{}", said % 50),
        3 => format!("\"the pier {}\"", said % 7),
        4 => format!("{two} {}", said / 50),
        5 => format!("from:ana tide{}", said % 500),
        _ => "潮汐不来".to_owned(),
    }
}

/// The newest hits in one conversation of [`MESSAGES`].
pub(crate) async fn one(origin: &str) -> Report {
    let ana = Account::register(origin, "ana").await.expect("registers");
    let group = ana.group("Long").await.expect("is made");
    let begun = Instant::now();
    say(&ana, group, 0..MESSAGES).await;
    let said = begun.elapsed().as_secs_f64();
    let mut samples = Vec::new();
    let mut hits = 0;
    for n in 0..SEARCHES {
        let begun = Instant::now();
        hits += ask(&ana, &query(n), vec![group]).await;
        samples.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    let mut more = serde_json::Map::new();
    more.insert("hits".to_owned(), hits.into());
    more.insert(
        "messages a second while filling".to_owned(),
        (MESSAGES as f64 / said).round().into(),
    );
    report(
        "search-one",
        format!("one conversation of {MESSAGES} messages, asked to the newest 20 hits"),
        Spread::of(samples),
        more,
        "p99 50 ms at the object",
    )
}

/// The first answer, and the last, of a search of [`CONVERSATIONS`].
pub(crate) async fn all(origin: &str) -> Report {
    let ana = Account::register(origin, "bea").await.expect("registers");
    let mut list = Vec::new();
    for n in 0..CONVERSATIONS {
        let group = ana.group(&format!("Short {n}")).await.expect("is made");
        say(&ana, group, n * EACH..(n + 1) * EACH).await;
        list.push(group);
    }
    let (mut first, mut whole) = (Vec::new(), Vec::new());
    for n in 0..SEARCHES / 10 {
        let query = query(n);
        let mut sweep = Sweep::of(&list);
        let begun = Instant::now();
        let mut answers = 0;
        while let Some(question) = sweep.ask() {
            ask(&ana, &query, question.conversations.clone()).await;
            sweep.answered(&question, Vec::new(), Vec::new());
            answers += 1;
            if answers == 1 {
                first.push(begun.elapsed().as_secs_f64() * 1_000.0);
            }
        }
        whole.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    let whole = Spread::of(whole);
    let mut more = serde_json::Map::new();
    more.insert("all answers, p50 ms".to_owned(), whole.p50.into());
    more.insert("all answers, p99 ms".to_owned(), whole.p99.into());
    report(
        "search-all",
        format!("{CONVERSATIONS} conversations, asked to the first answer"),
        Spread::of(first),
        more,
        "first results within 150 ms",
    )
}

fn report(
    scenario: &'static str,
    what: String,
    ms: Spread,
    more: serde_json::Map<String, serde_json::Value>,
    aim: &'static str,
) -> Report {
    let samples = if scenario == "search-one" { SEARCHES } else { SEARCHES / 10 };
    let (acknowledged_ms, faults) = (None, None);
    Report { scenario, what, samples, ms: Some(ms), acknowledged_ms, faults, more, aim }
}

async fn ask(by: &Account, query: &str, conversations: Vec<ConversationId>) -> usize {
    let query = query.to_owned();
    let command = SearchCommand::Messages { query, conversations, before: None, zone_min: 0 };
    match by.api.post("/api/search", &command).await {
        Ok(SearchReply::Messages { found, .. }) => found.iter().map(|row| row.hits.len()).sum(),
        other => panic!("a search is answered: {other:?}"),
    }
}

/// Says all of this in its order, many at a time.
async fn say(by: &Account, group: ConversationId, numbers: std::ops::Range<usize>) {
    let path = format!("/api/conversations/{group}");
    let mut socket = Socket::open(&by.api, &path).await.expect("opens");
    let (mut next, mut answered) = (numbers.start, numbers.start);
    while answered < numbers.end {
        while next < numbers.end && next - answered < IN_FLIGHT {
            let id = MessageId::new(tideline_bench::now(), ten());
            let send = json!({"type": "send", "id": id, "text": text(next)});
            let call = json!({"type": "call", "ref": next, "command": send});
            assert!(socket.say(call.to_string()).await, "the socket is gone");
            next += 1;
        }
        match socket.hear().await {
            Heard::Text(frame) if frame.contains(r#""type":"reply""#) => answered += 1,
            Heard::Text(frame) if frame.contains("rejected") => panic!("{frame}"),
            Heard::Text(_) => {}
            other => panic!("the socket ended: {other:?}"),
        }
    }
    socket.close().await;
}
