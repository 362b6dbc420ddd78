//! The deployment as a whole: who owns it, who may register, who is banned, what was reported, and
//! the log of what its owner did.
//!
//! There is one of it. Nothing that happens with every message asks it: it is asked when somebody
//! registers, reports or administers. Leaves to [`crate::account`] to keep out who is banned, and to
//! [`crate::directory`] who and what there is.

mod announcement;
mod bans;
mod call;
mod gone;
mod limits;
mod log;
mod owner;
mod reports;

use tideline_shared::protocol::{AdminCommand, AdminReply, DeploymentSettings, Did};
use tideline_shared::{Code, Person, Reject, Timestamp};

use crate::migrate;
use crate::outbox::{self, Alarm, Outbox};
use crate::sql::{Fault, Sql};
use crate::turn::{Actor, CallId, Failure, Peer, Turn, Unreachable};

pub use call::{DeploymentAnswer, DeploymentCall, Reported};

/// All steps, in their order; never changed, only added to.
const SCHEMA: &[&[&str]] = &[FIRST, limits::SCHEMA, announcement::SCHEMA, gone::SCHEMA];

const FIRST: &[&str] = &[
    owner::TABLE,
    owner::ROW,
    bans::TABLE,
    reports::TABLE,
    reports::OPEN,
    log::TABLE,
    outbox::SCHEMA,
];

/// The memory of the deployment: what is under way, nothing else.
#[derive(Debug)]
pub struct Deployment {
    outbox: Outbox,
    alarm: Alarm,
}

impl Actor for Deployment {
    type Call = DeploymentCall;
    type Answer = DeploymentAnswer;

    fn open(sql: &dyn Sql, now: Timestamp) -> Result<Self, Fault> {
        migrate::migrate(sql, now, SCHEMA)?;
        Ok(Self { outbox: Outbox::default(), alarm: Alarm::default() })
    }

    fn call(&self, turn: &mut Turn<'_>, call: DeploymentCall) -> Result<DeploymentAnswer, Failure> {
        match call {
            DeploymentCall::Registration => Ok(owner::registration(turn.sql)?),
            DeploymentCall::Admit { user } => owner::admit(turn, user),
            DeploymentCall::AdmitGuest => owner::admit_guest(turn.sql),
            DeploymentCall::Earliest { user } => {
                owner::surveyed(turn, user)?;
                Ok(DeploymentAnswer::Done)
            }
            DeploymentCall::Vouched { user, exists } => {
                owner::vouched(turn.sql, user, exists)?;
                Ok(DeploymentAnswer::Done)
            }
            DeploymentCall::Confirm { user } => {
                owner::vouched(turn.sql, user, true)?;
                Ok(DeploymentAnswer::Done)
            }
            DeploymentCall::Gone { user } => {
                gone::take_in(turn, user)?;
                Ok(DeploymentAnswer::Done)
            }
            DeploymentCall::Report(reported) => {
                reports::take(turn, reported)?;
                Ok(DeploymentAnswer::Done)
            }
            DeploymentCall::Require { by } => {
                if !owner::is_known(turn.sql)? {
                    return Ok(DeploymentAnswer::Survey);
                }
                owner::require(turn.sql, by)?;
                Ok(DeploymentAnswer::Done)
            }
            DeploymentCall::Banned { users } => {
                Ok(DeploymentAnswer::Banned { users: bans::of(turn.sql, &users)? })
            }
            DeploymentCall::FileLimits => {
                Ok(DeploymentAnswer::FileLimits(limits::stored(turn.sql)?))
            }
            DeploymentCall::Counts => Ok(DeploymentAnswer::Counts {
                reports: reports::open(turn.sql)?,
                banned: bans::count(turn.sql)?,
            }),
            DeploymentCall::Ban { by, person, banned } => {
                owner::require(turn.sql, by.user)?;
                bans::set(turn, &by, &person, banned)?;
                Ok(DeploymentAnswer::Done)
            }
            DeploymentCall::Command { by, command } => {
                owner::require(turn.sql, by.user)?;
                Ok(DeploymentAnswer::Reply { reply: command_of(turn, &by, command)? })
            }
        }
    }

    fn connect(&self, _: &mut Turn<'_>, _: &Peer) -> Result<(), Failure> {
        Err(Code::UnknownRoute.into())
    }

    fn frame(&self, _: &mut Turn<'_>, _: &Peer, _: &str) -> Result<(), Failure> {
        Err(Code::UnknownType.into())
    }

    fn returned(
        &mut self,
        turn: &mut Turn<'_>,
        id: CallId,
        answer: Result<Result<serde_json::Value, Reject>, Unreachable>,
    ) -> Result<(), Fault> {
        self.outbox.returned(turn, id, outbox::is_decided(&answer)).map(drop)
    }

    fn pump(&mut self, turn: &mut Turn<'_>) -> Result<(), Fault> {
        let settled = self.outbox.pump(turn)?;
        self.alarm.ensure(turn, settled);
        Ok(())
    }
}

/// Does what the owner asked.
fn command_of(
    turn: &mut Turn<'_>,
    by: &Person,
    command: AdminCommand,
) -> Result<AdminReply, Failure> {
    match command {
        AdminCommand::Settings => {
            let registration = owner::mode(turn.sql)?;
            let limits = limits::stored(turn.sql)?;
            let announcement = announcement::stored(turn.sql)?;
            Ok(AdminReply::Settings(DeploymentSettings { registration, limits, announcement }))
        }
        AdminCommand::SetRegistration { mode } => {
            if owner::mode(turn.sql)? != mode {
                owner::set_mode(turn.sql, mode)?;
                log::write(turn, by, &Did::SetRegistration { mode })?;
            }
            Ok(AdminReply::Done)
        }
        AdminCommand::SetLimits(wanted) => {
            limits::set(turn, by, wanted)?;
            Ok(AdminReply::Done)
        }
        AdminCommand::Announce { text } => {
            announcement::announce(turn, by, &text)?;
            Ok(AdminReply::Done)
        }
        AdminCommand::Withdraw => {
            announcement::withdraw(turn, by)?;
            Ok(AdminReply::Done)
        }
        AdminCommand::Reports { done, from } => reports::page(turn.sql, done, from),
        AdminCommand::Resolve { report, outcome } => {
            reports::resolve(turn, by, report, outcome)?;
            Ok(AdminReply::Done)
        }
        AdminCommand::Log { before } => Ok(log::page(turn.sql, before)?),
        // Who and what there is only the gateway can find out.
        AdminCommand::Figures
        | AdminCommand::People { .. }
        | AdminCommand::Groups { .. }
        | AdminCommand::Ban { .. }
        | AdminCommand::Unban { .. }
        | AdminCommand::Unknown => Err(Code::UnknownType.into()),
    }
}
