//! What is on its way to a device that may not be reading, and when that is too much.
//!
//! A socket tells nobody how much of what was sent has arrived. But a device sends its next
//! heartbeat only after it has read the answer to the one before, which stands behind everything
//! that was sent until then: being heard of means having read.

use tideline_shared::Timestamp;
use tideline_shared::limits::UNREAD_BYTES;

/// The count of one socket. It is kept in memory only: an object that hibernates has nothing on
/// its way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drain {
    bytes: usize,
    heard: Option<Timestamp>,
}

impl Drain {
    /// Counts a frame that is about to be sent; false when the device is to be cut off instead.
    /// When it was last heard of is asked only where that decides.
    pub fn sends(&mut self, bytes: usize, heard: impl FnOnce() -> Option<Timestamp>) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes <= UNREAD_BYTES {
            return true;
        }
        let heard = heard();
        if heard <= self.heard {
            return false;
        }
        *self = Self { bytes, heard };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: usize = 64 * 1024;
    const FRAMES: usize = UNREAD_BYTES / FRAME;

    #[test]
    fn who_is_never_heard_of_is_cut_off_at_the_bound() {
        let mut drain = Drain::default();
        let sent = (0..1_000).take_while(|_| drain.sends(FRAME, || None)).count();
        assert_eq!(sent, FRAMES);
    }

    #[test]
    fn who_is_heard_of_in_between_gets_everything() {
        let mut drain = Drain::default();
        for n in 0..1_000_u64 {
            // A heartbeat every fifty frames.
            assert!(drain.sends(FRAME, || Some(Timestamp(n / 50 + 1))), "{n}");
        }
    }

    #[test]
    fn who_was_heard_of_once_and_never_again_is_cut_off_later() {
        let mut drain = Drain::default();
        let sent = (0..1_000).take_while(|_| drain.sends(FRAME, || Some(Timestamp(7)))).count();
        assert_eq!(sent, 2 * FRAMES);
    }
}
