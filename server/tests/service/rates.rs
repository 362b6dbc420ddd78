//! The rates that `PROTOCOL.md` states are those that hold.

use serde_json::json;
use tideline_server::limits::{Limits, Rate};

use crate::world::{World, path};

#[test]
fn every_rate_is_listed_with_its_value() {
    let protocol = include_str!("../../../PROTOCOL.md");
    let Limits {
        register,
        guest,
        sign_in,
        wrong_password,
        invite,
        find,
        profile,
        export,
        send,
        talk,
    } = Limits::default();
    let row = |name: &str, by: &str, Rate { burst, every_ms }: Rate| {
        format!("| `{name}` | {by} | {burst} | {every_ms} ms |")
    };
    let wanted = [
        row("register", "network address", register),
        row("guest", "network address", guest),
        row("sign_in", "network address", sign_in),
        row("wrong_password", "account", wrong_password),
        row("invite", "network address", invite),
        row("find", "account", find),
        row("profile", "account", profile),
        row("export", "account", export),
        row("send", "person and conversation", send),
        row("talk", "conversation", talk),
    ];
    let listed: Vec<&str> = protocol.lines().filter(|line| line.ends_with(" ms |")).collect();
    assert_eq!(listed, wanted);
}

#[test]
fn a_deployment_overrides_single_rates() {
    let limits = Limits::read(r#"{"send": {"burst": 1, "every_ms": 2}}"#).expect("reads");
    assert_eq!(limits.send, Rate { burst: 1, every_ms: 2 });
    assert_eq!(limits.find, Limits::default().find);
    assert_eq!(Limits::read(" ").expect("nothing is fine"), Limits::default());
    assert!(Limits::read("{").is_err());
}

/// What is spent is spent, whatever happens to the memory of an object; and a refusal says when to
/// come back.
#[test]
fn buckets_survive_a_restart_and_fill_with_time() {
    let world = World::with_limits(Limits {
        send: Rate { burst: 3, every_ms: 2_000 },
        profile: Rate { burst: 1, every_ms: 5_000 },
        ..Limits::default()
    });
    let ana = world.register("ana");
    let group = world.group(&ana, "Tide pool");
    let say = |text: &str| json!({"type": "send", "id": world.message_id(), "text": text});
    for _ in 0..3 {
        world.ok(&ana, &path(group), say("hello"));
    }
    let name = || json!({"type": "update_profile", "display_name": "Ana"});
    world.ok(&ana, "/api/account", name());
    world.restart();
    let (status, answer, _) = world.post(Some(&ana.cookie), &path(group), say("again"));
    assert_eq!((status, &answer["code"]), (429, &json!("rate_limited")));
    let wait = answer["retry_after_ms"].as_u64().expect("says for how long");
    assert_eq!(world.refused(&ana, "/api/account", name()), "rate_limited");
    world.pass(wait - 1);
    assert_eq!(world.refused(&ana, &path(group), say("too soon")), "rate_limited");
    world.pass(1);
    world.ok(&ana, &path(group), say("in time"));
}

#[test]
fn a_conversation_gets_as_loud_as_its_rate_whoever_talks() {
    let world =
        World::with_limits(Limits { talk: Rate { burst: 10, every_ms: 100 }, ..Limits::default() });
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    let other = world.group(&ana, "Another");
    world.join(&ben, &world.invite(&ana, group));
    world.settle();
    for n in 0..10 {
        world.send(if n % 2 == 0 { &ana } else { &ben }, group, "hello");
    }
    world.restart();
    let say = |text: &str| json!({"type": "send", "id": world.message_id(), "text": text});
    let (status, answer, _) = world.post(Some(&ben.cookie), &path(group), say("one more"));
    assert_eq!((status, &answer["code"]), (429, &json!("rate_limited")));
    world.send(&ana, other, "it is quiet here");
    world.pass(answer["retry_after_ms"].as_u64().expect("says for how long"));
    world.ok(&ben, &path(group), say("one more"));
    world.settle();
    assert_eq!(world.texts(&ana, group).len(), 11);
}
