//! Small pictures that devices make, checked before they are kept.

use imagesize::ImageType;
use tideline_shared::Code;

use crate::turn::Failure;

/// A small picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// Its type, by its bytes.
    pub(super) media: &'static str,
    /// In pixels.
    pub(super) width: usize,
    /// In pixels.
    pub(super) height: usize,
}

impl Picture {
    /// Looks at the bytes of one; `not_a_picture` for what cannot be shown as one: of another kind, cut
    /// off, or with so many pixels to a side that a small file would fill a device's memory.
    pub(super) fn read(bytes: &[u8], most_side: usize) -> Result<Self, Failure> {
        let kind = imagesize::image_type(bytes).map_err(|_| Code::NotAPicture)?;
        let size = imagesize::blob_size(bytes).map_err(|_| Code::NotAPicture)?;
        let (media, whole) = match kind {
            ImageType::Webp => ("image/webp", is_whole_webp(bytes)),
            ImageType::Jpeg => ("image/jpeg", bytes.ends_with(b"\xff\xd9")),
            _ => return Err(Code::NotAPicture.into()),
        };
        let sides = 1..=most_side;
        if !whole || !sides.contains(&size.width) || !sides.contains(&size.height) {
            return Err(Code::NotAPicture.into());
        }
        Ok(Self { media, width: size.width, height: size.height })
    }
}

/// A WebP file says in its fifth to eighth byte how many follow.
fn is_whole_webp(bytes: &[u8]) -> bool {
    let length = bytes.get(4..8).and_then(|length| <[u8; 4]>::try_from(length).ok());
    length.is_some_and(|length| u32::from_le_bytes(length) as usize + 8 == bytes.len())
}
