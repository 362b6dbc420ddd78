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
        search,
        profile,
        export,
        group,
        direct,
        join,
        open,
        say,
        send,
        react,
        talk,
        contact,
        block,
        keep,
        link,
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
        row("group", "account", group),
        row("direct", "account", direct),
        row("join", "account", join),
        row("open", "account", open),
        row("say", "account", say),
        row("send", "person and conversation", send),
        row("react", "person and conversation", react),
        row("talk", "conversation", talk),
        row("contact", "account", contact),
        row("block", "account", block),
        row("keep", "account", keep),
        row("link", "person and conversation", link),
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

/// Memory counts what is often done; an object that sleeps loses it, and forgives nothing that time did not.
#[test]
fn an_object_that_sleeps_forgives_nothing() {
    let said = |sleeps: bool| -> Vec<usize> {
        let world = World::with_limits(Limits {
            send: Rate { burst: 100, every_ms: 1_000 },
            ..Limits::default()
        });
        let ana = world.register("ana");
        let group = world.group(&ana, "Tide pool");
        let send = || {
            let say = json!({"type": "send", "id": world.message_id(), "text": "hello"});
            world.post(Some(&ana.cookie), &path(group), say).0 == 200
        };
        let round = |_| {
            let said = (0..30).filter(|_| send()).count();
            world.sleep(10_000);
            if sleeps {
                world.restart();
            }
            said
        };
        (0..8).map(round).collect()
    };
    assert_eq!(said(false), [30, 30, 30, 30, 20, 10, 10, 10]);
    assert_eq!(said(true), said(false));
}

/// Of everything that an account does in many places it may do so much, wherever that is; what it has done
/// already, and whatever others do, does not count.
#[test]
fn an_account_does_only_so_much_in_all_of_its_conversations_together() {
    let two = Rate { burst: 2, every_ms: 10_000 };
    let limits = Limits {
        group: two,
        direct: two,
        join: two,
        say: two,
        keep: two,
        block: two,
        ..Limits::default()
    };
    let world = World::with_limits(limits);
    let ana = world.register("ana");
    let others: Vec<_> = (0..4).map(|n| world.register(&format!("other{n}"))).collect();
    let groups: Vec<_> = others.iter().map(|other| world.group(other, "Pool")).collect();
    let links: Vec<_> =
        others.iter().zip(&groups).map(|(other, group)| world.invite(other, *group)).collect();
    let new: Vec<_> = (0..4).map(|_| world.conversation_id()).collect();
    let ids: Vec<_> = (0..4).map(|_| world.message_id()).collect();
    // What is done for the nth time.
    type Deed<'a> = (&'a str, &'a dyn Fn(usize) -> (String, serde_json::Value));
    let deeds: [Deed<'_>; 6] = [
        ("group", &|n| (path(new[n]), json!({"type": "create_group", "name": "Mine"}))),
        ("direct", &|n| {
            let peer = others[n].user;
            let with = tideline_shared::ConversationId::direct(ana.user, peer);
            (path(with), json!({"type": "start_direct", "peer": peer}))
        }),
        ("join", &|n| ("/api/invites".to_owned(), json!({"type": "join", "token": links[n]}))),
        ("say", &|n| (path(new[n % 2]), json!({"type": "send", "id": ids[n], "text": "hello"}))),
        ("keep", &|n| {
            let draft =
                json!({"type": "draft", "conversation": new[n % 2], "text": format!("{n}")});
            ("/api/account".to_owned(), draft)
        }),
        ("block", &|n| {
            ("/api/people".to_owned(), json!({"type": "block", "user": others[n].user}))
        }),
    ];
    for (what, deed) in deeds {
        let ask = |n: usize| {
            let (path, command) = deed(n);
            let answer = world.post(Some(&ana.cookie), &path, command);
            world.settle();
            answer
        };
        (0..2).for_each(|n| assert_eq!(ask(n).0, 200, "{what}"));
        if !matches!(what, "say" | "keep") {
            assert_eq!(ask(0).0, 200, "{what}: it is so already");
        }
        world.restart();
        let (status, answer, _) = ask(2);
        assert_eq!((status, &answer["code"]), (429, &json!("rate_limited")), "{what}");
        let wait = answer["retry_after_ms"].as_u64().expect("says for how long");
        assert!(wait > 0 && wait <= 10_000, "{what}: {wait}");
        world.pass(wait);
        assert_eq!(ask(2).0, 200, "{what}");
        assert_eq!(ask(3).0, 429, "{what}");
        world.pass(60_000);
    }
}

#[test]
fn an_account_opens_only_so_many_sockets_and_is_told_when_to_come_back() {
    let open = Rate { burst: 3, every_ms: 4_000 };
    let world = World::with_limits(Limits { open, ..Limits::default() });
    let ana = world.register("ana");
    let groups: Vec<_> = (0..2).map(|n| world.group(&ana, &format!("Pool {n}"))).collect();
    for n in 0..3 {
        world.open(&ana, &path(groups[n % 2])).expect("may be opened");
    }
    let ended = world.open(&ana, &path(groups[0])).expect_err("is one too many");
    assert_eq!((&ended["type"], &ended["code"]), (&json!("ended"), &json!("rate_limited")));
    // One's own account is always there.
    world.open(&ana, "/api/account").expect("may be opened");
    world.pass(ended["retry_after_ms"].as_u64().expect("says for how long"));
    world.open(&ana, &path(groups[0])).expect("in time");
}

#[test]
fn a_member_makes_only_so_many_invite_links() {
    let link = Rate { burst: 2, every_ms: 1_000 };
    let world = World::with_limits(Limits { link, ..Limits::default() });
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    world.join(&ben, &world.invite(&ana, group));
    world.invite(&ana, group);
    let create = || json!({"type": "create_invite"});
    assert_eq!(world.refused(&ana, &path(group), create()), "rate_limited");
    world.invite(&ben, group);
    world.pass(1_000);
    world.invite(&ana, group);
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
