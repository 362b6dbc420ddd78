//! Every cell of the table of rights, and every pair of ranks, through the door.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::limits::Limits;
use tideline_shared::protocol::{Kind, Role};
use tideline_shared::rights::{self, Deed};
use tideline_shared::{ConversationId, UserId};

use crate::world::{Someone, World, path};

/// Two people, or a group with an owner and two of each other role.
struct Scene {
    world: World,
    conversation: ConversationId,
    /// Two of each role, the highest first; of the owner twice the one.
    people: [[Someone; 2]; 3],
}

impl Scene {
    fn new(kind: Kind) -> Self {
        // Nobody here has a password worth hiding.
        let world = World::with_limits(Limits { password_kib: 8, ..Limits::default() });
        let [owner, a, b, m, n] = ["own", "aa", "bb", "mm", "nn"].map(|name| world.register(name));
        let conversation = match kind {
            Kind::Direct => world.direct(&m, &n),
            Kind::Group => world.group(&owner, "Tide pool"),
        };
        if kind == Kind::Group {
            let token = world.invite(&owner, conversation);
            for person in [&a, &b, &m, &n] {
                world.join(person, &token);
            }
            for admin in [&a, &b] {
                let set = json!({"type": "set_role", "user": admin.user, "role": "admin"});
                world.ok(&owner, &path(conversation), set);
            }
        }
        world.settle();
        let people = [[owner.clone(), owner], [a, b], [m, n]];
        Self { world, conversation, people }
    }

    fn is_group(&self) -> bool {
        self.conversation.may_be_group()
    }

    fn of(&self, role: Role) -> &[Someone; 2] {
        let at = Role::ALL.iter().position(|&one| one == role).expect("is a role");
        &self.people[at]
    }

    fn dump(&self) -> String {
        self.world.dump(Address::Conversation(self.conversation))
    }

    fn ask(&self, by: &Someone, command: Value) -> (u16, Value) {
        let (status, answer, _) =
            self.world.post(Some(&by.cookie), &path(self.conversation), command);
        (status, answer)
    }
}

/// What somebody asks for who wants to do this. A deed without a story does not compile.
fn story(deed: Deed, scene: &Scene, actor: &Someone) -> Value {
    let Scene { world, conversation, .. } = scene;
    let other = &scene.of(Role::Member)[1];
    let on = |deed: &str| json!({"type": deed, "user": other.user});
    let said = |by: &Someone| world.send(by, *conversation, "hi")["seq"].clone();
    match deed {
        Deed::Read => json!({"type": "history"}),
        Deed::Send => json!({"type": "send", "id": world.message_id(), "text": "hi"}),
        Deed::ChangeRecord => json!({"type": "change_record", "name": "Rock pool"}),
        Deed::Invite => json!({"type": "create_invite"}),
        Deed::SeeInvites => json!({"type": "invites"}),
        Deed::RevokeOthersInvites => {
            // In a direct conversation there are none; any token gets the same answer.
            let (_, made) = scene.ask(other, json!({"type": "create_invite"}));
            let token = made["token"].as_str().map_or_else(|| no_token(*conversation), Into::into);
            json!({"type": "revoke_invite", "token": token})
        }
        Deed::Remove => on("remove"),
        Deed::Ban => on("ban"),
        Deed::Mute => on("mute_member"),
        Deed::ChangeRoles => json!({"type": "set_role", "user": other.user, "role": "admin"}),
        Deed::Transfer => on("transfer"),
        Deed::Leave => json!({"type": "leave"}),
        Deed::React => json!({"type": "react", "seq": said(other), "emoji": "👍"}),
        Deed::EditOwn => json!({"type": "edit", "seq": said(actor), "text": "Hello"}),
        Deed::RecallOwn => json!({"type": "recall", "seq": said(actor)}),
        Deed::RecallOthers => json!({"type": "recall", "seq": said(other)}),
        Deed::Pin => json!({"type": "pin", "seq": said(other)}),
        Deed::Announce => {
            let announce = json!({"type": "change_record", "announcements": true});
            if !scene.is_group() {
                return announce;
            }
            world.ok(&scene.of(Role::Owner)[0], &path(*conversation), announce);
            json!({"type": "send", "id": world.message_id(), "text": "High tide"})
        }
        Deed::Admit => {
            let eve = world.register("eve");
            if scene.is_group() {
                let public = json!({"type": "change_record", "public": true, "approval": true});
                world.ok(&scene.of(Role::Owner)[0], &path(*conversation), public);
                world.ok(&eve, &path(*conversation), json!({"type": "join"}));
            }
            json!({"type": "admit", "user": eve.user})
        }
    }
}

fn no_token(conversation: ConversationId) -> String {
    format!("{}{}", conversation.to_string().replace('-', ""), "0".repeat(24))
}

#[test]
fn everybody_may_do_what_the_table_says_and_nothing_else() {
    for &deed in Deed::ALL {
        let cells = Role::ALL.iter().map(|&role| (role, Kind::Group));
        for (role, kind) in cells.chain([(Role::Member, Kind::Direct)]) {
            let scene = Scene::new(kind);
            let command = story(deed, &scene, &scene.of(role)[0]);
            let before = scene.dump();
            let (status, answer) = scene.ask(&scene.of(role)[0], command);
            let cell = format!("{deed:?} by {role:?} in {kind:?}: {answer}");
            if rights::may(role, kind, deed) {
                assert_eq!(status, 200, "{cell}");
            } else {
                let code = match deed {
                    // It is the message that is not theirs.
                    Deed::RecallOthers => json!("not_the_author"),
                    Deed::Announce if kind == Kind::Group => json!("announcements_only"),
                    _ => json!(rights::refusal(kind, deed)),
                };
                assert_eq!((status >= 400, &answer["code"]), (true, &code), "{cell}");
                assert_eq!(scene.dump(), before, "{cell}");
            }
        }
    }
}

/// What is done to people, as commands.
fn done_to(user: UserId) -> Vec<(Deed, Value)> {
    vec![
        (Deed::Remove, json!({"type": "remove", "user": user})),
        (Deed::Ban, json!({"type": "ban", "user": user})),
        (Deed::Mute, json!({"type": "mute_member", "user": user})),
        (Deed::Mute, json!({"type": "unmute_member", "user": user})),
        (Deed::ChangeRoles, json!({"type": "set_role", "user": user, "role": "admin"})),
        (Deed::ChangeRoles, json!({"type": "set_role", "user": user, "role": "member"})),
        (Deed::Transfer, json!({"type": "transfer", "user": user})),
    ]
}

#[test]
fn nobody_acts_on_their_like_on_those_above_on_themselves_or_on_strangers() {
    let pairs = Role::ALL.iter().flat_map(|&by| Role::ALL.iter().map(move |&to| (by, to)));
    for (by, to) in pairs {
        let scene = Scene::new(Kind::Group);
        let (actor, eve) = (&scene.of(by)[0], scene.world.register("eve"));
        let before = scene.dump();
        let refuse = |whom: &Someone, wanted: &str| {
            for (deed, command) in done_to(whom.user) {
                let code = if rights::may(by, Kind::Group, deed) { wanted } else { "not_allowed" };
                let (_, answer) = scene.ask(actor, command.clone());
                assert_eq!(answer["code"], code, "{command} by {by:?} on {to:?}");
            }
            assert_eq!(scene.dump(), before);
        };
        refuse(actor, "not_allowed");
        refuse(&eve, "not_in_group");
        if !by.outranks(to) {
            refuse(&scene.of(to)[1], "not_allowed");
            continue;
        }
        for at in 0..done_to(eve.user).len() {
            let scene = Scene::new(Kind::Group);
            let (deed, command) = done_to(scene.of(to)[1].user).swap_remove(at);
            let (status, answer) = scene.ask(&scene.of(by)[0], command);
            let may = rights::may(by, Kind::Group, deed);
            assert_eq!(status == 200, may, "{deed:?} by {by:?} on {to:?}: {answer}");
        }
    }
}

/// The row of a member in a group's mirror.
fn member(scene: &Scene, looks: &Someone, who: &Someone) -> Value {
    let (_, pages) = scene.world.mirror(looks, &path(scene.conversation));
    let rows = pages[0]["rows"].as_array().cloned().unwrap_or_default();
    rows.into_iter().find(|row| row["user"] == json!(who.user)).expect("has a row")
}

#[test]
fn who_is_removed_or_banned_is_told_and_hears_nothing_said_later() {
    for how in ["remove", "ban"] {
        let scene = Scene::new(Kind::Group);
        let (world, group) = (&scene.world, scene.conversation);
        let (admin, ben) = (&scene.of(Role::Admin)[0], &scene.of(Role::Member)[0]);
        let link = world.invite(ben, group);
        world.send(admin, group, "one");
        world.settle();
        let (looking, _) = world.mirror(ben, &path(group));
        let (others, _) = world.mirror(admin, &path(group));
        let (device, _) = world.mirror(ben, "/api/account");
        world.ok(admin, &path(group), json!({"type": how, "user": ben.user}));
        world.settle();
        assert_eq!(world.closed(looking), Some(4403));
        assert_eq!(world.heard(device)[0]["rows"][0]["left"], true);
        let told = world.heard(others);
        assert_eq!(told[0]["rows"][0]["left"]["by"], json!(admin.user));
        let mark = world.heard(looking).len();
        world.send(admin, group, "two");
        world.settle();
        assert_eq!(world.heard(device), Vec::<Value>::new());
        assert_eq!(world.heard(looking).len().min(mark), 0);
        assert!(world.entry(ben, group).is_none());
        assert!(world.open(ben, &path(group)).is_err());
        for command in [
            json!({"type": "history"}),
            json!({"type": "send", "id": world.message_id(), "text": "I am back"}),
        ] {
            assert_eq!(world.refused(ben, &path(group), command), "not_a_member");
        }
        assert!(!world.dump(Address::Account(ben.user)).contains("two"));
        // A removed person comes back by a link, a banned one only when they may.
        let join = json!({"type": "join", "token": world.invite(admin, group)});
        if how == "ban" {
            assert_eq!(world.refused(ben, "/api/invites", join.clone()), "banned");
            let preview = json!({"type": "preview", "token": link});
            assert_eq!(world.refused(ben, "/api/invites", preview), "invite_revoked");
            let banned = world.ok(admin, &path(group), json!({"type": "banned"}));
            assert_eq!(banned["people"][0]["display_name"], "mm");
            assert_eq!(banned["people"][0]["by"], json!(admin.user));
            world.ok(admin, &path(group), json!({"type": "unban", "user": ben.user}));
            let banned = world.ok(admin, &path(group), json!({"type": "banned"}));
            assert_eq!(banned["people"], json!([]));
        }
        world.ok(ben, "/api/invites", join);
        world.settle();
        assert_eq!(world.entry(ben, group).expect("is back")["unread"], 0);
        assert_eq!(member(&scene, admin, ben)["role"], "member");
    }
}

#[test]
fn somebody_who_left_can_be_banned_and_bans_survive_a_restart() {
    let scene = Scene::new(Kind::Group);
    let (world, group) = (&scene.world, scene.conversation);
    let (admin, ben) = (&scene.of(Role::Admin)[0], &scene.of(Role::Member)[0]);
    let link = world.invite(admin, group);
    world.ok(ben, &path(group), json!({"type": "leave"}));
    let ban = json!({"type": "ban", "user": ben.user});
    world.ok(admin, &path(group), ban.clone());
    let once = scene.dump();
    world.ok(admin, &path(group), ban);
    assert_eq!(scene.dump(), once, "banned already");
    world.restart();
    let join = json!({"type": "join", "token": link});
    assert_eq!(world.refused(ben, "/api/invites", join), "banned");
}

#[test]
fn who_is_muted_reads_but_does_not_write_until_it_ends() {
    let scene = Scene::new(Kind::Group);
    let (world, group) = (&scene.world, scene.conversation);
    let (admin, ben) = (&scene.of(Role::Admin)[0], &scene.of(Role::Member)[0]);
    let said = json!({"type": "send", "id": world.message_id(), "text": "before"});
    let first = world.ok(ben, &path(group), said.clone());
    let (others, _) = world.mirror(ben, &path(group));
    let mute = |duration_s: Value| json!({"type": "mute_member", "user": ben.user, "duration_s": duration_s});
    for wrong in [0_u64, 400 * 24 * 60 * 60] {
        assert_eq!(world.refused(admin, &path(group), mute(json!(wrong))), "mute_length");
    }
    world.ok(admin, &path(group), mute(json!(60)));
    let until = world.now().after(60_000);
    assert_eq!(world.heard(others)[0]["rows"][0]["muted"]["until"], json!(until));
    let send = || json!({"type": "send", "id": world.message_id(), "text": "hi"});
    assert_eq!(world.refused(ben, &path(group), send()), "muted");
    assert_eq!(world.ok(ben, &path(group), said), first, "what was said stays said");
    assert_eq!(world.texts(ben, group), ["before"]);
    // Going and coming back does not help.
    let link = world.invite(admin, group);
    world.ok(ben, &path(group), json!({"type": "leave"}));
    world.join(ben, &link);
    assert_eq!(world.refused(ben, &path(group), send()), "muted");
    world.pass(60_000);
    world.ok(ben, &path(group), send());
    world.ok(admin, &path(group), json!({"type": "mute_member", "user": ben.user}));
    world.pass(3_000_000);
    assert_eq!(world.refused(ben, &path(group), send()), "muted");
    world.ok(admin, &path(group), json!({"type": "unmute_member", "user": ben.user}));
    world.ok(ben, &path(group), send());
    assert!(member(&scene, admin, ben)["muted"].is_null());
}

#[test]
fn a_group_is_given_away_and_has_one_owner() {
    let scene = Scene::new(Kind::Group);
    let (world, group) = (&scene.world, scene.conversation);
    let (owner, ben) = (&scene.of(Role::Owner)[0], &scene.of(Role::Member)[0]);
    world.ok(owner, &path(group), json!({"type": "mute_member", "user": ben.user}));
    let give = json!({"type": "transfer", "user": ben.user});
    world.ok(owner, &path(group), give.clone());
    let of_ben = member(&scene, owner, ben);
    assert_eq!((&of_ben["role"], &of_ben["muted"]), (&json!("owner"), &Value::Null));
    assert_eq!(member(&scene, owner, owner)["role"], "admin");
    assert_eq!(world.refused(owner, &path(group), give), "not_allowed");
    // The new one leaves: an admin follows, though others have been there longer.
    world.ok(ben, &path(group), json!({"type": "leave"}));
    assert_eq!(member(&scene, owner, owner)["role"], "owner");
}

#[test]
fn a_role_that_nobody_knows_is_nobodys() {
    let scene = Scene::new(Kind::Group);
    let (owner, admin) = (&scene.of(Role::Owner)[0], &scene.of(Role::Admin)[0]);
    let before = scene.dump();
    for role in ["owner", "superhero", ""] {
        let set = json!({"type": "set_role", "user": admin.user, "role": role});
        assert_eq!(scene.world.refused(owner, &path(scene.conversation), set), "wrong_role");
    }
    assert_eq!(scene.dump(), before);
    // In a database of a later program it counts as a member.
    let address = Address::Conversation(scene.conversation);
    let later = format!("UPDATE members SET role = '\"captain\"' WHERE user = '{}'", admin.user);
    scene.world.tamper(address, &later);
    let change = json!({"type": "change_record", "name": "Mine"});
    assert_eq!(scene.world.refused(admin, &path(scene.conversation), change), "not_allowed");
    assert_eq!(member(&scene, owner, admin)["role"], "member");
}

#[test]
fn a_changed_record_shows_everywhere_and_bad_ones_change_nothing() {
    let scene = Scene::new(Kind::Group);
    let (world, group) = (&scene.world, scene.conversation);
    let (admin, ben) = (&scene.of(Role::Admin)[0], &scene.of(Role::Member)[0]);
    let (looking, _) = world.mirror(ben, &path(group));
    let change = json!({"type": "change_record", "name": " Rock pool ", "group_type": "Work",
                        "description": "Where we met"});
    world.ok(admin, &path(group), change.clone());
    let row = world.heard(looking)[0]["rows"][0].clone();
    assert_eq!((&row["type"], &row["name"]), (&json!("record"), &json!("Rock pool")));
    world.settle();
    assert_eq!(world.entry(ben, group).expect("is there")["title"], "Rock pool");
    let before = scene.dump();
    world.ok(admin, &path(group), change);
    world.ok(admin, &path(group), json!({"type": "change_record"}));
    for (field, text, code) in [
        ("name", " ".to_owned(), "group_name_empty"),
        ("name", "n".repeat(65), "group_name_too_long"),
        ("group_type", "t".repeat(33), "group_type_too_long"),
        ("description", "d".repeat(501), "group_description_too_long"),
    ] {
        let change = json!({"type": "change_record", field: text});
        assert_eq!(world.refused(admin, &path(group), change), code);
    }
    assert_eq!(scene.dump(), before);
}

#[test]
fn a_group_is_not_changed_in_a_rush() {
    let scene = Scene::new(Kind::Group);
    let (owner, ben) = (&scene.of(Role::Owner)[0], &scene.of(Role::Member)[0]);
    let set = |role: &str| json!({"type": "set_role", "user": ben.user, "role": role});
    let codes: Vec<_> = (0..40)
        .map(|n| scene.ask(owner, set(if n % 2 == 0 { "admin" } else { "member" })).1)
        .collect();
    assert!(codes.iter().any(|answer| answer["code"] == "rate_limited"));
}

#[test]
fn where_only_announcements_are_made_members_read_react_and_take_back() {
    let scene = Scene::new(Kind::Group);
    let (world, group) = (&scene.world, scene.conversation);
    let (admin, ben) = (&scene.of(Role::Admin)[0], &scene.of(Role::Member)[0]);
    let said = json!({"type": "send", "id": world.message_id(), "text": "before"});
    let first = world.ok(ben, &path(group), said.clone());
    let other = world.send(ben, group, "Ebb at six");
    let (looking, _) = world.mirror(ben, &path(group));
    let announce = |on: bool| json!({"type": "change_record", "announcements": on});
    assert_eq!(world.refused(ben, &path(group), announce(true)), "not_allowed");
    world.ok(admin, &path(group), announce(true));
    assert_eq!(world.heard(looking)[0]["rows"][0]["announcements"], true);
    world.restart();
    let notice = world.send(admin, group, "High tide at noon");
    let before = scene.dump();
    let id = world.message_id();
    for wrong in [
        json!({"type": "send", "id": id, "text": "hi"}),
        json!({"type": "edit", "seq": first["seq"], "text": "an announcement of mine"}),
        json!({"type": "forward", "from": group, "messages": [{"seq": notice["seq"], "id": id}]}),
    ] {
        assert_eq!(world.refused(ben, &path(group), wrong), "announcements_only");
    }
    for wrong in [json!("yes"), json!(1)] {
        let change = json!({"type": "change_record", "announcements": wrong});
        assert_eq!(world.refused(admin, &path(group), change), "malformed");
    }
    assert_eq!(scene.dump(), before);
    assert_eq!(world.ok(ben, &path(group), said), first, "what was said stays said");
    world.ok(ben, &path(group), json!({"type": "react", "seq": notice["seq"], "emoji": "👍"}));
    world.ok(ben, &path(group), json!({"type": "recall", "seq": other["seq"]}));
    assert_eq!(world.texts(ben, group), ["before", "?", "High tide at noon"]);
    // Other changes leave it as it is.
    world.ok(admin, &path(group), json!({"type": "change_record", "name": "Tables"}));
    let again = json!({"type": "send", "id": world.message_id(), "text": "hi"});
    assert_eq!(world.refused(ben, &path(group), again.clone()), "announcements_only");
    world.ok(admin, &path(group), announce(false));
    world.ok(ben, &path(group), again);
}
