//! Everything of one person's as one archive: `GET /api/export`.
//!
//! A ZIP file that is made while it travels: what the account knows of its person, their picture, the
//! conversations on their list, and of each of these what it is, who is in it, every message, a line of
//! JSON each, and every file that messages carry. Nothing holds more than one page, or one part of a file, in memory.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::io::{self, Write};
use std::rc::Rc;

use serde::Serialize;
use serde_json::json;
use tideline_shared::protocol::{Body, Entry, File, Message};
use tideline_shared::{Code, ConversationId, FileId, Reject, UserId};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::avatars::media_of;
use super::door::unexpected;
use super::{Actors, Gateway};
use crate::account::{AccountAnswer, AccountCall, OwnData};
use crate::avatars;
use crate::conversation::{ConversationAnswer, ConversationCall, Exported, key, parts};
use crate::sql::Fault;
use crate::turn::{Address, Failure, to_json};

/// What a saved archive is called.
pub const FILE_NAME: &str = "tideline.zip";
/// The header that says how many conversations are in an archive.
pub const CONVERSATIONS_HEADER: &str = "Tideline-Conversations";
/// Most characters of a title in a folder's name, and of a file's name in its own.
const TITLE_CHARS: usize = 40;
const NAME_CHARS: usize = 80;

/// What an export is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportPlan(OwnData);

impl<A: Actors> Gateway<'_, A> {
    pub(super) async fn export(&self) -> Result<ExportPlan, Failure> {
        let (person, _) = self.authenticate(None, None).await?;
        match self.ask_account(person.user, &AccountCall::Export).await? {
            AccountAnswer::Exported(own) => Ok(ExportPlan(*own)),
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
    beginning: Option<OwnData>,
    /// Conversations that were not begun, with their folders.
    waiting: VecDeque<(Entry, String)>,
    /// The one that is being written.
    open: Option<Open>,
}

/// A conversation that is being written: all its messages first, then, page by page once more, what
/// they carry. An archive is written one file after the other.
struct Open {
    conversation: ConversationId,
    folder: String,
    /// The message after which to go on.
    after: u64,
    /// Some message carries files.
    carries: bool,
    /// Files of the page that was read last, with their names in the archive; none while messages are
    /// written.
    files: Option<VecDeque<(File, String)>>,
    /// The next part of the first of them.
    part: u64,
}

impl Export {
    /// An archive of which nothing is written yet.
    #[must_use]
    pub fn new(ExportPlan(own): ExportPlan) -> Self {
        let out = Out::default();
        let here = own.entries.iter().filter(|entry| !entry.left).cloned();
        let waiting = here.enumerate().map(|(n, entry)| {
            let folder = folder(n + 1, &entry.title);
            (entry, folder)
        });
        let hidden = own.hidden.iter();
        let hidden = hidden.flat_map(|row| row.seqs.iter().map(|&seq| (row.conversation, seq)));
        Self {
            hidden: hidden.collect(),
            me: own.profile.person.user,
            zip: Some(ZipWriter::new_stream(out.clone())),
            out,
            waiting: waiting.collect(),
            beginning: Some(own),
            open: None,
        }
    }

    /// How many conversations are still to be begun.
    #[must_use]
    pub fn conversations(&self) -> usize {
        self.waiting.len()
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
        if let Some(own) = self.beginning.take() {
            return self.begin(actors, &own).await;
        }
        if let Some(open) = self.open.take() {
            self.open = match open.files {
                None => self.messages(actors, open).await?,
                Some(_) => self.files(actors, open).await?,
            };
            return Ok(());
        }
        if let Some((entry, folder)) = self.waiting.pop_front() {
            self.open = self.conversation(actors, &entry, folder).await?;
            return Ok(());
        }
        let finished = self.zip.take().map(ZipWriter::finish);
        finished.transpose().map(drop).map_err(broken)
    }

    async fn begin<A: Actors>(&mut self, actors: &A, own: &OwnData) -> Result<(), Fault> {
        self.file("profile.json", &own.profile)?;
        if let Some(avatar) = own.profile.person.avatar {
            self.picture(actors, avatar).await?;
        }
        self.file("settings.json", &own.settings)?;
        self.file("contacts.json", &own.contacts)?;
        self.file("blocked.json", &own.blocked)?;
        self.file("drafts.json", &own.drafts)?;
        let folders = self.waiting.iter().map(|(entry, folder)| {
            json!({ "folder": folder, "conversation": entry.conversation, "kind": entry.kind,
                    "title": entry.title, "peer": entry.peer, "messages": entry.last_seq,
                    "read": entry.read_seq, "kept": entry.kept })
        });
        let folders: Vec<_> = folders.collect();
        self.file("conversations.json", &folders)
    }

    /// Writes the person's own picture, unless it was replaced since.
    async fn picture<A: Actors>(&mut self, actors: &A, avatar: FileId) -> Result<(), Fault> {
        let at = avatars::key(avatar);
        let found = actors.get(&at).await;
        let found = found.map_err(|unreachable| Fault(format!("{at}: {unreachable}")))?;
        let Some(bytes) = found else { return Ok(()) };
        let ending = match media_of(&bytes) {
            Ok("image/jpeg") => "jpg",
            _ => "webp",
        };
        self.start(format!("picture.{ending}"), CompressionMethod::Stored)?;
        self.zip()?.write_all(&bytes).map_err(broken)
    }

    /// Begins a conversation with what it is, and its first messages.
    async fn conversation<A: Actors>(
        &mut self,
        actors: &A,
        entry: &Entry,
        folder: String,
    ) -> Result<Option<Open>, Fault> {
        let conversation = entry.conversation;
        let Some(page) = self.ask(actors, conversation, 0).await? else { return Ok(None) };
        let about = json!({ "record": page.record, "members": page.members });
        self.file(&format!("{folder}/about.json"), &about)?;
        self.start(format!("{folder}/messages.jsonl"), CompressionMethod::Deflated)?;
        let (after, carries, files, part) = (0, false, None, 0);
        let open = Open { conversation, folder, after, carries, files, part };
        self.write(open, &page).map(Some)
    }

    /// Goes on with the messages.
    async fn messages<A: Actors>(&mut self, actors: &A, open: Open) -> Result<Option<Open>, Fault> {
        match self.ask(actors, open.conversation, open.after).await? {
            Some(page) => self.write(open, &page).map(Some),
            None => Ok(None),
        }
    }

    /// Writes messages; after the last, it is the files' turn.
    fn write(&mut self, mut open: Open, page: &Exported) -> Result<Open, Fault> {
        for message in self.shown(open.conversation, &page.messages) {
            open.carries |= !message.body.files().is_empty();
            let line = to_json(message)?;
            writeln!(self.zip()?, "{line}").map_err(broken)?;
        }
        match page.messages.last() {
            Some(last) => Ok(Open { after: last.seq, ..open }),
            None => Ok(Open { after: 0, files: Some(VecDeque::new()), ..open }),
        }
    }

    /// What of a page they want to see, and may.
    fn shown<'p>(&self, of: ConversationId, messages: &'p [Message]) -> Vec<&'p Message> {
        let shown = messages.iter().filter(|message| {
            message.body != Body::Withheld && !self.hidden.contains(&(of, message.seq))
        });
        shown.collect()
    }

    /// Goes on with the files: the next part of one, or the next page that may name some.
    async fn files<A: Actors>(
        &mut self,
        actors: &A,
        mut open: Open,
    ) -> Result<Option<Open>, Fault> {
        if !open.carries {
            return Ok(None);
        }
        let files = open.files.get_or_insert_default();
        let Some((file, name)) = files.front() else {
            let page = self.ask(actors, open.conversation, open.after).await?;
            let Some(page) = page else { return Ok(None) };
            let Some(last) = page.messages.last() else { return Ok(None) };
            open.after = last.seq;
            for message in self.shown(open.conversation, &page.messages) {
                for (n, file) in (1..).zip(message.body.files()) {
                    let name =
                        format!("{}/files/{}.{n} {}", open.folder, message.seq, plain(&file.name));
                    files.push_back((file.clone(), name));
                }
            }
            return Ok(Some(open));
        };
        let at = key(open.conversation, file.id, open.part);
        let found = actors.get(&at).await;
        let found = found.map_err(|unreachable| Fault(format!("{at}: {unreachable}")))?;
        match found {
            Some(bytes) => {
                if open.part == 0 {
                    // Pictures and sound are compressed already; the rest is not worth the time.
                    let name = name.trim_end().to_owned();
                    self.start(name, CompressionMethod::Stored)?;
                }
                self.zip()?.write_all(&bytes).map_err(broken)?;
                open.part += 1;
            }
            // Recalled since its page was read.
            None if open.part == 0 => open.part = u64::MAX,
            None => return Err(broken(format!("{at} is not there any more"))),
        }
        if open.part >= parts(file.size) {
            files.pop_front();
            open.part = 0;
        }
        Ok(Some(open))
    }

    /// One page; none where the person is not in the conversation any more.
    async fn ask<A: Actors>(
        &self,
        actors: &A,
        conversation: ConversationId,
        after: u64,
    ) -> Result<Option<Exported>, Fault> {
        let address = Address::Conversation(conversation);
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
        self.start(name.to_owned(), CompressionMethod::Deflated)?;
        serde_json::to_writer_pretty(self.zip()?, content).map_err(broken)
    }

    fn start(&mut self, name: String, method: CompressionMethod) -> Result<(), Fault> {
        let options = SimpleFileOptions::default().compression_method(method);
        self.zip()?.start_file(name, options).map_err(broken)
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

/// What every system allows of a file's name, with its end. It stands behind a number, so no name
/// means something to a system.
fn plain(name: &str) -> String {
    let allowed = |c: char| if c.is_alphanumeric() || "-_.()".contains(c) { c } else { ' ' };
    let name: String = name.chars().map(allowed).collect();
    let cut = name.chars().count().saturating_sub(NAME_CHARS);
    let words: String = name.chars().skip(cut).collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    words.join(" ").trim_end_matches('.').to_owned()
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
