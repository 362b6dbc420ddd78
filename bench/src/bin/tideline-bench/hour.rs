//! The app left open on a room for the messages of an hour, one a second: what it holds after an hour's,
//! against what it held after a minute. What comes after the minute is said faster than that.
//!
//! The browser is driven by `bench/hour.mjs`.

use serde::Deserialize;
use tideline_bench::Account;

use crate::app::{chromium, drive};
use crate::report::Report;
use crate::room::{Memory, room};

/// Messages of a minute and of an hour.
const MINUTE: usize = 60;
const HOUR: usize = 3_600;
/// How many are said in a second after the minute.
const A_SECOND: u32 = 25;

/// What `hour.mjs` prints.
#[derive(Deserialize)]
struct Measured {
    minute: Memory,
    hour: Memory,
}

/// Leaves it open.
pub(crate) async fn left_open(origin: &str) -> Vec<Report> {
    let Some(chromium) = chromium("hour") else { return Vec::new() };
    let ana = Account::register(origin, "ana").await.expect("registers");
    let ben = Account::register(origin, "ben").await.expect("registers");
    let id = room(&ana, &ben, "Harbour").await;
    let task = serde_json::json!({
        "chromium": chromium,
        "origin": origin,
        "cookie": ana.api.cookie(),
        "speaker": ben.api.cookie(),
        "room": format!("/c/{id}"),
        "door": format!("/api/conversations/{id}"),
        "minute": MINUTE,
        "hour": HOUR,
        "a_second": A_SECOND,
    });
    let measured: Measured =
        tokio::task::block_in_place(|| drive("bench/hour.mjs", &task.to_string()));
    let Measured { minute, hour } = measured;
    let what = format!("{HOUR} messages, {A_SECOND} a second after the first {MINUTE}: MB held");
    let mut report = Report::of("hour", what, 1, "at most 1.3 times as much");
    let sizes = [("heap", minute.heap, hour.heap)];
    let sizes = sizes
        .into_iter()
        .chain(minute.renderer.zip(hour.renderer).map(|(a, b)| ("renderer", a, b)));
    for (name, before, after) in sizes {
        report.more.insert(format!("{name}, after a minute"), round(before).into());
        report.more.insert(format!("{name}, after an hour's"), round(after).into());
        report.more.insert(format!("{name}, times"), round(after / before).into());
    }
    vec![report]
}

/// To one digit behind the point.
fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
