//! The account of one person: who they are, how they prove it, and their inbox with its sync
//! timeline.
//!
//! Leaves to [`crate::conversation`] what was said, and to [`crate::directory`] who is called what.

mod acts;
mod asking;
mod blocks;
mod call;
mod contacts;
mod credentials;
mod deletion;
mod deployment;
mod export;
mod hidden;
mod inbox;
mod keeping;
mod mentions;
mod notices;
mod password;
mod presence;
mod profile;
mod receipts;
mod schema;
mod sessions;
mod settings;
mod sync;

use tideline_shared::protocol::{
    AccountCommand, AccountReply, AccountRow, ClientFrame, ServerFrame,
};
use tideline_shared::{Code, Reject, Timestamp};

use self::notices::Notices;
use crate::erasing::Erasures;
use crate::outbox::{self, Alarm, Outbox};
use crate::sql::{Fault, Row, Sql};
use crate::turn::{Actor, Audience, CallId, Failure, Peer, Turn, Unreachable};
use crate::{avatars, limits, migrate, mirror, params};

pub use acts::Act;
pub use call::{AccountAnswer, AccountCall, ContactWish, Delivery, Welcome};
pub use credentials::Signed;
pub use export::OwnData;
pub(crate) use password::{MEMORY_KIB as PASSWORD_KIB, waste_time};

/// The memory of an account: what is under way, nothing else.
#[derive(Debug)]
pub struct Account {
    outbox: Outbox,
    avatars: Erasures,
    notices: Notices,
    alarm: Alarm,
}

impl Actor for Account {
    type Call = AccountCall;
    type Answer = AccountAnswer;

    fn open(sql: &dyn Sql, now: Timestamp) -> Result<Self, Fault> {
        migrate::migrate(sql, now, schema::SCHEMA)?;
        Ok(Self {
            outbox: Outbox::default(),
            avatars: avatars::erasures(),
            notices: Notices::default(),
            alarm: Alarm::default(),
        })
    }

    fn call(&self, turn: &mut Turn<'_>, call: AccountCall) -> Result<AccountAnswer, Failure> {
        match call {
            AccountCall::Register {
                user,
                user_name,
                password,
                display_name,
                device,
                owner,
                announcement,
            } => {
                let new = credentials::New { user, user_name, password, display_name };
                credentials::register(turn, &new, owner)?;
                deployment::bring_along(turn, announcement)?;
                credentials::open_session(turn, &device).map(AccountAnswer::Signed)
            }
            AccountCall::RegisterGuest { user, display_name, device, announcement } => {
                credentials::register_guest(turn, user, &display_name)?;
                deployment::bring_along(turn, announcement)?;
                credentials::open_session(turn, &device).map(AccountAnswer::Signed)
            }
            AccountCall::Vouch { user_name } => {
                let mine = credentials::vouch(turn, &user_name)?;
                Ok(AccountAnswer::Vouched { mine })
            }
            AccountCall::VouchOwner => {
                Ok(AccountAnswer::Vouched { mine: credentials::vouch_owner(turn)? })
            }
            AccountCall::Own => {
                deployment::own(turn)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::SetBanned { banned, word } => {
                deployment::set_banned(turn, banned, word)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Announced { word, announcement } => {
                deployment::announced(turn, word, announcement.as_ref())?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Report { about, reason, note } => {
                deployment::report(turn, about, reason, &note)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::SignIn { password, device } => {
                credentials::sign_in(turn, &password, &device)
            }
            AccountCall::SetCredentials { user_name, password } => {
                credentials::set(turn, &user_name, &password)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Authenticate { secret, mirror, act } => {
                credentials::authenticate(turn, &secret, mirror, act)
            }
            AccountCall::Search { secret, conversations } => {
                let user = credentials::searcher(turn, &secret)?;
                let hidden = hidden::of(turn.sql, &conversations)?;
                Ok(AccountAnswer::Searcher { user, hidden })
            }
            AccountCall::SignOut { session } => {
                credentials::sign_out(turn, session)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Sessions { by } => {
                Ok(AccountAnswer::Sessions { sessions: sessions::list(turn, by)? })
            }
            AccountCall::EndSession { by, session } => {
                sessions::end(turn, by, session)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::EndOtherSessions { by } => {
                sessions::end_others(turn, by)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::ChangePassword { by, password, new_password } => {
                credentials::change_password(turn, by, &password, &new_password)
            }
            AccountCall::NoticeKey => {
                Ok(AccountAnswer::NoticeKey { key: notices::signer(turn)?.public_key()? })
            }
            AccountCall::Subscribe { by, subscription, contact } => {
                notices::subscribe(turn, by, &subscription, &contact)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Unsubscribe { by } => {
                notices::unsubscribe(turn.sql, by)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Delete { password } => {
                deletion::delete(turn, password.as_deref().unwrap_or_default())
            }
            AccountCall::Export => {
                limits::spend(turn.sql, turn.now, turn.limits.export, "export")?;
                Ok(AccountAnswer::Exported(Box::new(export::own_data(turn.sql)?)))
            }
            AccountCall::Profile { by } => {
                Ok(AccountAnswer::Profile(profile::load_for(turn.sql, by)?))
            }
            AccountCall::Command { command } => {
                Ok(AccountAnswer::Reply { reply: command_of(turn, command)? })
            }
            AccountCall::ExpectAvatar { avatar } => {
                profile::expect_avatar(turn, avatar)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::SetAvatar { avatar } => {
                profile::set_avatar(turn, Some(avatar))?;
                let reply = AccountReply::Done { version: version(turn.sql)? };
                Ok(AccountAnswer::Reply { reply })
            }
            AccountCall::AddContact { person } => {
                contacts::add(turn, person)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::DeclineContact { user } => {
                contacts::decline(turn, user)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::RemoveContact { user } => {
                contacts::remove(turn, user)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::NameContact { person, nickname, note } => {
                contacts::name(turn, person, &nickname, &note)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::ContactWish(wish) => {
                contacts::hear(turn, &wish)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Block { person } => {
                let version = blocks::block(turn, person)?;
                Ok(AccountAnswer::Standing { blocked: true, version })
            }
            AccountCall::Unblock { user } => {
                let version = blocks::unblock(turn, user)?;
                Ok(AccountAnswer::Standing { blocked: false, version })
            }
            AccountCall::Asking { conversation, people, word } => {
                asking::hear(turn, conversation, people, word)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Named { conversation } => {
                profile::named(turn.sql, conversation)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Deliver(delivery) => {
                inbox::deliver(turn, &delivery)?;
                let looks = presence::looks_until(turn.sql, turn.now)?.is_some();
                Ok(AccountAnswer::Delivered { looks })
            }
            AccountCall::Watch { by } => {
                presence::watch(turn, by)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Presence(presence) => {
                presence::hear(turn, presence)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Remove { conversation, version } => {
                inbox::remove(turn, conversation, version)?;
                Ok(AccountAnswer::Done)
            }
        }
    }

    fn connect(&self, turn: &mut Turn<'_>, peer: &Peer) -> Result<(), Failure> {
        let alive = turn
            .sql
            .first("SELECT 1 FROM sessions WHERE id = ?1", params![peer.session.to_string()])?;
        if alive.is_some() { Ok(()) } else { Err(Code::SessionEnded.into()) }
    }

    fn frame(&self, turn: &mut Turn<'_>, peer: &Peer, frame: &str) -> Result<(), Failure> {
        match mirror::read(frame)? {
            ClientFrame::Hello { cursor } => {
                // Before what came, so that this device knows whether to tell of it.
                presence::welcome(turn, peer.session)?;
                Ok(sync::hello(turn, cursor)?)
            }
            ClientFrame::Call { reference, command } => {
                let reply = match command {
                    AccountCommand::Present { away, watching } => {
                        presence::present(turn, peer.session, away, watching)?;
                        AccountReply::Done { version: version(turn.sql)? }
                    }
                    command => command_of(turn, command)?,
                };
                let frame = ServerFrame::<AccountRow, _>::Reply { reference, reply };
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
        if self.avatars.returned(turn, id, &answer)? || self.notices.returned(turn, id, &answer)? {
            return Ok(());
        }
        self.outbox.returned(turn, id, outbox::is_decided(&answer)).map(drop)
    }

    fn pump(&mut self, turn: &mut Turn<'_>) -> Result<(), Fault> {
        let settled = self.outbox.pump(turn)?;
        let erased = self.avatars.pump(turn, avatars::keys)?;
        let told = self.notices.pump(turn)?;
        self.alarm.ensure(turn, [settled, erased, told].into_iter().flatten().min());
        Ok(())
    }
}

/// Does what the person asked, from whichever door it came.
fn command_of(turn: &mut Turn<'_>, command: AccountCommand) -> Result<AccountReply, Failure> {
    if command.keeps() {
        limits::spend_often(turn, turn.limits.keep, "keep".to_owned())?;
    }
    match command {
        AccountCommand::UpdateProfile { display_name, age, gender, signature } => {
            profile::update(turn, &display_name, age, gender, &signature)?;
        }
        AccountCommand::RemoveAvatar => profile::remove_avatar(turn)?,
        AccountCommand::Read { conversation, seq } => inbox::read(turn, conversation, seq)?,
        AccountCommand::Hide { conversation, seqs } => hidden::hide(turn, conversation, &seqs)?,
        AccountCommand::Mute { conversation, duration_s, mentions_all } => {
            keeping::mute(turn, conversation, duration_s, mentions_all)?;
        }
        AccountCommand::Unmute { conversation } => keeping::unmute(turn, conversation)?,
        AccountCommand::Arrange { conversation, pinned, archived, unread } => {
            keeping::arrange(turn, conversation, pinned, archived, unread)?;
        }
        AccountCommand::Received { conversation, seq } => {
            receipts::received(turn, conversation, seq)?;
        }
        AccountCommand::ChangeSettings(change) => settings::change(turn, change)?,
        AccountCommand::DismissAnnouncement { n } => deployment::dismiss(turn, n)?,
        AccountCommand::Draft { conversation, text } => keeping::draft(turn, conversation, text)?,
        // About a device: only over its socket, in `frame`.
        AccountCommand::Present { .. } | AccountCommand::Unknown => {
            return Err(Code::UnknownType.into());
        }
    }
    Ok(AccountReply::Done { version: version(turn.sql)? })
}

/// The account's version.
fn version(sql: &dyn Sql) -> Result<u64, Fault> {
    clock(sql)?.number(0)
}

fn clock(sql: &dyn Sql) -> Result<Row, Fault> {
    let query = "SELECT version, horizon, void FROM now";
    let rows = sql.cached(&["clock", "timeline"], query, &[])?;
    rows.first().cloned().ok_or_else(no_clock)
}

fn no_clock() -> Fault {
    Fault("the clock has no row".to_owned())
}

/// Raises the version by one for a change that is about to be written.
fn next_version(sql: &dyn Sql) -> Result<u64, Fault> {
    let update = "UPDATE clock SET version = (SELECT version + 1 FROM now) RETURNING version";
    sql.first(update, &[])?.ok_or_else(no_clock)?.number(0)
}

/// Tells all devices what a change brought.
fn announce(turn: &mut Turn<'_>, version: u64, rows: Vec<AccountRow>) -> Result<(), Fault> {
    turn.push(Audience::Live, &ServerFrame::<_, AccountReply>::Change { version, rows })
}
