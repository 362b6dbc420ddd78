//! Pictures of people and of groups: who sets them, who sees them, and that none is left behind.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::gateway::Request;
use tideline_shared::limits::AVATAR_BYTES;
use tideline_shared::protocol::{Kind, Role};
use tideline_shared::rights::{self, Deed};

use crate::world::{Fetched, Someone, World, path, webp};

const OWN: &str = "/api/account/avatar";
const HOUR_MS: u64 = 60 * 60 * 1_000;

/// The same of a JPEG picture.
fn jpeg(side: u16) -> Vec<u8> {
    let [high, low] = side.to_be_bytes();
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, high, low, high, low, 1, 1, 0x11, 0];
    bytes.extend([0xff, 0xd9]);
    bytes
}

fn set(world: &World, by: &Someone, path: &str, body: &[u8]) -> (u16, Value) {
    let request = Request { cookie: Some(&by.cookie), body, ..world.blank(path) };
    let (status, answer, _) = world.request(request);
    world.settle();
    (status, answer)
}

/// Sets a picture, and says which it is.
fn set_own(world: &World, by: &Someone) -> String {
    assert_eq!(set(world, by, OWN, &webp(256, 256)).0, 200);
    own(world, by).expect("a picture")
}

fn own(world: &World, of: &Someone) -> Option<String> {
    let command = json!({"type": "profile", "user": of.user});
    world.ok(of, "/api/people", command)["avatar"].as_str().map(str::to_owned)
}

fn fetch(world: &World, by: Option<&Someone>, path: &str) -> Result<Fetched, String> {
    let cookie = by.map(|by| by.cookie.as_str());
    world.fetch(Request { cookie, ..world.blank(path) })
}

fn keys(world: &World) -> Vec<String> {
    world.store.borrow().keys().cloned().collect()
}

fn group_avatar(path: &str) -> String {
    format!("{path}/avatar")
}

#[test]
fn a_picture_is_seen_by_whom_its_person_chose() {
    let world = World::new();
    let [ana, ben, cyd] = ["ana", "ben", "cyd"].map(|name| world.register(name));
    let group = world.group(&ana, "Tide pool");
    for other in [&ben, &cyd] {
        world.join(other, &world.invite(&ana, group));
    }
    let pair = world.direct(&cyd, &ana);
    world.send(&cyd, pair, "hi");
    let befriend = |by: &Someone, whom: &Someone| {
        world.ok(by, "/api/people", json!({"type": "add_contact", "user": whom.user}));
        world.settle();
    };
    befriend(&ana, &ben);
    // Asked, and not yet a contact.
    befriend(&cyd, &ana);
    let avatar = set_own(&world, &ana);
    let profile = |by: &Someone| {
        let command = json!({"type": "profile", "user": ana.user});
        world.ok(by, "/api/people", command)["avatar"] == avatar
    };
    let choose = |who: &str| {
        let command = json!({"type": "change_settings", "avatar_seen_by": who});
        world.ok(&ana, "/api/account", command);
        world.settle();
    };
    // Whose database has it, but for her own.
    let known = || {
        let all = world.addresses().into_iter().filter(|at| *at != Address::Account(ana.user));
        all.filter(|at| world.dump(*at).contains(&avatar)).collect::<Vec<_>>()
    };
    assert!(profile(&cyd) && known().contains(&Address::Conversation(group)));

    choose("contacts");
    assert_eq!([&ana, &ben, &cyd].map(profile), [true, false, false], "he did not say yes yet");
    assert_eq!(known(), []);
    befriend(&ben, &ana);
    assert_eq!([&ana, &ben, &cyd].map(profile), [true, true, false]);
    assert_eq!(known(), [Address::Account(ben.user)]);
    // What is told anew does not tell of it either, and what contacts call her changes nothing.
    let name = json!({"type": "update_profile", "display_name": "Ana B.", "gender": "unstated", "signature": ""});
    world.ok(&ana, "/api/account", name);
    let late = world.group(&ana, "Late tide");
    world.join(&cyd, &world.invite(&ana, late));
    let nickname = json!({"type": "name_contact", "user": ana.user, "nickname": "An", "note": ""});
    world.ok(&ben, "/api/people", nickname);
    world.ok(&cyd, "/api/people", json!({"type": "report", "user": ana.user, "reason": "other"}));
    world.settle();
    assert_eq!(known(), [Address::Account(ben.user)]);

    world.ok(&ana, "/api/people", json!({"type": "remove_contact", "user": ben.user}));
    world.settle();
    assert_eq!(known(), []);
    befriend(&ana, &ben);
    befriend(&ben, &ana);
    assert_eq!(known(), [Address::Account(ben.user)]);
    choose("nobody");
    assert_eq!(([&ana, &ben, &cyd].map(profile), known()), ([true, false, false], vec![]));
    choose("everybody");
    assert!([&ana, &ben, &cyd].map(profile) == [true; 3]);
    let told = [group, pair].map(Address::Conversation);
    assert!(told.iter().all(|at| known().contains(at)), "{:?}", known());
    assert_eq!(world.entry(&cyd, pair).expect("an entry")["avatar"], avatar);
}

#[test]
fn a_new_picture_reaches_everybody_who_sees_the_person() {
    let world = World::new();
    let [ana, ben, cyd] = ["ana", "ben", "cyd"].map(|name| world.register(name));
    let group = world.group(&ben, "Tide pool");
    world.join(&ana, &world.invite(&ben, group));
    let pair = world.direct(&ana, &ben);
    world.send(&ana, pair, "hi");
    for (by, user) in [(&ana, ben.user), (&ben, ana.user)] {
        world.ok(by, "/api/people", json!({"type": "add_contact", "user": user}));
    }
    world.settle();

    let (account, _) = world.mirror(&ana, "/api/account");
    let avatar = set_own(&world, &ana);
    assert_eq!(keys(&world), [format!("avatars/{avatar}")]);
    let heard = world.heard(account);
    let rows = heard.iter().flat_map(|frame| frame["rows"].as_array().cloned().unwrap_or_default());
    assert!(rows.into_iter().any(|row| row["type"] == "profile" && row["avatar"] == avatar));
    assert_eq!(world.entry(&ben, pair).expect("an entry")["avatar"], avatar);
    let (_, pages) = world.mirror(&ben, "/api/account");
    let rows = pages.iter().flat_map(|page| page["rows"].as_array().cloned().unwrap_or_default());
    let contact = rows.into_iter().find(|row| row["type"] == "contact").expect("a contact");
    assert_eq!(contact["avatar"], avatar);
    let (_, pages) = world.mirror(&ben, &path(group));
    let rows = pages.iter().flat_map(|page| page["rows"].as_array().cloned().unwrap_or_default());
    let member = rows.into_iter().find(|row| row["user"] == json!(ana.user)).expect("a member");
    assert_eq!(member["avatar"], avatar);
    let found = world.ok(&cyd, "/api/people", json!({"type": "find", "query": "ana"}));
    assert_eq!(found["people"][0]["avatar"], avatar);

    // Whoever meets them later sees it, too.
    world.join(&cyd, &world.invite(&ben, group));
    let later = world.group(&cyd, "Rock pool");
    world.join(&ana, &world.invite(&cyd, later));
    world.settle();
    let (_, pages) = world.mirror(&cyd, &path(later));
    assert!(json!(pages).to_string().contains(&avatar));

    world.ok(&ana, "/api/account", json!({"type": "remove_avatar"}));
    world.settle();
    assert_eq!((own(&world, &ana), keys(&world)), (None, Vec::new()));
    assert_eq!(world.entry(&ben, pair).expect("an entry")["avatar"], Value::Null);
    let before = world.dump(Address::Account(ana.user));
    world.ok(&ana, "/api/account", json!({"type": "remove_avatar"}));
    assert_eq!(world.dump(Address::Account(ana.user)), before);
}

#[test]
fn the_picture_of_a_group_is_changed_by_who_may_change_what_it_is() {
    let world = World::new();
    let names = ["own", "adm", "mem", "out"];
    let [owner, admin, member, outside] = names.map(|name| world.register(name));
    let group = world.group(&owner, "Tide pool");
    for person in [&admin, &member] {
        world.join(person, &world.invite(&owner, group));
    }
    let promote = json!({"type": "set_role", "user": admin.user, "role": "admin"});
    world.ok(&owner, &path(group), promote);
    let pair = world.direct(&owner, &member);
    world.settle();

    let cells = [
        (&owner, Some(Role::Owner), Kind::Group),
        (&admin, Some(Role::Admin), Kind::Group),
        (&member, Some(Role::Member), Kind::Group),
        (&outside, None, Kind::Group),
        (&member, Some(Role::Member), Kind::Direct),
        (&outside, None, Kind::Direct),
    ];
    for (by, role, kind) in cells {
        let of = if kind == Kind::Group { group } else { pair };
        let may = role.is_some_and(|role| rights::may(role, kind, Deed::ChangeRecord));
        let (before, stored) = (world.dump(Address::Conversation(of)), keys(&world));
        let (status, answer) = set(&world, by, &group_avatar(&path(of)), &webp(256, 256));
        let code = match role {
            Some(_) => json!(rights::refusal(kind, Deed::ChangeRecord)),
            None => json!("not_a_member"),
        };
        let cell = format!("{role:?} in {kind:?}: {answer}");
        if may {
            assert_eq!(status, 200, "{cell}");
            let avatar = world.entry(&member, of).expect("an entry")["avatar"].clone();
            assert_eq!(keys(&world), [format!("avatars/{}", avatar.as_str().expect("is set"))]);
            // To be the next one's to take away.
            continue;
        }
        assert_eq!(answer["code"], code, "{cell}");
        assert_eq!(world.refused(by, &path(of), json!({"type": "remove_avatar"})), code, "{cell}");
        assert_eq!((world.dump(Address::Conversation(of)), keys(&world)), (before, stored));
    }
    world.ok(&admin, &path(group), json!({"type": "remove_avatar"}));
    world.settle();
    assert_eq!(world.entry(&member, group).expect("an entry")["avatar"], Value::Null);
    assert_eq!(keys(&world), Vec::<String>::new());
}

#[test]
fn what_is_no_picture_is_refused_and_changes_nothing() {
    let world = World::new();
    let ana = world.register("ana");
    set_own(&world, &ana);
    let before = (world.dump(Address::Account(ana.user)), keys(&world));
    let mut cut_off = webp(256, 256);
    cut_off.pop();
    let mut open_end = jpeg(256);
    open_end.truncate(15);
    let mut large = jpeg(256);
    large.splice(15..15, std::iter::repeat_n(0, AVATAR_BYTES));
    for (bytes, code) in [
        (b"".to_vec(), "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n and so on".to_vec(), "not_a_picture"),
        (b"GIF89a\x10\0\x10\0and so on".to_vec(), "not_a_picture"),
        (b"RIFF\x04\0\0\0WEBP".to_vec(), "not_a_picture"),
        (cut_off, "not_a_picture"),
        (open_end, "not_a_picture"),
        (webp(256, 255), "not_a_picture"),
        // A small file that would fill a device's memory.
        (webp(16_000, 16_000), "not_a_picture"),
        (large, "too_large"),
    ] {
        assert_eq!(set(&world, &ana, OWN, &bytes).1["code"], code, "{:?}", bytes.get(..20));
    }
    let request = Request { body: &webp(256, 256), ..world.blank(OWN) };
    assert_eq!(world.request(request).1["code"], "signed_out");
    assert_eq!((world.dump(Address::Account(ana.user)), keys(&world)), before);
    assert_eq!(set(&world, &ana, OWN, &jpeg(256)).0, 200);
}

#[test]
fn a_picture_is_seen_by_whoever_knows_its_id_and_is_signed_in() {
    let world = World::new();
    let [ana, ben] = ["ana", "ben"].map(|name| world.register(name));
    let group = world.group(&ana, "Tide pool");
    set(&world, &ana, OWN, &jpeg(512));
    let avatar = format!("/api/avatars/{}", own(&world, &ana).expect("a picture"));
    let (status, headers, bytes) = fetch(&world, Some(&ben), &avatar).expect("is there");
    assert_eq!((status, bytes), (200, jpeg(512)));
    assert_eq!(headers["Content-Type"], "image/jpeg");
    assert_eq!(headers["X-Content-Type-Options"], "nosniff");
    assert_eq!(headers["Cache-Control"], "private, max-age=31536000, immutable");
    assert!(headers["Content-Security-Policy"].starts_with("sandbox; default-src 'none'"));
    let cookie = Some(ben.cookie.as_str());
    let again = Request { cookie, if_none_match: Some(&headers["ETag"]), ..world.blank(&avatar) };
    assert_eq!(world.fetch(again).expect("is there").0, 304);

    assert_eq!(fetch(&world, None, &avatar), Err("signed_out".to_owned()));
    for wrong in ["01938a5e-7c00-7000-8000-00000000000a", "x", "../files", ""] {
        let path = format!("/api/avatars/{wrong}");
        assert_eq!(fetch(&world, Some(&ben), &path), Err("unknown_file".to_owned()), "{wrong}");
    }
    world.ok(&ana, "/api/account", json!({"type": "remove_avatar"}));
    world.settle();
    assert_eq!(fetch(&world, Some(&ben), &avatar), Err("unknown_file".to_owned()));

    // Whoever holds a link to a group sees its picture before they come in, signed in or not.
    let token = world.invite(&ana, group);
    let behind = format!("/api/invites/{token}/avatar");
    assert_eq!(fetch(&world, None, &behind), Err("unknown_file".to_owned()));
    set(&world, &ana, &group_avatar(&path(group)), &webp(256, 256));
    let (_, answer, _) =
        world.post(None, "/api/invites", json!({"type": "preview", "token": token}));
    assert!(answer["avatar"].is_string());
    let (_, headers, bytes) = fetch(&world, None, &behind).expect("is there");
    assert_eq!((headers["Content-Type"].as_str(), bytes), ("image/webp", webp(256, 256)));
    world.ok(&ana, &path(group), json!({"type": "revoke_invite", "token": token}));
    assert_eq!(fetch(&world, None, &behind), Err("invite_revoked".to_owned()));
    let broken = fetch(&world, None, "/api/invites/abc/avatar");
    assert_eq!(broken, Err("invite_unknown".to_owned()));
}

#[test]
fn no_picture_is_left_in_the_store() {
    let world = World::new();
    let [ana, ben] = ["ana", "ben"].map(|name| world.register(name));
    let group = world.group(&ana, "Tide pool");
    set_own(&world, &ana);
    let second = set_own(&world, &ana);
    assert_eq!(keys(&world), [format!("avatars/{second}")]);

    // A store that is away keeps it until it is back.
    world.store_is_up.set(false);
    assert_eq!(set(&world, &ana, OWN, &webp(256, 256)).0, 500);
    world.ok(&ana, "/api/account", json!({"type": "remove_avatar"}));
    world.settle();
    world.restart();
    assert_eq!(keys(&world).len(), 1);
    world.store_is_up.set(true);
    world.faults.borrow_mut().clear();
    world.pass(2 * HOUR_MS);
    assert_eq!(keys(&world), Vec::<String>::new());
    let known = |at| world.rows(at, "SELECT 1 FROM avatars").len();
    assert_eq!(known(Address::Account(ana.user)), 0);

    // A group's goes with its last member, and does not come back with the next.
    set(&world, &ana, &group_avatar(&path(group)), &webp(256, 256));
    let token = world.invite(&ana, group);
    world.ok(&ana, &path(group), json!({"type": "leave"}));
    world.settle();
    assert_eq!(keys(&world), Vec::<String>::new());
    world.join(&ben, &token);
    world.settle();
    assert_eq!(world.entry(&ben, group).expect("an entry")["avatar"], Value::Null);

    // A person's goes with the account.
    set_own(&world, &ben);
    let gone = json!({"type": "delete_account", "password": "password of it"});
    let (_, answer, _) = world.post(Some(&ben.cookie), "/api/session", gone);
    assert_eq!(answer["type"], "signed_out");
    world.settle();
    assert_eq!(keys(&world), Vec::<String>::new());
    assert_eq!(known(Address::Account(ben.user)), 0);
}
