//! Calls that objects have under way: how many, and what becomes of those that wait for a place.

use serde_json::json;
use tideline_server::Address;

use crate::files::{send, upload};
use crate::world::{Someone, World, path};

fn guests(world: &World, invite: &str, count: usize) -> Vec<Someone> {
    let join = |n| {
        let join =
            json!({"type": "join_as_guest", "token": invite, "display_name": format!("Guest {n}")});
        let (_, answer, cookie) = world.post(None, "/api/invites", join);
        world.someone(&answer, cookie)
    };
    (0..count).map(join).collect()
}

/// Deliveries, files to be erased, pages to look at, and what is owed, all at once.
fn much(world: &World) {
    let ana = world.register("ana");
    let group = world.group(&ana, "Tide pool");
    let guests = guests(world, &world.invite(&ana, group), 20);
    world.page("https://tide.com/", "<title>Tide</title>");
    for n in 0..10 {
        let file = upload(world, &ana, group, &format!("{n}.txt"), b"a file");
        send(world, &ana, group, "", &[file]);
    }
    assert_eq!(world.store.borrow().len(), 10);

    // Deliveries wait for no company any more.
    world.sleep(2_000);
    let at = Address::Conversation(group);
    let mut most = 0;
    for seq in 1..=10 {
        world.ok(&ana, &path(group), json!({"type": "recall", "seq": seq}));
        most = most.max(world.under_way(at));
    }
    for n in 0..4 {
        let text = format!("{n}: https://tide.com");
        let send = json!({"type": "send", "id": world.message_id(), "text": text});
        world.ok(&ana, &path(group), send);
        most = most.max(world.under_way(at));
    }
    while world.carry_one() {
        most = most.max(world.under_way(at));
    }
    assert_eq!(most, 16);

    world.settle();
    assert_eq!(world.store.borrow().len(), 0);
    let read = world.ok(&guests[19], &path(group), json!({"type": "history"}));
    let messages = read["messages"].as_array().expect("messages").iter();
    assert_eq!(messages.filter(|message| message["card"] == "Tide").count(), 4);
    assert_eq!(world.entry(&guests[19], group).expect("is told")["last_seq"], 14);
    assert!(world.faults.borrow().is_empty());
}

#[test]
fn no_object_has_more_than_sixteen_calls_under_way_and_what_waits_is_done() {
    much(&World::new());
}

#[test]
fn an_answer_that_comes_twice_makes_room_once() {
    let world = World::new();
    world.reports_twice.set(true);
    much(&world);
}

/// An alarm that is due at once, again and again, would keep an object busy with nothing but that.
#[test]
fn what_waits_for_a_place_does_not_wake_anybody() {
    let world = World::new();
    let ana = world.register("ana");
    let groups: Vec<_> = (0..20).map(|n| world.group(&ana, &format!("Pool {n}"))).collect();
    world.settle();
    let later = |at: Address| assert!(world.alarm_of(at).is_none_or(|at| at > world.now()));

    // More conversations to tell a new name than calls may be under way.
    let name = json!({"type": "update_profile", "display_name": "安娜"});
    world.ok(&ana, "/api/account", name);
    later(Address::Account(ana.user));
    world.settle();

    // More members that cannot be reached than that.
    let guests = guests(&world, &world.invite(&ana, groups[0]), 30);
    world.settle();
    let cut_off = || guests.iter().map(|guest| Address::Account(guest.user));
    world.unreachable.borrow_mut().extend(cut_off());
    world.send(&ana, groups[0], "hello");
    while world.carry_one() {}
    world.sleep(60_000);
    world.send(&ana, groups[0], "hello again");
    later(Address::Conversation(groups[0]));
    world.unreachable.borrow_mut().clear();
    world.restart();
    world.pass(600_000);
    assert_eq!(world.entry(&guests[29], groups[0]).expect("is told")["last_seq"], 2);
}
