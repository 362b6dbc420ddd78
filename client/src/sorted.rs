//! Small ordered maps and sets, kept as sorted vectors.
//!
//! A device holds dozens of conversations and hundreds of messages, which come in order and are
//! read in order. For these a sorted vector is as fast as a tree, and a tenth of its code: the
//! standard library's trees, compiled anew for each pair of types, were a tenth of all that a
//! browser had to fetch. Inserting in the middle costs moving what is behind.

use std::cmp::Ordering;
use std::ops::{Bound, RangeBounds};
use std::slice;

/// A map whose entries are in the order of their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SortedMap<K, V> {
    rows: Vec<(K, V)>,
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> SortedMap<K, V> {
    pub(crate) const fn new() -> Self {
        Self { rows: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.rows.clear();
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.into_iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&K, &mut V)> {
        self.into_iter()
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.rows.iter().map(|(_, value)| value)
    }

    pub(crate) fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.rows.iter_mut().map(|(_, value)| value)
    }

    pub(crate) fn last(&self) -> Option<(&K, &V)> {
        self.rows.last().map(|(key, value)| (key, value))
    }

    pub(crate) fn into_keys(self) -> impl DoubleEndedIterator<Item = K> {
        self.rows.into_iter().map(|(key, _)| key)
    }

    /// Takes out what is meant; its values, in the order of the keys.
    pub(crate) fn take_if(&mut self, mut take: impl FnMut(&V) -> bool) -> Vec<V> {
        let taken = self.rows.extract_if(.., |(_, value)| take(value));
        taken.map(|(_, value)| value).collect()
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.rows.retain_mut(|(key, value)| keep(key, value));
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// Where the key is, or where it would be.
    fn find(&self, key: &K) -> Result<usize, usize> {
        // What is new mostly comes last.
        match self.rows.last().map(|(last, _)| last.cmp(key)) {
            None | Some(Ordering::Less) => Err(self.rows.len()),
            _ => self.rows.binary_search_by(|(other, _)| other.cmp(key)),
        }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let at = self.find(key).ok()?;
        self.rows.get(at).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let at = self.find(key).ok()?;
        self.rows.get_mut(at).map(|(_, value)| value)
    }

    pub(crate) fn contains_key(&self, key: &K) -> bool {
        self.find(key).is_ok()
    }

    /// Sets a value; the one that it replaces.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(at) => self.rows.get_mut(at).map(|(_, old)| std::mem::replace(old, value)),
            Err(at) => {
                self.rows.insert(at, (key, value));
                None
            }
        }
    }

    /// The value of a key, made now if there is none.
    pub(crate) fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let at = self.find(&key).unwrap_or_else(|at| {
            self.rows.insert(at, (key, make()));
            at
        });
        // `find` brought the place of a row, or a row was just put there.
        &mut self.rows[at].1
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let at = self.find(key).ok()?;
        Some(self.rows.remove(at).1)
    }

    /// The entries whose keys lie within `keys`; none when these are the wrong way round.
    pub(crate) fn range(
        &self,
        keys: impl RangeBounds<K>,
    ) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        let first = match keys.start_bound() {
            Bound::Unbounded => 0,
            Bound::Included(key) => self.rows.partition_point(|(other, _)| other < key),
            Bound::Excluded(key) => self.rows.partition_point(|(other, _)| other <= key),
        };
        let end = match keys.end_bound() {
            Bound::Unbounded => self.rows.len(),
            Bound::Included(key) => self.rows.partition_point(|(other, _)| other <= key),
            Bound::Excluded(key) => self.rows.partition_point(|(other, _)| other < key),
        };
        let rows = self.rows.get(first..end).unwrap_or_default();
        rows.iter().map(|(key, value)| (key, value))
    }
}

impl<'a, K, V> IntoIterator for &'a SortedMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = std::iter::Map<slice::Iter<'a, (K, V)>, fn(&(K, V)) -> (&K, &V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter().map(|(key, value)| (key, value))
    }
}

impl<'a, K, V> IntoIterator for &'a mut SortedMap<K, V> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = std::iter::Map<slice::IterMut<'a, (K, V)>, fn(&mut (K, V)) -> (&K, &mut V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter_mut().map(|(key, value)| (&*key, value))
    }
}

/// A set whose members are in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SortedSet<T>(SortedMap<T, ()>);

impl<T> Default for SortedSet<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> SortedSet<T> {
    pub(crate) const fn new() -> Self {
        Self(SortedMap::new())
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.0.rows.iter().map(|(member, ())| member)
    }
}

impl<T: Ord> SortedSet<T> {
    /// Adds a member; whether it is new.
    pub(crate) fn insert(&mut self, member: T) -> bool {
        self.0.insert(member, ()).is_none()
    }

    pub(crate) fn contains(&self, member: &T) -> bool {
        self.0.contains_key(member)
    }

    pub(crate) fn range(
        &self,
        members: impl RangeBounds<T>,
    ) -> impl DoubleEndedIterator<Item = &T> {
        self.0.range(members).map(|(member, ())| member)
    }
}

impl<T> IntoIterator for SortedSet<T> {
    type Item = T;
    type IntoIter = std::iter::Map<std::vec::IntoIter<(T, ())>, fn((T, ())) -> T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.rows.into_iter().map(|(member, ())| member)
    }
}

impl<T: Ord> FromIterator<T> for SortedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut set = Self::new();
        for member in members {
            set.insert(member);
        }
        set
    }
}

/// Items in the order of their keys, equal ones as they were.
///
/// What is sorted are their places, so that one sort does for all types: the standard library's,
/// compiled for each of them, was five kilobytes of what a browser has to fetch, and one and a half for these alone.
pub(crate) fn by_key<T, K: Ord>(items: Vec<T>, key: impl FnMut(&T) -> K) -> Vec<T> {
    let keys: Vec<K> = items.iter().map(key).collect();
    in_order(items, &mut |one, other| keys.get(one).cmp(&keys.get(other)))
}

/// These in an order that compares their places; equal ones stay as they are.
pub fn in_order<T>(items: Vec<T>, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<T> {
    let order = order(items.len(), compare);
    let mut items: Vec<_> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| items.get_mut(at)?.take()).collect()
}

/// Each goes to its place among those before it: what a device holds is mostly in order, and never so much that moving
/// these numbers would take long.
fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order = Vec::with_capacity(count);
    for at in 0..count {
        let place = order.partition_point(|&before| compare(before, at).is_le());
        order.insert(place, at);
    }
    order
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_sorted_map_is_an_ordered_map(
            steps in prop::collection::vec((any::<bool>(), 0_u8..40, any::<u16>()), 0..120),
            range in (0_u8..40, 0_u8..40),
        ) {
            let (mut ours, mut theirs) = (SortedMap::new(), BTreeMap::new());
            for (insert, key, value) in steps {
                if insert {
                    prop_assert_eq!(ours.insert(key, value), theirs.insert(key, value));
                } else {
                    prop_assert_eq!(ours.remove(&key), theirs.remove(&key));
                }
                prop_assert_eq!(ours.get(&key), theirs.get(&key));
                prop_assert_eq!(ours.contains_key(&key), theirs.contains_key(&key));
            }
            prop_assert!(ours.iter().eq(theirs.iter()));
            prop_assert_eq!(ours.last(), theirs.last_key_value());
            let (first, end) = range;
            let both = (first.min(end), first.max(end));
            prop_assert!(ours.range(both.0..both.1).eq(theirs.range(both.0..both.1)));
            prop_assert!(ours.range(both.0..=both.1).rev().eq(theirs.range(both.0..=both.1).rev()));
            prop_assert!(ours.range(first..).eq(theirs.range(first..)));
            *ours.get_or_insert_with(first, || 7) += 1;
            *theirs.entry(first).or_insert(7) += 1;
            ours.retain(|key, _| key % 2 == 0);
            theirs.retain(|key, _| key % 2 == 0);
            prop_assert!(ours.iter().eq(theirs.iter()));
        }
    }

    proptest! {
        #[test]
        fn items_are_as_a_stable_sort_leaves_them(
            items in prop::collection::vec((0_u8..9, any::<u16>()), 0..60),
        ) {
            let mut wanted = items.clone();
            wanted.sort_by_key(|(key, _)| *key);
            prop_assert_eq!(by_key(items, |(key, _)| *key), wanted);
        }
    }

    #[test]
    fn a_range_the_wrong_way_round_is_empty() {
        let set: SortedSet<u8> = [1, 2, 3].into_iter().collect();
        assert_eq!(set.range((Bound::Excluded(3), Bound::Excluded(1))).count(), 0);
    }
}
