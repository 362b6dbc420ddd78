//! Who a handle belongs to.

use tideline_shared::UserId;

use super::DirectoryAnswer;
use super::names::skeleton;
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::Failure;

pub(super) fn claim(
    sql: &dyn Sql,
    user_name: &str,
    user: UserId,
) -> Result<DirectoryAnswer, Failure> {
    let row = sql.first(
        "SELECT user, user_name, confirmed FROM claims WHERE skeleton = ?1",
        params![skeleton(user_name)],
    )?;
    if let Some(row) = row {
        let holder: UserId = row.parse(0)?;
        return Ok(DirectoryAnswer::Claimed {
            user: holder,
            user_name: row.text(1)?.to_owned(),
            confirmed: row.number(2)? == 1,
        });
    }
    sql.execute(
        "INSERT INTO claims (skeleton, user_name, user, confirmed) VALUES (?1, ?2, ?3, 0)",
        params![skeleton(user_name), user_name, user.to_string()],
    )?;
    Ok(DirectoryAnswer::Done)
}

pub(super) fn confirm(sql: &dyn Sql, user_name: &str, user: UserId) -> Result<(), Fault> {
    sql.execute(
        "UPDATE claims SET confirmed = 1, user_name = ?3 WHERE skeleton = ?1 AND user = ?2",
        params![skeleton(user_name), user.to_string(), user_name],
    )
}

pub(super) fn release(sql: &dyn Sql, user_name: &str, user: UserId) -> Result<(), Fault> {
    sql.execute(
        "DELETE FROM claims WHERE skeleton = ?1 AND user = ?2 AND confirmed = 0",
        params![skeleton(user_name), user.to_string()],
    )
}

pub(super) fn withdraw(sql: &dyn Sql, user_name: &str, user: UserId) -> Result<(), Fault> {
    sql.execute(
        "DELETE FROM claims WHERE skeleton = ?1 AND user = ?2",
        params![skeleton(user_name), user.to_string()],
    )
}

/// Whose it is, also while the account's confirmation is on its way: the account itself knows.
pub(super) fn resolve(sql: &dyn Sql, user_name: &str) -> Result<Option<UserId>, Fault> {
    let row =
        sql.first("SELECT user FROM claims WHERE skeleton = ?1", params![skeleton(user_name)])?;
    row.map(|row| row.parse(0)).transpose()
}
