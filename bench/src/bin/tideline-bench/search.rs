//! Searching: one long conversation, and a long list of short ones. Over HTTP, as devices ask: the
//! door, the account and the conversations are in the figure.

use std::time::Instant;

use tideline_bench::Account;
use tideline_client::Sweep;
use tideline_shared::ConversationId;
use tideline_shared::protocol::{SearchCommand, SearchReply};

use crate::people::say;
use crate::report::{Report, Spread};

/// Messages of the long conversation.
pub(crate) const MESSAGES: usize = 100_000;
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
    let (group, said) = long(&ana).await;
    let mut samples = Vec::new();
    let mut hits = 0;
    for n in 0..SEARCHES {
        let begun = Instant::now();
        hits += ask(&ana, &query(n), vec![group]).await;
        samples.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    let what = format!("one conversation of {MESSAGES} messages, asked to the newest 20 hits");
    let mut report = Report::of("search-one", what, SEARCHES, "p99 50 ms at the object");
    report.ms = Some(Spread::of(samples));
    report.more.insert("hits".to_owned(), hits.into());
    report.figure("messages a second while filling", MESSAGES as f64 / said);
    report
}

/// The first answer, and the last, of a search of [`CONVERSATIONS`].
pub(crate) async fn all(origin: &str) -> Report {
    let ana = Account::register(origin, "bea").await.expect("registers");
    let mut list = Vec::new();
    for n in 0..CONVERSATIONS {
        let group = ana.group(&format!("Short {n}")).await.expect("is made");
        say(&ana, group, (n * EACH..(n + 1) * EACH).map(text)).await;
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
    let what = format!("{CONVERSATIONS} conversations, asked to the first answer");
    let mut report = Report::of("search-all", what, first.len(), "first results within 150 ms");
    report.ms = Some(Spread::of(first));
    report.figure("all answers, p50 ms", whole.p50);
    report.figure("all answers, p99 ms", whole.p99);
    report
}

/// A group of one in which [`MESSAGES`] were said, and the seconds that it took.
pub(crate) async fn long(by: &Account) -> (ConversationId, f64) {
    let group = by.group("Long").await.expect("is made");
    let begun = Instant::now();
    say(by, group, (0..MESSAGES).map(text)).await;
    (group, begun.elapsed().as_secs_f64())
}

async fn ask(by: &Account, query: &str, conversations: Vec<ConversationId>) -> usize {
    let query = query.to_owned();
    let (authors, before, zone_min) = (Vec::new(), None, 0);
    let command = SearchCommand::Messages { query, authors, conversations, before, zone_min };
    match by.api.post("/api/search", &command).await {
        Ok(SearchReply::Messages { found, .. }) => found.iter().map(|row| row.hits.len()).sum(),
        other => panic!("a search is answered: {other:?}"),
    }
}
