//! The form by which texts are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

/// A text in its folded form, which remembers where each part of it came from.
#[derive(Debug, Default)]
pub struct Folded {
    /// The folded characters.
    pub(crate) chars: Vec<char>,
    /// For each of them: where what it came from begins and ends, in characters of the text.
    pub(crate) from: Vec<(u32, u32)>,
}

/// What a text means to somebody who searches: compatibility forms (full-width, half-width,
/// ligatures), case and the accents of Latin, Greek and Cyrillic letters are alike; what cannot be
/// seen is not there. Marks that make another letter of a kana or a Hangul syllable stay.
#[must_use]
pub fn fold(text: &str) -> String {
    Folded::of(text).chars.into_iter().collect()
}

impl Folded {
    /// Folds a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut folded = Self::default();
        let mut cluster = String::new();
        let mut start = 0;
        let mut end = 0;
        for c in text.chars() {
            if !goes_on(c) && !cluster.is_empty() {
                folded.push(&cluster, start, end);
                cluster.clear();
                start = end;
            }
            cluster.push(c);
            end += 1;
        }
        folded.push(&cluster, start, end);
        folded
    }

    /// Adds a character of the text with what belongs to it.
    fn push(&mut self, cluster: &str, start: u32, end: u32) {
        let ascii = matches!(cluster.as_bytes(), [byte] if byte.is_ascii());
        if ascii {
            let c = cluster.chars().next().unwrap_or(' ').to_ascii_lowercase();
            return self.put(c, start, end);
        }
        let plain: String = cluster.nfkd().filter(|&c| !is_accent(c)).collect();
        // Composed again, a Hangul syllable is one character. Lower case may decompose, too.
        for c in plain.to_lowercase().nfd().filter(|&c| !is_accent(c)).nfc() {
            match c {
                'ß' => {
                    self.put('s', start, end);
                    self.put('s', start, end);
                }
                'ς' => self.put('σ', start, end),
                c if is_unseen(c) => {}
                c => self.put(c, start, end),
            }
        }
    }

    /// Adds one folded character; of spaces in a row, only the first.
    fn put(&mut self, c: char, start: u32, end: u32) {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c == ' ' && self.chars.last() == Some(&' ') {
            return;
        }
        self.chars.push(c);
        self.from.push((start, end));
    }
}

/// Whether a character belongs to the one before it: it is a mark, or a vowel or final of Hangul
/// written in parts, whatever its width.
fn goes_on(c: char) -> bool {
    if c < '\u{300}' {
        return false;
    }
    let mut plain = None;
    decompose_compatible(c, |part| {
        plain.get_or_insert(part);
    });
    match plain.unwrap_or(c) {
        '\u{1160}'..='\u{11ff}' => true,
        c => canonical_combining_class(c) != 0,
    }
}

/// Combining Diacritical Marks: accents of Latin, Greek and Cyrillic. (A kana's voicing and the
/// vowel signs of other scripts are elsewhere.)
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Joiners, variation selectors and other characters that only change how their neighbours look.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn width_case_and_accents_are_alike() {
        for (written, means) in [
            ("ＡＢＣ１２３", "abc123"),
            ("Ｃａｆé", "cafe"),
            ("cafe\u{301}", "cafe"),
            ("ÅNGSTRÖM", "angstrom"),
            ("Straße", "strasse"),
            ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
            ("Йод", "иод"),
            ("İstanbul", "istanbul"),
            ("ﬁsh", "fish"),
            ("ｶﾞｷﾞ", "ガギ"),
            ("が", "が"),
            ("か\u{3099}", "が"),
            ("한국", "한국"),
            ("\u{1112}\u{1161}\u{11ab}국", "한국"),
            ("ﾧￚ", "드"),
            ("海　边", "海 边"),
            ("a \n\t b", "a b"),
            ("❤️", "❤"),
        ] {
            assert_eq!(fold(written), means, "{written}");
        }
    }

    #[test]
    fn letters_that_mean_something_else_stay_apart() {
        for (one, other) in [("が", "か"), ("パ", "ハ"), ("한", "하"), ("小王", "小玉"), ("ц", "u")]
        {
            assert_ne!(fold(one), fold(other));
        }
    }

    #[test]
    fn each_folded_character_knows_where_it_came_from() {
        let folded = Folded::of("ﬁe\u{301}x");
        assert_eq!(folded.chars, ['f', 'i', 'e', 'x']);
        assert_eq!(folded.from, [(0, 1), (0, 1), (1, 3), (3, 4)]);
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn sources_are_inside_the_text_and_in_order(text in any::<String>()) {
            let folded = Folded::of(&text);
            let count = text.chars().count() as u32;
            prop_assert!(folded.from.iter().all(|&(start, end)| start < end && end <= count));
            prop_assert!(folded.from.is_sorted());
            prop_assert_eq!(folded.from.len(), folded.chars.len());
        }
    }
}
