//! Whether a picture moves: drawn smaller it would come to rest.

/// By the first bytes of a picture; a GIF is taken to move, as it hardly ever is sent for anything else.
#[must_use]
pub fn is_animated(bytes: &[u8]) -> bool {
    bytes.starts_with(b"GIF8")
        || bytes.get(4..12) == Some(b"ftypavis")
        || is_animated_webp(bytes)
        || is_animated_png(bytes)
}

/// In the extended form of WebP, the byte after the first chunk's head has a bit for it.
fn is_animated_webp(bytes: &[u8]) -> bool {
    const ANIMATION: u8 = 1 << 1;
    bytes.get(8..16) == Some(b"WEBPVP8X")
        && bytes.get(20).is_some_and(|flags| flags & ANIMATION != 0)
}

/// A PNG that moves says so in a chunk of its own, before the picture.
fn is_animated_png(bytes: &[u8]) -> bool {
    let Some(mut rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") else { return false };
    while let Some((length, chunk)) = rest.split_first_chunk::<4>() {
        match chunk.get(..4) {
            Some(b"acTL") => return true,
            None | Some(b"IDAT") => return false,
            Some(_) => {}
        }
        // A kind of four bytes before what it holds, and a checksum of four behind.
        let next = (u32::from_be_bytes(*length) as usize).saturating_add(8);
        rest = chunk.get(next..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG of these chunks.
    fn png(chunks: &[(&[u8; 4], usize)]) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, length) in chunks {
            bytes.extend(u32::try_from(*length).expect("a length").to_be_bytes());
            bytes.extend(*kind);
            bytes.extend(vec![0; length + 4]);
        }
        bytes
    }

    fn webp(kind: &[u8; 4], flags: u8) -> Vec<u8> {
        let head = [&b"RIFF\x20\0\0\0WEBP"[..], kind, b"\x0a\0\0\0", &[flags], &[0; 9]];
        head.concat()
    }

    #[test]
    fn pictures_that_move_are_known_by_how_they_begin() {
        for (bytes, moves) in [
            (&b"GIF89a"[..], true),
            (b"....ftypavis", true),
            (b"....ftypavif", false),
            (b"\xff\xd8\xff\xe0", false),
            (b"", false),
        ] {
            assert_eq!(is_animated(bytes), moves, "{bytes:?}");
        }
        assert!(is_animated(&webp(b"VP8X", 0b01_0010)));
        assert!(!is_animated(&webp(b"VP8X", 0b01_0000)), "only transparent");
        assert!(!is_animated(&webp(b"VP8 ", 0b10)));
        assert!(is_animated(&png(&[(b"IHDR", 13), (b"iCCP", 900), (b"acTL", 8), (b"IDAT", 4)])));
        assert!(!is_animated(&png(&[(b"IHDR", 13), (b"IDAT", 4), (b"acTL", 8)])));
        assert!(!is_animated(&png(&[(b"IHDR", u32::MAX as usize / 1_000)])[..40]), "cut off");
    }
}
