//! How far a mirror is: which frames to apply, which to ignore, when to ask again.

/// The device's end of one mirror's versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The version of the last change applied; none while nothing is held that can be built on.
    at: Option<u64>,
    /// A `hello` is on its way, its pages not all here.
    asked: bool,
    /// The mirror is in step over the link that is open.
    in_step: bool,
}

/// What to do with a live change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Apply,
    Ignore,
    /// Something is missing between: say `hello`.
    Ask,
}

impl Cursor {
    /// A cursor as it was stored.
    pub(crate) fn stored(at: Option<u64>) -> Self {
        Self { at, asked: false, in_step: false }
    }

    pub(crate) fn at(&self) -> Option<u64> {
        self.at
    }

    /// Whether everything up to this version has been seen.
    pub(crate) fn covers(&self, version: u64) -> bool {
        self.at.is_some_and(|at| version <= at)
    }

    pub(crate) fn in_step(&self) -> bool {
        self.in_step
    }

    pub(crate) fn asked(&self) -> bool {
        self.asked
    }

    /// Something of what the cursor stands for cannot be read: all of it has to come again.
    pub(crate) fn forget(&mut self) {
        self.at = None;
    }

    /// A `hello` leaves.
    pub(crate) fn ask(&mut self) {
        self.asked = true;
        self.in_step = false;
    }

    /// The link is gone.
    pub(crate) fn lost(&mut self) {
        self.asked = false;
        self.in_step = false;
    }

    /// Whether a page without reset says something new: one that leads back is an echo of an
    /// earlier `hello`.
    pub(crate) fn accepts(&self, cursor: u64) -> bool {
        self.at.is_none_or(|at| cursor >= at)
    }

    /// A page was applied.
    pub(crate) fn page(&mut self, cursor: u64, done: bool) {
        self.at = Some(cursor);
        if done {
            self.asked = false;
            self.in_step = true;
        }
    }

    /// A live change came. Applying it moves the cursor.
    pub(crate) fn change(&mut self, version: u64) -> Verdict {
        match self.at {
            // The pages that were asked for bring it.
            _ if self.asked => Verdict::Ignore,
            Some(at) if version <= at => Verdict::Ignore,
            // Larger than `at`, so `at + 1` is a number.
            Some(at) if version == at + 1 => {
                self.at = Some(version);
                Verdict::Apply
            }
            _ => Verdict::Ask,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_five() -> Cursor {
        let mut cursor = Cursor::default();
        cursor.ask();
        cursor.page(5, true);
        cursor
    }

    #[test]
    fn the_next_change_applies_and_older_ones_do_not() {
        let mut cursor = at_five();
        assert_eq!(cursor.change(6), Verdict::Apply);
        assert_eq!(cursor.change(6), Verdict::Ignore);
        assert_eq!(cursor.change(2), Verdict::Ignore);
        assert_eq!(cursor.at(), Some(6));
    }

    #[test]
    fn a_gap_is_asked_about_once() {
        let mut cursor = at_five();
        assert_eq!(cursor.change(8), Verdict::Ask);
        cursor.ask();
        assert_eq!(cursor.change(9), Verdict::Ignore);
        // Not even one that would fit: the pages are on their way.
        assert_eq!(cursor.change(6), Verdict::Ignore);
        assert_eq!(cursor.at(), Some(5));
    }

    #[test]
    fn a_page_from_before_does_not_lead_back() {
        assert!(!at_five().accepts(4));
        assert!(at_five().accepts(5));
        assert!(Cursor::default().accepts(0));
    }

    #[test]
    fn the_last_version_there_can_be_does_no_harm() {
        let mut cursor = Cursor::stored(Some(u64::MAX));
        assert_eq!(cursor.change(u64::MAX), Verdict::Ignore);
        assert_eq!(cursor.change(0), Verdict::Ignore);
    }
}
