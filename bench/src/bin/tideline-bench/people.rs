//! The people of a scenario. All but one are guests, who need no password to be hashed, and several come
//! in at a time.

use futures_util::{StreamExt, stream};
use serde_json::json;
use tideline_bench::{Account, Heard, Socket, now, ten};
use tideline_shared::protocol::Invite;
use tideline_shared::{ConversationId, MessageId};

/// How many come in at a time.
const AT_A_TIME: usize = 16;
/// Members of each of the groups that people are taken from who need none; everybody in one is told of who
/// comes in.
const LOBBY: usize = 50;
/// Messages of one person that are under way at a time.
const UNDER_WAY: usize = 200;

/// Whoever makes the groups; the first in their deployment.
pub(crate) async fn host(origin: &str) -> Account {
    Account::register(origin, "ana").await.expect("registers")
}

/// A group of its host and guests, so many in all.
pub(crate) async fn group(host: &Account, members: usize) -> (ConversationId, Vec<Account>) {
    let group = host.group(&format!("Group of {members}")).await.expect("is made");
    let invite = host.invite(group, None).await.expect("is made");
    let mut people = vec![host.clone()];
    people.extend(guests(host, &invite, members - 1).await);
    (group, people)
}

/// People who have nothing to do with each other, but for a silent group that they came in by.
pub(crate) async fn strangers(host: &Account, count: usize) -> Vec<Account> {
    let mut people = Vec::new();
    while people.len() < count {
        let members = (count - people.len()).min(LOBBY) + 1;
        people.extend(group(host, members).await.1.into_iter().skip(1));
    }
    people
}

async fn guests(host: &Account, invite: &Invite, count: usize) -> Vec<Account> {
    let origin = host.api.origin();
    stream::iter(0..count)
        .map(async |n| Account::guest(origin, invite, &format!("Guest {n}")).await.expect("joins"))
        .buffer_unordered(AT_A_TIME)
        .collect()
        .await
}

/// Says all of this in its order, many at a time.
pub(crate) async fn say(by: &Account, to: ConversationId, texts: impl IntoIterator<Item = String>) {
    let mut socket =
        Socket::open(&by.api, &format!("/api/conversations/{to}")).await.expect("opens");
    let mut texts = texts.into_iter().fuse();
    let (mut said, mut answered) = (0, 0);
    loop {
        while said - answered < UNDER_WAY
            && let Some(text) = texts.next()
        {
            assert!(socket.say(call(said, text)).await, "the socket is gone");
            said += 1;
        }
        if answered == said {
            return socket.close().await;
        }
        match socket.hear().await {
            Heard::Text(frame) if frame.contains(r#""type":"reply""#) => answered += 1,
            Heard::Text(frame) if frame.contains("rejected") => panic!("{frame}"),
            Heard::Text(_) => {}
            other => panic!("the socket ended: {other:?}"),
        }
    }
}

/// The frame that says something.
pub(crate) fn call(reference: usize, text: String) -> String {
    let id = MessageId::new(now(), ten());
    let send = json!({ "type": "send", "id": id, "text": text });
    json!({ "type": "call", "ref": reference, "command": send }).to_string()
}
