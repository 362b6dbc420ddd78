//! What a device that comes back is told: what changed, once, or a fresh start.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::limits::{Limits, Rate};
use tideline_shared::limits;

use crate::world::{World, path};

fn free() -> World {
    let any = Rate { burst: 1_000_000, every_ms: 0 };
    World::with_limits(Limits { say: any, send: any, talk: any, ..Limits::default() })
}

fn hello(world: &World, socket: usize, cursor: u64) -> Vec<Value> {
    world.say(socket, &json!({"type": "hello", "cursor": cursor}).to_string());
    world.heard(socket)
}

fn cursor(pages: &[Value]) -> u64 {
    let last = pages.last().expect("at least a page");
    assert_eq!(last["done"], true);
    last["cursor"].as_u64().expect("a cursor")
}

#[test]
fn a_device_that_was_away_gets_what_changed_and_nothing_else() {
    let world = free();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    world.join(&ben, &world.invite(&ana, group));
    world.send(&ana, group, "before");
    world.settle();
    let (_, conversation) = world.mirror(&ben, &path(group));
    let (_, account) = world.mirror(&ben, "/api/account");
    (0..3).for_each(|n| drop(world.send(&ana, group, &format!("{n}"))));
    world.settle();
    let socket = world.open(&ben, &path(group)).expect("opens");
    let pages = hello(&world, socket, cursor(&conversation));
    let rows = pages[0]["rows"].as_array().expect("rows");
    let texts: Vec<&Value> = rows.iter().map(|row| &row["body"]["text"]).collect();
    assert_eq!(texts, [&json!("0"), &json!("1"), &json!("2")]);
    let socket = world.open(&ben, "/api/account").expect("opens");
    let pages = hello(&world, socket, cursor(&account));
    let rows = pages[0]["rows"].as_array().expect("rows");
    assert_eq!(rows.iter().filter(|row| row["type"] == "delivered").count(), 3);
    let entries: Vec<&Value> = rows.iter().filter(|row| row["type"] == "entry").collect();
    assert_eq!((entries.len(), &entries[0]["unread"]), (1, &json!(4)));
    assert_eq!(hello(&world, socket, cursor(&pages)).len(), 1);
}

#[test]
fn a_device_far_behind_starts_anew_with_the_newest_page() {
    let world = free();
    let ana = world.register("ana");
    let group = world.group(&ana, "Tide pool");
    let (_, pages) = world.mirror(&ana, &path(group));
    let behind = cursor(&pages);
    (0..=limits::RESYNC_ROWS).for_each(|n| drop(world.send(&ana, group, &format!("{n}"))));
    world.settle();
    let socket = world.open(&ana, &path(group)).expect("opens");
    let pages = hello(&world, socket, behind);
    assert_eq!(pages[0]["reset"], true);
    let rows = pages.iter().flat_map(|page| page["rows"].as_array().expect("rows"));
    let messages = rows.filter(|row| row["type"] == "message").count();
    assert_eq!(messages, limits::PAGE_MESSAGES as usize);
    let pages = hello(&world, socket, behind + 1);
    assert!(pages.len() > 1, "fits the budget, in several pages");
    assert!(pages[0]["reset"].is_null());
    assert_eq!(pages[0]["cursor"], behind + 1, "the cursor moves with the last page");
    cursor(&pages);
}

#[test]
fn a_cursor_from_the_future_is_answered_with_a_fresh_start() {
    let world = free();
    let ana = world.register("ana");
    let group = world.group(&ana, "Tide pool");
    for to in [path(group), "/api/account".to_owned()] {
        let socket = world.open(&ana, &to).expect("opens");
        let pages = hello(&world, socket, 1_000_000);
        assert_eq!(pages[0]["reset"], true);
        assert!(cursor(&pages) < 1_000_000);
    }
}

#[test]
fn a_cursor_from_before_a_restore_is_answered_with_a_fresh_start() {
    let world = free();
    let ana = world.register("ana");
    let group = world.group(&ana, "Tide pool");
    world.send(&ana, group, "High tide");
    world.settle();
    let places = [
        (path(group), Address::Conversation(group)),
        ("/api/account".to_owned(), Address::Account(ana.user)),
    ];
    for (to, at) in places {
        let (socket, pages) = world.mirror(&ana, &to);
        // What a restore does: `backup/src/future.rs`.
        world.tamper(at, "UPDATE clock SET version = version + 9999, horizon = version + 9999");
        world.evict(at);
        for known in [cursor(&pages), cursor(&pages) + 999] {
            assert_eq!(hello(&world, socket, known)[0]["reset"], true);
        }
        let now = cursor(&hello(&world, socket, 0));
        assert!(hello(&world, socket, now)[0]["reset"].is_null());
        world.send(&ana, group, "Low tide");
        world.settle();
        assert!(cursor(&hello(&world, socket, now)) > now);
    }
}

#[test]
fn every_change_raises_the_version_by_one() {
    let world = free();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    let (socket, pages) = world.mirror(&ana, &path(group));
    let (account, inbox) = world.mirror(&ana, "/api/account");
    world.join(&ben, &world.invite(&ana, group));
    (0..20).for_each(|n| drop(world.send(&ben, group, &format!("{n}"))));
    world.ok(&ben, "/api/account", json!({"type": "update_profile", "display_name": "Benno"}));
    world.settle();
    world.ok(&ben, &path(group), json!({"type": "leave"}));
    world.settle();
    for (socket, from) in [(socket, cursor(&pages)), (account, cursor(&inbox))] {
        let changes = world.heard(socket);
        let versions: Vec<u64> =
            changes.iter().filter_map(|change| change["version"].as_u64()).collect();
        let wanted: Vec<u64> = (from + 1..=from + versions.len() as u64).collect();
        assert_eq!(versions, wanted);
        assert!(versions.len() > 2);
    }
}

#[test]
fn the_timeline_forgets_what_is_old_and_says_so() {
    let world = free();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    world.join(&ben, &world.invite(&ana, group));
    world.settle();
    let (_, pages) = world.mirror(&ben, "/api/account");
    let behind = cursor(&pages);
    for n in 0..300 {
        world.send(&ana, group, &format!("{n}"));
        world.settle();
        if n == 100 {
            world.pass(40 * 24 * 60 * 60 * 1_000);
        }
    }
    let ben = world.sign_in("ben");
    let socket = world.open(&ben, "/api/account").expect("opens");
    let pages = hello(&world, socket, behind);
    assert_eq!(pages[0]["reset"], true, "what it missed is not kept any more");
    let entry =
        pages[0]["rows"].as_array().expect("rows").iter().find(|row| row["type"] == "entry");
    assert_eq!(entry.expect("the entry stays")["unread"], 300);
}
