//! Notes to self: a direct conversation whose pair is one person.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_shared::ConversationId;

use crate::files::{send, upload};
use crate::world::{Someone, World, path};

fn notes(world: &World, who: &Someone) -> ConversationId {
    world.direct(who, who)
}

#[test]
fn what_one_writes_to_oneself_is_on_all_devices_and_never_unread() {
    let world = World::new();
    let ana = world.register("ana");
    let id = notes(&world, &ana);
    let other = world.sign_in("ana");
    let entry = world.entry(&other, id).expect("is in the list before anything is written");
    assert_eq!(entry["kind"], "direct");
    assert_eq!((&entry["title"], entry.get("peer")), (&json!(""), None));
    let (device, rows) = world.mirror(&other, &path(id));
    let members = rows[0]["rows"].as_array().expect("rows").iter();
    assert_eq!(members.filter(|row| row["type"] == "member").count(), 1);
    world.send(&ana, id, "buy bread, @ana @all");
    world.settle();
    assert!(!world.heard(device).is_empty());
    let entry = world.entry(&other, id).expect("an entry");
    assert_eq!((&entry["unread"], entry.get("mentions")), (&json!(0), None));
    assert_eq!(entry["preview"]["text"], "buy bread, @ana @all");
    // Made again, it is the same; a new name changes nothing about it.
    assert_eq!(notes(&world, &other), id);
    let profile = json!({"type": "update_profile", "display_name": "Ana Maria"});
    world.ok(&ana, "/api/account", profile);
    world.settle();
    assert_eq!(world.entry(&other, id).expect("an entry")["title"], "");
    assert_eq!(world.texts(&ana, id), ["buy bread, @ana @all"]);
    assert!(world.faults.borrow().is_empty(), "{:?}", world.faults.borrow());
}

#[test]
fn everything_works_in_notes_and_they_are_nobody_elses() {
    let world = World::new();
    let [ana, ben] = ["ana", "ben"].map(|name| world.register(name));
    let id = notes(&world, &ana);
    let seq = world.send(&ana, id, "high tide at noon")["seq"].clone();
    for command in [
        json!({"type": "edit", "seq": seq, "text": "high tide at one"}),
        json!({"type": "react", "seq": seq, "emoji": "👍"}),
        json!({"type": "pin", "seq": seq}),
    ] {
        world.ok(&ana, &path(id), command);
    }
    world.settle();
    let query = json!({"type": "messages", "query": "tide", "conversations": [id]});
    let found = world.ok(&ana, "/api/search", query.clone());
    assert_eq!(found["found"][0]["hits"][0]["seq"], seq);
    let bens = world.direct(&ben, &ana);
    let forward = |from| {
        json!({"type": "forward", "from": from,
               "messages": [{"seq": seq, "id": world.message_id()}]})
    };
    world.ok(&ana, &path(bens), forward(id));
    assert_eq!(world.texts(&ben, bens), ["high tide at one"]);

    assert_eq!(world.ok(&ben, "/api/search", query)["found"], json!([]));
    for command in [
        json!({"type": "history"}),
        json!({"type": "send", "id": world.message_id(), "text": "hello"}),
        json!({"type": "start_direct", "peer": ana.user}),
        json!({"type": "start_direct", "peer": ben.user}),
    ] {
        let code = world.refused(&ben, &path(id), command);
        assert!(["not_a_member", "unknown_conversation"].contains(&code.as_str()), "{code}");
    }
    let leave = world.refused(&ana, &path(id), json!({"type": "leave"}));
    assert_eq!(leave, "not_a_group");
}

#[test]
fn notes_go_with_their_account() {
    let world = World::new();
    let ana = world.register("ana");
    let id = notes(&world, &ana);
    // So many that the index for search holds them, too.
    for n in 0..80 {
        world.send(&ana, id, &format!("secret number {n}, https://tide.com/{n}"));
        world.sleep(60);
    }
    world.pass(1_000);
    let seq = world.send(&ana, id, "first secret")["seq"].clone();
    world.ok(&ana, &path(id), json!({"type": "edit", "seq": seq, "text": "second secret"}));
    let file = upload(&world, &ana, id, "secret.txt", b"a secret");
    send(&world, &ana, id, "", &[file]);
    assert_eq!(world.store.borrow().len(), 1);
    let indexed = "SELECT name FROM sqlite_master WHERE name = 'search'";
    assert_eq!(world.rows(Address::Conversation(id), indexed).len(), 1);
    let delete = json!({"type": "delete_account", "password": "password of it"});
    let (status, answer, _): (u16, Value, _) =
        world.post(Some(&ana.cookie), "/api/session", delete);
    assert_eq!(status, 200, "{answer}");
    world.pass(60_000);
    assert_eq!(world.store.borrow().len(), 0);
    for table in ["messages", "revisions", "looks", "files"] {
        let rows = world.rows(Address::Conversation(id), &format!("SELECT * FROM {table}"));
        assert_eq!(rows.len(), 0, "{table}");
    }
    let kept = world.dump(Address::Conversation(id));
    assert!(!kept.contains("secret") && !kept.contains("tide.com"), "{kept}");
}
