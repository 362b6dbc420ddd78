//! Why something was refused, in each language. What can be refused before anybody opens a menu is there at
//! first; the other sentences travel with the code of later screens.

use std::sync::OnceLock;

use tideline_shared::Code;

use super::{Lang, zh};

/// Everything, once the later screens are here.
static ALL: OnceLock<fn(Lang, Code) -> &'static str> = OnceLock::new();

/// Codes with their sentences in English and Chinese, which the compiler takes out of the tables.
macro_rules! sentences {
    ($($code:ident)*) => {
        [$((Code::$code, [const { Code::$code.sentence() }, const { zh::reject(Code::$code) }])),*]
    };
}

/// What there is at first; the last of them stands for all others.
#[rustfmt::skip]
static FIRST: &[(Code, [&str; 2])] = &sentences! {
    UpgradeRequired RateLimited Internal
    SignedOut SessionEnded AccountBanned InvitedOnly RegistrationClosed WrongCredentials UserNameTaken UserNameTooShort UserNameTooLong
    UserNameBadCharacter PasswordTooShort PasswordTooLong DisplayNameEmpty DisplayNameTooLong
    PersonGone BlockedByYou UnknownConversation NotAMember NotAllowed GroupFull Muted
    AnnouncementsOnly Banned MessageEmpty MessageTooLong MessageIdReused UnknownMessage
    UnknownFile FileIncomplete InviteUnknown InviteExpired InviteRevoked InviteUsedUp Unknown
};

/// The later screens are here, and with them every sentence.
pub fn know_all_rejects() {
    // Known already, it is the same.
    let _ = ALL.set(all);
}

fn all(lang: Lang, code: Code) -> &'static str {
    match lang {
        Lang::En => code.sentence(),
        Lang::Zh => zh::reject(code),
    }
}

/// The sentence, or what is said of anything while the right one is not here.
pub(super) fn sentence(lang: Lang, code: Code) -> &'static str {
    match ALL.get() {
        Some(all) => all(lang, code),
        None => at_first(lang, code),
    }
}

fn at_first(lang: Lang, code: Code) -> &'static str {
    let known = FIRST.iter().find(|(known, _)| *known == code).or(FIRST.last());
    known.map_or("", |(_, sentences)| sentences[lang as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_at_first_is_what_is_there_later() {
        for lang in Lang::ALL {
            for (code, _) in FIRST {
                assert_eq!(at_first(lang, *code), all(lang, *code), "{code:?}");
            }
            assert_eq!(at_first(lang, Code::QueryEmpty), all(lang, Code::Unknown));
        }
    }
}
