//! What can be wrong with each command of a conversation and of an account, and at the other doors: one
//! table. Each refusal has its code, and changes nothing, in no object. A command without a row does not pass.

mod scene;
mod table;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tideline_shared::protocol::{
    AccountCommand, ConversationCommand, InviteCommand, PeopleCommand, SearchCommand,
};

use self::scene::{Row, Scene};
use self::table::{
    about_accounts, about_coming_in, about_invites, about_messages, about_order, about_people,
    about_records, about_searches, by_strangers, of_wrong_types,
};
use crate::world::path;

/// The names of all commands. Leaving one out does not compile.
macro_rules! names {
    ($kind:ident: $($variant:ident)*) => {{
        fn _complete(command: &$kind) {
            match command { $($kind::$variant { .. } => {})* $kind::Unknown => {} }
        }
        BTreeSet::from([$(snake(stringify!($variant))),*])
    }};
}

fn snake(variant: &str) -> String {
    let mut name = String::new();
    for c in variant.chars() {
        if c.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    name
}

fn conversation_commands() -> BTreeSet<String> {
    names!(ConversationCommand: CreateGroup StartDirect Send Forward Edit Revisions Recall Report React
        Unreact Pin Unpin Pinned Readers Typing History Leave Invites CreateInvite RevokeInvite
        ChangeRecord RemoveAvatar SetRole Transfer Remove Ban Unban Banned MuteMember UnmuteMember
        Preview Join TakeBack Requests Admit TurnAway)
}

fn account_commands() -> BTreeSet<String> {
    names!(AccountCommand: UpdateProfile RemoveAvatar Read Hide Mute Unmute Arrange Draft Received
        ChangeSettings DismissAnnouncement Present)
}

fn people_commands() -> BTreeSet<String> {
    names!(PeopleCommand: Find Profile ProfileByName AddContact DeclineContact RemoveContact NameContact
        Block Unblock Report)
}

fn search_commands() -> BTreeSet<String> {
    names!(SearchCommand: Messages Groups PublicGroups)
}

fn invite_commands() -> BTreeSet<String> {
    names!(InviteCommand: Preview Join JoinAsGuest)
}

/// The commands that a table speaks of.
fn spoken_of<'a>(rows: impl IntoIterator<Item = &'a Value>) -> BTreeSet<String> {
    let name = |row: &Value| row["type"].as_str().expect("has a type").to_owned();
    rows.into_iter().map(name).collect()
}

#[test]
fn whatever_is_wrong_with_a_command_of_a_conversation_has_its_code_and_changes_nothing() {
    let scene = Scene::new();
    let tables =
        [about_messages, about_records, about_coming_in, about_order].map(|table| table(&scene));
    let told = spoken_of(tables.iter().flatten().map(|(_, _, command, _)| command));
    // Of these a member is refused nothing, if they can be read.
    let rest = ["pinned", "history"].map(str::to_owned).into();
    assert_eq!(&told | &rest, conversation_commands());
    let examples = scene.examples("ConversationCommand");
    assert_eq!(spoken_of(&examples), conversation_commands());

    let mut dump = scene.dump();
    let rows = tables.into_iter().flatten().chain(by_strangers(&scene));
    for row in rows.chain(of_wrong_types("ana", examples)) {
        let to = path(scene.places[row.1]);
        scene.refuses(&mut dump, &to, row);
    }
}

#[test]
fn what_only_the_gateway_can_do_is_refused_over_a_socket() {
    let scene = Scene::new();
    let to = path(scene.places["pool"]);
    let (socket, _) = scene.world.mirror(&scene.people["ana"], &to);
    let before = scene.dump();
    let mut refused = BTreeSet::new();
    for command in scene.examples("ConversationCommand") {
        let name = command["type"].as_str().expect("has a type").to_owned();
        if !matches!(
            name.as_str(),
            "forward" | "preview" | "join" | "take_back" | "requests" | "admit"
        ) {
            continue;
        }
        let frame = json!({"type": "call", "ref": 3, "command": command});
        scene.world.say(socket, &frame.to_string());
        let heard = scene.world.heard(socket);
        assert_eq!(
            heard,
            [json!({"type": "rejected", "ref": 3, "code": "unknown_type"})],
            "{name}"
        );
        refused.insert(name);
    }
    assert_eq!(refused.len(), 6);
    assert_eq!(scene.dump(), before);
}

#[test]
fn whatever_is_wrong_with_a_command_of_an_account_has_its_code_and_changes_nothing() {
    // Of these nothing can be wrong but their form.
    let rest = ["remove_avatar", "change_settings", "dismiss_announcement"];
    let scene = Scene::new();
    let table = about_accounts(&scene);
    refused(&scene, "/api/account", "AccountCommand", table, &account_commands(), &rest);
}

#[test]
fn whatever_is_wrong_with_a_command_about_people_has_its_code_and_changes_nothing() {
    // Where there is nothing to end, it has ended.
    let rest = ["remove_contact", "unblock"];
    let scene = Scene::new();
    let table = about_people(&scene);
    refused(&scene, "/api/people", "PeopleCommand", table, &people_commands(), &rest);
}

#[test]
fn whatever_is_wrong_with_a_search_has_its_code_and_changes_nothing() {
    let scene = Scene::new();
    let table = about_searches(&scene);
    refused(&scene, "/api/search", "SearchCommand", table, &search_commands(), &[]);
}

#[test]
fn whatever_is_wrong_with_an_invite_has_its_code_and_changes_nothing() {
    let scene = Scene::new();
    let table = about_invites(&scene);
    refused(&scene, "/api/invites", "InviteCommand", table, &invite_commands(), &[]);
}

/// Holds that every row is refused so, and every field of another type; and that the table speaks of all
/// `commands` but the `rest`.
fn refused(
    scene: &Scene,
    door: &str,
    kind: &str,
    table: Vec<Row>,
    commands: &BTreeSet<String>,
    rest: &[&str],
) {
    let examples = scene.examples(kind);
    assert_eq!(&spoken_of(&examples), commands);
    let told =
        table.iter().filter(|(by, _, command, _)| !by.is_empty() && command["type"] != "explode");
    let told = spoken_of(told.map(|(_, _, command, _)| command));
    let rest: BTreeSet<_> = rest.iter().map(|&name| name.to_owned()).collect();
    assert!(told.is_disjoint(&rest), "{rest:?} can be refused");
    assert_eq!(&(&told | &rest), commands);
    let mut dump = scene.dump();
    for row in table.into_iter().chain(of_wrong_types("ana", examples)) {
        scene.refuses(&mut dump, door, row);
    }
}
