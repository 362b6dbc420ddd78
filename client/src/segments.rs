//! Which places of an order are held: runs without a gap, with holes between them.

use crate::sorted::SortedMap;

/// A run of places without a gap, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

/// Segments, oldest first; no two of them touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Segments {
    /// The last place of each segment, by its first.
    ends: SortedMap<u64, u64>,
}

impl Segments {
    /// Adds one place, and closes the hole that it may have filled.
    pub(crate) fn insert(&mut self, seq: u64) {
        let before = self.ends.range(..=seq).next_back().map(|(&first, &last)| (first, last));
        let mut first = seq;
        if let Some((start, last)) = before {
            if last >= seq {
                return;
            }
            if last + 1 == seq {
                first = start;
            }
        }
        let joined = seq.checked_add(1).and_then(|next| self.ends.remove(&next));
        self.ends.insert(first, joined.unwrap_or(seq));
    }

    /// The segment that holds this place.
    pub(crate) fn containing(&self, seq: u64) -> Option<Segment> {
        let (&first, &last) = self.ends.range(..=seq).next_back()?;
        (last >= seq).then_some(Segment { first, last })
    }

    /// The segment with the highest places.
    pub(crate) fn newest(&self) -> Option<Segment> {
        self.ends.last().map(|(&first, &last)| Segment { first, last })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn of(seqs: &[u64]) -> Segments {
        let mut segments = Segments::default();
        seqs.iter().for_each(|&seq| segments.insert(seq));
        segments
    }

    #[test]
    fn a_hole_closes_when_its_last_place_comes() {
        let mut segments = of(&[1, 2, 4, 5]);
        assert_eq!(segments.containing(2), Some(Segment { first: 1, last: 2 }));
        assert_eq!(segments.containing(3), None);
        segments.insert(3);
        assert_eq!(segments.newest(), Some(Segment { first: 1, last: 5 }));
    }

    #[test]
    fn the_ends_of_the_numbers_are_places_too() {
        assert_eq!(of(&[u64::MAX, 0]).newest(), Some(Segment { first: u64::MAX, last: u64::MAX }));
    }

    proptest! {
        #[test]
        fn segments_are_the_runs_of_what_was_inserted(seqs in prop::collection::vec(0_u64..60, 0..80)) {
            let segments = of(&seqs);
            let held: BTreeSet<u64> = seqs.into_iter().collect();
            for seq in 0..62 {
                let run = segments.containing(seq);
                prop_assert_eq!(run.is_some(), held.contains(&seq));
                if let Some(Segment { first, last }) = run {
                    prop_assert!((first..=last).all(|seq| held.contains(&seq)));
                    prop_assert!(!held.contains(&(last + 1)));
                    prop_assert!(first == 0 || !held.contains(&(first - 1)));
                }
            }
        }
    }
}
