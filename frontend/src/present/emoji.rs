//! Messages that are nothing but a few emoji are shown large.

/// Most emoji in a message that is shown large.
const MOST: usize = 3;

/// Whether the text is one to three emoji and nothing else.
#[must_use]
pub fn only_emoji(text: &str) -> bool {
    let (mut emoji, mut joined, mut flag_half) = (0, false, false);
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            // Joiner: what follows belongs to the emoji before.
            '\u{200d}' => joined = true,
            // Variation selector, skin tones, keycap mark and tags of flags change the one before.
            '\u{fe0f}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' => {}
            // Two regional letters make one flag.
            '\u{1f1e6}'..='\u{1f1ff}' => {
                emoji += usize::from(!flag_half);
                flag_half = !flag_half;
            }
            '\u{1f000}'..='\u{1faff}'
            | '\u{2600}'..='\u{27bf}'
            | '\u{2b00}'..='\u{2bff}'
            | '\u{231a}'..='\u{23ff}' => {
                emoji += usize::from(!joined);
                joined = false;
            }
            _ => return false,
        }
    }
    (1..=MOST).contains(&emoji)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_three_emoji_are_large() {
        for text in ["👍", "🎉 🎉", "👨‍👩‍👧‍👦", "❤️", "👋🏽👋🏽👋🏽", "🇨🇳", "🇨🇳🇩🇪"]
        {
            assert!(only_emoji(text), "{text}");
        }
    }

    #[test]
    fn words_and_rows_of_emoji_are_not() {
        for text in ["", " ", "ok 👍", "123", "👍👍👍👍", "。", "\u{fe0f}"] {
            assert!(!only_emoji(text), "{text}");
        }
    }
}
