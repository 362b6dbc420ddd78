//! Avatars made from a name: two letters and one of a few colours.

/// Colours in the style sheet, `data-hue="0"` to `data-hue="11"`.
const HUES: u32 = 12;

/// What stands in the avatar: the first character of a Chinese, Japanese or Korean name, else the
/// first letters of the first and the last word, else what there is. The style sheet makes them large.
#[must_use]
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let first = words.first().and_then(|word| first_letter(word));
    let last =
        if words.len() > 1 { words.last().and_then(|word| first_letter(word)) } else { None };
    match (first, last) {
        (Some(c), _) if is_east_asian(c) => c.to_string(),
        (Some(one), Some(other)) => [one, other].into_iter().collect(),
        (Some(one), None) => one.to_string(),
        _ => "?".into(),
    }
}

/// Which colour belongs to an id: always the same one, whatever the person is called now.
#[must_use]
pub fn hue(id: &str) -> u32 {
    // FNV-1a: short, and even enough over a dozen colours.
    id.bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
        % HUES
}

fn first_letter(word: &str) -> Option<char> {
    word.chars().find(|c| c.is_alphanumeric()).or_else(|| word.chars().next())
}

/// Han, kana and hangul: each character fills a square by itself.
fn is_east_asian(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_what_a_reader_expects() {
        for (name, expected) in [
            ("Ana", "A"),
            ("ana silva", "as"),
            ("Ana Maria da Silva", "AS"),
            ("王小明", "王"),
            ("读书会 North", "读"),
            ("さくら", "さ"),
            ("李", "李"),
            ("(team) north", "tn"),
            ("🌊", "🌊"),
            ("  ", "?"),
        ] {
            assert_eq!(initials(name), expected, "{name:?}");
        }
    }

    #[test]
    fn a_hue_is_stable_and_spread() {
        assert_eq!(hue("a"), hue("a"));
        let used: std::collections::BTreeSet<u32> =
            (0..200).map(|n| hue(&format!("0190-{n}"))).collect();
        assert_eq!(used.len(), HUES as usize);
    }
}
