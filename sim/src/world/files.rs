//! Files: uploaded over a network that loses parts, taken by messages, fetched, said again, erased.
//! Nobody gets one that is not for them, every one that is shown is there, and nothing else is.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tideline_client::{Action, Input};
use tideline_server::Address;
use tideline_server::gateway::Response;
use tideline_shared::protocol::{Body, File};
use tideline_shared::search::Has;
use tideline_shared::{ConversationId, FileId, UserId, limits};

use super::people::PICTURE;
use super::{Event, World, path};
use crate::device::Written;

/// What small files have in them.
const BYTES: &[u8] = b"as the tide goes out";
/// What voice messages have in them.
const VOICE: &[u8] = b"OggS as the tide comes in";
/// How often a part is tried.
const TRIES: u64 = 4;
/// How late an erasure may be, as failed ones wait longer and longer.
const OVERDUE_MS: u64 = 120_000;

/// Where the parts of a file lie, and its thumbnail if it has one.
fn keys(conversation: ConversationId, file: &str, size: u64, thumb: bool) -> Vec<String> {
    let parts = (0..size.div_ceil(limits::PART_BYTES)).map(|part| part.to_string());
    let names = parts.chain(thumb.then(|| "thumb".to_owned()));
    names.map(|name| format!("{conversation}/{file}/{name}")).collect()
}

/// What a device says of a picture.
fn picture() -> Value {
    let blur = "0f".repeat(limits::BLUR_DIGITS / 2);
    json!({"name": "tide.webp", "width": 640, "height": 480, "blur": blur})
}

/// What a device says of a voice message.
fn voice() -> Value {
    json!({"name": "tide.ogg", "duration_ms": 1_200, "waveform": [0, 128, 255]})
}

/// What a file is sent as.
fn kind_of(name: &str) -> Has {
    match name {
        "tide.webp" => Has::Image,
        "tide.ogg" => Has::Voice,
        _ => Has::File,
    }
}

impl World {
    /// Somebody uploads a file, mostly small, and mostly sends it.
    pub(super) fn attach(&mut self, device: usize, conversation: ConversationId, chance: u64) {
        let mut bytes = [0; 10];
        self.devices[device].habits.fill(&mut bytes);
        let id = FileId::new(self.device_now(device), bytes);
        let large = vec![b'~'; limits::PART_BYTES as usize + 1];
        let (bytes, says) = match chance % 16 {
            0 => (&large[..], json!({"name": "tide.txt"})),
            1..=4 => (PICTURE, picture()),
            5..=8 => (VOICE, voice()),
            _ => (BYTES, json!({"name": "tide.txt"})),
        };
        let (limits, used) = (self.file_limits(), self.room_used(conversation));
        if chance.is_multiple_of(3) {
            // Lost on the way, the file goes without.
            let address = format!("{}/files/{id}/{}/thumb", path(conversation), bytes.len());
            self.put(device, &address, PICTURE);
        }
        let whole = limits::PART_BYTES as usize;
        let uploaded = bytes.chunks(whole).zip(0..).all(|(part, n)| {
            let address = format!("{}/files/{id}/{}/{n}", path(conversation), bytes.len());
            (0..TRIES).any(|_| self.put(device, &address, part))
        });
        let size = bytes.len() as u64;
        let over = limits.file_bytes.is_some_and(|most| size > most)
            || limits.conversation_bytes.is_some_and(|most| used + size > most);
        if uploaded && over {
            self.violate(format!("{size} bytes were taken beside {used}, against {limits:?}"));
        }
        if !uploaded || (chance / 16).is_multiple_of(8) {
            return;
        }
        self.written += 1;
        let text = format!("device {device}, message {} with a file", self.written);
        let may_miss = self.may_be_missed(device, conversation);
        let written = Written { conversation, text: text.clone(), may_miss, has_file: true };
        self.devices[device].written.push(written);
        let mut says = says;
        says["id"] = json!(id);
        let Ok(file) = serde_json::from_value(says) else { return };
        let send = Action::Send { conversation, text, reply_to: None, files: vec![file] };
        self.input(device, Input::Do(send));
    }

    /// Files were brought before a message was to take them; its device hears of it a while later.
    pub(super) fn say_uploaded(&mut self, device: usize) {
        let life = self.devices[device].life;
        for upload in self.devices[device].engine.uploads() {
            let input = Input::Do(Action::Uploaded(upload.file.id));
            let time = self.now + self.delay();
            self.at(time, Event::Says { device, life, input });
        }
    }

    /// The newest message of a conversation that has a file.
    pub(super) fn newest_with_file(&self, conversation: ConversationId) -> Option<u64> {
        let query = "SELECT max(seq) FROM files WHERE due_at IS NULL";
        let rows = self.service.rows(Address::Conversation(conversation), query);
        rows.first()?.maybe_number(0).ok()?
    }

    /// Bytes of files that a conversation has, or waits for.
    fn room_used(&self, conversation: ConversationId) -> u64 {
        let query = format!(
            "SELECT coalesce(sum(size), 0) FROM files WHERE due_at IS NULL OR due_at > {}",
            self.service_now()
        );
        let rows = self.service.rows(Address::Conversation(conversation), &query);
        rows.first().and_then(|row| row.number(0).ok()).unwrap_or(0)
    }

    fn put(&mut self, device: usize, address: &str, part: &[u8]) -> bool {
        let cookie = self.devices[device].cookie.clone();
        let (status, ..) = self.service.post_bytes(Some(&cookie), address, part);
        self.take_asked();
        status == 200
    }

    /// Somebody fetches a file that is known somewhere.
    pub(super) fn fetch(&mut self, device: usize, conversation: ConversationId, chance: u64) {
        let query = "SELECT file, seq, due_at FROM files ORDER BY file";
        let rows = self.service.rows(Address::Conversation(conversation), query);
        let Some(row) = rows.get(chance as usize % rows.len().max(1)) else { return };
        let (Ok(file), Ok(seq)) = (row.text(0), row.maybe_number(1)) else { return };
        let is_shown = row.maybe_number(2).is_ok_and(|due_at| due_at.is_none());
        let me = self.devices[device].me;
        let may = is_shown && seq.is_some_and(|seq| self.may_see(me, conversation, seq));
        let address = format!("{}/files/{file}", path(conversation));
        let has_thumb = may && self.has_thumb(conversation, seq, file);
        for (address, may_be_there) in [(format!("{address}/thumb"), has_thumb), (address, may)] {
            let response = self.service.fetch(&self.devices[device].cookie, &address);
            self.take_asked();
            match response {
                Response::File(_) | Response::Picture { .. } if !may_be_there => {
                    self.violate(format!("{me} got {address}, which is not for them"));
                }
                Response::Json { body, .. } if may_be_there && body.contains("unknown_file") => {
                    self.violate(format!("{me} does not get {address}"));
                }
                _ => {}
            }
        }
    }

    /// Whether the message at `seq` shows a thumbnail of a file.
    fn has_thumb(&self, conversation: ConversationId, seq: Option<u64>, file: &str) -> bool {
        let query = format!("SELECT body FROM messages WHERE seq = {}", seq.unwrap_or_default());
        let rows = self.service.rows(Address::Conversation(conversation), &query);
        let body = rows.first().and_then(|row| row.json::<Body>(0).ok());
        body.is_some_and(|body| {
            body.files().iter().any(|shown| shown.thumb && shown.id.to_string() == file)
        })
    }

    /// Whether a message is for somebody.
    fn may_see(&self, me: UserId, conversation: ConversationId, seq: u64) -> bool {
        let member = format!("SELECT 1 FROM members WHERE user = '{me}' AND left_at IS NULL");
        let member = self.service.rows(Address::Conversation(conversation), &member);
        !member.is_empty() && !self.withheld(conversation, me).contains(&seq)
    }

    /// Once the faults have stopped: which files of a conversation are, or were to be, in the store.
    pub(super) fn check_files(&mut self, conversation: ConversationId) -> BTreeSet<String> {
        let at = Address::Conversation(conversation);
        let mut known = BTreeSet::new();
        let mut taken = BTreeSet::new();
        for row in self.service.rows(at, "SELECT file, size, seq, due_at FROM files") {
            let (Ok(file), Ok(size)) = (row.text(0), row.number(1)) else { continue };
            let (seq, due_at) = (row.maybe_number(2), row.maybe_number(3));
            let (seq, due_at) = (seq.ok().flatten(), due_at.ok().flatten());
            known.extend(keys(conversation, file, size, true));
            if let (Some(seq), None) = (seq, due_at) {
                taken.insert((seq, file.to_owned()));
            }
            if due_at.is_some_and(|due_at| due_at + OVERDUE_MS < self.service_now()) {
                self.violate(format!("{conversation} has not erased {file}"));
            }
        }
        // Where nobody is any more, there are messages without their files.
        let inside = "SELECT 1 FROM members WHERE left_at IS NULL";
        let inside = !self.service.rows(at, inside).is_empty();
        let stored = self.service.stored();
        let stored: BTreeSet<_> = stored.into_iter().collect();
        let mut shown = BTreeSet::new();
        for row in self.service.rows(at, "SELECT seq, body FROM messages") {
            let (Ok(seq), Ok(body)) = (row.number(0), row.json::<Body>(1)) else { continue };
            for shows in body.files() {
                let File { id, size, thumb, name, .. } = shows;
                if shows.kind() != kind_of(name) {
                    self.violate(format!("{name} is shown as {:?}", shows.kind()));
                }
                shown.insert((seq, id.to_string()));
                let keys = keys(conversation, &id.to_string(), *size, *thumb);
                let lost = keys.iter().find(|key| !stored.contains(*key));
                if let (Some(key), true) = (lost, inside) {
                    self.violate(format!("{seq} shows a file, and {key} is not in the store"));
                }
            }
        }
        if shown != taken && inside {
            self.violate(format!("{conversation} shows {shown:?}, and took {taken:?}"));
        }
        known
    }
}
