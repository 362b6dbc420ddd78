//! The pictures of a conversation in their order: those of the timeline, and further ones as somebody goes on to
//! look. The timeline stays where it is.

use leptos::prelude::*;
use tideline_client::Item;
use tideline_shared::FileId;
use tideline_shared::protocol::{ConversationCommand, ConversationReply, File, Message};
use tideline_shared::search::Has;

use crate::kit::{News, State, toast};
use crate::screens::conversation::Talk;
use crate::shell::Device;

/// The pictures of a conversation. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Album {
    talk: Talk,
    device: Device,
    fetched: State<Fetched>,
}

/// What is not on the timeline.
#[derive(Default)]
struct Fetched {
    /// By the place of their message.
    pictures: Vec<(u64, File)>,
    /// The oldest and the newest message that was looked at.
    ends: Option<(u64, u64)>,
    /// There is nothing older, or newer.
    done: (bool, bool),
}

impl Album {
    pub(super) fn new(talk: Talk) -> Self {
        Self { talk, device: Device::here(), fetched: State::default() }
    }

    /// Somebody looks anew, from what is on the timeline now.
    pub(super) fn begin(self) {
        self.fetched.set(Fetched::default());
    }

    /// All that are known; tracked.
    pub(super) fn pictures(self) -> Vec<File> {
        let mut all = self.fetched.with(|fetched| fetched.pictures.clone());
        let shown = self.device.timeline.with(|timeline| {
            let files = timeline.rows.iter().filter_map(|row| match &row.item {
                // What waits to be sent comes last.
                Item::Message { seq, files, .. } => Some((seq.unwrap_or(u64::MAX), files)),
                _ => None,
            });
            files.flat_map(|(seq, files)| pictures_of(seq, files)).collect::<Vec<_>>()
        });
        all.retain(|(_, file)| shown.iter().all(|(_, other)| other.id != file.id));
        all.extend(shown);
        all.sort_by_key(|(seq, _)| *seq);
        all.into_iter().map(|(_, file)| file).collect()
    }

    /// The picture so far behind this one, among those that are known.
    pub(super) fn beside(self, shown: FileId, by: isize) -> Option<FileId> {
        let all = untrack(|| self.pictures());
        let at = all.iter().position(|file| file.id == shown)?;
        Some(all.get(at.checked_add_signed(by)?)?.id)
    }

    /// Whether nothing is older, or newer, than what is known; tracked.
    pub(super) fn is_done(self, older: bool) -> bool {
        let (start, end) = self.device.timeline.with(|shown| (shown.at_start, shown.at_end));
        let (oldest, newest) = self.fetched.with(|fetched| fetched.done);
        if older { start || oldest } else { end || newest }
    }

    /// Looks for older or newer ones. Whether any came.
    pub(super) async fn look(self, older: bool) -> bool {
        loop {
            let Some((oldest, newest)) = self.ends() else { return false };
            let command = match older {
                true => ConversationCommand::history_before(oldest),
                false => ConversationCommand::history_after(newest),
            };
            let messages = match self.talk.ask(command).await {
                Ok(ConversationReply::History { messages }) => messages,
                Ok(_) => return false,
                Err(fail) => {
                    toast(News::Failed(fail));
                    return false;
                }
            };
            if messages.is_empty() || self.take(&messages) != Some(false) {
                self.fetched.update(|fetched| {
                    let done = if older { &mut fetched.done.0 } else { &mut fetched.done.1 };
                    *done |= messages.is_empty();
                });
                return !messages.is_empty();
            }
        }
    }

    /// The oldest and the newest message that was looked at.
    fn ends(self) -> Option<(u64, u64)> {
        let fetched = self.fetched.try_with_untracked(|fetched| fetched.ends)?;
        let shown = self.device.timeline.with_untracked(|timeline| {
            let seqs = timeline.rows.iter().filter_map(|row| match row.item {
                Item::Message { seq, .. } => seq,
                _ => None,
            });
            seqs.clone().min().zip(seqs.max())
        });
        fetched.into_iter().chain(shown).reduce(|(a, b), (c, d)| (a.min(c), b.max(d)))
    }

    /// Takes a page in. Whether there are pictures in it; nothing when nobody looks any more.
    fn take(self, messages: &[Message]) -> Option<bool> {
        let shown = messages.iter().filter_map(|it| self.device.as_shown(self.talk.id, it));
        let found = shown.flat_map(|it| pictures_of(it.seq, it.body.files())).collect::<Vec<_>>();
        let seqs = || messages.iter().map(|message| message.seq);
        let page = seqs().min().zip(seqs().max());
        let any = !found.is_empty();
        self.fetched.try_update(|fetched| {
            let ends = fetched.ends.into_iter().chain(page);
            fetched.ends = ends.reduce(|(a, b), (c, d)| (a.min(c), b.max(d)));
            fetched.pictures.extend(found);
            any
        })
    }
}

fn pictures_of(seq: u64, files: &[File]) -> Vec<(u64, File)> {
    let pictures = files.iter().filter(|file| file.kind() == Has::Image);
    pictures.map(|file| (seq, file.clone())).collect()
}
