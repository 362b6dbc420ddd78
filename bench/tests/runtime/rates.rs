//! Too much, too soon: refused with how long to wait, which is no longer than it must be.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};
use tideline_bench::{Api, Limits, PASSWORD, Runtime, Socket, now, ten};
use tideline_shared::{Code, MessageId};

use crate::support::{assert_refused, frame, path, register, storage, truth};

/// A runtime with the rates that people meet.
fn limited() -> &'static str {
    static LIMITED: OnceLock<Runtime> = OnceLock::new();
    LIMITED.get_or_init(|| Runtime::start(&storage("limited"), Limits::Default)).origin()
}

/// Asks until the service says that it is too much; brings how long to wait.
async fn exhaust(api: &Api, path: &str, body: impl Fn(usize) -> Value, most: usize) -> Duration {
    for n in 0..=most {
        let request = api.request(path, body(n).to_string());
        let answer = api.fetch(request).await.expect("answers");
        if answer.status != 429 {
            continue;
        }
        assert_refused(&answer, Code::RateLimited);
        let said: Value = serde_json::from_str(&answer.body).expect("is JSON");
        let wait = said["retry_after_ms"].as_u64().expect("says how long to wait");
        let header = answer.header("retry-after").and_then(|wait| wait.parse::<u64>().ok());
        assert_eq!(header, Some(wait.div_ceil(1_000)), "in seconds, for those who read headers");
        assert!((1..=60_000).contains(&wait), "{wait} ms");
        return Duration::from_millis(wait);
    }
    panic!("{most} requests at once are not too many");
}

#[tokio::test]
async fn everything_that_could_be_done_too_often_says_how_long_to_wait() {
    let ana = register(limited(), "rates-ana").await;
    let group = ana.group("Rates").await.expect("is made");
    let token = ana.invite(group, None).await.expect("is made").token;

    // Searching comes back soon enough to wait for it.
    let find = |_| json!({ "type": "find", "query": "nobody is called this" });
    let wait = exhaust(&ana.api, "/api/people", find, 400).await;
    tokio::time::sleep(wait).await;
    let again = ana.api.request("/api/people", find(0).to_string());
    assert_eq!(ana.api.fetch(again).await.expect("answers").status, 200);

    let ben = Api::new(limited());
    let preview = |_| json!({ "type": "preview", "token": token });
    exhaust(&ben, "/api/invites", preview, 600).await;
    // What fails counts as well, or guessing would be free.
    let guest = |_| json!({ "type": "join_as_guest", "token": "guessed", "display_name": "Guest" });
    exhaust(&ben, "/api/invites", guest, 200).await;
    let sign_in = |user_name: &str, password: &str| json!({ "type": "sign_in", "user_name": user_name, "password": password });
    let wrong = |_| sign_in("rates-ana", "wrong horse");
    exhaust(&ben, "/api/session", wrong, 20).await;
    let unknown = |_| sign_in("rates-nobody", PASSWORD);
    exhaust(&ben, "/api/session", unknown, 100).await;
    let register =
        |_| json!({ "type": "register", "user_name": "rates-ana", "password": PASSWORD });
    exhaust(&ben, "/api/session", register, 100).await;
}

#[tokio::test]
async fn a_flood_of_messages_is_slowed_and_none_of_it_is_lost_to_a_patient_sender() {
    const FLOOD: u64 = 100;
    let ana = register(limited(), "flood-ana").await;
    let group = ana.group("Flood").await.expect("is made");
    let mut socket = Socket::open(&ana.api, &path(group)).await.expect("opens");
    let ids: Vec<MessageId> = (0..FLOOD).map(|_| MessageId::new(now(), ten())).collect();
    let call = |n: u64| {
        let command = json!({ "type": "send", "id": ids[n as usize], "text": format!("drop {n}") });
        json!({ "type": "call", "ref": n, "command": command }).to_string()
    };
    for n in 0..FLOOD {
        assert!(socket.say(call(n)).await);
    }
    let mut refused = 0;
    let mut sent = 0;
    while sent < FLOOD {
        let answer = frame(&mut socket).await;
        if answer["type"] == "reply" {
            sent += 1;
            continue;
        }
        assert_eq!(answer["code"], Code::RateLimited.as_str(), "{answer}");
        let wait = answer["retry_after_ms"].as_u64().expect("says how long to wait");
        assert!((1..=1_000).contains(&wait), "{wait} ms");
        refused += 1;
        tokio::time::sleep(Duration::from_millis(wait)).await;
        assert!(socket.say(call(answer["ref"].as_u64().expect("as sent"))).await);
    }
    assert!(refused > 0, "{FLOOD} messages at once are not too many");
    let said = truth(&ana, group).await;
    let texts: BTreeSet<&str> = said.iter().map(|message| message.text.as_str()).collect();
    assert_eq!((said.len() as u64, texts.len() as u64), (FLOOD, FLOOD));
}
