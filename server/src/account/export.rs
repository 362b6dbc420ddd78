//! Everything that is kept here of a person, for them to take along. What was said is with the
//! conversations.

use serde::{Deserialize, Serialize};
use tideline_shared::Profile;
use tideline_shared::protocol::{Blocked, Contact, Draft, Entry, Hidden, Settings};

use super::{blocks, contacts, hidden, inbox, keeping, profile, settings};
use crate::sql::Sql;
use crate::turn::Failure;

/// What an account knows of its person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnData {
    /// What they say about themselves.
    pub profile: Profile,
    /// What they chose.
    pub settings: Settings,
    /// Whom they know, with what they call them and note of them.
    pub contacts: Vec<Contact>,
    /// Whom they blocked.
    pub blocked: Vec<Blocked>,
    /// What they are writing.
    pub drafts: Vec<Draft>,
    /// Their conversations, the newest first.
    pub entries: Vec<Entry>,
    /// Messages that they want to see no more.
    pub hidden: Vec<Hidden>,
}

/// All of it.
pub(super) fn own_data(sql: &dyn Sql) -> Result<OwnData, Failure> {
    let contacts = contacts::changed_since(sql, 0)?.into_iter().map(|stored| stored.contact());
    let blocked = blocks::changed_since(sql, 0)?.into_iter().map(|(_, blocked)| blocked);
    let drafts = keeping::drafts_since(sql, 0)?.into_iter().map(|(_, draft)| draft);
    Ok(OwnData {
        profile: profile::load(sql)?,
        settings: settings::stored(sql)?.0,
        contacts: contacts.filter(|contact| !contact.is_over()).collect(),
        blocked: blocked.filter(|blocked| !blocked.over).collect(),
        drafts: drafts.filter(|draft| !draft.text.is_empty()).collect(),
        entries: inbox::entries(sql)?,
        hidden: hidden::since(sql, 0)?.into_iter().map(|(_, row)| row).collect(),
    })
}
