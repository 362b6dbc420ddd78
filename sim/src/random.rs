//! The only source of chance: one seed, the same run every time.

/// SplitMix64 (Steele, Lea and Flood 2014): any seed gives a good sequence.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// A stream of its own for each name.
    pub(crate) fn of(seed: u64, name: &str) -> Self {
        // FNV-1a: the hasher of the standard library promises no particular number.
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(name.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, mix))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, not including, `end`; 0 for an `end` of 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.next() % end }
    }

    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        bytes.iter_mut().for_each(|byte| *byte = self.next().to_le_bytes()[0]);
    }
}

/// A stream of chance that begins anew with every millisecond: what happens now does not depend on
/// how much happened before, so that a run without some of it stays the same otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    seed: u64,
    now: u64,
    random: Random,
}

impl Stream {
    /// A stream of its own for each name.
    pub(crate) fn of(seed: u64, name: &str) -> Self {
        let mut random = Random::of(seed, name);
        Self { seed: random.next(), now: 0, random }
    }

    pub(crate) fn at(&mut self, now: u64) -> &mut Random {
        if self.now != now {
            self.now = now;
            self.random = Random(self.seed.wrapping_add(now.wrapping_mul(0xd605_1d3a_5bf0_3635)));
        }
        &mut self.random
    }
}
