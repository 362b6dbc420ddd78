//! Files on their way in and out: `/api/conversations/<id>/files/…`.
//!
//! The conversation says who may; the bytes go past it, between the device and the store. Nothing of
//! an upload can run as a page: its type is ours to say, and no answer is one that browsers open as a
//! document with rights.

use tideline_shared::protocol::{File, FileLimits, OTHER_MEDIA, UploadReply};
use tideline_shared::{Code, ConversationId, FileId, MessageId, UserId, limits};

use super::door::{Reply, unexpected};
use super::pictures::Picture;
use super::{Actors, Gateway, HEADERS, Response};
use crate::conversation::{ConversationAnswer, ConversationCall, THUMB_BIT, key, parts, thumb_key};
use crate::deployment::{DeploymentAnswer, DeploymentCall};
use crate::sql::Fault;
use crate::turn::{Address, Failure};

/// For so long a browser shows a file again without asking, in seconds. It is told by a cookie whose
/// it is, so nobody else who signs in there gets it.
const FRESH_S: u64 = 300;

/// For so long the deployment is not asked again how much may be uploaded, in milliseconds.
const LIMITS_MS: u64 = 60_000;

/// What the thumbnail of a picture is called in an address.
const THUMB: &str = "thumb";

/// What an address below a conversation's `files/` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Whole(FileId),
    Thumb(FileId),
    Part(Part),
}

/// A part of a file of this size; none is its thumbnail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    file: FileId,
    size: u64,
    part: Option<u64>,
}

impl Place {
    /// Reads `<file>`, `<file>/thumb`, `<file>/<size>/<part>` or `<file>/<size>/thumb`.
    pub(super) fn read(path: &str) -> Result<Self, Failure> {
        let mut names = path.split('/');
        let file = names.next().unwrap_or_default().parse().map_err(|_| Code::UnknownFile)?;
        match (names.next(), names.next(), names.next()) {
            (None, ..) => Ok(Self::Whole(file)),
            (Some(THUMB), None, _) => Ok(Self::Thumb(file)),
            (Some(size), Some(part), None) => {
                let number = |text: &str| text.parse::<u64>().map_err(|_| Code::UnknownRoute);
                let part = if part == THUMB { None } else { Some(number(part)?) };
                Ok(Self::Part(Part { file, size: number(size)?, part }))
            }
            _ => Err(Code::UnknownRoute.into()),
        }
    }
}

/// What the shell streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: Vec<(&'static str, String)>,
    /// The bytes, in order.
    pub pieces: Vec<Piece>,
}

/// Some bytes of what is under a key of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where.
    pub key: String,
    /// The first.
    pub offset: u64,
    /// How many; at least one.
    pub length: u64,
}

/// Most bytes of a request's body that are of interest, by its path: one more than what is taken.
#[must_use]
pub fn body_bytes(path: &str) -> usize {
    let most = if path.contains("/files/") {
        usize::try_from(limits::PART_BYTES).unwrap_or(usize::MAX - 1)
    } else {
        limits::FRAME_BYTES
    };
    most + 1
}

impl<A: Actors> Gateway<'_, A> {
    /// Takes a part of a file in, or its thumbnail.
    pub(super) async fn upload(
        &self,
        conversation: ConversationId,
        Part { file, size, part }: Part,
    ) -> Result<Reply, Failure> {
        let (person, _) = self.authenticate(None, None).await?;
        let (by, bytes) = (person.user, self.request.body);
        if size == 0 {
            return Err(Code::FileEmpty.into());
        }
        if size > limits::FILE_BYTES {
            return Err(Code::FileTooLarge.into());
        }
        let (key, bit, media) = if let Some(part) = part {
            let whole = limits::PART_BYTES;
            let wanted = size.saturating_sub(part.saturating_mul(whole)).min(whole);
            if wanted == 0 || bytes.len() as u64 != wanted {
                return Err(Code::Malformed.into());
            }
            let media = (part == 0).then(|| media_of(bytes).to_owned());
            (key(conversation, file, part), 1 << part, media)
        } else {
            thumb_media(bytes)?;
            (thumb_key(conversation, file), THUMB_BIT, None)
        };
        if self.may_upload(conversation, by, file, size, media).await? {
            self.store(&key, bytes).await?;
            self.stored(conversation, by, file, bit).await?;
        }
        Reply::of(&UploadReply::Stored)
    }

    /// How much may be uploaded, as the deployment said a minute ago at most.
    async fn file_limits(&self) -> Result<FileLimits, Failure> {
        let now = self.request.now;
        if let Some((at, limits)) = self.actors.file_limits()
            && at <= now
            && now.since(at) < LIMITS_MS
        {
            return Ok(limits);
        }
        match self.ask_deployment(&DeploymentCall::FileLimits).await? {
            DeploymentAnswer::FileLimits(limits) => {
                self.actors.keep_file_limits(now, limits);
                Ok(limits)
            }
            other => Err(unexpected(&other)),
        }
    }

    async fn may_upload(
        &self,
        conversation: ConversationId,
        by: UserId,
        file: FileId,
        size: u64,
        media: Option<String>,
    ) -> Result<bool, Failure> {
        let limits = self.file_limits().await?;
        let call = ConversationCall::Upload { by, file, size, media, limits };
        match self.ask(Address::Conversation(conversation), &call).await? {
            ConversationAnswer::Upload { wanted } => Ok(wanted),
            other => Err(unexpected(&other)),
        }
    }

    pub(super) async fn store(&self, key: &str, bytes: &[u8]) -> Result<(), Failure> {
        let kept = self.actors.put(key, bytes).await;
        kept.map_err(|unreachable| Fault(format!("{key}: {unreachable}")).into())
    }

    async fn stored(
        &self,
        conversation: ConversationId,
        by: UserId,
        file: FileId,
        parts: u64,
    ) -> Result<(), Failure> {
        let call = ConversationCall::Stored { by, file, parts };
        self.ask::<ConversationAnswer>(Address::Conversation(conversation), &call).await.map(drop)
    }

    /// Copies the files of a message that is said again, as if whoever forwards it had uploaded them.
    /// Stopped half way, or refused afterwards, the copies are what nobody sent: they go by themselves.
    pub(super) async fn copy(
        &self,
        by: UserId,
        (from, to): (ConversationId, ConversationId),
        message: MessageId,
        files: &[File],
    ) -> Result<Vec<File>, Failure> {
        let mut copies = Vec::new();
        for (n, file) in (0..).zip(files) {
            let copy = File { id: FileId::copied(message, n), ..file.clone() };
            let media = Some(file.media.clone());
            if self.may_upload(to, by, copy.id, file.size, media).await? {
                let thumb = (thumb_key(from, file.id), thumb_key(to, copy.id));
                let thumb = file.thumb.then_some((thumb, THUMB_BIT));
                let parts = (0..parts(file.size))
                    .map(|part| ((key(from, file.id, part), key(to, copy.id, part)), 1 << part));
                let mut stored = 0;
                for ((from, to), bit) in parts.chain(thumb) {
                    let copied = self.actors.copy(&from, &to).await;
                    copied.map_err(|unreachable| Fault(format!("{from}: {unreachable}")))?;
                    stored |= bit;
                }
                self.stored(to, by, copy.id, stored).await?;
            }
            copies.push(copy);
        }
        Ok(copies)
    }

    /// Brings a file to somebody who may see it.
    pub(super) async fn download(
        &self,
        conversation: ConversationId,
        file: FileId,
    ) -> Result<Response, Failure> {
        let file = self.file(conversation, file).await?;
        let tag = format!("\"{}\"", file.id);
        let mut headers = headers_of(&file, &tag);
        if self.request.if_none_match == Some(&tag) {
            return Ok(Response::File(Download { status: 304, headers, pieces: Vec::new() }));
        }
        let asked = self.request.range.and_then(|range| range_of(range, file.size));
        let (status, first, last) = match asked {
            Some(Some((first, last))) => {
                let range = format!("bytes {first}-{last}/{}", file.size);
                headers.push(("Content-Range", range));
                (206, first, last)
            }
            Some(None) => {
                headers.push(("Content-Range", format!("bytes */{}", file.size)));
                headers.push(("Content-Length", "0".to_owned()));
                return Ok(Response::File(Download { status: 416, headers, pieces: Vec::new() }));
            }
            None => (200, 0, file.size.saturating_sub(1)),
        };
        headers.push(("Content-Length", (last + 1 - first).to_string()));
        let pieces = pieces(conversation, file.id, first, last);
        Ok(Response::File(Download { status, headers, pieces }))
    }

    /// Brings the thumbnail of a picture to somebody who may see it.
    pub(super) async fn thumb(
        &self,
        conversation: ConversationId,
        file: FileId,
    ) -> Result<Response, Failure> {
        let file = self.file(conversation, file).await?;
        if !file.thumb {
            return Err(Code::UnknownFile.into());
        }
        let tag = format!("\"{}\"", file.id);
        let lasts = format!("private, max-age={FRESH_S}");
        let headers = |media| {
            let mut headers = headers_of_a_picture(media, &tag, &lasts);
            headers.push(("Vary", "Cookie".to_owned()));
            headers
        };
        if self.request.if_none_match == Some(&tag) {
            let (status, headers) = (304, headers("image/webp"));
            return Ok(Response::File(Download { status, headers, pieces: Vec::new() }));
        }
        let key = thumb_key(conversation, file.id);
        let found = self.actors.get(&key).await;
        let found = found.map_err(|unreachable| Fault(format!("{key}: {unreachable}")))?;
        let bytes = found.ok_or(Code::UnknownFile)?;
        Ok(Response::Picture { headers: headers(thumb_media(&bytes)?), bytes })
    }

    /// A file that whoever asks may see.
    async fn file(&self, conversation: ConversationId, file: FileId) -> Result<File, Failure> {
        let (person, _) = self.authenticate(None, None).await?;
        let call = ConversationCall::File { by: person.user, file };
        match self.ask(Address::Conversation(conversation), &call).await? {
            ConversationAnswer::File(file) => Ok(file),
            other => Err(unexpected(&other)),
        }
    }
}

/// The type of a thumbnail; `not_a_picture` for what is none, or too large for one.
fn thumb_media(bytes: &[u8]) -> Result<&'static str, Failure> {
    if bytes.len() > limits::THUMB_BYTES {
        return Err(Code::NotAPicture.into());
    }
    Ok(Picture::read(bytes, limits::THUMB_SIDE as usize)?.media)
}

/// The bytes from `first` to `last`, part by part.
fn pieces(conversation: ConversationId, file: FileId, first: u64, last: u64) -> Vec<Piece> {
    let whole = limits::PART_BYTES;
    let pieces = (first / whole..=last / whole).map(|part| {
        let offset = first.saturating_sub(part * whole);
        let end = (last - part * whole).min(whole - 1);
        Piece { key: key(conversation, file, part), offset, length: end + 1 - offset }
    });
    pieces.collect()
}

/// Of whatever somebody uploaded: none of it runs as a page of ours.
fn headers_of_bytes(media: &str, tag: &str, lasts: &str) -> Vec<(&'static str, String)> {
    let ours = ["Cache-Control", "Content-Security-Policy"];
    let common = HEADERS.iter().filter(|(name, _)| !ours.contains(name));
    let mut headers: Vec<_> = common.map(|&(name, value)| (name, value.to_owned())).collect();
    headers.extend([
        ("Cache-Control", lasts.to_owned()),
        (
            "Content-Security-Policy",
            "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'".to_owned(),
        ),
        ("Content-Type", media.to_owned()),
        ("ETag", tag.to_owned()),
    ]);
    headers
}

/// Of a picture of somebody, or of a group.
pub(super) fn headers_of_a_picture(
    media: &str,
    tag: &str,
    lasts: &str,
) -> Vec<(&'static str, String)> {
    let mut headers = headers_of_bytes(media, tag, lasts);
    headers.push(("Content-Disposition", "inline".to_owned()));
    headers
}

fn headers_of(file: &File, tag: &str) -> Vec<(&'static str, String)> {
    let media = if known(&file.media) { file.media.as_str() } else { OTHER_MEDIA };
    let mut headers = headers_of_bytes(media, tag, &format!("private, max-age={FRESH_S}"));
    let shown = file.media.starts_with("image/") || file.media.starts_with("audio/");
    let how = if shown { "inline" } else { "attachment" };
    headers.extend([
        ("Accept-Ranges", "bytes".to_owned()),
        ("Content-Disposition", format!("{how}; filename*=UTF-8''{}", escaped(&file.name))),
        ("Vary", "Cookie".to_owned()),
    ]);
    headers
}

/// A name as RFC 8187 has it in a header.
fn escaped(name: &str) -> String {
    let mut escaped = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// The bytes that a `Range` header asks for: none where it is to be ignored, and in it none where there
/// are no such bytes (RFC 9110, section 14).
fn range_of(header: &str, size: u64) -> Option<Option<(u64, u64)>> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    let end = size.checked_sub(1)?;
    if first.is_empty() {
        let count: u64 = last.parse().ok()?;
        return Some((count > 0).then(|| (size.saturating_sub(count), end)));
    }
    let first: u64 = first.parse().ok()?;
    let last: u64 = if last.is_empty() { u64::MAX } else { last.parse().ok()? };
    (first <= last).then_some((first <= end).then_some((first, last.min(end))))
}

/// How files begin, and what they are then: those that browsers show and play.
const BEGINNINGS: [(usize, &[u8], &str); 15] = [
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBPVP8", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypavis", "image/avif"),
    (0, b"\x1a\x45\xdf\xa3", "audio/webm"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftypM4A ", "audio/mp4"),
    (4, b"ftypiso5", "audio/mp4"),
    (4, b"ftypisom", "audio/mp4"),
    (4, b"ftypmp42", "audio/mp4"),
    (4, b"ftypdash", "audio/mp4"),
    (4, b"ftypmp41", "audio/mp4"),
];

/// The media type of a file, by its first bytes.
fn media_of(bytes: &[u8]) -> &'static str {
    let begins = |&&(at, with, _): &&(usize, &[u8], &str)| {
        bytes.get(at..).is_some_and(|rest| rest.starts_with(with))
    };
    BEGINNINGS.iter().find(begins).map_or(OTHER_MEDIA, |(_, _, media)| media)
}

fn known(media: &str) -> bool {
    BEGINNINGS.iter().any(|(_, _, other)| *other == media)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_what_the_first_bytes_say() {
        for (bytes, media) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"RIFF....WEBPVP8 ", "image/webp"),
            (b"....ftypavif", "image/avif"),
            (b"\x1a\x45\xdf\xa3", "audio/webm"),
            (b"<html><script>", OTHER_MEDIA),
            (b"<svg xmlns=", OTHER_MEDIA),
            (b"%PDF-1.7", OTHER_MEDIA),
            (b"PK\x03\x04", OTHER_MEDIA),
            (b"\x89PNG", OTHER_MEDIA),
            (b"", OTHER_MEDIA),
        ] {
            assert_eq!(media_of(bytes), media, "{bytes:?}");
        }
    }

    #[test]
    fn a_range_is_one_range_of_what_is_there() {
        for (header, range) in [
            ("bytes=0-", Some(Some((0, 9)))),
            ("bytes=2-4", Some(Some((2, 4)))),
            ("bytes=2-400", Some(Some((2, 9)))),
            ("bytes=-3", Some(Some((7, 9)))),
            ("bytes=-30", Some(Some((0, 9)))),
            ("bytes=10-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=4-2", None),
            ("bytes=1-2,4-5", None),
            ("lines=1-2", None),
            ("bytes=a-b", None),
        ] {
            assert_eq!(range_of(header, 10), range, "{header}");
        }
    }

    #[test]
    fn a_range_may_begin_and_end_within_parts() {
        let (conversation, file) = (ConversationId::new(1, [1; 10]), FileId::new(1, [2; 10]));
        let whole = limits::PART_BYTES;
        let pieces = |first, last| {
            let pieces = super::pieces(conversation, file, first, last);
            pieces.into_iter().map(|piece| (piece.offset, piece.length)).collect::<Vec<_>>()
        };
        assert_eq!(pieces(0, 0), [(0, 1)]);
        assert_eq!(pieces(0, whole - 1), [(0, whole)]);
        assert_eq!(pieces(whole, whole), [(0, 1)]);
        assert_eq!(pieces(5, 2 * whole), [(5, whole - 5), (0, whole), (0, 1)]);
    }

    #[test]
    fn a_name_in_a_header_is_escaped() {
        assert_eq!(escaped("潮 \"a\".png"), "%E6%BD%AE%20%22a%22.png");
    }
}
