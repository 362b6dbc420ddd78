//! What a person chose for all of their devices, and who has to hear of it.

use tideline_shared::protocol::{AccountRow, Settings, SettingsChange};

use super::{announce, next_version, presence, profile, receipts};
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Failure, Turn, to_json};

/// The table; one row, once something was chosen.
pub(super) const SCHEMA: &str = "CREATE TABLE settings (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        hides_receipts INTEGER NOT NULL,
        hides_presence INTEGER NOT NULL,
        hides_last_seen INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT";

/// The settings, and the version that changed them last; 0 for never.
pub(super) fn stored(sql: &dyn Sql) -> Result<(Settings, u64), Fault> {
    let rows = sql.cached(
        &["settings"],
        "SELECT hides_receipts, hides_presence, hides_last_seen, hides_previews, version,
                age_seen_by, gender_seen_by, signature_seen_by, avatar_seen_by
         FROM settings",
        &[],
    )?;
    let Some(row) = rows.first() else { return Ok((Settings::default(), 0)) };
    let settings = Settings {
        hides_receipts: row.number(0)? == 1,
        hides_presence: row.number(1)? == 1,
        hides_last_seen: row.number(2)? == 1,
        hides_previews: row.number(3)? == 1,
        age_seen_by: row.json(5)?,
        gender_seen_by: row.json(6)?,
        signature_seen_by: row.json(7)?,
        avatar_seen_by: row.json(8)?,
    };
    Ok((settings, row.number(4)?))
}

/// Changes what is given.
pub(super) fn change(turn: &mut Turn<'_>, change: SettingsChange) -> Result<(), Failure> {
    let SettingsChange {
        hides_receipts,
        hides_presence,
        hides_last_seen,
        hides_previews,
        age_seen_by,
        gender_seen_by,
        signature_seen_by,
        avatar_seen_by,
    } = change;
    profile::load(turn.sql)?;
    let before = stored(turn.sql)?.0;
    let after = Settings {
        hides_receipts: hides_receipts.unwrap_or(before.hides_receipts),
        hides_presence: hides_presence.unwrap_or(before.hides_presence),
        hides_last_seen: hides_last_seen.unwrap_or(before.hides_last_seen),
        hides_previews: hides_previews.unwrap_or(before.hides_previews),
        age_seen_by: age_seen_by.unwrap_or(before.age_seen_by),
        gender_seen_by: gender_seen_by.unwrap_or(before.gender_seen_by),
        signature_seen_by: signature_seen_by.unwrap_or(before.signature_seen_by),
        avatar_seen_by: avatar_seen_by.unwrap_or(before.avatar_seen_by),
    };
    if after == before {
        return Ok(());
    }
    profile::spend(turn)?;
    let version = next_version(turn.sql)?;
    turn.sql.execute(
        "INSERT OR REPLACE INTO settings
             (id, hides_receipts, hides_presence, hides_last_seen, hides_previews, version,
              age_seen_by, gender_seen_by, signature_seen_by, avatar_seen_by)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            after.hides_receipts,
            after.hides_presence,
            after.hides_last_seen,
            after.hides_previews,
            version,
            to_json(&after.age_seen_by)?,
            to_json(&after.gender_seen_by)?,
            to_json(&after.signature_seen_by)?,
            to_json(&after.avatar_seen_by)?
        ],
    )?;
    if after.avatar_seen_by != before.avatar_seen_by {
        profile::publish(turn)?;
    } else if after.signature_seen_by != before.signature_seen_by {
        profile::list(turn)?;
    }
    if (after.hides_receipts, after.hides_presence)
        != (before.hides_receipts, before.hides_presence)
    {
        receipts::tell_all(turn)?;
    }
    if (after.hides_presence, after.hides_last_seen)
        != (before.hides_presence, before.hides_last_seen)
    {
        presence::tell_all(turn)?;
    }
    Ok(announce(turn, version, vec![AccountRow::Settings(after)])?)
}
