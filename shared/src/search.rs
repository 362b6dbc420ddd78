//! What somebody looks for in messages, as typed on one line: words, `"exact phrases"`, and the
//! filters `from:`, `in:`, `before:`, `after:` and `has:`.
//!
//! Read by the service, which searches, and by devices, which show the filters as controls. What
//! counts as found is the service's to say (`tideline-server`, `search`).

use serde::{Deserialize, Serialize};

use crate::UserId;
use crate::limits;
use crate::reject::{Code, Reject};
use crate::text::is_blank;
use crate::time::Timestamp;

/// Milliseconds in a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A query, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What a message must contain, all of it.
    pub terms: Vec<Term>,
    /// Who must have written it: a user name, a display name or a part of one, or `me`.
    pub from: Option<String>,
    /// Who else may have written it, chosen by id; without `from`, only they.
    pub authors: Vec<UserId>,
    /// The conversation to look in: its title or a part of it. Devices know titles; the service
    /// searches where it is asked to.
    pub within: Option<String>,
    /// Only messages before this day begins.
    pub before: Option<Day>,
    /// Only messages since this day began.
    pub after: Option<Day>,
    /// What the message must hold, all of it.
    pub has: Vec<Has>,
}

/// Something to look for in the words of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// As typed.
    pub text: String,
    /// Was it in quotes? Then its last word is whole, too; otherwise that may go on.
    pub exact: bool,
}

/// What a message may hold besides words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Has {
    /// A picture.
    Image,
    /// An address on the web.
    Link,
    /// A voice message.
    Voice,
    /// A file of any other kind.
    #[serde(other)]
    File,
}

impl Has {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Image, Self::File, Self::Link, Self::Voice];

    /// As written behind `has:`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::File => "file",
            Self::Link => "link",
            Self::Voice => "voice",
        }
    }
}

/// A day of the calendar, wherever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Days since the first of January 1970.
    days: i64,
}

impl Day {
    /// Reads `2026-11-23`; months and days of one digit, `/` and `.` will do, too.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut parts = typed.split(['-', '/', '.']);
        let mut next = |digits: usize| {
            let part = parts.next()?;
            let plain =
                (1..=digits).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            if plain { part.parse::<i64>().ok() } else { None }
        };
        let (year, month, day) = (next(4)?, next(2)?, next(2)?);
        if parts.next().is_some() || !(1970..=9999).contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        (1..=last).contains(&day).then(|| Self { days: days_from_civil(year, month, day) })
    }

    /// When it begins for somebody whose clocks are `zone_min` minutes ahead of UTC.
    #[must_use]
    pub fn begins(self, zone_min: i32) -> Timestamp {
        let ms = self.days * DAY_MS - i64::from(zone_min) * 60_000;
        Timestamp(u64::try_from(ms).unwrap_or(0))
    }
}

/// Days from 1970 to a date of the proleptic Gregorian calendar. Years are counted from March, so
/// that the leap day is the last of its year; then a month begins `(153 m + 2) / 5` days into it.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let from_march = (month + 9) % 12;
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl Search {
    /// Reads what somebody typed. Quotes and colons of Chinese keyboards count as such; a quote
    /// that is not closed goes on to the end; a word before a colon that is no filter is a word.
    ///
    /// # Errors
    /// `query_empty`, `query_too_long` (more than [`limits::QUERY_CHARS`]), `filter_empty`,
    /// `filter_bad_date`, `filter_bad_kind`.
    pub fn parse(typed: &str) -> Result<Self, Reject> {
        Self::parse_by(typed, Vec::new())
    }

    /// Reads what somebody typed who also chose authors: then nothing need be typed.
    ///
    /// # Errors
    /// Those of [`Search::parse`].
    pub fn parse_by(typed: &str, authors: Vec<UserId>) -> Result<Self, Reject> {
        if typed.chars().nth(limits::QUERY_CHARS).is_some() {
            return Err(Code::QueryTooLong.into());
        }
        let mut search = Self { authors, ..Self::default() };
        for piece in pieces(typed) {
            search.take(piece)?;
        }
        let idle = Self { within: search.within.clone(), ..Self::default() };
        if search == idle { Err(Code::QueryEmpty.into()) } else { Ok(search) }
    }

    fn take(&mut self, piece: Piece) -> Result<(), Reject> {
        let Some(name) = piece.filter else {
            if !is_blank(&piece.text) {
                self.terms.push(Term { text: piece.text, exact: piece.quoted });
            }
            return Ok(());
        };
        let value = piece.text.trim().to_owned();
        if is_blank(&value) {
            return Err(Code::FilterEmpty.into());
        }
        let day = || Day::parse(&value).ok_or(Reject::new(Code::FilterBadDate));
        match name {
            Filter::Before => self.before = Some(day()?),
            Filter::After => self.after = Some(day()?),
            Filter::From => self.from = Some(value),
            Filter::In => self.within = Some(value),
            Filter::Has => {
                let lower = value.to_lowercase();
                let has = Has::ALL.into_iter().find(|has| has.as_str() == lower);
                let has = has.ok_or(Reject::new(Code::FilterBadKind))?;
                if !self.has.contains(&has) {
                    self.has.push(has);
                }
            }
        }
        Ok(())
    }
}

/// The filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Who wrote it.
    From,
    /// Where.
    In,
    /// Before a day.
    Before,
    /// Since a day.
    After,
    /// With something in it.
    Has,
}

impl Filter {
    const ALL: [Self; 5] = [Self::From, Self::In, Self::Before, Self::After, Self::Has];

    /// As written before the colon.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::In => "in",
            Self::Before => "before",
            Self::After => "after",
            Self::Has => "has",
        }
    }
}

/// A part of what was typed.
#[derive(Debug)]
struct Piece {
    filter: Option<Filter>,
    text: String,
    quoted: bool,
    /// Where it stands in what was typed, in bytes.
    span: (usize, usize),
}

/// The value of a filter as it stands in `typed`; the last one counts.
#[must_use]
pub fn filter_of(typed: &str, filter: Filter) -> Option<String> {
    let mut found = pieces(typed).into_iter().filter(|piece| piece.filter == Some(filter));
    let last = found.next_back()?;
    Some(last.text)
}

/// `typed` with another value for a filter, or without it: how a control changes a query.
#[must_use]
pub fn with_filter(typed: &str, filter: Filter, value: Option<&str>) -> String {
    let mut rest = String::new();
    let mut from = 0;
    for piece in pieces(typed).into_iter().filter(|piece| piece.filter == Some(filter)) {
        rest.push_str(typed.get(from..piece.span.0).unwrap_or_default().trim_end());
        rest.push(' ');
        from = piece.span.1;
    }
    rest.push_str(typed.get(from..).unwrap_or_default().trim_start());
    let mut rest = if from == 0 { typed.to_owned() } else { rest.trim().to_owned() };
    if let Some(value) = value {
        if !rest.is_empty() && !rest.ends_with(' ') {
            rest.push(' ');
        }
        rest.push_str(filter.as_str());
        rest.push(':');
        let value = value.replace(is_quote, " ");
        let quoted = value.is_empty() || value.contains(char::is_whitespace);
        rest.push_str(if quoted { "\"" } else { "" });
        rest.push_str(&value);
        rest.push_str(if quoted { "\"" } else { "" });
    }
    rest
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '＂' | '「' | '」' | '『' | '』')
}

/// Cuts what was typed at spaces outside quotes.
fn pieces(typed: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut chars = typed.char_indices().peekable();
    while let Some(&(start, c)) = chars.peek() {
        if c.is_whitespace() {
            chars.next();
            continue;
        }
        let mut piece =
            Piece { filter: None, text: String::new(), quoted: false, span: (start, start) };
        // A quote in the middle of a word begins another piece: `big"small` are two.
        let goes_on =
            |piece: &Piece, c: char| (piece.text.is_empty() || !is_quote(c)) && !c.is_whitespace();
        while let Some((at, c)) = chars.next_if(|&(_, c)| goes_on(&piece, c)) {
            piece.span.1 = at + c.len_utf8();
            if is_quote(c) {
                piece.quoted = true;
                for (at, c) in chars.by_ref() {
                    piece.span.1 = at + c.len_utf8();
                    if is_quote(c) {
                        break;
                    }
                    piece.text.push(c);
                }
                break;
            }
            let filter = if matches!(c, ':' | '：') && piece.filter.is_none() {
                Filter::ALL
                    .into_iter()
                    .find(|filter| filter.as_str().eq_ignore_ascii_case(&piece.text))
            } else {
                None
            };
            if filter.is_some() {
                piece.filter = filter;
                piece.text.clear();
            } else {
                piece.text.push(c);
            }
        }
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn terms(typed: &str) -> Vec<(String, bool)> {
        let search = Search::parse(typed).expect("is a query");
        search.terms.into_iter().map(|term| (term.text, term.exact)).collect()
    }

    fn code(typed: &str) -> Code {
        Search::parse(typed).expect_err("must be refused").code
    }

    #[test]
    fn words_phrases_and_filters_are_told_apart() {
        let typed = r#"tide "high water" from:ana in:"Tide pool" before:2026-11-23 after:2026-1-5 has:link has:image"#;
        let search = Search::parse(typed).expect("is a query");
        assert_eq!(terms(typed), [("tide".into(), false), ("high water".into(), true)]);
        assert_eq!(search.from.as_deref(), Some("ana"));
        assert_eq!(search.within.as_deref(), Some("Tide pool"));
        assert_eq!(search.before, Day::parse("2026-11-23"));
        assert_eq!(search.after, Day::parse("2026/01/05"));
        assert_eq!(search.has, [Has::Link, Has::Image]);
    }

    #[test]
    fn a_chinese_keyboard_writes_the_same_filters_and_quotes() {
        let search = Search::parse("from：小王 “涨潮 时间” 海").expect("is a query");
        assert_eq!(search.from.as_deref(), Some("小王"));
        assert_eq!(terms("“涨潮 时间” 海"), [("涨潮 时间".into(), true), ("海".into(), false)]);
    }

    #[test]
    fn what_is_no_filter_is_a_word() {
        assert_eq!(
            terms("https://tide.example to:ana 12:30"),
            [
                ("https://tide.example".into(), false),
                ("to:ana".into(), false),
                ("12:30".into(), false),
            ]
        );
        assert_eq!(terms("\"open to the end"), [("open to the end".into(), true)]);
    }

    #[test]
    fn each_mistake_has_its_own_code() {
        assert_eq!(code(""), Code::QueryEmpty);
        assert_eq!(code("  \"\" \" \" "), Code::QueryEmpty);
        assert_eq!(code("in:pool"), Code::QueryEmpty);
        assert_eq!(code(&"水".repeat(limits::QUERY_CHARS + 1)), Code::QueryTooLong);
        assert_eq!(code(&"x ".repeat(5_000)), Code::QueryTooLong);
        assert_eq!(code("from:"), Code::FilterEmpty);
        assert_eq!(code("tide from:\"\""), Code::FilterEmpty);
        for day in ["yesterday", "2026", "2026-13-01", "2026-02-29", "2026-1-1-1", "+026-1-1"] {
            assert_eq!(code(&format!("before:{day}")), Code::FilterBadDate, "{day}");
        }
        assert_eq!(code("has:everything"), Code::FilterBadKind);
    }

    #[test]
    fn who_chose_an_author_need_not_type() {
        let ana = UserId::new(1, [1; 10]);
        let search = Search::parse_by("", vec![ana]).expect("is a query");
        assert_eq!((search.authors, search.terms), (vec![ana], vec![]));
        assert_eq!(
            Search::parse_by("from:", vec![ana]).map_err(|it| it.code),
            Err(Code::FilterEmpty)
        );
    }

    #[test]
    fn a_day_begins_where_the_person_is() {
        let day = |typed| Day::parse(typed).expect("is a day");
        assert_eq!(day("1970-01-01").begins(0), Timestamp(0));
        assert_eq!(day("1970-01-02").begins(0), Timestamp(86_400_000));
        assert_eq!(day("2000-03-01").begins(0), Timestamp(951_868_800_000));
        assert_eq!(day("2024-02-29").begins(0), Timestamp(1_709_164_800_000));
        // In Shanghai it began eight hours earlier.
        assert_eq!(day("2026-11-23").begins(480), Timestamp(1_795_363_200_000));
        // Before time began.
        assert_eq!(day("1970-01-01").begins(480), Timestamp(0));
    }

    #[test]
    fn a_control_changes_its_filter_and_nothing_else() {
        let typed = "tide from:ana \"high water\"";
        assert_eq!(filter_of(typed, Filter::From).as_deref(), Some("ana"));
        assert_eq!(filter_of(typed, Filter::Has), None);
        assert_eq!(with_filter(typed, Filter::From, None), "tide \"high water\"");
        let other = with_filter(typed, Filter::From, Some("Ana Lee"));
        assert_eq!(other, "tide \"high water\" from:\"Ana Lee\"");
        assert_eq!(filter_of(&other, Filter::From).as_deref(), Some("Ana Lee"));
        assert_eq!(with_filter("", Filter::Has, Some("link")), "has:link");
    }

    proptest! {
        #[test]
        fn any_line_is_read_or_refused(typed in any::<String>()) {
            let _ = Search::parse(&typed);
            let _ = with_filter(&typed, Filter::From, None);
        }

        #[test]
        fn a_filter_that_was_set_is_read_back(
            typed in "[a-z海:\" ]{0,24}", value in "[a-z海]{1,4}( [a-z海]{1,4}){0,2}",
        ) {
            // What was typed may end inside quotes; then all that follows is inside them.
            let quotes = typed.chars().filter(|&c| is_quote(c)).count();
            prop_assume!(quotes % 2 == 0);
            let with = with_filter(&typed, Filter::From, Some(&value));
            prop_assert_eq!(filter_of(&with, Filter::From), Some(value));
            prop_assert_eq!(filter_of(&with_filter(&with, Filter::From, None), Filter::From), None);
        }
    }
}
