//! Somebody was away: what happened meanwhile is there on return, in order, once.

use tideline_bench::{Account, Device};
use tideline_client::{Action, Connection};

use crate::support::{
    assert_said_once, entry, group, pair, read_whole, register, shared, shows_up_to, truth, unread,
};

#[tokio::test]
async fn a_device_that_was_off_comes_back_to_everything_in_order_once() {
    let (ana, ben, direct) = pair(shared(), ["away-ana", "away-ben"]).await;
    let (group, _) = group(&ana, "Meanwhile", &[]).await;
    let invite = ana.invite(group, None).await.expect("is made");
    ben.join(&invite).await.expect("joins");
    ana.say(direct, "direct 000").await.expect("is said");

    let laptop = Device::new(&ben);
    laptop.show(direct);
    laptop.until("have read what there is", |engine| unread(engine, direct, 0)).await;
    laptop.until("show it", |engine| shows_up_to(engine, 1)).await;
    let store = laptop.close().await;

    // More than one page of history, in two conversations, and a third that did not exist.
    for n in 1..=66 {
        ana.say(direct, &format!("direct {n:03}")).await.expect("is said");
        if n % 3 == 0 {
            ana.say(group, &format!("group {:03}", n / 3)).await.expect("is said");
        }
    }
    let cyd = register(shared(), "away-cyd").await;
    let late = cyd.direct(&ben).await.expect("starts");
    cyd.say(late, "late 001").await.expect("is said");

    let laptop = Device::with(&ben, store);
    laptop.until("count the direct messages", |engine| unread(engine, direct, 66)).await;
    laptop.until("count the group's messages", |engine| unread(engine, group, 22)).await;
    laptop.until("list the new conversation", |engine| unread(engine, late, 1)).await;
    for (conversation, wanted) in [
        (direct, (0..=66).map(|n| format!("direct {n:03}")).collect::<Vec<_>>()),
        (group, (1..=22).map(|n| format!("group {n:03}")).collect()),
        (late, vec!["late 001".to_owned()]),
    ] {
        laptop.show(conversation);
        let count = wanted.len() as u64;
        laptop.until("show the last message", |engine| shows_up_to(engine, count)).await;
        let truth = truth(&ben, conversation).await;
        assert_said_once(&truth, wanted);
        assert_eq!(read_whole(&laptop).await, truth);
        laptop.until("have read it", |engine| unread(engine, conversation, 0)).await;
    }
}

#[tokio::test]
async fn what_was_read_elsewhere_is_read_on_return() {
    let (ana, ben, direct) = pair(shared(), ["elsewhere-ana", "elsewhere-ben"]).await;
    let laptop = Device::new(&ben);
    ana.say(direct, "seen on the phone").await.expect("is said");
    laptop.until("count it", |engine| unread(engine, direct, 1)).await;
    let store = laptop.close().await;

    let browser = Account::sign_in(shared(), "elsewhere-ben").await.expect("signs in");
    let phone = Device::new(&browser);
    phone.show(direct);
    phone.until("read it", |engine| unread(engine, direct, 0)).await;

    let laptop = Device::with(&ben, store);
    laptop.until("know that it is read", |engine| unread(engine, direct, 0)).await;
}

#[tokio::test]
async fn what_was_written_without_a_network_goes_out_in_order_even_after_a_reload() {
    let (ana, ben, direct) = pair(shared(), ["offline-ana", "offline-ben"]).await;
    let (laptop, phone) = (Device::new(&ana), Device::new(&ben));
    laptop.show(direct);
    laptop.online().await;
    laptop.send(direct, "message 00");
    phone.until("get the first", |engine| unread(engine, direct, 1)).await;

    laptop.unplug();
    let offline = |engine: &tideline_client::Engine| engine.connection() == Connection::Offline;
    laptop.until("be offline", offline).await;
    for n in 1..=20 {
        laptop.send(direct, format!("message {n:02}"));
    }
    laptop
        .until("show what waits", |engine| {
            entry(engine, direct)
                .and_then(|item| item.preview)
                .is_some_and(|preview| preview.text == "message 20")
        })
        .await;
    laptop.reload();
    laptop.show(direct);
    laptop.until("show what waits", |engine| crate::support::sending(engine) == 20).await;
    laptop.plug();

    laptop.until("have sent everything", |engine| shows_up_to(engine, 21)).await;
    laptop.until("wait for nothing", |engine| crate::support::sending(engine) == 0).await;
    phone.until("get everything", |engine| unread(engine, direct, 21)).await;
    phone.show(direct);
    phone.until("show everything", |engine| shows_up_to(engine, 21)).await;
    let truth = truth(&ana, direct).await;
    assert_said_once(&truth, (0..=20).map(|n| format!("message {n:02}")));
    assert_eq!(read_whole(&phone).await, truth);
    assert_eq!(read_whole(&laptop).await, truth);
    laptop.act(Action::Show(None));
}
