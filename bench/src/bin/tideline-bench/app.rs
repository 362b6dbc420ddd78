//! The app in a real Chromium: what it transfers first, and how soon it shows a message.
//!
//! The browser is driven by `bench/app.mjs`; here is the service it opens, and the result.

use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tideline_bench::{Account, workspace};

use crate::report::{Report, Spread};

/// Messages in the conversation that is opened.
const MESSAGES: usize = 200;
/// Times that it is opened, cold and warm each.
const RUNS: usize = 9;

/// What `app.mjs` prints.
#[derive(Deserialize)]
struct Measured {
    requests: Vec<Transferred>,
    cold_ms: Vec<f64>,
    warm_ms: Vec<f64>,
}

#[derive(Deserialize)]
struct Transferred {
    path: String,
    bytes: u64,
    brotli_bytes: u64,
}

/// Opens a conversation again and again.
pub(crate) async fn open(origin: &str) -> Vec<Report> {
    let Some(chromium) = chromium("app") else { return Vec::new() };
    let ana = Account::register(origin, "ana").await.expect("registers");
    let ben = Account::register(origin, "ben").await.expect("registers");
    let conversation = ana.direct(&ben).await.expect("starts");
    for n in 0..MESSAGES {
        let author = if n % 2 == 0 { &ana } else { &ben };
        author.say(conversation, &format!("Message {n} of {MESSAGES}.")).await.expect("is said");
    }
    let task = serde_json::json!({
        "chromium": chromium,
        "origin": origin,
        "cookie": ana.api.cookie(),
        "path": format!("/c/{conversation}"),
        "runs": RUNS,
    });
    let Measured { requests, cold_ms, warm_ms } =
        tokio::task::block_in_place(|| drive("bench/app.mjs", &task.to_string()));
    vec![
        first_load(&requests),
        opened("cold", "a browser that knows nothing but its session", cold_ms, "p50 600 ms"),
        opened("warm", "a reload in a browser that was here before", warm_ms, "p50 300 ms"),
    ]
}

/// Where Chromium is; where it is not, `scenario` is left out, and says so.
pub(crate) fn chromium(scenario: &str) -> Option<String> {
    let chromium = std::env::var("TIDELINE_CHROMIUM").unwrap_or("/usr/bin/chromium".to_owned());
    if Path::new(&chromium).exists() {
        return Some(chromium);
    }
    eprintln!("{scenario}: no Chromium at {chromium}; set TIDELINE_CHROMIUM to one. Left out.");
    None
}

/// Has a script drive a browser, and reads what it measured.
pub(crate) fn drive<T: DeserializeOwned>(script: &str, task: &str) -> T {
    let root = workspace();
    let output = Command::new(root.join("node_modules/.bin/node"))
        .arg(root.join(script))
        .arg(task)
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .expect("node is installed: run `npm ci`");
    assert!(output.status.success(), "{script} failed; see above");
    serde_json::from_slice(&output.stdout).expect("the script prints what it measured")
}

fn first_load(requests: &[Transferred]) -> Report {
    let sum = |of: fn(&Transferred) -> u64| requests.iter().map(of).sum::<u64>();
    let mut more = serde_json::Map::new();
    more.insert("brotli_bytes".to_owned(), sum(|file| file.brotli_bytes).into());
    more.insert("raw_bytes".to_owned(), sum(|file| file.bytes).into());
    for file in requests {
        more.insert(file.path.clone(), file.brotli_bytes.into());
    }
    let what = "everything that the app transfers at first, brotli 11".to_owned();
    Report { more, ..Report::of("first load", what, requests.len(), "300,000 bytes") }
}

fn opened(scenario: &str, who: &str, ms: Vec<f64>, aim: &str) -> Report {
    let what = format!("navigation to the first message of a conversation: {who}");
    let samples = ms.len();
    Report { ms: Some(Spread::of(ms)), ..Report::of(scenario, what, samples, aim) }
}
