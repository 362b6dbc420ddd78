//! How long to wait before a failed call is tried again.

/// The first wait, in milliseconds.
pub(crate) const FIRST_MS: u64 = 500;
/// The longest wait, in milliseconds.
pub(crate) const LONGEST_MS: u64 = 5 * 60 * 1_000;

/// The wait before try `attempts + 1`: doubles each time, up to five minutes, and lies between
/// half of that and all of it, as `random` says, so that what failed together does not come back
/// together.
pub(crate) fn wait_ms(attempts: u64, random: [u8; 2]) -> u64 {
    let doubled = FIRST_MS.saturating_mul(1 << attempts.min(20)).min(LONGEST_MS);
    let part = u64::from(u16::from_le_bytes(random));
    doubled / 2 + doubled / 2 * part / u64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_bounded() {
        assert_eq!(wait_ms(0, [0, 0]), 250);
        assert_eq!(wait_ms(0, [255, 255]), 500);
        assert_eq!(wait_ms(3, [255, 255]), 4_000);
        assert_eq!(wait_ms(u64::MAX, [255, 255]), LONGEST_MS);
    }
}
