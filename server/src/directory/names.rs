//! When two handles are the same.

use unicode_normalization::UnicodeNormalization;

/// What a handle looks like, so that nobody can be mistaken for somebody else: `Ana`, `ana` and a
/// Cyrillic `аnа` have the same skeleton (UTS #39, section 4).
pub(super) fn skeleton(user_name: &str) -> String {
    // Lower case before and after: a capital may look like something else's small letter.
    let lower = fold(user_name);
    unicode_security::skeleton(&lower).collect::<String>().to_lowercase()
}

/// Full-width and half-width, upper and lower case are alike; accents are not: `renée` is not
/// `renee`.
fn fold(name: &str) -> String {
    name.nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_that_look_alike_are_the_same() {
        for twin in ["ANA", "Ana", "аnа", "ana"] {
            assert_eq!(skeleton(twin), skeleton("ana"), "{twin}");
        }
        assert_ne!(skeleton("ana"), skeleton("anna"));
        assert_ne!(skeleton("小王"), skeleton("小玉"));
    }

    #[test]
    fn folding_keeps_scripts_apart_and_widths_together() {
        assert_eq!(fold("ＡＢＣ"), "abc");
        assert_eq!(fold("Straße"), "straße");
        assert_eq!(fold("海边"), "海边");
    }
}
