//! Two people, five devices: all of them in step, whatever happens on any of them.

use tideline_bench::{Account, Device};
use tideline_client::Action;
use tideline_shared::protocol::PeopleCommand;
use tideline_shared::{Code, Gender};

use crate::support::{entry, pair, read_whole, shared, shows_up_to, truth, unread};

async fn devices(of: &Account, count: usize) -> Vec<Device> {
    let mut devices = vec![Device::new(of)];
    let name = of.me.user_name.as_deref().expect("is registered");
    while devices.len() < count {
        let browser = Account::sign_in(of.api.origin(), name).await.expect("signs in");
        devices.push(Device::new(&browser));
    }
    for device in &devices {
        device.online().await;
    }
    devices
}

#[tokio::test]
async fn two_people_with_five_devices_are_in_step() {
    let (ana, ben, conversation) = pair(shared(), ["step-ana", "step-ben"]).await;
    let anas = devices(&ana, 3).await;
    let bens = devices(&ben, 2).await;
    for device in &anas {
        device.until("list the conversation", |engine| unread(engine, conversation, 0)).await;
    }
    // Nobody finds an empty conversation in their list because somebody looked at them.
    for device in &bens {
        assert!(device.look(|engine| entry(engine, conversation)).is_none());
    }

    // What Ana writes on one device is unread on all of Ben's, and on none of hers.
    anas[0].show(conversation);
    for n in 1..=5 {
        anas[0].send(conversation, format!("Ana says {n}"));
    }
    for device in &bens {
        device.until("count 5 unread", |engine| unread(engine, conversation, 5)).await;
    }
    for device in &anas {
        device
            .until("list Ana's last message, and nothing unread", |engine| {
                entry(engine, conversation).is_some_and(|item| {
                    let preview = item.preview.expect("something was said");
                    preview.text == "Ana says 5" && preview.own && item.unread == 0
                })
            })
            .await;
    }

    // Read on one device, it is read on the other.
    bens[0].show(conversation);
    for device in &bens {
        device.until("count nothing unread", |engine| unread(engine, conversation, 0)).await;
    }

    // Ben answers; Ana's devices agree that it is read, because one of them shows it.
    bens[0].send(conversation, "Ben says 6");
    for device in &anas {
        device
            .until("list Ben's answer as read", |engine| {
                entry(engine, conversation).is_some_and(|item| {
                    item.preview.is_some_and(|preview| preview.text == "Ben says 6")
                        && item.unread == 0
                })
            })
            .await;
    }

    // While nobody looks, it is unread everywhere, until somebody does.
    anas[0].act(Action::Show(None));
    bens[0].send(conversation, "Ben says 7");
    for device in &anas {
        device.until("count 1 unread", |engine| unread(engine, conversation, 1)).await;
    }
    anas[2].show(conversation);
    for device in &anas {
        device.until("count nothing unread", |engine| unread(engine, conversation, 0)).await;
    }

    // In the end everybody sees the same.
    let truth = truth(&ana, conversation).await;
    for device in anas.iter().chain(&bens) {
        device.show(conversation);
        device.until("show all 7 messages", |engine| shows_up_to(engine, 7)).await;
        assert_eq!(read_whole(device).await, truth);
    }
    for devices in [&anas, &bens] {
        let inbox = devices[0].look(|engine| engine.inbox());
        for device in devices {
            assert_eq!(device.look(|engine| engine.inbox()), inbox);
        }
    }
}

#[tokio::test]
async fn a_profile_changed_on_one_device_is_changed_on_all() {
    let (ana, ben, _) = pair(shared(), ["profile-ana", "profile-ben"]).await;
    let devices = devices(&ana, 3).await;
    devices[0].act(Action::UpdateProfile {
        display_name: "安娜".to_owned(),
        age: Some(34),
        gender: Gender::Female,
        signature: "At sea.".to_owned(),
    });
    assert_eq!(devices[0].answer().await, Ok(()));
    for device in &devices {
        device
            .until("show the new profile", |engine| {
                engine.profile().is_some_and(|profile| {
                    profile.person.display_name == "安娜"
                        && profile.age.is_some_and(|age| age.years() == 34)
                        && profile.gender == Gender::Female
                        && profile.signature == "At sea."
                })
            })
            .await;
    }
    let seen = ben.people(PeopleCommand::Profile { user: ana.me.user }).await.expect("is there");
    assert!(format!("{seen:?}").contains("At sea."), "{seen:?}");

    // What is refused changes nothing anywhere.
    devices[1].act(Action::UpdateProfile {
        display_name: "Ana".to_owned(),
        age: Some(151),
        gender: Gender::Unstated,
        signature: String::new(),
    });
    let refused = devices[1].answer().await.expect_err("nobody is that old");
    assert_eq!(refused.code, Code::AgeOutOfRange);
    let seen_after = ben.people(PeopleCommand::Profile { user: ana.me.user }).await;
    assert_eq!(seen_after.expect("is there"), seen);
}
