//! The words by which an index knows a text.
//!
//! A letter of a script without spaces stands for itself together with the one behind it: "小王在海"
//! becomes `小王 王在 在海 海`, so that a word of two characters is one look-up, and a word of one is
//! a look-up by prefix. An emoji is a word. Any other run of letters and digits is a word.

use std::collections::BTreeSet;

use crate::fold::Folded;

/// Characters of a word that the index keeps; longer ones are found by their beginning, and judged
/// by the text.
pub(crate) const WORD_CHARS: usize = 24;

/// The words of a text, or of several, each once.
pub type Tokens = BTreeSet<String>;

/// What a character is to a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// A letter of a script that puts no spaces between words.
    Dense,
    /// A picture.
    Emoji,
    /// A letter or digit of a word.
    Word,
    /// Between words.
    Other,
}

pub(crate) fn class(c: char) -> Class {
    match c {
        '\0'..='\u{7f}' if c.is_ascii_alphanumeric() => Class::Word,
        '\0'..='\u{7f}' => Class::Other,
        // Thai to Tibetan, Burmese, Hangul in parts, Khmer.
        '\u{e00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}'
        // 々〆〇, kana (not the middle dot), Bopomofo, Hangul, Han and its extensions.
        | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}'
        | '\u{3041}'..='\u{30fa}' | '\u{30fc}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}' | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}' => {
            Class::Dense
        }
        '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{1f000}'..='\u{1fbff}' => {
            Class::Emoji
        }
        c if c.is_alphanumeric() => Class::Word,
        _ => Class::Other,
    }
}

/// Adds the words of a text to `tokens`.
pub fn tokens(folded: &Folded, tokens: &mut Tokens) {
    let chars = &folded.chars;
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        match class(c) {
            Class::Other => at += 1,
            Class::Emoji => {
                tokens.insert(c.into());
                at += 1;
            }
            Class::Dense => {
                let next = chars.get(at + 1).filter(|&&next| class(next) == Class::Dense);
                tokens.insert(std::iter::once(c).chain(next.copied()).collect());
                at += 1;
            }
            Class::Word => {
                let end = word_end(chars, at);
                tokens.insert(chars[at..end].iter().take(WORD_CHARS).collect());
                at = end;
            }
        }
    }
}

/// Where the word ends that `at` is in.
pub(crate) fn word_end(chars: &[char], at: usize) -> usize {
    let more = chars[at..].iter().take_while(|&&c| class(c) == Class::Word).count();
    at + more
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let mut all = Tokens::new();
        tokens(&Folded::of(text), &mut all);
        all.into_iter().collect()
    }

    #[test]
    fn every_place_of_a_script_without_spaces_begins_a_word() {
        assert_eq!(of("小王在海"), ["在海", "小王", "海", "王在"]);
        assert_eq!(of("海"), ["海"]);
        assert_eq!(of("한국어"), ["국어", "어", "한국"]);
        assert_eq!(of("ｶﾅ・ひら"), ["ひら", "ら", "カナ", "ナ"]);
    }

    #[test]
    fn words_digits_and_emoji_are_whole() {
        assert_eq!(of("Don't PANIC, iPhone15!"), ["don", "iphone15", "panic", "t"]);
        assert_eq!(of("买iPhone 15吧👍🏽👍"), ["15", "iphone", "买", "吧", "🏽", "👍"]);
        assert_eq!(of("... \"' * ( OR"), ["or"]);
    }

    #[test]
    fn a_word_of_any_length_takes_little_room() {
        assert_eq!(of(&"x".repeat(8_000)), ["x".repeat(WORD_CHARS)]);
    }
}
