//! A device's local store, in memory. It outlives the engine, as IndexedDB outlives a page.

use std::collections::BTreeMap;

use tideline_client::Write;

/// Keys and values in the order of the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Store(BTreeMap<String, String>);

impl Store {
    /// Carries out writes, all of them.
    pub fn write(&mut self, writes: Vec<Write>) {
        for write in writes {
            match write {
                Write::Put { key, value } => {
                    self.0.insert(key, value);
                }
                Write::Delete { key } => {
                    self.0.remove(&key);
                }
                Write::DeleteAll { prefix } => self.0.retain(|key, _| !key.starts_with(&prefix)),
            }
        }
    }

    /// Every row whose key begins with `prefix`.
    #[must_use]
    pub fn read(&self, prefix: &str) -> Vec<(String, String)> {
        self.0
            .range(prefix.to_owned()..)
            .take_while(|(key, _)| key.starts_with(prefix))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(key: &str) -> Write {
        Write::Put { key: key.to_owned(), value: format!("value of {key}") }
    }

    #[test]
    fn rows_are_read_by_the_beginning_of_their_keys_in_order() {
        let mut store = Store::default();
        store.write(vec![put("a/2"), put("b/1"), put("a/1"), put("a")]);
        let keys = |prefix| store.read(prefix).into_iter().map(|row| row.0).collect::<Vec<_>>();
        assert_eq!(keys("a/"), ["a/1", "a/2"]);
        assert_eq!(keys(""), ["a", "a/1", "a/2", "b/1"]);
        assert_eq!(keys("c"), Vec::<String>::new());
    }

    #[test]
    fn what_was_removed_is_gone() {
        let mut store = Store::default();
        store.write(vec![put("a/1"), put("a/2"), put("b/1")]);
        store.write(vec![Write::Delete { key: "b/1".to_owned() }]);
        store.write(vec![Write::DeleteAll { prefix: "a/".to_owned() }]);
        assert_eq!(store, Store::default());
    }
}
