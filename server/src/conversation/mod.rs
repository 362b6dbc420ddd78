//! One conversation: its record, its members and invites, its messages in their order, and the
//! fan-out that brings them to every member's account.
//!
//! Leaves to [`crate::account`] what a person has read, and whether a session is alive.

mod asking;
mod blocks;
mod call;
mod cards;
mod changes;
mod fanout;
mod files;
mod forwarding;
mod history;
mod index;
mod invites;
mod members;
mod mentions;
mod messages;
mod moderation;
mod public;
mod receipts;
mod record;
mod rights;
mod schema;
mod search;
mod sync;
mod tally;

use tideline_shared::protocol::{
    ClientFrame, ConversationCommand, ConversationReply, ConversationRow, ServerFrame,
};
use tideline_shared::rights::Deed;
use tideline_shared::search::Search;
use tideline_shared::{Code, Reject, Timestamp};

use crate::erasing::Erasures;
use crate::outbox::{self, Alarm, Outbox};
use crate::sql::{Fault, Row, Sql};
use crate::turn::{Actor, Audience, CallId, Failure, Peer, Turn, Unreachable};
use crate::{avatars, migrate, mirror, params};
use asking::Asking;
use blocks::Veil;
pub use call::{ConversationAnswer, ConversationCall, Copied, Exported};
use cards::Cards;
use fanout::Fanout;
pub(crate) use files::{THUMB_BIT, key, parts, thumb_key};
use index::Index;
pub(crate) use members::LAST_VERSION;
pub use mentions::Mentioned;
use messages::Said;
pub use receipts::Receipt;
use tally::Tally;

/// The memory of a conversation: who is being told what, nothing else.
#[derive(Debug)]
pub struct Conversation {
    asking: Asking,
    fanout: Fanout,
    outbox: Outbox,
    index: Index,
    files: Erasures,
    avatars: Erasures,
    cards: Cards,
    tally: Tally,
    alarm: Alarm,
}

impl Actor for Conversation {
    type Call = ConversationCall;
    type Answer = ConversationAnswer;

    fn open(sql: &dyn Sql, now: Timestamp) -> Result<Self, Fault> {
        migrate::migrate(sql, now, schema::SCHEMA)?;
        Ok(Self {
            asking: Asking::default(),
            fanout: Fanout::default(),
            outbox: Outbox::beside(fanout::OTHERS_IN_FLIGHT),
            index: Index::default(),
            files: files::erasures(),
            avatars: avatars::erasures(),
            cards: Cards::default(),
            tally: Tally::default(),
            alarm: Alarm::default(),
        })
    }

    fn call(
        &self,
        turn: &mut Turn<'_>,
        call: ConversationCall,
    ) -> Result<ConversationAnswer, Failure> {
        match call {
            ConversationCall::CreateGroup { conversation, by, name, group_type, description } => {
                record::create_group(turn, conversation, &by, &name, &group_type, &description)?;
                done(turn).map(answer)
            }
            ConversationCall::StartDirect { by, peer } => {
                record::start_direct(turn, &by, &peer)?;
                done(turn).map(answer)
            }
            ConversationCall::Command { by, command } => {
                let member = members::require(turn.sql, by)?;
                command_of(turn, &member, command).map(answer)
            }
            ConversationCall::Fetch { by, seqs } => {
                members::require(turn.sql, by)?;
                let messages = forwarding::fetch(turn.sql, by, &seqs)?;
                Ok(ConversationAnswer::Fetched { messages })
            }
            ConversationCall::Forward { by, messages, preview } => {
                let member = members::require(turn.sql, by)?;
                forwarding::say(turn, &member, messages, preview).map(answer)
            }
            ConversationCall::Upload { by, file, size, media, limits } => {
                let member = members::require(turn.sql, by)?;
                let asked = files::Asked { file, size, limits };
                let wanted = files::upload(turn, &member, &asked, media.as_deref())?;
                Ok(ConversationAnswer::Upload { wanted })
            }
            ConversationCall::Stored { by, file, parts } => {
                files::stored(turn.sql, by, file, parts)?;
                Ok(ConversationAnswer::Done)
            }
            ConversationCall::File { by, file } => {
                members::require(turn.sql, by)?;
                files::shown(turn.sql, by, file).map(ConversationAnswer::File)
            }
            ConversationCall::ExpectAvatar { by, avatar } => {
                let member = members::require(turn.sql, by)?;
                record::expect_avatar(turn, &member, avatar)?;
                Ok(ConversationAnswer::Done)
            }
            ConversationCall::SetAvatar { by, avatar } => {
                let member = members::require(turn.sql, by)?;
                record::set_avatar(turn, &member, avatar)?;
                done(turn).map(answer)
            }
            ConversationCall::Export { by, after } => {
                members::require(turn.sql, by)?;
                let everybody = match after {
                    0 => members::changed_since(turn.sql, 0)?,
                    _ => Vec::new(),
                };
                Ok(ConversationAnswer::Exported(Exported {
                    record: record::require(turn.sql)?.record,
                    members: everybody.into_iter().map(|stored| stored.member).collect(),
                    messages: blocks::seen(turn.sql, by, history::export(turn.sql, after)?)?,
                }))
            }
            ConversationCall::Preview { token } => {
                invites::preview(turn, &token).map(ConversationAnswer::Preview)
            }
            ConversationCall::Join { person, token } => {
                invites::join(turn, &person, &token)?;
                done(turn).map(answer)
            }
            ConversationCall::PersonChanged { person, version } => {
                members::rename(turn, &person, version)?;
                Ok(ConversationAnswer::Done)
            }
            ConversationCall::PersonGone { user, version } => {
                members::gone(turn, user, version)?;
                public::forget(turn.sql, user)?;
                Ok(ConversationAnswer::Done)
            }
            ConversationCall::Search { by, query, authors, zone_min, before, most } => {
                let query = Search::parse_by(&query, authors)?;
                search::search(turn.sql, by, &query, zone_min, before, most)
            }
            ConversationCall::SearchGroup { by, query } => search::group(turn.sql, by, &query),
            ConversationCall::PreviewGroup { by } => {
                let preview = public::preview(turn.sql, by)?;
                Ok(answer(ConversationReply::Preview(preview)))
            }
            ConversationCall::FindGroup { by, query } => public::find(turn.sql, by, &query),
            ConversationCall::JoinGroup { person } => {
                let standing = public::join(turn, &person)?;
                Ok(answer(ConversationReply::Standing { standing }))
            }
            ConversationCall::TakeBack { by } => {
                let standing = public::take_back(turn, by)?;
                Ok(answer(ConversationReply::Standing { standing }))
            }
            ConversationCall::Requests { by } => {
                let member = members::require(turn.sql, by)?;
                Ok(ConversationAnswer::Requests { people: public::requests(turn, &member)? })
            }
            ConversationCall::Admit { by, person } => {
                let member = members::require(turn.sql, by)?;
                public::admit(turn, &member, &person)?;
                done(turn).map(answer)
            }
            ConversationCall::Block { by, blocked, version } => {
                blocks::set(turn.sql, by, blocked, version)?;
                Ok(ConversationAnswer::Done)
            }
            ConversationCall::Receipt { by, receipt } => {
                members::require(turn.sql, by)?;
                receipts::hear(turn, by, receipt)?;
                Ok(ConversationAnswer::Done)
            }
            ConversationCall::TakeDown { seq, by } => {
                changes::take_down(turn, seq, by)?;
                Ok(ConversationAnswer::Done)
            }
            ConversationCall::Figures => {
                Ok(ConversationAnswer::Figures { group: tally::figures(turn.sql)? })
            }
            ConversationCall::SessionEnded { session } => {
                mirror::end(turn, Audience::Session(session), Reject::new(Code::SessionEnded));
                Ok(ConversationAnswer::Done)
            }
        }
    }

    fn connect(&self, turn: &mut Turn<'_>, peer: &Peer) -> Result<(), Failure> {
        members::require(turn.sql, peer.user).map(drop)
    }

    fn frame(&self, turn: &mut Turn<'_>, peer: &Peer, frame: &str) -> Result<(), Failure> {
        let frame = mirror::read(frame)?;
        // Asked with every frame: somebody may have left since the socket was opened.
        let member = members::require(turn.sql, peer.user)?;
        match frame {
            ClientFrame::Hello { cursor } => Ok(sync::hello(turn, peer.user, cursor)?),
            ClientFrame::Call { reference, command } => {
                let reply = command_of(turn, &member, command)?;
                let frame = ServerFrame::<ConversationRow, _>::Reply { reference, reply };
                Ok(turn.push(Audience::Caller, &frame)?)
            }
            ClientFrame::Unknown => Err(Code::UnknownType.into()),
        }
    }

    fn returned(
        &mut self,
        turn: &mut Turn<'_>,
        id: CallId,
        answer: Result<Result<serde_json::Value, Reject>, Unreachable>,
    ) -> Result<(), Fault> {
        if self.files.returned(turn, id, &answer)?
            || self.avatars.returned(turn, id, &answer)?
            || self.cards.returned(turn, id, &answer)?
        {
            return Ok(());
        }
        let decided = outbox::is_decided(&answer);
        if matches!(&answer, Ok(Err(reject)) if reject.code == Code::UnknownPerson)
            && let Some(user) =
                self.outbox.topic(turn.sql, id)?.as_deref().and_then(forwarding::told)
        {
            members::gone(turn, user, LAST_VERSION)?;
        }
        if self.outbox.returned(turn, id, decided)? {
            return Ok(());
        }
        self.fanout.returned(turn, id, answer)
    }

    fn pump(&mut self, turn: &mut Turn<'_>) -> Result<(), Fault> {
        self.asking.pump(turn)?;
        let clock = clock(turn.sql)?;
        let tallied = self.tally.pump(turn, clock)?;
        let settled = self.outbox.pump(turn)?;
        let told = self.fanout.pump(turn, clock)?;
        let indexed = self.index.pump(turn, clock)?;
        let erased = self.files.pump(turn, files::keys)?;
        let replaced = self.avatars.pump(turn, avatars::keys)?;
        let looked = self.cards.pump(turn)?;
        let wakes = [tallied, settled, told, indexed, erased, replaced, looked];
        self.alarm.ensure(turn, wakes.into_iter().flatten().min());
        Ok(())
    }
}

/// Does what a member asked, from whichever door it came.
fn command_of(
    turn: &mut Turn<'_>,
    member: &members::Stored,
    command: ConversationCommand,
) -> Result<ConversationReply, Failure> {
    let by = member.member.person.user;
    match command {
        ConversationCommand::Send { id, text, reply_to, files, preview } => {
            let said = Said::own(id, &text, reply_to, files)?;
            messages::send(turn, member, &Said { preview, ..said })
        }
        ConversationCommand::Edit { seq, text, preview } => {
            changes::edit(turn, member, seq, &text, preview)
        }
        ConversationCommand::Revisions { seq } => changes::revisions(turn.sql, by, seq),
        ConversationCommand::Recall { seq } => changes::recall(turn, member, seq),
        ConversationCommand::React { seq, emoji } => {
            changes::react(turn, member, seq, &emoji, true)
        }
        ConversationCommand::Unreact { seq, emoji } => {
            changes::react(turn, member, seq, &emoji, false)
        }
        ConversationCommand::Pin { seq } => changes::pin(turn, member, seq, true),
        ConversationCommand::Unpin { seq } => changes::pin(turn, member, seq, false),
        ConversationCommand::Pinned => changes::pinned(turn.sql, by),
        ConversationCommand::Readers { seq } => receipts::readers(turn.sql, by, seq),
        ConversationCommand::Typing => {
            receipts::typing(turn, member)?;
            done(turn)
        }
        ConversationCommand::History { before, after, around, since } => {
            let page = history::Page::of(before, after, around, since);
            let messages = blocks::seen(turn.sql, by, history::page(turn.sql, page)?)?;
            Ok(ConversationReply::History { messages })
        }
        ConversationCommand::Report { seq, reason, note } => {
            changes::report(turn, member, seq, reason, &note)?;
            done(turn)
        }
        ConversationCommand::Leave => {
            rights::require(turn, member, Deed::Leave)?;
            members::leave(turn, member, None)?;
            done(turn)
        }
        ConversationCommand::Invites => {
            rights::require(turn, member, Deed::SeeInvites)?;
            Ok(ConversationReply::Invites { invites: invites::in_force(turn)? })
        }
        ConversationCommand::CreateInvite { lifetime_s, forever, max_uses } => {
            rights::require(turn, member, Deed::Invite)?;
            invites::create(turn, by, lifetime_s, forever, max_uses).map(ConversationReply::Invite)
        }
        ConversationCommand::RevokeInvite { token } => {
            invites::revoke(turn, member, &token)?;
            done(turn)
        }
        ConversationCommand::Banned => {
            Ok(ConversationReply::Banned { people: moderation::banned(turn, member)? })
        }
        ConversationCommand::ChangeRecord(change) => {
            rights::require(turn, member, Deed::ChangeRecord)?;
            record::change(turn, by, change)?;
            done(turn)
        }
        ConversationCommand::RemoveAvatar => {
            record::remove_avatar(turn, member)?;
            done(turn)
        }
        ConversationCommand::SetRole { .. }
        | ConversationCommand::Transfer { .. }
        | ConversationCommand::Remove { .. }
        | ConversationCommand::Ban { .. }
        | ConversationCommand::Unban { .. }
        | ConversationCommand::MuteMember { .. }
        | ConversationCommand::UnmuteMember { .. } => {
            moderation::act(turn, member, command)?;
            done(turn)
        }
        // Only for somebody who is in the conversation already, and then it is there.
        ConversationCommand::CreateGroup { .. } | ConversationCommand::StartDirect { .. } => {
            done(turn)
        }
        ConversationCommand::TurnAway { user } => {
            public::turn_away(turn, member, user)?;
            done(turn)
        }
        // Words and names from elsewhere only the gateway can fetch.
        ConversationCommand::Forward { .. }
        | ConversationCommand::Preview
        | ConversationCommand::Join
        | ConversationCommand::TakeBack
        | ConversationCommand::Requests
        | ConversationCommand::Admit { .. } => Err(Code::UnknownType.into()),
        ConversationCommand::Unknown => Err(Code::UnknownType.into()),
    }
}

fn done(turn: &Turn<'_>) -> Result<ConversationReply, Failure> {
    Ok(ConversationReply::Done { version: clock(turn.sql)?.version })
}

fn answer(reply: ConversationReply) -> ConversationAnswer {
    ConversationAnswer::Reply { reply }
}

/// How far the conversation is.
#[derive(Clone, Copy, Debug)]
struct Clock {
    version: u64,
    last_seq: u64,
    /// Up to which version every account has confirmed.
    confirmed: u64,
    /// The version of the last change that accounts hear of.
    told: u64,
    /// Up to which version the index for search has everything.
    indexed: u64,
    /// A device that was told less than this knows nothing.
    horizon: u64,
}

const CLOCK: &str = "SELECT version, last_seq, confirmed, told, indexed, horizon FROM now";
/// What it is made of.
const CLOCK_OF: &[&str] = &["clock", "messages"];

fn clock(sql: &dyn Sql) -> Result<Clock, Fault> {
    let rows = sql.cached(CLOCK_OF, CLOCK, &[])?;
    let row = rows.first().ok_or_else(no_clock)?;
    Ok(Clock {
        version: row.number(0)?,
        last_seq: row.number(1)?,
        confirmed: row.number(2)?,
        told: row.number(3)?,
        indexed: row.number(4)?,
        horizon: row.number(5)?,
    })
}

/// A message's row was written that has this version and place, the next ones: it alone tells the time now.
fn tick(sql: &dyn Sql, before: Clock, version: u64, last_seq: u64) {
    let Clock { confirmed, indexed, horizon, .. } = before;
    // As [`CLOCK`] answers.
    let row = params![version, last_seq, confirmed, version, indexed, horizon];
    sql.learn(CLOCK_OF, CLOCK, &[], Row(row.to_vec()));
}

/// Raises the version by one for a change that is about to be written.
fn next_version(sql: &dyn Sql) -> Result<u64, Fault> {
    raise(sql, "version + 1")
}

/// The same for a change that no account hears of.
fn next_quiet_version(sql: &dyn Sql) -> Result<u64, Fault> {
    raise(sql, "told")
}

fn raise(sql: &dyn Sql, told: &str) -> Result<u64, Fault> {
    let update = format!(
        "UPDATE clock SET (version, told) = (SELECT version + 1, {told} FROM now) RETURNING version"
    );
    sql.first(&update, &[])?.ok_or_else(no_clock)?.number(0)
}

fn no_clock() -> Fault {
    Fault("the clock has no row".to_owned())
}

/// Tells everybody who looks at the conversation what a change brought, each what they may know.
fn announce(turn: &mut Turn<'_>, version: u64, rows: Vec<ConversationRow>) -> Result<(), Fault> {
    let frame = |rows| ServerFrame::<_, ConversationReply>::Change { version, rows };
    let speaks = rows.iter().any(|row| matches!(row, ConversationRow::Message(_)));
    if !speaks || !blocks::exist(turn.sql)? {
        return turn.push(Audience::Live, &frame(rows));
    }
    for stored in members::everybody(turn.sql)? {
        let viewer = stored.member.person.user;
        let veil = Veil::of(turn.sql, viewer)?;
        let rows = rows.iter().cloned().map(|row| veil.over_row(row)).collect();
        turn.push(Audience::LiveOf(viewer), &frame(rows))?;
    }
    Ok(())
}
