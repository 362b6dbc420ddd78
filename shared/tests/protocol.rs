//! `PROTOCOL.md` is the golden file of the wire: every example in it reads as the type that it
//! claims to be and is written back the same, and nothing that exists is missing from it.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tideline_shared::protocol::{
    AccountCommand, AccountReply, AccountRow, AdminCommand, AdminReply, ClientFrame,
    ConversationCommand, ConversationReply, ConversationRow, InviteCommand, InviteReply, Kind,
    Notice, PeopleCommand, PeopleReply, Role, SearchCommand, SearchReply, ServerFrame,
    SessionCommand, SessionReply, UploadReply,
};
use tideline_shared::rights::{Deed, may};
use tideline_shared::{Code, Reject, limits};

const PROTOCOL: &str = include_str!("../../PROTOCOL.md");

/// The examples: what each claims to be, and its JSON.
fn examples() -> Vec<(&'static str, &'static str)> {
    let blocks = PROTOCOL.split("```json ").skip(1);
    let split = blocks.filter_map(|block| block.split("```").next()?.split_once('\n'));
    split.map(|(kind, json)| (kind.trim(), json.trim())).collect()
}

fn round_trip<T: DeserializeOwned + Serialize>(json: &str) -> Value {
    let read: T = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    serde_json::to_value(&read).expect("writes")
}

fn written_back(kind: &str, json: &str) -> Value {
    match kind {
        "AccountClientFrame" => round_trip::<ClientFrame<AccountCommand>>(json),
        "AccountCommand" => round_trip::<AccountCommand>(json),
        "AccountReply" => round_trip::<AccountReply>(json),
        "AccountRow" => round_trip::<AccountRow>(json),
        "AccountServerFrame" => round_trip::<ServerFrame<AccountRow, AccountReply>>(json),
        "AdminCommand" => round_trip::<AdminCommand>(json),
        "AdminReply" => round_trip::<AdminReply>(json),
        "ConversationClientFrame" => round_trip::<ClientFrame<ConversationCommand>>(json),
        "ConversationCommand" => round_trip::<ConversationCommand>(json),
        "ConversationReply" => round_trip::<ConversationReply>(json),
        "ConversationRow" => round_trip::<ConversationRow>(json),
        "ConversationServerFrame" => {
            round_trip::<ServerFrame<ConversationRow, ConversationReply>>(json)
        }
        "InviteCommand" => round_trip::<InviteCommand>(json),
        "InviteReply" => round_trip::<InviteReply>(json),
        "Notice" => round_trip::<Notice>(json),
        "PeopleCommand" => round_trip::<PeopleCommand>(json),
        "PeopleReply" => round_trip::<PeopleReply>(json),
        "Refusal" => {
            let mut refusal = round_trip::<Reject>(json);
            let code: Code = serde_json::from_value(refusal["code"].clone()).expect("a code");
            refusal["message"] = code.sentence().into();
            refusal
        }
        "SearchCommand" => round_trip::<SearchCommand>(json),
        "SearchReply" => round_trip::<SearchReply>(json),
        "SessionCommand" => round_trip::<SessionCommand>(json),
        "SessionReply" => round_trip::<SessionReply>(json),
        "UploadReply" => round_trip::<UploadReply>(json),
        other => panic!("no such type: {other}"),
    }
}

#[test]
fn every_example_reads_and_is_written_back_the_same() {
    let examples = examples();
    assert!(examples.len() > 40, "{} examples", examples.len());
    for (kind, json) in examples {
        let wanted: Value = serde_json::from_str(json).expect("examples are JSON");
        assert_eq!(written_back(kind, json), wanted, "{kind}");
    }
}

/// The tags of an enum's variants. Leaving one out does not compile.
macro_rules! tags {
    ($kind:ident $(<$($parameter:ty),*>)?: $($variant:ident)*) => {{
        fn _complete(value: &$kind $(<$($parameter),*>)?) {
            match value { $($kind::$variant { .. } => {})* $kind::Unknown => {} }
        }
        (stringify!($kind), vec![$(snake(stringify!($variant))),*])
    }};
}

/// `CreateGroup` as serde writes it: `create_group`.
fn snake(variant: &str) -> String {
    let mut tag = String::new();
    for c in variant.chars() {
        if c.is_uppercase() && !tag.is_empty() {
            tag.push('_');
        }
        tag.extend(c.to_lowercase());
    }
    tag
}

#[test]
fn every_type_of_every_enum_has_an_example() {
    let shown: BTreeSet<(&str, String)> = examples()
        .into_iter()
        .filter_map(|(kind, json)| {
            let value: Value = serde_json::from_str(json).ok()?;
            // Frames of both mirrors are the same frames.
            let kind = match kind {
                frame if frame.ends_with("ClientFrame") => "ClientFrame",
                frame if frame.ends_with("ServerFrame") => "ServerFrame",
                kind => kind,
            };
            Some((kind, value["type"].as_str()?.to_owned()))
        })
        .collect();
    for (kind, tags) in [
        tags!(ClientFrame<()>: Hello Call),
        tags!(ServerFrame<(), ()>: Page Change Signal Reply Rejected Ended),
        tags!(SessionCommand: Register SignIn SetCredentials Registration Whoami SignOut Sessions EndSession
              EndOtherSessions ChangePassword NoticeKey Subscribe Unsubscribe DeleteAccount),
        tags!(SessionReply: SignedIn SignedOut Registration Sessions NoticeKey Done),
        tags!(AccountCommand: UpdateProfile RemoveAvatar Read Hide Mute Unmute Arrange Draft Received
              ChangeSettings DismissAnnouncement Present),
        tags!(AccountReply: Done),
        tags!(AccountRow: Profile Entry Delivered Hidden Contact Blocked Draft Settings Deployment Presence Elsewhere),
        tags!(PeopleCommand: Find Profile ProfileByName AddContact DeclineContact RemoveContact
              NameContact Block Unblock Report),
        tags!(AdminCommand: Settings SetRegistration SetLimits Figures People Groups Ban Unban Reports Announce Withdraw
              Resolve Log),
        tags!(AdminReply: Settings Figures People Groups Reports Log Done),
        tags!(PeopleReply: Found Profile Done),
        tags!(ConversationCommand: CreateGroup StartDirect Send Forward Edit Revisions Recall Report React
            Unreact Pin Unpin Pinned Readers Typing History Leave Invites CreateInvite
              RevokeInvite ChangeRecord RemoveAvatar SetRole Transfer Remove Ban Unban Banned MuteMember
              UnmuteMember Preview Join TakeBack Requests Admit TurnAway),
        tags!(ConversationReply: Done Sent History Pinned Readers Revisions Invites Invite Banned
              Preview Standing Requests),
        tags!(ConversationRow: Record Member Message Receipt Typing),
        tags!(InviteCommand: Preview Join JoinAsGuest),
        tags!(SearchCommand: Messages Groups PublicGroups),
        tags!(SearchReply: Messages Groups),
        tags!(UploadReply: Stored),
        tags!(InviteReply: Preview Joined JoinedAsGuest),
    ] {
        for tag in tags {
            assert!(shown.contains(&(kind, tag.clone())), "no example of {kind} {tag}");
        }
    }
}

#[test]
fn every_code_is_listed_with_its_status_and_its_sentence() {
    let (_, listed) = PROTOCOL.split_once("## Codes").expect("has the section");
    let rows: Vec<&str> = listed.lines().filter(|line| line.starts_with("| `")).collect();
    let wanted: Vec<String> = Code::ALL
        .iter()
        .map(|code| format!("| `{}` | {} | {} |", code.as_str(), code.status(), code.sentence()))
        .collect();
    assert_eq!(rows, wanted);
}

#[test]
fn every_limit_is_listed_with_its_value() {
    let listed: Vec<&str> = PROTOCOL
        .lines()
        .filter(|line| line.starts_with("| `") && line.matches('|').count() == 3)
        .collect();
    let wanted: Vec<String> =
        limits::all().iter().map(|(name, value)| format!("| `{name}` | {value} |")).collect();
    assert_eq!(listed, wanted);
}

#[test]
fn the_table_of_rights_says_what_runs() {
    let word = |may: bool| if may { "yes" } else { "no" };
    let wanted: Vec<String> = Deed::ALL
        .iter()
        .map(|&deed| {
            let direct = may(Role::Member, Kind::Direct, deed);
            let group = Role::ALL.iter().map(|&role| word(may(role, Kind::Group, deed)));
            let group = group.collect::<Vec<_>>().join(" | ");
            format!("| {deed:?} | {} | {group} |", word(direct))
        })
        .collect();
    let listed = PROTOCOL.lines().skip_while(|line| !line.starts_with("| deed |")).skip(2);
    let listed: Vec<&str> = listed.take_while(|line| line.starts_with('|')).collect();
    assert_eq!(listed, wanted);
}
