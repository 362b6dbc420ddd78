//! What a message carries besides words: pictures, voice messages, files of any kind.

use serde::{Deserialize, Serialize};

use crate::search::Has;
use crate::{Code, FileId, FileName, Reject, limits};

/// A file of a message. Whoever sends it says what it is called and what it looks like; its size, its
/// type and whether it has a thumbnail are found out by the service, whatever is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Made by the device; the file is uploaded under it.
    pub id: FileId,
    /// What it is called: no path.
    pub name: String,
    /// In bytes.
    #[serde(default)]
    pub size: u64,
    /// Its media type, by its first bytes; [`OTHER`] where these say nothing.
    #[serde(default)]
    pub media: String,
    /// Of a picture: how many pixels it is wide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Of a picture: how many pixels it is high.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Of a picture: what stands there until it has come. Four rows of four colours, each as six
    /// hexadecimal digits, to be drawn without edges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blur: Option<String>,
    /// Of a picture: there is a small one of it as well, at the same address followed by `/thumb`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub thumb: bool,
    /// Of a voice message: how long it takes, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u32>,
    /// Of a voice message: how loud it is from its beginning to its end, each from 0 to 255.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waveform: Vec<u8>,
}

/// The media type of what is not known better.
pub const OTHER: &str = "application/octet-stream";

impl File {
    /// What it is to a reader: a picture, a voice message, or a file.
    #[must_use]
    pub fn kind(&self) -> Has {
        if self.media.starts_with("image/") && self.width.is_some() && self.height.is_some() {
            Has::Image
        } else if self.media.starts_with("audio/") && self.duration_ms.is_some() {
            Has::Voice
        } else {
            Has::File
        }
    }

    /// The same as it is kept, with its name cleaned.
    ///
    /// # Errors
    /// `file_name_bad`; `malformed` for what no device says of a file.
    pub fn parse(mut self) -> Result<Self, Reject> {
        self.name = FileName::parse(&self.name)?.into();
        let side = |side: Option<u32>| {
            side.is_none_or(|pixels| (1..=limits::IMAGE_PIXELS).contains(&pixels))
        };
        let blur = self.blur.as_ref().is_none_or(|blur| {
            blur.len() == limits::BLUR_DIGITS && blur.bytes().all(|digit| digit.is_ascii_hexdigit())
        });
        let sound = self.waveform.len() <= limits::WAVEFORM;
        if side(self.width) && side(self.height) && blur && sound {
            Ok(self)
        } else {
            Err(Code::Malformed.into())
        }
    }
}

/// The answer to a part of a file that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum UploadReply {
    /// The part is kept.
    Stored,
    /// An answer that this program is too old to know.
    #[serde(other)]
    Unknown,
}
