//! What is looked at while actors have their turns, and the ground truth for everybody else's checks.

use tideline_server::sql::{Row, Sql};
use tideline_server::{Address, Effect};

use super::Service;

impl Service {
    /// What a turn has left is what it tells.
    pub(super) fn check_commit(&self, at: Address, effects: &[Effect]) {
        let objects = self.objects.borrow();
        let Some(object) = objects.get(&at).filter(|object| object.is_open) else { return };
        let checked = self.watch.borrow_mut().commit(at, &object.disk.sqlite, effects);
        if let Address::Conversation(id) = at
            && let Err(fault) = self.words.borrow_mut().commit(id, &object.disk.sqlite)
        {
            self.violate(format!("{at:?} cannot be read: {}", fault.0));
        }
        match checked {
            Ok(None) => {}
            Ok(Some(what)) => self.violate(what),
            Err(fault) => self.violate(format!("{at:?} cannot be checked: {}", fault.0)),
        }
    }

    /// The ground truth; nothing of an object that never was. A query that fails would let a check pass
    /// that looked at nothing: it is a violation.
    pub(crate) fn rows(&self, at: Address, query: &str) -> Vec<Row> {
        let objects = self.objects.borrow();
        let Some(object) = objects.get(&at) else { return Vec::new() };
        let ask = |query: &str| object.disk.sqlite.query(query, &[]);
        ask(query).unwrap_or_else(|fault| {
            let is_new = ask("SELECT 1 FROM sqlite_schema").is_ok_and(|tables| tables.is_empty());
            if !is_new {
                self.violate(format!("{at:?} cannot be asked {query:?}: {}", fault.0));
            }
            Vec::new()
        })
    }

    /// Something must not have happened, and did.
    pub(crate) fn violate(&self, what: String) {
        self.violation.borrow_mut().get_or_insert(what);
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::random::Stream;
    use crate::script::Script;

    #[test]
    fn a_query_that_fails_is_a_violation_and_an_object_that_never_was_is_not() {
        let script = Rc::new(Script::new(0, None, false));
        let service = Service::new(Stream::of(0, "service"), script, None);
        assert_eq!(service.rows(Address::Deployment, "SELECT user FROM bans"), []);
        assert_eq!(service.violation.take(), None);
        service.wake(Address::Deployment);
        assert_eq!(service.rows(Address::Deployment, "SELECT user FROM bans"), []);
        assert_eq!(service.violation.take(), None);
        service.rows(Address::Deployment, "SELECT user FROM bans_of_before");
        assert!(service.violation.take().is_some_and(|what| what.contains("no such table")));
    }
}
