//! What a person says about themselves, and who has to hear of it when it changes.

use tideline_shared::protocol::{AccountRow, Audience};
use tideline_shared::{
    Age, Code, ConversationId, DisplayName, FileId, Gender, Person, Profile, Signature, Timestamp,
    UserId,
};

use super::{announce, contacts, credentials, next_version, settings};
use crate::conversation::ConversationCall;
use crate::directory::DirectoryCall;
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Failure, Turn, to_json};
use crate::{avatars, limits, outbox, params};

/// The profile; `unknown_person` where nobody has registered.
pub(super) fn load(sql: &dyn Sql) -> Result<Profile, Failure> {
    stored(sql)?.map(|(profile, _)| profile).ok_or_else(|| Code::UnknownPerson.into())
}

/// The profile of an account that is known to exist.
pub(super) fn load_required(sql: &dyn Sql) -> Result<Profile, Fault> {
    stored(sql)?
        .map(|(profile, _)| profile)
        .ok_or_else(|| Fault("the account has no row".to_owned()))
}

/// What of the profile somebody gets to see; without `by`, what everybody does.
pub(super) fn load_for(sql: &dyn Sql, by: Option<UserId>) -> Result<Profile, Failure> {
    let mut whole = load(sql)?;
    if by == Some(whole.person.user) {
        return Ok(whole);
    }
    let settings = settings::stored(sql)?.0;
    let is_contact = match by {
        Some(by) => contacts::is_mutual(sql, by)?,
        None => false,
    };
    let shows = |audience: Audience| audience.has(is_contact);
    whole.person.avatar = whole.person.avatar.filter(|_| shows(settings.avatar_seen_by));
    Ok(Profile {
        age: whole.age.filter(|_| shows(settings.age_seen_by)),
        gender: if shows(settings.gender_seen_by) { whole.gender } else { Gender::Unstated },
        signature: if shows(settings.signature_seen_by) { whole.signature } else { String::new() },
        ..whole
    })
}

/// This person as everybody may see them, or as their contacts may.
pub(super) fn shown(sql: &dyn Sql, to_contacts: bool) -> Result<Person, Fault> {
    as_shown(sql, load_required(sql)?.person, to_contacts)
}

/// The same of the person who was loaded.
pub(super) fn as_shown(
    sql: &dyn Sql,
    mut person: Person,
    to_contacts: bool,
) -> Result<Person, Fault> {
    // Most have no picture: nothing more to look up.
    if person.avatar.is_some() && !settings::stored(sql)?.0.avatar_seen_by.has(to_contacts) {
        person.avatar = None;
    }
    Ok(person)
}

/// The profile with the version that changed it last.
pub(super) fn stored(sql: &dyn Sql) -> Result<Option<(Profile, u64)>, Fault> {
    let rows = sql.cached(
        &["account"],
        "SELECT user, user_name, display_name, age, gender, signature, created_at, profile_version,
                avatar
         FROM account",
        &[],
    )?;
    let Some(row) = rows.first() else { return Ok(None) };
    let age = row.maybe_number(3)?.and_then(|years| i64::try_from(years).ok());
    let profile = Profile {
        person: Person {
            user: row.parse(0)?,
            user_name: row.maybe_text(1)?.map(str::to_owned),
            display_name: row.text(2)?.to_owned(),
            avatar: row.maybe(8)?,
        },
        age: age.and_then(|years| Age::parse(years).ok()),
        gender: row.json(4)?,
        signature: row.text(5)?.to_owned(),
        created_at: Timestamp(row.number(6)?),
    };
    Ok(Some((profile, row.number(7)?)))
}

pub(super) fn gender_column(gender: Gender) -> Result<String, Fault> {
    to_json(&gender)
}

pub(super) fn update(
    turn: &mut Turn<'_>,
    display_name: &str,
    age: Option<i64>,
    gender: Gender,
    signature: &str,
) -> Result<(), Failure> {
    let display_name = DisplayName::parse(display_name)?;
    let signature = Signature::parse(signature)?;
    let age = age.map(Age::parse).transpose()?;
    spend(turn)?;
    let before = load(turn.sql)?;
    turn.sql.execute(
        "UPDATE account SET display_name = ?1, age = ?2, gender = ?3, signature = ?4",
        params![
            display_name.as_str(),
            age.map(|age| u64::from(age.years())),
            gender_column(gender)?,
            signature.as_str()
        ],
    )?;
    changed(turn)?;
    if before.person.display_name != display_name.as_str() {
        publish(turn)?;
    } else if before.signature != signature.as_str() {
        list(turn)?;
    }
    Ok(())
}

/// Counts a change that every conversation hears of.
pub(super) fn spend(turn: &Turn<'_>) -> Result<(), Failure> {
    limits::spend(turn.sql, turn.now, turn.limits.profile, "profile")
}

/// The gateway is about to store a picture.
pub(super) fn expect_avatar(turn: &Turn<'_>, avatar: FileId) -> Result<(), Failure> {
    load(turn.sql)?;
    limits::spend(turn.sql, turn.now, turn.limits.profile, "profile")?;
    Ok(avatars::expect(turn, avatar)?)
}

/// Shows another picture, or none.
pub(super) fn set_avatar(turn: &mut Turn<'_>, avatar: Option<FileId>) -> Result<(), Failure> {
    let before = load(turn.sql)?.person.avatar;
    if before == avatar {
        return Ok(());
    }
    avatars::swap(turn, before, avatar)?;
    let column = avatar.map(|avatar| avatar.to_string());
    turn.sql.execute("UPDATE account SET avatar = ?1", params![column])?;
    changed(turn)?;
    Ok(publish(turn)?)
}

/// Shows initials again. Where there is no picture, nothing changes.
pub(super) fn remove_avatar(turn: &mut Turn<'_>) -> Result<(), Failure> {
    if load(turn.sql)?.person.avatar.is_none() {
        return Ok(());
    }
    limits::spend(turn.sql, turn.now, turn.limits.profile, "profile")?;
    set_avatar(turn, None)
}

/// Stamps the profile with a new version and tells the person's devices.
pub(super) fn changed(turn: &mut Turn<'_>) -> Result<(), Fault> {
    let version = next_version(turn.sql)?;
    turn.sql.execute("UPDATE account SET profile_version = ?1", params![version])?;
    let profile = load_required(turn.sql)?;
    announce(turn, version, vec![AccountRow::Profile(profile)])
}

/// Owes the directory what the person can be found by: of what they say, only what everybody sees.
pub(super) fn list(turn: &mut Turn<'_>) -> Result<(), Fault> {
    let version = super::version(turn.sql)?;
    let Profile { person, mut signature, .. } = load_required(turn.sql)?;
    let person = as_shown(turn.sql, person, false)?;
    if !settings::stored(turn.sql)?.0.signature_seen_by.is_everybody() {
        signature.clear();
    }
    let to = credentials::listing(person.user);
    outbox::owe(turn, to, "list", &DirectoryCall::List { person, version, signature })
}

/// Owes the new name or picture to the directory and to every conversation that the person is in.
pub(super) fn publish(turn: &mut Turn<'_>) -> Result<(), Fault> {
    list(turn)?;
    let version = super::version(turn.sql)?;
    super::contacts::publish(turn, version, None)?;
    let person = shown(turn.sql, false)?;
    let call = ConversationCall::PersonChanged { person, version };
    for row in turn.sql.query("SELECT conversation FROM entries WHERE has_left = 0", &[])? {
        outbox::owe(turn, Address::Conversation(row.parse(0)?), "person", &call)?;
    }
    Ok(())
}

/// Owes the name of today to a conversation that the person has just come into: it was told one
/// when they asked to come in, or when somebody else made it, and they may have changed it since.
pub(super) fn introduce(turn: &mut Turn<'_>, conversation: ConversationId) -> Result<(), Fault> {
    let Some((profile, version)) = stored(turn.sql)? else { return Ok(()) };
    let person = as_shown(turn.sql, profile.person, false)?;
    let call = ConversationCall::PersonChanged { person, version };
    outbox::owe(turn, Address::Conversation(conversation), "person", &call)
}

/// Where this person's name stands although they never were there: told of their end.
pub(super) const NAMED: &str =
    "CREATE TABLE named (conversation TEXT PRIMARY KEY) STRICT, WITHOUT ROWID";

/// Their name stands beside words that others carried there.
pub(super) fn named(sql: &dyn Sql, conversation: ConversationId) -> Result<(), Failure> {
    load(sql)?;
    let insert = "INSERT OR IGNORE INTO named (conversation) VALUES (?1)";
    Ok(sql.execute(insert, params![conversation.to_string()])?)
}
