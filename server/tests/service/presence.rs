//! Who gets to know that somebody is there.

use serde_json::{Value, json};
use tideline_shared::limits::{PRESENT_EVERY_MS, PRESENT_MS};

use crate::world::{Someone, World};

/// Ana and Ben, who have written to each other, with a device of each.
fn pair(world: &World) -> ([Someone; 2], [usize; 2]) {
    let people = [world.register("ana"), world.register("ben")];
    let direct = world.direct(&people[0], &people[1]);
    world.send(&people[0], direct, "hello");
    world.settle();
    let devices = [0, 1].map(|n| world.mirror(&people[n], "/api/account").0);
    (people, devices)
}

fn present(world: &World, device: usize, more: Value) {
    let mut command = json!({"type": "present"});
    for (key, value) in more.as_object().expect("an object") {
        command[key] = value.clone();
    }
    world.say(device, &json!({"type": "call", "ref": 1, "command": command}).to_string());
    world.settle();
}

/// The presence that a device heard of, oldest first.
fn heard(world: &World, device: usize) -> Vec<Value> {
    let frames = world.heard(device).into_iter().filter(|frame| frame["type"] == "signal");
    frames.map(|frame| frame["rows"][0].clone()).collect()
}

#[test]
fn who_watches_sees_somebody_come_stay_and_go() {
    let world = World::new();
    let ([_, ben], [anas, bens]) = pair(&world);
    present(&world, anas, json!({"watching": ben.user}));
    assert_eq!(heard(&world, anas), [json!({"type": "presence", "user": ben.user})], "never there");
    present(&world, bens, json!({}));
    let came = world.now().0;
    assert_eq!(
        heard(&world, anas),
        [json!({"type": "presence", "user": ben.user, "online_ms": PRESENT_MS, "last_seen": came})]
    );
    world.sleep(PRESENT_EVERY_MS);
    present(&world, anas, json!({"watching": ben.user}));
    assert_eq!(heard(&world, anas)[0]["online_ms"], PRESENT_MS - PRESENT_EVERY_MS);
    present(&world, bens, json!({"away": true}));
    let left = world.now().0;
    let gone = json!({"type": "presence", "user": ben.user, "last_seen": left});
    assert_eq!(heard(&world, anas), [gone]);
    // Nobody watches any more after a while.
    world.sleep(PRESENT_MS + 1);
    present(&world, bens, json!({}));
    assert_eq!(heard(&world, anas), Vec::<Value>::new());
    assert_eq!(heard(&world, bens), Vec::<Value>::new(), "who watched nobody hears of nobody");
}

#[test]
fn a_second_device_keeps_somebody_there() {
    let world = World::new();
    let ([_, ben], [anas, bens]) = pair(&world);
    let again = world.sign_in("ben");
    let (phone, _) = world.mirror(&again, "/api/account");
    present(&world, bens, json!({}));
    present(&world, phone, json!({}));
    present(&world, bens, json!({"away": true}));
    present(&world, anas, json!({"watching": ben.user}));
    assert_eq!(heard(&world, anas).pop().expect("told")["online_ms"], PRESENT_MS);
    world.ok(&again, "/api/session", json!({"type": "sign_out"}));
    world.settle();
    present(&world, anas, json!({"watching": ben.user}));
    assert_eq!(heard(&world, anas).pop().expect("told")["online_ms"], Value::Null);
}

#[test]
fn who_hides_something_does_not_see_it_of_others() {
    let world = World::new();
    let ([ana, ben], [anas, bens]) = pair(&world);
    present(&world, bens, json!({}));
    let choose = |by: &Someone, what: Value| {
        let mut command = what;
        command["type"] = "change_settings".into();
        world.ok(by, "/api/account", command);
        world.settle();
    };
    let seen = || {
        heard(&world, anas);
        present(&world, anas, json!({"watching": ben.user}));
        let row = heard(&world, anas).pop().unwrap_or_default();
        (row["online_ms"].is_u64(), row["last_seen"].is_u64())
    };
    assert_eq!(seen(), (true, true));
    choose(&ben, json!({"hides_presence": true}));
    assert!(heard(&world, anas).pop().expect("told at once")["online_ms"].is_null());
    assert_eq!(seen(), (false, true));
    choose(&ben, json!({"hides_last_seen": true}));
    assert_eq!(seen(), (false, false));
    choose(&ben, json!({"hides_presence": false, "hides_last_seen": false}));
    assert_eq!(seen(), (true, true));
    choose(&ana, json!({"hides_presence": true}));
    assert_eq!(seen(), (false, true));
    choose(&ana, json!({"hides_last_seen": true}));
    assert_eq!(seen(), (false, false));
}

#[test]
fn only_who_has_a_conversation_with_somebody_watches_them_and_no_block_between() {
    let world = World::new();
    let ([ana, ben], [anas, bens]) = pair(&world);
    let stranger = world.register("cleo");
    let (cleos, _) = world.mirror(&stranger, "/api/account");
    present(&world, bens, json!({}));
    present(&world, cleos, json!({"watching": ben.user}));
    assert_eq!(heard(&world, cleos), Vec::<Value>::new());
    let nobody = "01938a5e-7c00-7000-8000-0000000000ff";
    present(&world, cleos, json!({"watching": nobody}));
    present(&world, cleos, json!({"watching": stranger.user}));
    assert_eq!(heard(&world, cleos), Vec::<Value>::new());
    world.ok(&ben, "/api/people", json!({"type": "block", "user": ana.user}));
    world.settle();
    present(&world, anas, json!({"watching": ben.user}));
    present(&world, bens, json!({}));
    let nothing = json!({"type": "presence", "user": ben.user});
    assert_eq!(heard(&world, anas), [nothing], "as if he hid it all");
    present(&world, anas, json!({}));
    present(&world, bens, json!({"watching": ana.user}));
    assert_eq!(heard(&world, bens), Vec::<Value>::new());
}

#[test]
fn devices_of_one_person_know_that_another_one_is_looked_at() {
    let world = World::new();
    let ([_, ben], [_, laptop]) = pair(&world);
    let again = world.sign_in("ben");
    let (phone, _) = world.mirror(&again, "/api/account");
    let elsewhere = |ms| vec![json!({"type": "elsewhere", "looked_ms": ms})];
    // Whatever others may know.
    world.ok(&ben, "/api/account", json!({"type": "change_settings", "hides_presence": true}));
    world.settle();
    present(&world, phone, json!({}));
    assert_eq!(heard(&world, laptop), elsewhere(PRESENT_MS));
    assert_eq!(heard(&world, phone), Vec::<Value>::new(), "it knows of itself");
    // A device hears of the others only.
    world.sleep(10_000);
    present(&world, laptop, json!({}));
    assert_eq!(heard(&world, phone), elsewhere(PRESENT_MS));
    assert_eq!(heard(&world, laptop), Vec::<Value>::new());
    present(&world, laptop, json!({"away": true}));
    assert_eq!(heard(&world, phone), [json!({"type": "elsewhere"})]);
    // Who comes hears it before what came.
    let third = world.sign_in("ben");
    let (_, frames) = world.mirror(&third, "/api/account");
    let first = &frames[0];
    assert_eq!(
        (&first["type"], &first["rows"]),
        (&json!("signal"), &json!(elsewhere(PRESENT_MS - 10_000)))
    );
    present(&world, phone, json!({"away": true}));
    assert_eq!(heard(&world, laptop), [json!({"type": "elsewhere"})]);
}
