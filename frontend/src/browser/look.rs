//! How the app looks, as far as a person chooses it: kept in this browser, the same in all its tabs, and
//! said by attributes of `<html>` that `style/tokens.css` knows.

use std::sync::LazyLock;

use super::{document, local_get, local_remove, local_set};
use crate::kit::{Lasting, effect};

/// Something that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// How light it is.
    Theme,
    /// How large words are.
    TextSize,
    /// How much room there is between things.
    Density,
}

static CHOSEN: LazyLock<[Lasting<&'static str>; 3]> =
    LazyLock::new(|| Look::ALL.map(|look| Lasting::new(look.kept())));

impl Look {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Theme, Self::TextSize, Self::Density];

    /// What can be chosen, in the order of the settings. The first is what nobody chose.
    pub(crate) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Theme => &["system", "light", "dark"],
            Self::TextSize => &["normal", "small", "large", "larger"],
            Self::Density => &["roomy", "compact"],
        }
    }

    /// What was chosen; tracked.
    pub(crate) fn chosen(self) -> &'static str {
        self.signal().get()
    }

    /// Chooses one of the words, here and in the other tabs.
    pub(crate) fn choose(self, word: &str) {
        let word = self.known(word);
        if word == self.words()[0] {
            local_remove(self.key());
        } else {
            local_set(self.key(), word);
        }
        self.signal().set(word);
    }

    fn key(self) -> &'static str {
        match self {
            Self::Theme => "tideline.theme",
            Self::TextSize => "tideline.text-size",
            Self::Density => "tideline.density",
        }
    }

    fn signal(self) -> &'static Lasting<&'static str> {
        &CHOSEN[self as usize]
    }

    fn kept(self) -> &'static str {
        self.known(&local_get(self.key()).unwrap_or_default())
    }

    fn known(self, word: &str) -> &'static str {
        let words = self.words();
        words.iter().find(|known| **known == word).unwrap_or(&words[0])
    }
}

/// Keeps the attributes of `<html>` as chosen. Called once.
pub(super) fn follow_looks() {
    effect(|| {
        let Some(html) = document().document_element() else { return };
        for look in Look::ALL {
            let name = format!("data-{}", look.key().strip_prefix("tideline.").unwrap_or_default());
            let word = look.chosen();
            // The names are valid, so neither call can fail.
            let _ = if word == look.words()[0] {
                html.remove_attribute(&name)
            } else {
                html.set_attribute(&name, word)
            };
        }
    });
}

/// Another tab kept something else under this key.
pub(super) fn look_changed(key: &str) {
    for look in Look::ALL.into_iter().filter(|look| look.key() == key) {
        look.signal().set(look.kept());
    }
}
