//! Public groups: found, seen and joined by people who are not in them, at once or when they are let
//! in; and nothing else of them is known outside.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::directory::groups_shard;
use tideline_shared::{ConversationId, UserId, limits};

use crate::world::{Someone, World, path};

const SEARCH: &str = "/api/search";

struct Scene {
    world: World,
    group: ConversationId,
    ana: Someone,
    ben: Someone,
    cho: Someone,
}

/// A group of Ana's; Ben and Cho are not in it.
fn scene() -> Scene {
    let world = World::new();
    let [ana, ben, cho] = ["ana", "ben", "cho"].map(|name| world.register(name));
    let group = world.conversation_id();
    let create = json!({"type": "create_group", "name": "潮池 Tide pool", "group_type": "Friends",
                        "description": "Where we meet at low water"});
    world.ok(&ana, &path(group), create);
    world.settle();
    Scene { world, group, ana, ben, cho }
}

impl Scene {
    fn ok(&self, by: &Someone, command: Value) -> Value {
        let answer = self.world.ok(by, &path(self.group), command);
        self.world.settle();
        answer
    }

    fn refused(&self, by: &Someone, command: Value) -> String {
        let before = self.dump();
        let code = self.world.refused(by, &path(self.group), command);
        assert_eq!(self.dump(), before);
        code
    }

    fn dump(&self) -> String {
        self.world.dump(Address::Conversation(self.group))
    }

    fn change(&self, more: &Value) {
        let mut command = json!({"type": "change_record"});
        let command_map = command.as_object_mut().expect("is one");
        command_map.extend(more.as_object().expect("is one").clone());
        self.ok(&self.ana, command);
    }

    fn find(&self, by: &Someone, query: &str) -> Vec<Value> {
        let command = json!({"type": "public_groups", "query": query});
        let answer = self.world.ok(by, SEARCH, command);
        assert_eq!(answer["missing"], json!([]));
        answer["found"].as_array().expect("a list").clone()
    }

    fn standing(&self, by: &Someone) -> Value {
        self.ok(by, json!({"type": "preview"}))["standing"].clone()
    }

    fn requests(&self) -> Vec<Value> {
        let answer = self.ok(&self.ana, json!({"type": "requests"}));
        answer["people"].as_array().expect("a list").clone()
    }
}

fn join() -> Value {
    json!({"type": "join"})
}

#[test]
fn a_public_group_is_found_seen_and_joined_by_anybody() {
    let scene = scene();
    let Scene { world, group, ana, ben, .. } = &scene;
    world.send(ana, *group, "a secret so far");
    assert_eq!(scene.find(ben, "tide"), Vec::<Value>::new());
    scene.change(&json!({"public": true}));
    let facts = json!({"conversation": group, "name": "潮池 Tide pool", "group_type": "Friends",
                       "description": "Where we meet at low water", "members": 1});
    for query in ["tide", "池", "FRIENDS", "low WATER", "ｔｉｄｅ", "meet 潮"] {
        assert_eq!(scene.find(ben, query), std::slice::from_ref(&facts), "{query}");
    }
    for query in ["ide", "secret", "ana", "tide harbour", "\"; DROP TABLE groups; --"] {
        assert_eq!(scene.find(ben, query), Vec::<Value>::new(), "{query}");
    }
    // Who is in it finds it among their own.
    assert_eq!(scene.find(ana, "tide"), Vec::<Value>::new());
    let preview = scene.ok(ben, json!({"type": "preview"}));
    assert_eq!(
        preview,
        json!({"type": "preview", "name": "潮池 Tide pool", "group_type": "Friends",
               "description": "Where we meet at low water", "members": 1, "standing": "none"})
    );
    // Looking at it is no way in.
    for command in [
        json!({"type": "history"}),
        json!({"type": "invites"}),
        json!({"type": "send", "id": world.message_id(), "text": "hi"}),
    ] {
        assert_eq!(scene.refused(ben, command), "not_a_member");
    }
    assert!(world.open(ben, &path(*group)).is_err());

    assert_eq!(scene.ok(ben, join())["standing"], "member");
    let once = scene.dump();
    assert_eq!(scene.ok(ben, join())["standing"], "member");
    assert_eq!(scene.dump(), once, "is in already");
    assert_eq!(world.entry(ben, *group).expect("is in it")["unread"], 0);
    world.send(ben, *group, "hello");
    assert_eq!(world.texts(ana, *group), ["a secret so far", "hello"]);
    assert_eq!(scene.standing(ben), "member");
}

#[test]
fn a_private_group_an_empty_one_and_two_people_tell_a_stranger_nothing() {
    let scene = scene();
    let Scene { world, group, ana, ben, cho } = &scene;
    for command in ["preview", "join", "take_back", "requests"] {
        assert_eq!(scene.refused(cho, json!({"type": command})), "not_a_member");
    }
    let nothing = path(world.conversation_id());
    for command in ["preview", "join", "take_back", "requests"] {
        assert_eq!(world.refused(cho, &nothing, json!({"type": command})), "unknown_conversation");
    }
    let pair = path(world.direct(ana, ben));
    assert_eq!(world.refused(cho, &pair, join()), "not_a_member");
    assert_eq!(world.refused(ben, &pair, join()), "not_a_group");
    assert_eq!(world.refused(ben, &pair, json!({"type": "preview"})), "not_a_group");
    let public = json!({"type": "change_record", "public": true});
    assert_eq!(world.refused(ben, &pair, public.clone()), "not_a_group");
    assert_eq!(scene.refused(ben, public), "not_a_member");
    // Everybody leaves a public group: it is there for nobody.
    scene.change(&json!({"public": true}));
    assert_eq!(scene.find(ben, "tide").len(), 1);
    scene.ok(ana, json!({"type": "leave"}));
    assert_eq!(scene.find(ben, "tide"), Vec::<Value>::new());
    assert_eq!(scene.refused(ben, join()), "not_a_member");
    let (_, signed_out, _) = world.post(None, &path(*group), join());
    assert_eq!(signed_out["code"], "signed_out");
}

#[test]
fn the_directory_follows_what_a_group_says_of_itself_and_never_falls_back() {
    let scene = scene();
    let Scene { world, group, ben, .. } = &scene;
    let shard = Address::Directory(groups_shard(*group));
    // What the directory does not hear at first it hears later.
    world.unreachable.borrow_mut().insert(shard);
    scene.change(&json!({"public": true}));
    scene.change(&json!({"name": "Rock pool", "description": ""}));
    world.restart();
    world.unreachable.borrow_mut().clear();
    (0..5).for_each(|_| world.pass(60_000));
    assert_eq!(scene.find(ben, "rock").len(), 1);
    assert_eq!(scene.find(ben, "water"), Vec::<Value>::new());
    scene.change(&json!({"public": false}));
    assert_eq!(scene.find(ben, "rock"), Vec::<Value>::new());
    // An older call that comes late lists nothing.
    let late = json!({"type": "list_group", "conversation": group, "version": 2,
                      "facts": ["Tide pool", "", ""]});
    world.call_raw(shard, &late.to_string());
    let listed = world.rows(shard, "SELECT name, told FROM groups");
    assert!(!format!("{listed:?}").contains("Tide pool"));
    assert_eq!(scene.find(ben, "tide"), Vec::<Value>::new());
}

#[test]
fn the_group_itself_has_the_last_word_about_who_finds_it() {
    let scene = scene();
    let Scene { world, group, ben, .. } = &scene;
    scene.change(&json!({"public": true}));
    // The directory does not know yet that the group became private.
    world.unreachable.borrow_mut().insert(Address::Directory(groups_shard(*group)));
    scene.ok(&scene.ana, json!({"type": "change_record", "public": false}));
    world.unreachable.borrow_mut().clear();
    assert_eq!(scene.find(ben, "tide"), Vec::<Value>::new());
    scene.change(&json!({"public": true}));
    world.unreachable.borrow_mut().insert(Address::Conversation(*group));
    let answer = world.ok(ben, SEARCH, json!({"type": "public_groups", "query": "tide"}));
    assert_eq!(answer, json!({"type": "groups", "found": [], "missing": [group]}));
}

#[test]
fn who_is_banned_neither_finds_nor_sees_nor_joins() {
    let scene = scene();
    let Scene { ana, ben, .. } = &scene;
    scene.change(&json!({"public": true}));
    scene.ok(ben, join());
    scene.ok(ana, json!({"type": "ban", "user": ben.user}));
    assert_eq!(scene.find(ben, "tide"), Vec::<Value>::new());
    for command in ["preview", "join"] {
        assert_eq!(scene.refused(ben, json!({"type": command})), "banned");
    }
    scene.ok(ana, json!({"type": "unban", "user": ben.user}));
    assert_eq!(scene.ok(ben, join())["standing"], "member");
}

#[test]
fn who_asks_is_listed_let_in_turned_away_or_takes_it_back() {
    let scene = scene();
    let Scene { world, group, ana, ben, cho } = &scene;
    scene.change(&json!({"public": true, "approval": true}));
    assert_eq!(scene.ok(ben, json!({"type": "preview"}))["approval"], true);
    assert_eq!(scene.ok(ben, join())["standing"], "asked");
    world.sleep(1);
    scene.ok(cho, join());
    let once = scene.dump();
    assert_eq!(scene.ok(ben, join())["standing"], "asked");
    assert_eq!(scene.dump(), once, "asks already");
    world.restart();
    assert_eq!(scene.standing(ben), "asked");
    assert_eq!(world.refused(ben, &path(*group), json!({"type": "history"})), "not_a_member");
    let names = || scene.requests().iter().map(|one| one["user_name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(), ["ben", "cho"]);

    let admit = |whom: &Someone| json!({"type": "admit", "user": whom.user});
    let away = |whom: &Someone| json!({"type": "turn_away", "user": whom.user});
    for command in [json!({"type": "requests"}), admit(cho), away(cho)] {
        assert_eq!(scene.refused(ben, command), "not_a_member");
    }
    scene.ok(ana, admit(ben));
    scene.ok(ana, admit(ben));
    assert_eq!(world.entry(ben, *group).expect("is in it")["title"], "潮池 Tide pool");
    // A member does not decide.
    for command in [json!({"type": "requests"}), admit(cho), away(cho)] {
        assert_eq!(scene.refused(ben, command), "not_allowed");
    }
    scene.ok(ana, away(cho));
    assert_eq!(scene.standing(cho), "none");
    for command in [admit(cho), away(cho)] {
        assert_eq!(scene.refused(ana, command), "no_join_request");
    }
    let nobody = json!({"type": "admit", "user": UserId::new(1, [9; 10])});
    assert_eq!(scene.refused(ana, nobody), "unknown_person");
    assert_eq!(scene.refused(ana, json!({"type": "admit", "user": "ben"})), "malformed");

    scene.ok(cho, join());
    assert_eq!(scene.ok(cho, json!({"type": "take_back"}))["standing"], "none");
    scene.ok(cho, json!({"type": "take_back"}));
    assert_eq!(names(), Vec::<Value>::new());
    // A link lets in whoever has it, and the request is settled.
    scene.ok(cho, join());
    world.join(cho, &world.invite(ana, *group));
    assert_eq!(names(), Vec::<Value>::new());
}

#[test]
fn requests_end_with_the_account_with_a_ban_and_when_the_group_becomes_private() {
    let scene = scene();
    let Scene { world, group, ana, ben, cho } = &scene;
    scene.change(&json!({"public": true, "approval": true}));
    scene.ok(ben, join());
    scene.ok(cho, join());
    let gone = json!({"type": "delete_account", "password": "password of it"});
    world.ok(ben, "/api/session", gone);
    world.settle();
    let left: Vec<_> = scene.requests().iter().map(|one| one["user"].clone()).collect();
    assert_eq!(left, [json!(cho.user)]);
    assert!(
        !world
            .rows(Address::Conversation(*group), "SELECT user FROM requests")
            .iter()
            .any(|row| format!("{row:?}").contains(&ben.user.to_string()))
    );
    scene.change(&json!({"public": false}));
    assert_eq!(scene.refused(cho, json!({"type": "preview"})), "not_a_member");
    scene.change(&json!({"public": true}));
    assert_eq!(scene.standing(cho), "none");
    // Who was in it and asks to come back can be banned.
    world.join(cho, &world.invite(ana, *group));
    scene.ok(cho, json!({"type": "leave"}));
    scene.ok(cho, join());
    scene.ok(ana, json!({"type": "ban", "user": cho.user}));
    assert_eq!(scene.requests(), Vec::<Value>::new());
}

#[test]
fn not_everybody_can_ask_at_once() {
    let scene = scene();
    let Scene { world, group, ben, .. } = &scene;
    scene.change(&json!({"public": true, "approval": true}));
    for n in 0..limits::GROUP_REQUESTS as u64 {
        let person = json!({"user": UserId::new(n, [1; 10]), "display_name": "somebody"});
        let ask = json!({"type": "join_group", "person": person});
        let answer = world.call_raw(Address::Conversation(*group), &ask.to_string());
        assert!(answer.starts_with(r#"{"Ok""#), "{answer}");
    }
    assert_eq!(scene.refused(ben, join()), "too_many_requests");
    // Coming and going without end is told to everybody, so it is not done in a rush.
    scene.change(&json!({"approval": false}));
    let codes: Vec<_> = (0..80)
        .map(|n| {
            let command = if n % 2 == 0 { join() } else { json!({"type": "leave"}) };
            world.post(Some(&ben.cookie), &path(*group), command).1["code"].clone()
        })
        .collect();
    assert!(codes.contains(&json!("rate_limited")), "{codes:?}");
}

#[test]
fn a_search_for_groups_is_asked_with_words() {
    let scene = scene();
    for (query, code) in [("", "query_empty"), ("  ", "query_empty"), ("\u{200b}", "query_empty")] {
        let command = json!({"type": "public_groups", "query": query});
        assert_eq!(scene.world.refused(&scene.ben, SEARCH, command), code);
    }
    let long = json!({"type": "public_groups", "query": "t".repeat(10_000)});
    assert_eq!(scene.world.refused(&scene.ben, SEARCH, long), "query_too_long");
    for wrong in [json!(1), Value::Null] {
        let command = json!({"type": "public_groups", "query": wrong});
        assert_eq!(scene.world.refused(&scene.ben, SEARCH, command), "malformed");
    }
}

/// How many ask, as somebody's list says.
fn asking(scene: &Scene, who: &Someone) -> Value {
    scene.world.entry(who, scene.group).expect("an entry")["requests"].clone()
}

#[test]
fn who_may_let_people_in_sees_in_the_list_that_somebody_asks() {
    let scene = scene();
    let (world, at) = (&scene.world, path(scene.group));
    let [ana, ben, cho] = [&scene.ana, &scene.ben, &scene.cho];
    let [dan, eve] = ["dan", "eve"].map(|name| world.register(name));
    let token = world.invite(ana, scene.group);
    for person in [&dan, &eve] {
        world.join(person, &token);
    }
    scene.ok(ana, json!({"type": "set_role", "user": dan.user, "role": "admin"}));
    scene.change(&json!({"public": true, "approval": true}));
    let (socket, _) = world.mirror(&dan, "/api/account");
    let before = world.dump(Address::Account(eve.user));
    scene.ok(ben, json!({"type": "join"}));
    // Every device hears of it, looking at the group or not; nobody else's account is written.
    let heard = world.heard(socket);
    let rows = heard.iter().flat_map(|frame| frame["rows"].as_array().cloned().unwrap_or_default());
    assert_eq!(rows.map(|row| row["requests"].clone()).collect::<Vec<_>>(), [1]);
    assert_eq!(world.dump(Address::Account(eve.user)), before);
    scene.ok(cho, json!({"type": "join"}));
    scene.ok(cho, json!({"type": "join"}));
    let seen = |who: [&Someone; 3]| who.map(|one| asking(&scene, one));
    assert_eq!(seen([ana, &dan, &eve]), [json!(2), json!(2), Value::Null]);

    // A role is given and taken; one hears with it, and no more without it.
    for (role, known) in [("admin", json!(2)), ("member", Value::Null)] {
        scene.ok(ana, json!({"type": "set_role", "user": eve.user, "role": role}));
        assert_eq!(asking(&scene, &eve), known);
    }
    scene.ok(&dan, json!({"type": "leave"}));
    world.join(&dan, &token);
    world.settle();
    assert_eq!(asking(&scene, &dan), Value::Null);
    scene.ok(ana, json!({"type": "transfer", "user": eve.user}));
    assert_eq!(seen([ana, &dan, &eve]), [json!(2), Value::Null, json!(2)]);

    // It is over when all are decided, in whichever way.
    scene.ok(&eve, json!({"type": "admit", "user": ben.user}));
    assert_eq!(seen([ana, ben, &eve]), [json!(1), Value::Null, json!(1)]);
    scene.ok(ana, json!({"type": "turn_away", "user": cho.user}));
    assert_eq!(seen([ana, ben, &eve]), [Value::Null, Value::Null, Value::Null]);
    for end in ["take_back", "private", "gone"] {
        scene.ok(cho, json!({"type": "join"}));
        assert_eq!(asking(&scene, ana), 1, "{end}");
        match end {
            "take_back" => drop(scene.ok(cho, json!({"type": "take_back"}))),
            "private" => {
                scene.change(&json!({"public": false}));
                assert_eq!(asking(&scene, ana), Value::Null, "{end}");
                scene.change(&json!({"public": true}));
            }
            _ => {
                let gone = json!({"type": "delete_account", "password": "password of it"});
                world.post(Some(&cho.cookie), "/api/session", gone);
                world.settle();
                scene.requests();
            }
        }
        world.settle();
        assert_eq!(asking(&scene, ana), Value::Null, "{end}");
    }
    assert_eq!(
        world.refused(ana, &at, json!({"type": "admit", "user": cho.user})),
        "unknown_person"
    );
}

#[test]
fn a_leader_whose_account_was_away_hears_how_many_ask_in_the_end() {
    let scene = scene();
    let (world, ana) = (&scene.world, &scene.ana);
    scene.change(&json!({"public": true, "approval": true}));
    world.unreachable.borrow_mut().insert(Address::Account(ana.user));
    scene.ok(&scene.ben, json!({"type": "join"}));
    scene.ok(&scene.cho, json!({"type": "join"}));
    world.restart();
    world.unreachable.borrow_mut().clear();
    world.pass(10 * 60 * 1_000);
    assert_eq!(asking(&scene, ana), 2);
}
