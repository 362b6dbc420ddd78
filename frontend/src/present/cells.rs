//! Keeps one cell per key of a changing list, so that a row on the screen lives as long as what it
//! shows, and is told when that changes.

/// The cells of a list, `C`, found by their keys, `K`.
pub struct Keyed<K, C> {
    cells: Vec<(K, C)>,
}

impl<K: PartialEq + Clone, C: Clone> Keyed<K, C> {
    /// No cells.
    #[must_use]
    pub fn new() -> Self {
        Self { cells: Vec::new() }
    }

    /// Follows the list: `change` gets what a key that stays shows now, `make` what a new key
    /// shows. Returns keys and cells in the list's order; those of vanished keys are dropped.
    pub fn follow<M>(
        &mut self,
        list: impl IntoIterator<Item = (K, M)>,
        change: impl Fn(&C, M),
        make: impl Fn(M) -> C,
    ) -> Vec<(K, C)> {
        let mut old = std::mem::take(&mut self.cells);
        // Neighbours stay neighbours nearly always: look where the last one was found first.
        let mut next = 0;
        for (key, model) in list {
            let here = old.get(next).is_some_and(|(known, _)| *known == key);
            let found =
                if here { Some(next) } else { old.iter().position(|(known, _)| *known == key) };
            let cell = match found {
                Some(at) => {
                    next = at + 1;
                    let cell = old[at].1.clone();
                    change(&cell, model);
                    cell
                }
                None => make(model),
            };
            self.cells.push((key, cell));
        }
        old.clear();
        self.cells.clone()
    }
}

impl<K: PartialEq + Clone, C: Clone> Default for Keyed<K, C> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;

    type Cell = Rc<RefCell<i32>>;

    fn follow(keyed: &mut Keyed<&'static str, Cell>, list: &[(&'static str, i32)]) -> Vec<Cell> {
        keyed
            .follow(
                list.iter().copied(),
                |cell, model| *cell.borrow_mut() = model,
                |model| Rc::new(RefCell::new(model)),
            )
            .into_iter()
            .map(|(_, cell)| cell)
            .collect()
    }

    #[test]
    fn a_cell_lives_as_long_as_its_key() {
        let mut keyed = Keyed::new();
        let before = follow(&mut keyed, &[("a", 1), ("b", 2), ("c", 3)]);
        let after = follow(&mut keyed, &[("z", 0), ("c", 30), ("a", 10)]);
        assert!(Rc::ptr_eq(&before[0], &after[2]) && Rc::ptr_eq(&before[2], &after[1]));
        assert_eq!(*after[2].borrow(), 10);
        drop(after);
        assert_eq!(Rc::strong_count(&before[1]), 1, "what vanished is let go");
    }
}
