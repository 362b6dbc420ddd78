//! The texts that people write: names, messages, signatures. Parsed once at the edge, valid ever
//! after.
//!
//! Every parser trims, unifies line ends and removes what nobody can see and nobody meant
//! (control characters, bidirectional overrides); a text of which nothing visible is left counts
//! as empty.

use crate::limits;
use crate::reject::{Code, Reject};

/// Why a text was refused, told apart from which text it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing in it can be seen.
    #[error("empty")]
    Empty,
    /// It has fewer characters than it must have.
    #[error("too short")]
    TooShort,
    /// It has more characters than it may have.
    #[error("too long")]
    TooLong,
    /// It has characters that do not belong there.
    #[error("has characters that are not allowed")]
    BadCharacter,
}

/// A text in lower case, each character by itself: how names are compared, and looked up.
#[must_use]
pub fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Declares a text type whose parser is `$parse` and whose errors are the codes named.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $parse:expr, $code:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads what somebody typed.
            ///
            /// # Errors
            /// The code that says what is wrong with it; see `PROTOCOL.md`, "Codes".
            pub fn parse(typed: &str) -> Result<Self, Reject> {
                let parse: fn(&str) -> Result<String, TextError> = $parse;
                let code: fn(TextError) -> Code = $code;
                parse(typed).map(Self).map_err(|error| Reject::new(code(error)))
            }

            /// The text, as everybody sees it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    };
}

text! {
    /// The body of a message: 1 to [`limits::MESSAGE_CHARS`] characters, line breaks kept.
    MessageText,
    |typed| visible(&clean(typed, Lines::Many), limits::MESSAGE_CHARS),
    |error| match error {
        TextError::TooLong => Code::MessageTooLong,
        _ => Code::MessageEmpty,
    }
}
text! {
    /// The words beside files: up to [`limits::MESSAGE_CHARS`] characters, line breaks kept.
    Caption,
    |typed| optional(&clean(typed, Lines::Many), limits::MESSAGE_CHARS),
    |_| Code::MessageTooLong
}
text! {
    /// What a file is called: 1 to [`limits::FILE_NAME_CHARS`] characters on one line. Of a path, its
    /// last part; what some system cannot have in a name becomes `_`, and no name begins with a dot.
    FileName,
    |typed| {
        let name = clean(typed, Lines::One);
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let safe = |c: char| if "<>:\"|?*".contains(c) { '_' } else { c };
        let name: String = name.trim_start_matches(['.', ' ']).chars().map(safe).collect();
        visible(name.trim(), limits::FILE_NAME_CHARS)
    },
    |_| Code::FileNameBad
}
text! {
    /// The name others see: 1 to [`limits::DISPLAY_NAME_CHARS`] characters on one line.
    DisplayName,
    |typed| visible(&clean(typed, Lines::One), limits::DISPLAY_NAME_CHARS),
    |error| match error {
        TextError::TooLong => Code::DisplayNameTooLong,
        _ => Code::DisplayNameEmpty,
    }
}
text! {
    /// A group's name: 1 to [`limits::GROUP_NAME_CHARS`] characters on one line.
    GroupName,
    |typed| visible(&clean(typed, Lines::One), limits::GROUP_NAME_CHARS),
    |error| match error {
        TextError::TooLong => Code::GroupNameTooLong,
        _ => Code::GroupNameEmpty,
    }
}
text! {
    /// A group's type, in its makers' words ("Family", "读书会"): may be empty.
    GroupType,
    |typed| optional(&clean(typed, Lines::One), limits::GROUP_TYPE_CHARS),
    |_| Code::GroupTypeTooLong
}
text! {
    /// What a group is for: may be empty.
    GroupDescription,
    |typed| optional(&clean(typed, Lines::Many), limits::GROUP_DESCRIPTION_CHARS),
    |_| Code::GroupDescriptionTooLong
}
text! {
    /// A person's signature: may be empty, one line.
    Signature,
    |typed| optional(&clean(typed, Lines::One), limits::SIGNATURE_CHARS),
    |_| Code::SignatureTooLong
}
text! {
    /// What everybody is told: 1 to [`limits::ANNOUNCEMENT_CHARS`] characters, line breaks kept.
    AnnouncementText,
    |typed| visible(&clean(typed, Lines::Many), limits::ANNOUNCEMENT_CHARS),
    |error| match error {
        TextError::TooLong => Code::AnnouncementTooLong,
        _ => Code::AnnouncementEmpty,
    }
}
text! {
    /// What one person calls another, for themselves: may be empty, one line.
    Nickname,
    |typed| optional(&clean(typed, Lines::One), limits::DISPLAY_NAME_CHARS),
    |_| Code::NicknameTooLong
}
text! {
    /// What one person wants to remember of another: may be empty.
    Note,
    |typed| optional(&clean(typed, Lines::Many), limits::NOTE_CHARS),
    |_| Code::NoteTooLong
}
text! {
    /// What somebody searches for: 1 to [`limits::QUERY_CHARS`] characters.
    Query,
    |typed| visible(&clean(typed, Lines::One), limits::QUERY_CHARS),
    |error| match error {
        TextError::TooLong => Code::QueryTooLong,
        _ => Code::QueryEmpty,
    }
}
text! {
    /// A handle to sign in and be found with: letters and digits of any script, `_`, `-` and `.`.
    /// As its owner wrote it; the service compares handles by a folded form.
    UserName,
    |typed| {
        let name = clean(typed, Lines::One);
        let chars = name.chars().count();
        match chars {
            0 => Err(TextError::Empty),
            n if n < *limits::USER_NAME_CHARS.start() => Err(TextError::TooShort),
            n if n > *limits::USER_NAME_CHARS.end() => Err(TextError::TooLong),
            _ if !name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
                || name.chars().any(is_invisible)
                || !name.chars().any(char::is_alphanumeric) => Err(TextError::BadCharacter),
            _ => Ok(name),
        }
    },
    |error| match error {
        TextError::Empty | TextError::TooShort => Code::UserNameTooShort,
        TextError::TooLong => Code::UserNameTooLong,
        TextError::BadCharacter => Code::UserNameBadCharacter,
    }
}

/// A password as typed: nothing is trimmed. Never shown, never stored; only hashed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Reads a new password.
    ///
    /// # Errors
    /// `password_too_short` and `password_too_long`, by [`limits::PASSWORD_CHARS`].
    pub fn parse(typed: &str) -> Result<Self, Reject> {
        let chars = typed.chars().count();
        if chars < *limits::PASSWORD_CHARS.start() {
            return Err(Reject::new(Code::PasswordTooShort));
        }
        if chars > *limits::PASSWORD_CHARS.end() {
            return Err(Reject::new(Code::PasswordTooLong));
        }
        Ok(Self(typed.to_owned()))
    }

    /// The bytes to hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

enum Lines {
    One,
    Many,
}

/// Removes what must not be in any text, and trims the ends.
fn clean(typed: &str, lines: Lines) -> String {
    let mut before = None;
    let kept: String = typed
        .chars()
        .filter_map(|c| match (before.replace(c), c, &lines) {
            // However a line ends where it was typed.
            (Some('\r'), '\n', _) => None,
            (_, '\r', Lines::Many) => Some('\n'),
            (_, '\n' | '\t', Lines::Many) => Some(c),
            (_, c, Lines::One) if c.is_whitespace() => Some(' '),
            (_, c, _) if c.is_control() || is_bidi_control(c) => None,
            (_, c, _) => Some(c),
        })
        .collect();
    kept.trim().to_owned()
}

/// Words of strangers on one line: without what nobody can see and nobody meant, each gap one space, and
/// cut, with `…` in place of the rest. Empty where nothing can be seen.
#[must_use]
pub fn one_line(words: &str, most: usize) -> String {
    let words = clean(words, Lines::One);
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if is_blank(&line) {
        return String::new();
    }
    let is_short = line.chars().nth(most).is_none();
    if is_short {
        return line;
    }
    let cut: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

/// Whether there is nothing to be seen in it.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// A text that must show something.
fn visible(text: &str, most: usize) -> Result<String, TextError> {
    if is_blank(text) {
        return Err(TextError::Empty);
    }
    optional(text, most)
}

/// A text that may be empty; one of which nothing can be seen is.
fn optional(text: &str, most: usize) -> Result<String, TextError> {
    if text.chars().count() > most {
        return Err(TextError::TooLong);
    }
    if is_blank(text) {
        return Ok(String::new());
    }
    Ok(text.to_owned())
}

/// Overrides and isolates that can make a text read as another (UAX #9, explicit formatting).
pub(crate) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that take part in a text without being seen (Unicode's Default_Ignorable_Code_Point,
/// and the blanks that are not White_Space).
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code<T: std::fmt::Debug>(result: Result<T, Reject>) -> Code {
        result.expect_err("must be refused").code
    }

    #[test]
    fn a_message_keeps_its_lines_and_loses_its_edges() {
        let text = MessageText::parse("  one\r\n\ttwo\rthree \n\n").expect("valid");
        assert_eq!(text.as_str(), "one\n\ttwo\nthree");
    }

    #[test]
    fn what_nobody_can_see_is_empty() {
        for blank in [
            "",
            " \n\t ",
            "\u{200b}\u{200d}",
            "\u{3164}",
            "\u{2800} \u{feff}",
            "\u{0}\u{7}",
            "\u{e0041}",
        ] {
            assert_eq!(code(MessageText::parse(blank)), Code::MessageEmpty, "{blank:?}");
            assert_eq!(code(DisplayName::parse(blank)), Code::DisplayNameEmpty, "{blank:?}");
            assert_eq!(code(GroupName::parse(blank)), Code::GroupNameEmpty, "{blank:?}");
            assert_eq!(code(Query::parse(blank)), Code::QueryEmpty, "{blank:?}");
            assert_eq!(Signature::parse(blank).expect("may be empty").as_str(), "");
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(MessageText::parse(&"水".repeat(limits::MESSAGE_CHARS)).is_ok());
        assert_eq!(
            code(MessageText::parse(&"水".repeat(limits::MESSAGE_CHARS + 1))),
            Code::MessageTooLong
        );
        assert_eq!(code(DisplayName::parse(&"n".repeat(49))), Code::DisplayNameTooLong);
        assert_eq!(code(GroupName::parse(&"n".repeat(65))), Code::GroupNameTooLong);
        assert_eq!(code(GroupType::parse(&"n".repeat(33))), Code::GroupTypeTooLong);
        assert_eq!(code(GroupDescription::parse(&"n".repeat(501))), Code::GroupDescriptionTooLong);
        assert_eq!(code(Signature::parse(&"n".repeat(161))), Code::SignatureTooLong);
        assert_eq!(code(Query::parse(&"n".repeat(201))), Code::QueryTooLong);
    }

    #[test]
    fn emoji_with_joiners_survive() {
        let family = "👨‍👩‍👧‍👦 ❤️";
        assert_eq!(MessageText::parse(family).expect("valid").as_str(), family);
    }

    #[test]
    fn overrides_that_make_a_text_read_backwards_are_removed() {
        assert_eq!(DisplayName::parse("ad\u{202e}nim").expect("valid").as_str(), "adnim");
    }

    #[test]
    fn a_files_name_is_no_path() {
        for (typed, name) in [
            ("tide.png", "tide.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\fakepath\\潮.png", "潮.png"),
            ("..hidden", "hidden"),
            ("a:b|c?.txt", "a_b_c_.txt"),
            ("line\nbreak\u{202e}gnp.exe", "line breakgnp.exe"),
        ] {
            assert_eq!(FileName::parse(typed).expect(typed).as_str(), name);
        }
        for bad in ["", "..", "a/", "\u{200b}", &"x".repeat(limits::FILE_NAME_CHARS + 1)] {
            assert_eq!(code(FileName::parse(bad)), Code::FileNameBad, "{bad:?}");
        }
    }

    #[test]
    fn a_user_name_is_a_handle() {
        for good in ["ana", "Ben_2", "小王", "j.doe-7"] {
            assert_eq!(UserName::parse(good).expect(good).as_str(), good);
        }
        assert_eq!(code(UserName::parse("a")), Code::UserNameTooShort);
        assert_eq!(code(UserName::parse("  ")), Code::UserNameTooShort);
        assert_eq!(code(UserName::parse(&"a".repeat(33))), Code::UserNameTooLong);
        for bad in ["two words", "a@b", "...", "an\u{200b}a", "a/b"] {
            assert_eq!(code(UserName::parse(bad)), Code::UserNameBadCharacter, "{bad:?}");
        }
    }

    #[test]
    fn a_password_is_taken_as_typed() {
        assert_eq!(code(Password::parse("short")), Code::PasswordTooShort);
        assert_eq!(code(Password::parse(&"x".repeat(257))), Code::PasswordTooLong);
        assert_eq!(
            Password::parse("  spaces count ").expect("valid").as_bytes(),
            b"  spaces count "
        );
    }

    proptest! {
        #[test]
        fn what_was_parsed_parses_to_itself(typed in any::<String>()) {
            if let Ok(text) = MessageText::parse(&typed) {
                prop_assert_eq!(MessageText::parse(text.as_str()), Ok(text.clone()));
                prop_assert!(!text.as_str().contains('\r'));
                prop_assert!(text.as_str().chars().count() <= limits::MESSAGE_CHARS);
            }
            if let Ok(name) = FileName::parse(&typed) {
                prop_assert_eq!(FileName::parse(name.as_str()), Ok(name.clone()));
                prop_assert!(!name.as_str().contains(['/', '\\', '\n', '"']));
            }
            if let Ok(name) = DisplayName::parse(&typed) {
                prop_assert_eq!(DisplayName::parse(name.as_str()), Ok(name.clone()));
                prop_assert!(!name.as_str().contains(['\n', '\t']));
            }
            if let Ok(name) = UserName::parse(&typed) {
                prop_assert_eq!(UserName::parse(name.as_str()), Ok(name.clone()));
            }
        }
    }
}
