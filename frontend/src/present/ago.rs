//! How long ago something was, as people say it. The words are the locale's.

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
/// Up to this many hours count across midnight, too: an hour ago is not yesterday.
const LATE_HOURS: u64 = 6;

/// How long ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ago {
    /// Less than a minute.
    Now,
    Minutes(u64),
    Hours(u64),
    Yesterday,
    /// Two to six.
    Days(u32),
    /// On this day, written out.
    On(String),
}

impl Ago {
    /// What was `ms` milliseconds and begun `days` midnights ago, on the day `date`.
    pub fn of(ms: u64, days: u32, date: impl FnOnce() -> String) -> Self {
        match (ms / MINUTE_MS, ms / HOUR_MS, days) {
            (0, ..) => Self::Now,
            (minutes, 0, _) => Self::Minutes(minutes),
            (_, hours, days) if days == 0 || hours < LATE_HOURS => Self::Hours(hours),
            (_, _, 1) => Self::Yesterday,
            (_, _, 2..=6) => Self::Days(days),
            _ => Self::On(date()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_hours_and_days_are_told_as_people_count_them() {
        let ago = |ms, days| Ago::of(ms, days, || "Nov 3".to_owned());
        assert_eq!(ago(59_999, 0), Ago::Now);
        assert_eq!(ago(60_000, 0), Ago::Minutes(1));
        assert_eq!(ago(HOUR_MS - 1, 1), Ago::Minutes(59), "also across midnight");
        assert_eq!(ago(5 * HOUR_MS, 1), Ago::Hours(5));
        assert_eq!(ago(23 * HOUR_MS, 0), Ago::Hours(23));
        assert_eq!(ago(20 * HOUR_MS, 1), Ago::Yesterday);
        assert_eq!(ago(50 * HOUR_MS, 2), Ago::Days(2));
        assert_eq!(ago(200 * HOUR_MS, 8), Ago::On("Nov 3".to_owned()));
    }
}
