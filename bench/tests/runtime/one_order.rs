//! Many writers at once: one order, everywhere, and everything once.

use serde_json::json;
use tideline_bench::{Device, Socket, now, ten};
use tideline_client::Action;
use tideline_shared::MessageId;

use crate::support::{
    assert_said_once, frame, group, path, read_whole, register, shared, shows_up_to, truth, unread,
};

const MESSAGES: usize = 200;

#[tokio::test]
async fn messages_of_three_senders_at_once_arrive_everywhere_in_one_order_once() {
    let owner = register(shared(), "order-owner").await;
    let names = ["Bea", "Cem", "Dan", "Eva", "Fay", "Gus", "Hal", "Ida", "Jan"];
    let (group, mut people) = group(&owner, "Ten at once", &names).await;
    people.insert(0, owner);
    let devices: Vec<Device> = people.iter().map(Device::new).collect();
    for device in &devices {
        device.online().await;
    }
    // The first five look at it, three of them write; the others only have it in their list.
    let (looking, elsewhere) = devices.split_at(5);
    looking.iter().for_each(|device| device.show(group));

    let texts: Vec<String> = (0..MESSAGES).map(|n| format!("message {n:03}")).collect();
    for (n, text) in texts.iter().enumerate() {
        looking[n % 3].send(group, text.clone());
    }
    for device in looking {
        device.until("show the last message", |engine| shows_up_to(engine, MESSAGES as u64)).await;
        device.until("have read everything", |engine| unread(engine, group, 0)).await;
    }
    for device in elsewhere {
        device
            .until("count everything as unread", |engine| unread(engine, group, MESSAGES as u64))
            .await;
    }

    let truth = truth(&people[9], group).await;
    assert_said_once(&truth, texts);
    for device in &devices {
        device.show(group);
        assert_eq!(read_whole(device).await, truth);
        device.until("have read everything", |engine| unread(engine, group, 0)).await;
    }
}

#[tokio::test]
async fn a_message_that_comes_while_the_end_is_out_of_sight_stays_unread() {
    let owner = register(shared(), "sight-owner").await;
    let (group, guests) = group(&owner, "Out of sight", &["Bea"]).await;
    let (writer, reader) = (Device::new(&owner), Device::new(&guests[0]));
    for device in [&writer, &reader] {
        device.show(group);
        device.online().await;
    }
    reader.act(Action::AtEnd(false));
    writer.send(group, "below");
    reader.until("count it as unread", |engine| unread(engine, group, 1)).await;
    reader.act(Action::AtEnd(true));
    reader.until("have read it", |engine| unread(engine, group, 0)).await;
}

#[tokio::test]
async fn ones_own_message_marks_what_came_before_it_as_read_however_busy_the_group_is() {
    const BEFORE: usize = 10;
    const AFTER: usize = 90;
    let owner = register(shared(), "busy-owner").await;
    let (group, guests) = group(&owner, "Busy", &["Bea"]).await;
    let writer = &guests[0];
    // All at once, so that most of it reaches the owner's account in one delivery.
    let mut others = Socket::open(&writer.api, &path(group)).await.expect("opens");
    let mut own = Socket::open(&owner.api, &path(group)).await.expect("opens");
    for n in 0..BEFORE {
        assert!(others.say(send_call(n)).await);
    }
    for _ in 0..BEFORE {
        assert_eq!(frame(&mut others).await["type"], "reply");
    }
    assert!(own.say(send_call(BEFORE)).await);
    assert_eq!(frame(&mut own).await["type"], "reply");
    for n in 0..AFTER {
        assert!(others.say(send_call(n)).await);
    }
    let device = Device::new(&owner);
    device
        .until("count what came after the own message", |engine| {
            unread(engine, group, AFTER as u64)
        })
        .await;
}

fn send_call(n: usize) -> String {
    let id = MessageId::new(now(), ten());
    let command = json!({ "type": "send", "id": id, "text": format!("message {n}") });
    json!({ "type": "call", "ref": n, "command": command }).to_string()
}
