//! What is looked for: the words to ask an index for, and the judgement of what it brings.

use tideline_shared::search::Term;

use crate::fold::Folded;
use crate::tokens::{Class, WORD_CHARS, class, word_end};

/// Characters of a message that are shown around what was found in it.
const EXCERPT_CHARS: usize = 160;
/// Of these, before the first place.
const BEFORE_CHARS: usize = 40;

/// All that a text must contain.
#[derive(Debug, Default)]
pub struct Needles {
    needles: Vec<Needle>,
}

#[derive(Debug)]
struct Needle {
    chars: Vec<char>,
    /// Must the last word end where this ends?
    whole: bool,
}

/// A place in a text: where it begins and ends, in characters.
pub type Mark = (u32, u32);

impl Needles {
    /// What somebody typed. Terms of which nothing can be seen are left out.
    #[must_use]
    pub fn of(terms: &[Term]) -> Self {
        let needles = terms.iter().filter_map(|term| {
            let chars = Folded::of(term.text.trim()).chars;
            (!chars.iter().all(|&c| c == ' ')).then_some(Needle { chars, whole: term.exact })
        });
        Self { needles: needles.collect() }
    }

    /// Words, each on its own; nothing is a filter or a phrase.
    #[must_use]
    pub fn of_words(typed: &str) -> Self {
        let term = |word: &str| Term { text: word.to_owned(), exact: false };
        Self::of(&typed.split_whitespace().map(term).collect::<Vec<_>>())
    }

    /// Is there nothing to look for?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// What to ask an FTS5 index of [`super::tokens`] for; empty when it cannot help. Every word is
    /// in quotes and holds letters, digits and emoji only: nothing in it means anything to the
    /// engine.
    #[must_use]
    pub fn expression(&self) -> Vec<String> {
        let mut asked: Vec<String> = Vec::new();
        for needle in &self.needles {
            needle.expression(&mut asked);
        }
        // "ab" AND "ab"* is "ab".
        let whole: Vec<String> =
            asked.iter().filter(|word| !word.ends_with('*')).cloned().collect();
        asked.retain(|word| {
            word.strip_suffix('*').is_none_or(|word| !whole.iter().any(|other| other == word))
        });
        asked.sort();
        asked.dedup();
        asked
    }

    /// Where everything stands in a text, in its order; none when something is missing.
    #[must_use]
    pub fn marks(&self, text: &str) -> Option<Vec<Mark>> {
        let folded = Folded::of(text);
        let mut marks = Vec::new();
        for needle in &self.needles {
            let places = needle.places(&folded);
            if places.is_empty() {
                return None;
            }
            marks.extend(places);
        }
        marks.sort_unstable();
        let mut joined: Vec<Mark> = Vec::new();
        for (start, end) in marks {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        Some(joined)
    }
}

impl Needle {
    fn expression(&self, asked: &mut Vec<String>) {
        let chars = &self.chars;
        let mut at = 0;
        while let Some(&c) = chars.get(at) {
            match class(c) {
                Class::Other => at += 1,
                Class::Emoji => {
                    asked.push(format!("\"{c}\""));
                    at += 1;
                }
                Class::Dense => {
                    let next = chars.get(at + 1).filter(|&&next| class(next) == Class::Dense);
                    let alone = at == 0 || class(chars[at - 1]) != Class::Dense;
                    match next {
                        Some(next) => asked.push(format!("\"{c}{next}\"")),
                        // What follows in the text is not known: any word that begins so.
                        None if alone => asked.push(format!("\"{c}\"*")),
                        None => {}
                    }
                    at += 1;
                }
                Class::Word => {
                    let end = word_end(chars, at);
                    let word: String = chars[at..end].iter().take(WORD_CHARS).collect();
                    // The last one may go on in the text.
                    let open = end == chars.len() && !self.whole && end - at < WORD_CHARS;
                    asked.push(format!("\"{word}\"{}", if open { "*" } else { "" }));
                    at = end;
                }
            }
        }
    }

    fn places(&self, folded: &Folded) -> Vec<Mark> {
        let (chars, wanted) = (&folded.chars, &self.chars);
        let is_word = |at: Option<&char>| at.is_some_and(|&c| class(c) == Class::Word);
        let mut places = Vec::new();
        let mut at = 0;
        while at + wanted.len() <= chars.len() {
            let end = at + wanted.len();
            let inside = at.checked_sub(1).is_some_and(|before| is_word(chars.get(before)))
                && is_word(wanted.first());
            let goes_on = self.whole && is_word(wanted.last()) && is_word(chars.get(end));
            if chars[at] == wanted[0] && !inside && !goes_on && chars[at..end] == wanted[..] {
                places.push((folded.from[at].0, folded.from[end - 1].1));
                at = end;
            } else {
                at += 1;
            }
        }
        places
    }
}

/// The part of a text around its first mark, with the marks in it; cut at both ends with `…`.
#[must_use]
pub fn excerpt(text: &str, marks: &[Mark]) -> (String, Vec<Mark>) {
    let chars: Vec<char> = text.chars().collect();
    let first = marks.first().map_or(0, |mark| mark.0 as usize);
    if chars.len() <= EXCERPT_CHARS {
        return (text.to_owned(), marks.to_vec());
    }
    let start = first.saturating_sub(BEFORE_CHARS).min(chars.len() - EXCERPT_CHARS);
    let end = start + EXCERPT_CHARS;
    let mut cut = String::new();
    let moved = if start > 0 {
        cut.push('…');
        1
    } else {
        0
    };
    cut.extend(&chars[start..end]);
    if end < chars.len() {
        cut.push('…');
    }
    let place = |at: u32| ((at as usize).clamp(start, end) - start + moved) as u32;
    let marks = marks.iter().map(|&(from, to)| (place(from), place(to)));
    (cut, marks.filter(|(from, to)| from < to).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use tideline_shared::search::Search;

    use super::*;
    use crate::{Tokens, tokens};

    fn needles(typed: &str) -> Needles {
        Needles::of(&Search::parse(typed).expect("is a query").terms)
    }

    /// The marked parts of a text; none when it is not found.
    fn found(text: &str, typed: &str) -> Option<Vec<String>> {
        let marks = needles(typed).marks(text)?;
        let part = |(from, to): Mark| {
            text.chars().skip(from as usize).take((to - from) as usize).collect::<String>()
        };
        Some(marks.into_iter().map(part).collect())
    }

    fn is_found(text: &str, typed: &str) -> bool {
        found(text, typed).is_some()
    }

    #[test]
    fn one_character_of_chinese_is_enough() {
        assert_eq!(found("小王在海边", "海"), Some(vec!["海".into()]));
        assert_eq!(found("小王在海边", "边"), Some(vec!["边".into()]));
        assert_eq!(found("海，海，海", "海"), Some(vec!["海".into(); 3]));
        assert_eq!(found("我买了iPhone手机", "iphone手"), Some(vec!["iPhone手".into()]));
        assert!(!is_found("小王在海边", "海在"));
        assert!(!is_found("小王在海边", "海山"));
    }

    #[test]
    fn latin_words_are_found_by_their_beginning() {
        assert_eq!(found("High TIDE, café", "tid CAFE"), Some(vec!["TID".into(), "café".into()]));
        assert!(!is_found("High tide", "ide"));
        assert!(is_found("don't", "don't"));
        assert!(is_found("12:30", "12:3"));
        assert!(is_found("ＴＩＤＥ", "tide"));
    }

    #[test]
    fn a_phrase_is_exact() {
        assert!(is_found("at high  tide", "\"high tide\""));
        assert!(!is_found("at high tides", "\"high tide\""));
        assert!(!is_found("tide is high", "\"high tide\""));
        assert!(is_found("tide is high", "high tide"));
    }

    #[test]
    fn emoji_are_found_in_any_dress() {
        assert!(is_found("ok 👍🏽", "👍"));
        assert!(is_found("love ❤️", "❤"));
        assert!(is_found("👨‍👩‍👧", "👩"));
        assert!(is_found("c++ > c", "c++"));
        assert!(!is_found("c > d", "c++"));
    }

    #[test]
    fn operators_of_the_engine_are_words() {
        let asked = needles("tide NOT near(a b) \"x\" -y^2 * col:z OR").expression().join(" AND ");
        let plain = |c: char| c.is_alphanumeric() || "\"* ".contains(c);
        assert!(asked.chars().all(plain), "{asked}");
        assert_eq!(asked.matches('"').count() % 2, 0);
    }

    #[test]
    fn an_excerpt_holds_its_first_mark() {
        let text = format!("{}海边{}", "前".repeat(300), "后".repeat(300));
        let (cut, marks) = excerpt(&text, &needles("海边").marks(&text).expect("is found"));
        assert_eq!(cut.chars().count(), EXCERPT_CHARS + 2);
        let (from, to) = marks[0];
        let marked: String = cut.chars().skip(from as usize).take((to - from) as usize).collect();
        assert_eq!(marked, "海边");
        assert_eq!(excerpt("short", &[(0, 2)]), ("short".into(), vec![(0, 2)]));
    }

    /// Does an index bring a document for what [`Needles::expression`] asks?
    fn brings(index: &Tokens, asked: &[String]) -> bool {
        asked.iter().all(|word| match word.strip_suffix('*') {
            Some(prefix) => index.iter().any(|token| token.starts_with(prefix.trim_matches('"'))),
            None => index.contains(word.trim_matches('"')),
        })
    }

    /// Text as people mix it.
    fn mixed() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[海边小王在潮汐的一]{1,6}",
            "[a-cé]{1,5}",
            "[A-CＡ-Ｃ]{1,3}",
            "[0-2]{1,3}",
            "[か-ごｶ-ｺﾞ]{1,3}",
            "[가-깋]{1,2}",
            Just("👍🏽".to_owned()),
            Just("👨‍👩‍👧".to_owned()),
            Just("🇨🇳".to_owned()),
            "[ ,。!'_\\-\\n]{1,2}",
        ];
        prop::collection::vec(piece, 1..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        /// The oracle: the folded query stands somewhere in the folded text, where a word may begin.
        #[test]
        fn whatever_contains_the_folded_words_is_found(text in mixed(), start in 0_usize..40, len in 1_usize..6) {
            let folded: Vec<char> = Folded::of(&text).chars;
            prop_assume!(!folded.is_empty());
            let start = start % folded.len();
            let query: String = folded[start..].iter().take(len).collect();
            let query = query.trim();
            prop_assume!(!query.is_empty() && !query.contains(['"', ' ']));
            let inside = start > 0 && folded[start - 1].is_ascii_alphanumeric()
                && query.starts_with(|c: char| c.is_ascii_alphanumeric());
            prop_assume!(!inside);
            let needles = Needles::of(&[Term { text: query.to_owned(), exact: false }]);
            prop_assert!(needles.marks(&text).is_some(), "{query:?} in {text:?}");
            let mut index = Tokens::new();
            tokens(&Folded::of(&text), &mut index);
            prop_assert!(brings(&index, &needles.expression()), "{query:?} in {index:?}");
        }

        #[test]
        fn what_is_found_is_brought_by_the_index(text in mixed(), typed in mixed(), exact: bool) {
            let needles = Needles::of(&[Term { text: typed, exact }]);
            let mut index: Tokens = BTreeSet::new();
            tokens(&Folded::of(&text), &mut index);
            if !needles.is_empty() && needles.marks(&text).is_some() {
                prop_assert!(brings(&index, &needles.expression()));
            }
        }

        #[test]
        fn marks_are_in_the_text(text in any::<String>(), typed in any::<String>()) {
            let needles = Needles::of(&[Term { text: typed, exact: false }]);
            let marks = needles.marks(&text).unwrap_or_default();
            let count = text.chars().count() as u32;
            prop_assert!(marks.iter().all(|&(from, to)| from < to && to <= count));
            let (cut, marks) = excerpt(&text, &marks);
            let count = cut.chars().count() as u32;
            prop_assert!(marks.iter().all(|&(from, to)| from < to && to <= count));
        }
    }
}
