//! What is being typed that can be completed: an emoji's name behind `:`, somebody's behind `@`.

use tideline_shared::Person;

/// Characters of a name, at most.
const MOST_CHARS: usize = 48;
/// Letters of an emoji's name before it is looked up.
const LEAST_CHARS: usize = 2;

/// What can be completed at the end of a text. The text behind the mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Behind `:`.
    Emoji(&'a str),
    /// Behind `@`.
    Person(&'a str),
}

/// What stands unfinished at the end of `before`, the text before the caret.
#[must_use]
pub fn wanted(before: &str) -> Option<Wanted<'_>> {
    let (at, mark) =
        before.char_indices().rev().take(MOST_CHARS + 1).find(|(_, c)| "@:\n".contains(*c))?;
    let word = &before[at + 1..];
    let is_name = |c: char| c.is_alphanumeric() || "_+-".contains(c);
    let joined = before[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
    match mark {
        _ if joined => None,
        '@' => (!word.starts_with(' ')).then_some(Wanted::Person(word)),
        ':' if word.chars().all(is_name) => {
            let enough = if word.is_ascii() { LEAST_CHARS } else { 1 };
            (word.chars().count() >= enough).then_some(Wanted::Emoji(word))
        }
        _ => None,
    }
}

/// The emoji's name that `before` ends with, between colons: `:thumbsup:`.
#[must_use]
pub fn finished(before: &str) -> Option<&str> {
    match wanted(before.strip_suffix(':')?)? {
        Wanted::Emoji(name) => Some(name),
        Wanted::Person(_) => None,
    }
}

/// The part of a text before the caret, which browsers count in UTF-16.
#[must_use]
pub fn before_caret(text: &str, caret: u32) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > caret as usize
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// How well a person fits what was typed, the less the better: names that begin with it stand
/// before names in which a word does.
#[must_use]
pub fn fits(person: &Person, typed: &str) -> Option<u8> {
    let typed = typed.to_lowercase();
    let names = [Some(&person.display_name), person.user_name.as_ref()];
    let mut names = names.into_iter().flatten().map(|name| name.to_lowercase());
    let fit = |name: String| {
        if name.starts_with(&typed) {
            Some(0)
        } else if name.split([' ', '.', '_', '-']).any(|word| word.starts_with(&typed)) {
            Some(1)
        } else {
            (!typed.is_ascii() && name.contains(&typed)).then_some(2)
        }
    };
    // Rather than `min`, which would take none for the best.
    names.by_ref().filter_map(fit).min()
}

#[cfg(test)]
mod tests {
    use tideline_shared::UserId;

    use super::*;

    #[test]
    fn names_are_completed_where_they_begin() {
        for (before, expected) in [
            ("hi @an", Some(Wanted::Person("an"))),
            ("@", Some(Wanted::Person(""))),
            ("你好@小", Some(Wanted::Person("小"))),
            ("@Gus van", Some(Wanted::Person("Gus van"))),
            ("me@mail", None),
            ("@ x", None),
            ("@ana\nhi", None),
            (":smi", Some(Wanted::Emoji("smi"))),
            ("好:笑", Some(Wanted::Emoji("笑"))),
            (":s", None),
            (":", None),
            (": smile", None),
            ("10:30", None),
            ("https://a", None),
            ("(:+1", Some(Wanted::Emoji("+1"))),
            ("", None),
        ] {
            assert_eq!(wanted(before), expected, "{before}");
        }
        assert_eq!(finished("so :smile:"), Some("smile"));
        assert_eq!(finished("10:30:"), None);
        assert_eq!(finished("::"), None);
    }

    #[test]
    fn carets_are_counted_in_utf16() {
        assert_eq!(before_caret("a👍b", 3), "a👍");
        assert_eq!(before_caret("a👍b", 4), "a👍b");
        assert_eq!(before_caret("你好", 1), "你");
        assert_eq!(before_caret("", 0), "");
    }

    #[test]
    fn people_fit_by_either_name() {
        let user = UserId::new(1, [1; 10]);
        let ana = Person {
            user,
            user_name: Some("alee".into()),
            display_name: "Ana 安娜 Lee".into(),
            avatar: None,
        };
        let fit = |typed| fits(&ana, typed);
        assert_eq!(
            [fit(""), fit("an"), fit("AL"), fit("lee"), fit("娜"), fit("na")],
            [Some(0), Some(0), Some(0), Some(1), Some(2), None]
        );
    }
}
