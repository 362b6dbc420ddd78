//! The rates that `PROTOCOL.md` states are those that hold.

use serde_json::json;
use tideline_server::Address;
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
        search,
        profile,
        export,
        send,
        react,
        talk,
        contact,
        govern,
        upload,
        signal,
        subscribe,
        preview,
        report,
        password_kib: _,
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
        row("search", "account", search),
        row("profile", "account", profile),
        row("export", "account", export),
        row("send", "person and conversation", send),
        row("react", "person and conversation", react),
        row("talk", "conversation", talk),
        row("contact", "account", contact),
        row("govern", "person and conversation", govern),
        row("upload", "person and conversation", upload),
        row("signal", "account, or person and conversation", signal),
        row("subscribe", "account", subscribe),
        row("preview", "person and conversation", preview),
        row("report", "account, or person and conversation", report),
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
    let invite = world.invite(&ana, groups[0]);
    let guests: Vec<_> = (0..30)
        .map(|n| {
            let join = json!({"type": "join_as_guest", "token": invite, "display_name": format!("Guest {n}")});
            let (_, answer, cookie) = world.post(None, "/api/invites", join);
            world.someone(&answer, cookie)
        })
        .collect();
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
