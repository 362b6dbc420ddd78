//! What the conversation is, and how it comes into being.

use tideline_shared::protocol::{ConversationRow, Kind, Record, RecordChange, Role};
use tideline_shared::rights::Deed;
use tideline_shared::{
    Code, ConversationId, FileId, GroupDescription, GroupName, GroupType, Person, Timestamp, UserId,
};

use super::{announce, members, moderation, next_quiet_version, next_version, public, rights};
use crate::sql::{Fault, Sql};
use crate::turn::{Failure, Turn, to_json};
use crate::{avatars, params};

/// The record with what the database keeps beside it.
pub(super) struct Stored {
    pub(super) conversation: ConversationId,
    pub(super) record: Record,
    pub(super) created_by: UserId,
    pub(super) version: u64,
}

pub(super) fn load(sql: &dyn Sql) -> Result<Option<Stored>, Fault> {
    let rows = sql.cached(
        &["conversation"],
        "SELECT conversation, kind, name, group_type, description, created_at, created_by,
                record_version, announcements, public, approval, avatar
         FROM conversation",
        &[],
    )?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Stored {
        conversation: row.parse(0)?,
        record: Record {
            kind: row.json(1)?,
            name: row.text(2)?.to_owned(),
            group_type: row.text(3)?.to_owned(),
            description: row.text(4)?.to_owned(),
            created_at: Timestamp(row.number(5)?),
            announcements: row.number(8)? == 1,
            public: row.number(9)? == 1,
            approval: row.number(10)? == 1,
            avatar: row.maybe(11)?,
        },
        created_by: row.parse(6)?,
        version: row.number(7)?,
    }))
}

/// The record, or `unknown_conversation`.
pub(super) fn require(sql: &dyn Sql) -> Result<Stored, Failure> {
    load(sql)?.ok_or_else(|| Code::UnknownConversation.into())
}

/// The record of a group, or `not_a_group`.
pub(super) fn require_group(sql: &dyn Sql) -> Result<Stored, Failure> {
    let stored = require(sql)?;
    match stored.record.kind {
        Kind::Group => Ok(stored),
        Kind::Direct => Err(Code::NotAGroup.into()),
    }
}

/// Makes a group. Asked again by its maker, it is the same group; by anybody else, it is theirs.
pub(super) fn create_group(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    by: &Person,
    name: &str,
    group_type: &str,
    description: &str,
) -> Result<(), Failure> {
    let record = Record {
        name: GroupName::parse(name)?.into(),
        group_type: GroupType::parse(group_type)?.into(),
        description: GroupDescription::parse(description)?.into(),
        ..Record::new(Kind::Group, turn.now)
    };
    if let Some(stored) = load(turn.sql)? {
        let again = stored.created_by == by.user && stored.record.kind == Kind::Group;
        return if again { Ok(()) } else { Err(Code::ConversationExists.into()) };
    }
    if !conversation.may_be_group() {
        return Err(Code::ConversationExists.into());
    }
    create(turn, conversation, record, &[(by, Role::Owner)])
}

/// Changes what the group is; what is not given stays.
pub(super) fn change(turn: &mut Turn<'_>, by: UserId, change: RecordChange) -> Result<(), Failure> {
    let RecordChange { name, group_type, description, announcements, public: is_public, approval } =
        change;
    let before = require(turn.sql)?.record;
    let mut record = before.clone();
    if let Some(name) = name {
        record.name = GroupName::parse(&name)?.into();
    }
    if let Some(group_type) = group_type {
        record.group_type = GroupType::parse(&group_type)?.into();
    }
    if let Some(description) = description {
        record.description = GroupDescription::parse(&description)?.into();
    }
    record.announcements = announcements.unwrap_or(before.announcements);
    record.public = is_public.unwrap_or(before.public);
    record.approval = approval.unwrap_or(before.approval);
    if record == before {
        return Ok(());
    }
    moderation::spend(turn, by)?;
    let version = next_version(turn.sql)?;
    turn.sql.execute(
        "UPDATE conversation
         SET name = ?1, group_type = ?2, description = ?3, record_version = ?4,
             announcements = ?5, public = ?6, approval = ?7",
        params![
            record.name.as_str(),
            record.group_type.as_str(),
            record.description.as_str(),
            version,
            u64::from(record.announcements),
            u64::from(record.public),
            u64::from(record.approval)
        ],
    )?;
    public::changed(turn, &before)?;
    Ok(announce(turn, version, vec![ConversationRow::Record(record)])?)
}

/// The gateway is about to store a picture of the group.
pub(super) fn expect_avatar(
    turn: &Turn<'_>,
    by: &members::Stored,
    avatar: FileId,
) -> Result<(), Failure> {
    rights::require(turn, by, Deed::ChangeRecord)?;
    moderation::spend(turn, by.member.person.user)?;
    Ok(avatars::expect(turn, avatar)?)
}

/// Shows another picture.
pub(super) fn set_avatar(
    turn: &mut Turn<'_>,
    by: &members::Stored,
    avatar: FileId,
) -> Result<(), Failure> {
    rights::require(turn, by, Deed::ChangeRecord)?;
    let record = require(turn.sql)?.record;
    if record.avatar == Some(avatar) {
        return Ok(());
    }
    avatars::swap(turn, record.avatar, Some(avatar))?;
    let version = next_version(turn.sql)?;
    show(turn, version, Record { avatar: Some(avatar), ..record })
}

/// Shows initials again. Where there is no picture, nothing changes.
pub(super) fn remove_avatar(turn: &mut Turn<'_>, by: &members::Stored) -> Result<(), Failure> {
    rights::require(turn, by, Deed::ChangeRecord)?;
    let record = require(turn.sql)?.record;
    if record.avatar.is_none() {
        return Ok(());
    }
    moderation::spend(turn, by.member.person.user)?;
    avatars::swap(turn, record.avatar, None)?;
    let version = next_version(turn.sql)?;
    show(turn, version, Record { avatar: None, ..record })
}

fn show(turn: &mut Turn<'_>, version: u64, record: Record) -> Result<(), Failure> {
    turn.sql.execute(
        "UPDATE conversation SET avatar = ?1, record_version = ?2",
        params![record.avatar.map(|avatar| avatar.to_string()), version],
    )?;
    Ok(announce(turn, version, vec![ConversationRow::Record(record)])?)
}

/// Where nobody is left, the picture goes. Nobody is there who would hear of it.
pub(super) fn end(turn: &Turn<'_>) -> Result<(), Fault> {
    if members::count(turn.sql)? > 0 {
        return Ok(());
    }
    avatars::end(turn)?;
    if load(turn.sql)?.is_some_and(|stored| stored.record.avatar.is_some()) {
        let version = next_quiet_version(turn.sql)?;
        turn.sql.execute(
            "UPDATE conversation SET avatar = NULL, record_version = ?1",
            params![version],
        )?;
    }
    Ok(())
}

/// Makes the direct conversation of two people, or somebody's with themselves, unless it is there.
pub(super) fn start_direct(turn: &mut Turn<'_>, by: &Person, peer: &Person) -> Result<(), Failure> {
    if load(turn.sql)?.is_some() {
        return members::require(turn.sql, by.user).map(drop);
    }
    let record = Record::new(Kind::Direct, turn.now);
    let conversation = ConversationId::direct(by.user, peer.user);
    let both = [(by, Role::Member), (peer, Role::Member)];
    let people = if by.user == peer.user { &both[..1] } else { &both };
    create(turn, conversation, record, people)
}

fn create(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    record: Record,
    people: &[(&Person, Role)],
) -> Result<(), Failure> {
    let version = next_version(turn.sql)?;
    turn.sql.execute(
        "INSERT INTO conversation
         (id, conversation, kind, name, group_type, description, created_at, created_by,
          record_version)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            conversation.to_string(),
            to_json(&record.kind)?,
            record.name.as_str(),
            record.group_type.as_str(),
            record.description.as_str(),
            record.created_at.0,
            people.first().map(|(person, _)| person.user.to_string()),
            version
        ],
    )?;
    let mut rows = vec![ConversationRow::Record(record)];
    for (person, role) in people {
        rows.push(ConversationRow::Member(members::add(turn, person, *role, version)?));
    }
    Ok(announce(turn, version, rows)?)
}
