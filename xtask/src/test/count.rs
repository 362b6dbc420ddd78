//! How many tests passed and failed, read from what the test programs print.

use std::fmt;

use serde_json::Value;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Count {
    /// A check that is one thing.
    pub(super) fn check(passed: bool) -> Self {
        Self { passed: u64::from(passed), failed: u64::from(!passed) }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// A suite that failed without a failed test (it did not compile, say) counts as one failure.
    pub(super) fn agreeing_with(self, succeeded: bool) -> Self {
        if succeeded || self.failed > 0 { self } else { Self { failed: 1, ..self } }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Sums the lines `test result: ok. 3 passed; 0 failed; …` of all test programs.
pub(super) fn of_cargo(text: &str) -> Count {
    let mut sum = Count::default();
    for line in text.lines().filter(|line| line.starts_with("test result: ")) {
        sum.add(Count { passed: before(line, " passed"), failed: before(line, " failed") });
    }
    sum
}

/// Reads Playwright's JSON report. A flaky test is a failed one.
pub(super) fn of_playwright(report: &str) -> Count {
    let report: Value = serde_json::from_str(report).unwrap_or_default();
    let stat = |name: &str| report["stats"][name].as_u64().unwrap_or(0);
    Count { passed: stat("expected"), failed: stat("unexpected") + stat("flaky") }
}

/// The number that stands before this word.
fn before(line: &str, word: &str) -> u64 {
    let number = line.split(word).next().and_then(|start| start.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_all_test_programs_are_summed() {
        let text = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 0 ignored\n\
                    test result: FAILED. 1 passed; 2 failed; 0 ignored\n";
        assert_eq!(of_cargo(text), Count { passed: 4, failed: 2 });
    }

    #[test]
    fn a_suite_that_fails_without_a_failed_test_is_one_failure() {
        assert_eq!(of_cargo("error: it does not compile").agreeing_with(false).failed, 1);
        assert_eq!(Count { passed: 1, failed: 2 }.agreeing_with(false).failed, 2);
        assert_eq!(Count { passed: 1, failed: 0 }.agreeing_with(true).failed, 0);
    }

    #[test]
    fn a_flaky_browser_test_is_a_failed_one() {
        let report = r#"{"stats": {"expected": 5, "unexpected": 1, "flaky": 1, "skipped": 0}}"#;
        assert_eq!(of_playwright(report), Count { passed: 5, failed: 2 });
    }
}
