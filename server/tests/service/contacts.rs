//! Contacts: asking, accepting, turning down, ending it; what one calls others for oneself.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::limits::Limits;
use tideline_shared::limits;

use crate::world::{Someone, World};

struct Pair {
    world: World,
    ana: Someone,
    ben: Someone,
}

fn pair() -> Pair {
    let world = World::with_limits(Limits { password_kib: 8, ..Limits::default() });
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    Pair { world, ana, ben }
}

impl Pair {
    /// Does something about the other one.
    fn does(&self, by: &Someone, what: &str) {
        let user = if by.user == self.ana.user { self.ben.user } else { self.ana.user };
        self.world.ok(by, "/api/people", json!({"type": what, "user": user}));
        self.world.settle();
    }

    /// The rows of contacts as a new device gets them.
    fn contacts(&self, of: &Someone) -> Vec<Value> {
        let (_, pages) = self.world.mirror(of, "/api/account");
        let rows =
            pages.iter().flat_map(|page| page["rows"].as_array().cloned().unwrap_or_default());
        rows.filter(|row| row["type"] == "contact").collect()
    }

    /// How the two stand to each other, as each of them sees it.
    fn states(&self) -> [String; 2] {
        [&self.ana, &self.ben].map(|of| {
            let rows = self.contacts(of);
            rows.first().map_or("over", |row| row["state"].as_str().unwrap_or("?")).to_owned()
        })
    }
}

#[test]
fn who_is_asked_accepts_and_either_ends_it_for_both() {
    let pair = pair();
    let (device, _) = pair.world.mirror(&pair.ben, "/api/account");
    pair.does(&pair.ana, "add_contact");
    assert_eq!(pair.states(), ["asked", "asks"]);
    let heard = pair.world.heard(device);
    assert_eq!(heard[0]["rows"][0]["display_name"], "ana");
    let before = pair.world.dump(Address::Account(pair.ana.user));
    pair.does(&pair.ana, "add_contact");
    assert_eq!(pair.world.dump(Address::Account(pair.ana.user)), before, "asked already");
    pair.does(&pair.ben, "add_contact");
    assert_eq!(pair.states(), ["mutual", "mutual"]);
    pair.does(&pair.ben, "remove_contact");
    assert_eq!(pair.states(), ["over", "over"]);
    assert_eq!(pair.world.heard(device).last().expect("told")["rows"][0]["state"], "none");
    // And again, the other way round.
    pair.does(&pair.ben, "add_contact");
    pair.does(&pair.ana, "add_contact");
    assert_eq!(pair.states(), ["mutual", "mutual"]);
}

#[test]
fn two_who_ask_each_other_at_the_same_time_have_each_other() {
    let pair = pair();
    for (by, to) in [(&pair.ana, &pair.ben), (&pair.ben, &pair.ana)] {
        let command = json!({"type": "add_contact", "user": to.user});
        pair.world.ok(by, "/api/people", command);
    }
    pair.world.settle();
    assert_eq!(pair.states(), ["mutual", "mutual"]);
}

#[test]
fn a_request_is_turned_down_without_telling_and_taken_back() {
    let pair = pair();
    pair.does(&pair.ana, "add_contact");
    pair.does(&pair.ben, "decline_contact");
    assert_eq!(pair.states(), ["asked", "over"]);
    // A new name does not ask anew.
    let rename = json!({"type": "update_profile", "display_name": "Ana B."});
    pair.world.ok(&pair.ana, "/api/account", rename);
    pair.world.settle();
    assert_eq!(pair.states(), ["asked", "over"]);
    let decline = json!({"type": "decline_contact", "user": pair.ana.user});
    assert_eq!(pair.world.refused(&pair.ben, "/api/people", decline), "no_request");
    pair.does(&pair.ana, "remove_contact");
    assert_eq!(pair.states(), ["over", "over"]);
    pair.does(&pair.ana, "add_contact");
    assert_eq!(pair.states(), ["asked", "asks"]);
    pair.does(&pair.ana, "remove_contact");
    assert_eq!(pair.states(), ["over", "over"]);
}

#[test]
fn a_request_to_somebody_who_blocked_goes_nowhere_and_looks_like_any_other() {
    let asked = |blocked: bool| {
        let pair = pair();
        if blocked {
            pair.does(&pair.ben, "block");
        }
        pair.does(&pair.ana, "add_contact");
        assert_eq!(pair.states(), ["asked", if blocked { "over" } else { "asks" }]);
        pair
    };
    let plain = asked(false).contacts(&asked(false).ana);
    let pair = asked(true);
    assert_eq!(pair.contacts(&pair.ana)[0]["state"], plain[0]["state"]);
    let add = json!({"type": "add_contact", "user": pair.ana.user});
    assert_eq!(pair.world.refused(&pair.ben, "/api/people", add), "blocked_by_you");
    pair.does(&pair.ben, "unblock");
    assert_eq!(pair.states(), ["asked", "over"], "also not afterwards");
}

#[test]
fn nickname_and_note_are_in_step_on_ones_own_devices_and_nobody_elses() {
    let pair = pair();
    let (device, _) = pair.world.mirror(&pair.ana, "/api/account");
    let before = pair.world.dump(Address::Account(pair.ben.user));
    let name = |nickname: &str, note: &str| json!({"type": "name_contact", "user": pair.ben.user, "nickname": nickname, "note": note});
    pair.world.ok(&pair.ana, "/api/people", name(" Benny ", "From the\nharbour"));
    pair.world.settle();
    let row = pair.world.heard(device)[0]["rows"][0].clone();
    assert_eq!((&row["nickname"], &row["note"]), (&json!("Benny"), &json!("From the\nharbour")));
    assert_eq!(row["state"], "none");
    assert_eq!(pair.contacts(&pair.ana).len(), 1);
    assert_eq!(pair.world.dump(Address::Account(pair.ben.user)), before);
    for (body, code) in [
        (name(&"n".repeat(49), ""), "nickname_too_long"),
        (name("", &"n".repeat(501)), "note_too_long"),
    ] {
        assert_eq!(pair.world.refused(&pair.ana, "/api/people", body), code);
    }
    pair.world.ok(&pair.ana, "/api/people", name("", ""));
    assert!(pair.contacts(&pair.ana).is_empty());
}

#[test]
fn contacts_hear_of_a_new_name_and_of_the_end_of_an_account() {
    let pair = pair();
    pair.does(&pair.ana, "add_contact");
    pair.does(&pair.ben, "add_contact");
    let rename = json!({"type": "update_profile", "display_name": "Ben B."});
    pair.world.ok(&pair.ben, "/api/account", rename);
    pair.world.settle();
    assert_eq!(pair.contacts(&pair.ana)[0]["display_name"], "Ben B.");
    let delete = json!({"type": "delete_account", "password": "password of it"});
    pair.world.ok(&pair.ben, "/api/session", delete);
    pair.world.settle();
    assert!(pair.contacts(&pair.ana).is_empty());
}

#[test]
fn wishes_that_come_late_or_not_at_all_for_a_while_change_nothing_in_the_end() {
    let pair = pair();
    let bens = Address::Account(pair.ben.user);
    pair.world.unreachable.borrow_mut().insert(bens);
    for what in ["add_contact", "remove_contact", "add_contact"] {
        let command = json!({"type": what, "user": pair.ben.user});
        // The profile of the other one is asked for, and is there.
        pair.world.unreachable.borrow_mut().clear();
        pair.world.ok(&pair.ana, "/api/people", command);
        pair.world.unreachable.borrow_mut().insert(bens);
        pair.world.settle();
    }
    pair.world.restart();
    pair.world.unreachable.borrow_mut().clear();
    (0..5).for_each(|_| pair.world.pass(60_000));
    assert_eq!(pair.states(), ["asked", "asks"]);
    let late = json!({"type": "contact_wish", "by": {"user": pair.ana.user, "display_name": "old"},
                      "wants": false, "since": 1, "version": 1});
    pair.world.call_raw(bens, &late.to_string());
    assert_eq!(pair.states(), ["asked", "asks"]);
}

#[test]
fn who_ends_it_and_asks_anew_before_the_other_hears_has_only_asked() {
    let pair = pair();
    let bens = Address::Account(pair.ben.user);
    let by_ana = |what: &str| {
        pair.world.unreachable.borrow_mut().clear();
        let command = json!({"type": what, "user": pair.ben.user});
        pair.world.ok(&pair.ana, "/api/people", command);
        pair.world.unreachable.borrow_mut().insert(bens);
        pair.world.settle();
    };
    pair.does(&pair.ana, "add_contact");
    pair.does(&pair.ben, "add_contact");
    by_ana("remove_contact");
    by_ana("add_contact");
    pair.world.unreachable.borrow_mut().clear();
    (0..5).for_each(|_| pair.world.pass(60_000));
    assert_eq!(pair.states(), ["asked", "asks"]);
}

#[test]
fn an_acceptance_of_what_was_taken_back_is_a_request() {
    let pair = pair();
    let bens = Address::Account(pair.ben.user);
    pair.does(&pair.ana, "add_contact");
    // Ben accepts before he hears that it was taken back.
    pair.world.ok(
        &pair.ana,
        "/api/people",
        json!({"type": "remove_contact", "user": pair.ben.user}),
    );
    let accept =
        json!({"type": "add_contact", "person": {"user": pair.ana.user, "display_name": "ana"}});
    pair.world.call_raw(bens, &accept.to_string());
    (0..5).for_each(|_| pair.world.pass(60_000));
    assert_eq!(pair.states(), ["asks", "asked"]);
}

#[test]
fn who_was_turned_down_or_blocked_and_wants_it_still_is_accepted() {
    for before in ["decline_contact", "unblock"] {
        let pair = pair();
        if before == "unblock" {
            pair.does(&pair.ben, "block");
        }
        pair.does(&pair.ana, "add_contact");
        pair.does(&pair.ben, before);
        assert_eq!(pair.states(), ["asked", "over"]);
        pair.does(&pair.ben, "add_contact");
        assert_eq!(pair.states(), ["mutual", "mutual"]);
    }
}

#[test]
fn who_asked_hears_of_a_new_name_and_of_the_end_of_the_account() {
    let pair = pair();
    pair.does(&pair.ana, "add_contact");
    let rename = json!({"type": "update_profile", "display_name": "Ben B."});
    pair.world.ok(&pair.ben, "/api/account", rename);
    pair.world.settle();
    assert_eq!(pair.contacts(&pair.ana)[0]["display_name"], "Ben B.");
    let delete = json!({"type": "delete_account", "password": "password of it"});
    pair.world.ok(&pair.ben, "/api/session", delete);
    pair.world.settle();
    assert!(pair.contacts(&pair.ana).is_empty());
}

#[test]
fn contacts_that_cannot_be() {
    let pair = pair();
    let nobody = "01938a5e-7c00-7000-8000-0000000000ff";
    for what in ["add_contact", "name_contact"] {
        for (user, code) in [(json!(pair.ana.user), "yourself"), (json!(nobody), "unknown_person")]
        {
            let command = json!({"type": what, "user": user, "nickname": "x"});
            assert_eq!(pair.world.refused(&pair.ana, "/api/people", command), code);
        }
    }
    let decline = json!({"type": "decline_contact", "user": nobody});
    assert_eq!(pair.world.refused(&pair.ana, "/api/people", decline), "no_request");
    pair.world.ok(&pair.ana, "/api/people", json!({"type": "remove_contact", "user": nobody}));
    for n in 0..limits::CONTACTS as u64 {
        let person = json!({"user": tideline_shared::UserId::new(n, [1; 10]), "display_name": "x"});
        let call = json!({"type": "name_contact", "person": person, "nickname": "x", "note": ""});
        pair.world.call_raw(Address::Account(pair.ana.user), &call.to_string());
    }
    let add = json!({"type": "add_contact", "user": pair.ben.user});
    assert_eq!(pair.world.refused(&pair.ana, "/api/people", add), "too_many_contacts");
}

/// What somebody's account says of itself to others, and to nobody who is not to know.
#[test]
fn each_field_of_a_profile_is_seen_by_whom_its_person_chose() {
    let Pair { world, ana, ben } = pair();
    let cleo = world.register("cleo");
    let tell = json!({"type": "update_profile", "display_name": "Ana", "age": 30,
                      "gender": "female", "signature": "low tide at noon"});
    world.ok(&ana, "/api/account", tell);
    world.ok(&ana, "/api/people", json!({"type": "add_contact", "user": ben.user}));
    // Asked, and not yet a contact.
    world.ok(&cleo, "/api/people", json!({"type": "add_contact", "user": ana.user}));
    world.settle();
    world.ok(&ben, "/api/people", json!({"type": "add_contact", "user": ana.user}));
    world.settle();
    let seen = |by: &Someone| {
        let profile = json!({"type": "profile", "user": ana.user});
        let profile = world.ok(by, "/api/people", profile);
        let name = json!({"type": "profile_by_name", "user_name": "ana"});
        assert_eq!(world.ok(by, "/api/people", name), profile, "either way");
        ["age", "gender", "signature"].map(|field| profile[field].clone())
    };
    let found = |query: &str| {
        let answer = world.ok(&cleo, "/api/people", json!({"type": "find", "query": query}));
        answer["people"].as_array().map_or(0, Vec::len)
    };
    let all = [json!(30), json!("female"), json!("low tide at noon")];
    assert_eq!([&ana, &ben, &cleo].map(seen), [(); 3].map(|()| all.clone()));
    assert_eq!(found("noon"), 1);

    let choose = json!({"type": "change_settings", "age_seen_by": "contacts",
                        "gender_seen_by": "nobody", "signature_seen_by": "contacts"});
    world.ok(&ana, "/api/account", choose);
    world.settle();
    assert_eq!(seen(&ana), all, "one's own profile is whole");
    assert_eq!(seen(&ben), [json!(30), json!("unstated"), json!("low tide at noon")]);
    assert_eq!(seen(&cleo), [Value::Null, json!("unstated"), json!("")]);
    assert_eq!(found("noon"), 0, "the directory does not have it");
    assert_eq!(found("ana"), 1);
    // Nor does it hear of a new one.
    let again = json!({"type": "update_profile", "display_name": "Ana B.", "age": 31,
                       "gender": "female", "signature": "high tide at noon"});
    world.ok(&ana, "/api/account", again);
    world.settle();
    assert_eq!((found("noon"), found("ana b")), (0, 1));
    let listed = (0..8).map(|shard| world.dump(Address::Directory(shard))).collect::<String>();
    assert!(!listed.contains("noon"), "{listed}");

    world.ok(&ana, "/api/people", json!({"type": "remove_contact", "user": ben.user}));
    world.settle();
    assert_eq!(seen(&ben), seen(&cleo), "no contact any more");
    let open = json!({"type": "change_settings", "signature_seen_by": "everybody"});
    world.ok(&ana, "/api/account", open);
    world.settle();
    assert_eq!(seen(&cleo)[2], "high tide at noon");
    assert_eq!(found("noon"), 1);
}
