//! What an emoji is: reactions are one, and messages of nothing but a few are shown large.

/// Most emoji in a message that is shown large.
const LARGE: usize = 3;
/// Most bytes of one emoji: the longest families and flags of regions have less than half of it.
const BYTES: usize = 64;

/// Whether the text is one to three emoji and nothing else.
#[must_use]
pub fn only_emoji(text: &str) -> bool {
    (1..=LARGE).contains(&count(text))
}

/// Whether the text is one emoji.
#[must_use]
pub fn is_emoji(text: &str) -> bool {
    text.len() <= BYTES && !text.contains(char::is_whitespace) && count(text) == 1
}

/// How many emoji there are; none where there is anything else.
fn count(text: &str) -> usize {
    let (mut emoji, mut joined, mut flag_half) = (0, false, false);
    let mut chars = text.chars().filter(|c| !c.is_whitespace()).peekable();
    while let Some(c) = chars.next() {
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
            | '\u{231a}'..='\u{23ff}'
            | '\u{25fb}'..='\u{25fe}' => {
                emoji += usize::from(!joined);
                joined = false;
            }
            // Signs such as ©, and keycaps, are emoji when a selector says so.
            _ if chars.peek() == Some(&'\u{fe0f}') && (!c.is_alphabetic() || "ℹⓂ".contains(c)) =>
            {
                emoji += usize::from(!joined);
                joined = false;
            }
            _ => return 0,
        }
    }
    emoji
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_three_emoji_are_large() {
        for text in ["👍", "🎉 🎉", "©️", "#️⃣", "👨‍👩‍👧‍👦", "❤️", "👋🏽👋🏽👋🏽", "🇨🇳", "🇨🇳🇩🇪"]
        {
            assert!(only_emoji(text), "{text}");
        }
    }

    #[test]
    fn a_reaction_is_one_emoji() {
        for text in ["👍", "👨‍👩‍👧‍👦", "❤️", "👋🏽", "🇨🇳"] {
            assert!(is_emoji(text), "{text}");
        }
        let long = "👍\u{1f3fb}".to_owned() + &"\u{1f3fb}".repeat(20);
        for text in ["", "👍👍", "👍 ", "a", "1", "好", "<b>", "\u{fe0f}", &long] {
            assert!(!is_emoji(text), "{text}");
        }
    }

    #[test]
    fn words_and_rows_of_emoji_are_not() {
        for text in ["", " ", "ok 👍", "123", "👍👍👍👍", "。", "\u{fe0f}", "a\u{fe0f}"]
        {
            assert!(!only_emoji(text), "{text}");
        }
    }
}
