//! What people reported, and what became of it.

use tideline_shared::protocol::{AdminReply, Did, Outcome, Report};
use tideline_shared::{Code, Person, Timestamp, limits};

use super::{Reported, bans, gone, log};
use crate::conversation::ConversationCall;
use crate::outbox;
use crate::params;
use crate::sql::{Fault, Row, Sql};
use crate::turn::{Address, Failure, Turn, to_json};

/// `subject`: who reports what, so that reporting it twice is one report. `reported`: JSON.
pub(super) const TABLE: &str = "CREATE TABLE reports (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        subject TEXT NOT NULL,
        at INTEGER NOT NULL,
        reported TEXT NOT NULL,
        outcome TEXT
    ) STRICT";
pub(super) const OPEN: &str = "CREATE INDEX reports_subject ON reports (subject)";

fn subject(reported: &Reported) -> String {
    let by = reported.by.user;
    match &reported.message {
        Some(message) => format!("{by} {} {}", message.conversation, message.seq),
        None => format!("{by} {}", reported.about.user),
    }
}

/// Takes in a report. What somebody reported already is one report as long as it is open; a word that
/// comes twice is one, whatever became of it.
pub(super) fn take(turn: &Turn<'_>, reported: Reported) -> Result<(), Fault> {
    let subject = subject(&reported);
    let known = turn.sql.first(
        "SELECT 1 FROM reports WHERE subject = ?1 AND (outcome IS NULL OR at >= ?2)",
        params![subject.as_str(), reported.at.0],
    )?;
    if known.is_some() {
        return Ok(());
    }
    let by = gone::or_nobody(turn.sql, &reported.by)?;
    let about = gone::or_nobody(turn.sql, &reported.about)?;
    let reported = Reported { by, about, ..reported };
    turn.sql.execute(
        "INSERT INTO reports (subject, at, reported) VALUES (?1, ?2, ?3)",
        params![subject, reported.at.0, to_json(&reported)?],
    )
}

const COLUMNS: &str = "n, at, reported, outcome";

fn read(row: &Row) -> Result<Report, Fault> {
    let Reported { by, about, reason, note, message, .. } = row.json(2)?;
    let outcome = row.maybe_text(3)?.map(|_| row.json(3)).transpose()?;
    let (report, at) = (row.number(0)?, Timestamp(row.number(1)?));
    Ok(Report { report, at, by, about, reason, note, message, outcome })
}

/// A page of what is open, the oldest first, or of what is done, the newest first.
pub(super) fn page(sql: &dyn Sql, done: bool, from: Option<u64>) -> Result<AdminReply, Failure> {
    let which = if done {
        "outcome IS NOT NULL AND (?1 IS NULL OR n < ?1) ORDER BY n DESC"
    } else {
        "outcome IS NULL AND (?1 IS NULL OR n > ?1) ORDER BY n"
    };
    let query = format!("SELECT {COLUMNS} FROM reports WHERE {which} LIMIT ?2");
    let rows = sql.query(&query, params![from, limits::ADMIN_ROWS as u64 + 1])?;
    let more = rows.len() > limits::ADMIN_ROWS;
    let reports = rows.iter().take(limits::ADMIN_ROWS).map(read).collect::<Result<_, Fault>>()?;
    Ok(AdminReply::Reports { reports, more })
}

/// How many are open.
pub(super) fn open(sql: &dyn Sql) -> Result<u64, Fault> {
    let query = "SELECT count(*) FROM reports WHERE outcome IS NULL";
    sql.first(query, &[])?.map_or(Ok(0), |row| row.number(0))
}

/// Decides about a report. Decided already, nothing changes.
pub(super) fn resolve(
    turn: &mut Turn<'_>,
    by: &Person,
    n: u64,
    outcome: Outcome,
) -> Result<(), Failure> {
    let query = format!("SELECT {COLUMNS} FROM reports WHERE n = ?1");
    let row = turn.sql.first(&query, params![n])?.ok_or(Code::UnknownReport)?;
    let report = read(&row)?;
    if report.outcome.is_some() {
        return Ok(());
    }
    match outcome {
        Outcome::Dismiss => {}
        Outcome::Ban => bans::set(turn, by, &report.about, true)?,
        Outcome::Recall => {
            let message = report.message.as_ref().ok_or(Code::UnknownMessage)?;
            let to = Address::Conversation(message.conversation);
            let call = ConversationCall::TakeDown { seq: message.seq, by: by.user };
            outbox::owe(turn, to, &format!("down {}", message.seq), &call)?;
        }
    }
    turn.sql
        .execute("UPDATE reports SET outcome = ?2 WHERE n = ?1", params![n, to_json(&outcome)?])?;
    let did = Did::Resolve { report: n, outcome, person: report.about };
    Ok(log::write(turn, by, &did)?)
}
