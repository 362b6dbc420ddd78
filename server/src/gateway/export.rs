//! Everything of one person's as one archive: `GET /api/export`.
//!
//! A ZIP file that is made while it travels: the profile, the conversations on the person's list,
//! and of each of these what it is, who is in it, and every message, a line of JSON each. Nothing
//! holds more than one page of it in memory.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::io::{self, Write};
use std::rc::Rc;

use serde::Serialize;
use serde_json::json;
use tideline_shared::protocol::{Body, Entry, Hidden};
use tideline_shared::{Code, ConversationId, Profile, Reject, UserId};
use zip::ZipWriter;
use zip::write::{SimpleFileOptions, StreamWriter};

use super::door::unexpected;
use super::{Actors, Gateway};
use crate::account::{AccountAnswer, AccountCall};
use crate::conversation::{ConversationAnswer, ConversationCall, Exported};
use crate::sql::Fault;
use crate::turn::{Address, Failure, to_json};

/// What a saved archive is called.
pub const FILE_NAME: &str = "tideline.zip";
/// Most characters of a title in a file's name.
const TITLE_CHARS: usize = 40;

/// What an export is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportPlan {
    profile: Profile,
    entries: Vec<Entry>,
    hidden: Vec<Hidden>,
}

impl<A: Actors> Gateway<'_, A> {
    pub(super) async fn export(&self) -> Result<ExportPlan, Failure> {
        let (person, _) = self.authenticate(None, false).await?;
        match self.ask_account(person.user, &AccountCall::Export).await? {
            AccountAnswer::Exported { profile, entries, hidden } => {
                Ok(ExportPlan { profile, entries, hidden })
            }
            other => Err(unexpected(&other)),
        }
    }
}

/// An archive on its way.
pub struct Export {
    me: UserId,
    /// None once it is finished.
    zip: Option<ZipWriter<StreamWriter<Out>>>,
    out: Out,
    /// Messages that are not theirs to see any more, by their own wish.
    hidden: BTreeSet<(ConversationId, u64)>,
    /// Written before the first conversation.
    beginning: Option<ExportPlan>,
    /// Conversations that were not begun, with their folders.
    waiting: VecDeque<(Entry, String)>,
    /// The one that is being written: where, and after which message to go on.
    open: Option<(Address, u64)>,
}

impl Export {
    /// An archive of which nothing is written yet.
    #[must_use]
    pub fn new(plan: ExportPlan) -> Self {
        let out = Out::default();
        let here = plan.entries.iter().filter(|entry| !entry.left).cloned();
        let waiting = here.enumerate().map(|(n, entry)| {
            let folder = folder(n + 1, &entry.title);
            (entry, folder)
        });
        let hidden = plan.hidden.iter();
        let hidden = hidden.flat_map(|row| row.seqs.iter().map(|&seq| (row.conversation, seq)));
        Self {
            hidden: hidden.collect(),
            me: plan.profile.person.user,
            zip: Some(ZipWriter::new_stream(out.clone())),
            out,
            waiting: waiting.collect(),
            beginning: Some(plan),
            open: None,
        }
    }

    /// The next bytes, in order; none at the end. A failure must break the transfer off, so that
    /// nobody takes a part for the whole.
    ///
    /// # Errors
    /// When an actor cannot be reached.
    pub async fn next<A: Actors>(&mut self, actors: &A) -> Result<Option<Vec<u8>>, Fault> {
        while self.zip.is_some() {
            self.step(actors).await?;
            let bytes = self.out.take();
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    async fn step<A: Actors>(&mut self, actors: &A) -> Result<(), Fault> {
        if let Some(plan) = self.beginning.take() {
            return self.begin(&plan);
        }
        if let Some((address, after)) = self.open.take() {
            self.open = self.page(actors, address, after).await?;
            return Ok(());
        }
        if let Some((entry, folder)) = self.waiting.pop_front() {
            self.open = self.conversation(actors, &entry, &folder).await?;
            return Ok(());
        }
        let finished = self.zip.take().map(ZipWriter::finish);
        finished.transpose().map(drop).map_err(broken)
    }

    fn begin(&mut self, plan: &ExportPlan) -> Result<(), Fault> {
        self.file("profile.json", &plan.profile)?;
        let folders = self.waiting.iter().map(|(entry, folder)| {
            json!({ "folder": folder, "conversation": entry.conversation, "kind": entry.kind,
                    "title": entry.title, "peer": entry.peer, "messages": entry.last_seq,
                    "read": entry.read_seq })
        });
        let folders: Vec<_> = folders.collect();
        self.file("conversations.json", &folders)
    }

    /// Begins a conversation with what it is, and its first messages.
    async fn conversation<A: Actors>(
        &mut self,
        actors: &A,
        entry: &Entry,
        folder: &str,
    ) -> Result<Option<(Address, u64)>, Fault> {
        let address = Address::Conversation(entry.conversation);
        let Some(part) = self.ask(actors, address, 0).await? else { return Ok(None) };
        let about = json!({ "record": part.record, "members": part.members });
        self.file(&format!("{folder}/about.json"), &about)?;
        self.start(format!("{folder}/messages.jsonl"))?;
        self.write(address, &part)
    }

    async fn page<A: Actors>(
        &mut self,
        actors: &A,
        address: Address,
        after: u64,
    ) -> Result<Option<(Address, u64)>, Fault> {
        match self.ask(actors, address, after).await? {
            Some(part) => self.write(address, &part),
            None => Ok(None),
        }
    }

    /// Writes messages; says where to go on.
    fn write(
        &mut self,
        address: Address,
        part: &Exported,
    ) -> Result<Option<(Address, u64)>, Fault> {
        for message in part.messages.iter().filter(|message| message.body != Body::Withheld) {
            if let Address::Conversation(id) = address
                && self.hidden.contains(&(id, message.seq))
            {
                continue;
            }
            let line = to_json(message)?;
            writeln!(self.zip()?, "{line}").map_err(broken)?;
        }
        Ok(part.messages.last().map(|last| (address, last.seq)))
    }

    /// One page; none where the person is not in the conversation any more.
    async fn ask<A: Actors>(
        &self,
        actors: &A,
        address: Address,
        after: u64,
    ) -> Result<Option<Exported>, Fault> {
        let call = to_json(&ConversationCall::Export { by: self.me, after })?;
        let answer = actors.ask(address, call).await;
        let answer = answer.map_err(|unreachable| Fault(format!("{address:?}: {unreachable}")))?;
        let answer: Result<ConversationAnswer, Reject> =
            serde_json::from_str(&answer).map_err(|error| Fault(error.to_string()))?;
        match answer {
            Ok(ConversationAnswer::Exported(part)) => Ok(Some(part)),
            Ok(other) => Err(Fault(format!("unexpected answer {other:?}"))),
            Err(reject) if reject.code == Code::Internal => {
                Err(Fault(format!("{address:?} cannot be exported")))
            }
            Err(_) => Ok(None),
        }
    }

    fn file(&mut self, name: &str, content: &impl Serialize) -> Result<(), Fault> {
        self.start(name.to_owned())?;
        serde_json::to_writer_pretty(self.zip()?, content).map_err(broken)
    }

    fn start(&mut self, name: String) -> Result<(), Fault> {
        self.zip()?.start_file(name, SimpleFileOptions::default()).map_err(broken)
    }

    fn zip(&mut self) -> Result<&mut ZipWriter<StreamWriter<Out>>, Fault> {
        self.zip.as_mut().ok_or_else(|| broken("it is finished"))
    }
}

/// Where the archive's bytes wait to be taken along. Shared with the writer, which owns its end.
#[derive(Clone, Default)]
struct Out(Rc<RefCell<Vec<u8>>>);

impl Out {
    fn take(&self) -> Vec<u8> {
        self.0.take()
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A folder's name: in the order of the list, with what every system allows of the title.
fn folder(number: usize, title: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '-' { c } else { ' ' };
    let title: String = title.chars().take(TITLE_CHARS).map(plain).collect();
    let words: Vec<&str> = title.split_whitespace().collect();
    format!("conversations/{number:04} {}", words.join(" ")).trim_end().to_owned()
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault(format!("the archive cannot be written: {error}"))
}
