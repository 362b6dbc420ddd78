//! How long to wait before trying again.

/// The longest first wait, in milliseconds.
const FIRST_MS: u64 = 500;
/// The longest wait of all, in milliseconds.
pub(crate) const LONGEST_MS: u64 = 30_000;

/// Milliseconds to wait after so many failures before this one: doubled each time, and spread over
/// half of that, so that devices that lost the service together do not come back together.
pub(crate) fn wait_ms(failures: u32, random: [u8; 2]) -> u64 {
    let longest = (FIRST_MS << failures.min(16)).min(LONGEST_MS);
    let half = longest / 2;
    half + half * u64::from(u16::from_le_bytes(random)) / u64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_half_a_minute() {
        let longest = |failures| wait_ms(failures, [255; 2]);
        assert_eq!([0, 1, 2, 5, 6, 7].map(longest), [500, 1_000, 2_000, 16_000, 30_000, 30_000]);
        assert_eq!(longest(u32::MAX), LONGEST_MS);
    }

    #[test]
    fn chance_shortens_a_wait_by_up_to_half() {
        assert_eq!(wait_ms(0, [0; 2]), 250);
        assert_eq!(wait_ms(9, [0; 2]), 15_000);
    }
}
