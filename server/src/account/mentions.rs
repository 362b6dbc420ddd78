//! Unread messages that mean this person: each has a row, from its delivery until it is read,
//! recalled, hidden, or means them no more.

use tideline_shared::{ConversationId, UserId};

use super::Delivery;
use crate::params;
use crate::sql::{Fault, Sql};

/// Takes in what a delivery says, to an entry that counted `before` so far and is read up to
/// `read_seq`. `hears_all`: messages to everybody mean this person, too. How many there are now.
pub(super) fn deliver(
    sql: &dyn Sql,
    delivery: &Delivery,
    (me, hears_all): (UserId, bool),
    read_seq: u64,
    before: u64,
) -> Result<u64, Fault> {
    let conversation = delivery.conversation;
    if delivery.mentioned.is_empty() {
        return read(sql, conversation, read_seq, before);
    }
    for mentioned in &delivery.mentioned {
        let means_me = mentioned.all && hears_all || mentioned.users.contains(&me);
        if means_me && mentioned.author != me && mentioned.seq > read_seq {
            sql.execute(
                "INSERT OR IGNORE INTO mentions (conversation, seq)
                 SELECT ?1, ?2 WHERE NOT EXISTS
                 (SELECT 1 FROM hidden WHERE conversation = ?1 AND seq = ?2)",
                params![conversation.to_string(), mentioned.seq],
            )?;
        } else if before > 0 {
            forget(sql, conversation, mentioned.seq)?;
        }
    }
    if before > 0 {
        read(sql, conversation, read_seq, before)?;
    }
    count(sql, conversation)
}

/// Forgets what is read by now. How many there are of `before`.
pub(super) fn read(
    sql: &dyn Sql,
    conversation: ConversationId,
    read_seq: u64,
    before: u64,
) -> Result<u64, Fault> {
    if before == 0 {
        return Ok(0);
    }
    sql.execute(
        "DELETE FROM mentions WHERE conversation = ?1 AND seq <= ?2",
        params![conversation.to_string(), read_seq],
    )?;
    count(sql, conversation)
}

/// Takes messages out that are not to be seen any more. How many there are of `before`.
pub(super) fn take_out(
    sql: &dyn Sql,
    conversation: ConversationId,
    seqs: &[u64],
    before: u64,
) -> Result<u64, Fault> {
    if before == 0 {
        return Ok(0);
    }
    for &seq in seqs {
        forget(sql, conversation, seq)?;
    }
    count(sql, conversation)
}

fn forget(sql: &dyn Sql, conversation: ConversationId, seq: u64) -> Result<(), Fault> {
    sql.execute(
        "DELETE FROM mentions WHERE conversation = ?1 AND seq = ?2",
        params![conversation.to_string(), seq],
    )
}

fn count(sql: &dyn Sql, conversation: ConversationId) -> Result<u64, Fault> {
    let row = sql.first(
        "SELECT count(*) FROM mentions WHERE conversation = ?1",
        params![conversation.to_string()],
    )?;
    row.map_or(Ok(0), |row| row.number(0))
}
