//! The end of an account: everything of it goes, everybody who knows it is told.

use tideline_shared::{Code, Person, Reject};

use super::{AccountAnswer, credentials, next_version, profile};
use crate::conversation::ConversationCall;
use crate::directory::{DirectoryCall, claims_shard};
use crate::turn::{Address, Audience, Failure, Turn};
use crate::{avatars, mirror, outbox, params};

/// Everything but the version, what is owed to others, and pictures that are still to be erased.
const TABLES: [&str; 21] = [
    "account",
    "sessions",
    "mirrors",
    "entries",
    "timeline",
    "uncounted",
    "mentions",
    "hidden",
    "drafts",
    "buckets",
    "blocks",
    "contacts",
    "settings",
    "presence",
    "watchers",
    "asking",
    "signer",
    "subscriptions",
    "notices",
    "deployment",
    "named",
];

/// Deletes the account. From now on nobody is registered here, and nobody may any more; what comes
/// in is answered as by somebody who never was.
pub(super) fn delete(turn: &mut Turn<'_>, password: &str) -> Result<AccountAnswer, Failure> {
    let person = profile::load(turn.sql)?.person;
    if person.user_name.is_some() && !credentials::is_right(turn, password)? {
        return Ok(AccountAnswer::WrongPassword);
    }
    let (user, version) = (person.user, next_version(turn.sql)?);
    if let Some(user_name) = person.user_name {
        let claims = Address::Directory(claims_shard(&user_name));
        outbox::owe(turn, claims, "claim", &DirectoryCall::Withdraw { user_name, user })?;
    }
    let listed =
        DirectoryCall::List { person: Person::nobody(user), version, signature: String::new() };
    outbox::owe(turn, credentials::listing(user), "list", &listed)?;
    let gone = ConversationCall::PersonGone { user, version };
    // Also where the person is not any more, and where they never were: their name stands beside what
    // they said.
    let known = "SELECT conversation FROM entries UNION SELECT conversation FROM named";
    for row in turn.sql.query(known, &[])? {
        outbox::owe(turn, Address::Conversation(row.parse(0)?), "person", &gone)?;
    }
    super::contacts::publish(turn, version, Some(&Person::nobody(user)))?;
    super::deployment::leave(turn, user)?;
    avatars::end(turn)?;
    for table in TABLES {
        turn.sql.execute(&format!("DELETE FROM {table}"), &[])?;
    }
    turn.sql.execute("UPDATE clock SET horizon = ?1, void = 1", params![version])?;
    mirror::end(turn, Audience::User(user), Reject::new(Code::SessionEnded));
    Ok(AccountAnswer::Done)
}
