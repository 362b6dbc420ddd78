//! The table of emoji: what there is, what it is called, and how it is found. `frontend/emoji.mjs`
//! writes it.

/// The emoji of a table, in the order of keyboards.
#[derive(Clone, Debug, Default)]
pub struct EmojiTable {
    rows: Vec<Emoji>,
}

/// One emoji.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emoji {
    /// As it is sent, without a skin tone.
    pub text: &'static str,
    /// Which of [`EmojiTable::GROUPS`] it belongs to.
    pub group: u8,
    /// With the lightest skin; empty where there is none to choose.
    lightest: &'static str,
    /// `thumbsup +1`: what stands between colons.
    names: &'static str,
    /// Name and words, in English and in Chinese.
    english: [&'static str; 2],
    chinese: [&'static str; 2],
}

/// The lightest tone of a skin.
const LIGHTEST: char = '\u{1f3fb}';
/// Tones of skins: 0 is the yellow one.
pub const TONES: u8 = 6;

impl EmojiTable {
    /// The groups, by their numbers in Unicode's data. (2 are parts of others.)
    pub const GROUPS: [u8; 9] = [0, 1, 3, 4, 5, 6, 7, 8, 9];

    /// Reads a table; lines that are not of its form are left out.
    #[must_use]
    pub fn read(text: &'static str) -> Self {
        let (mut rows, mut group) = (Vec::new(), 0);
        for line in text.lines() {
            let mut parts = line.split('\t');
            let mut part = || parts.next().unwrap_or_default();
            let (text, lightest, names) = (part(), part(), part());
            if let Some(number) = text.strip_prefix('#').and_then(|number| number.parse().ok()) {
                group = number;
            } else if !names.is_empty() {
                let (english, chinese) = ([part(), part()], [part(), part()]);
                rows.push(Emoji { text, group, lightest, names, english, chinese });
            }
        }
        Self { rows }
    }

    /// All of a group.
    pub fn of_group(&self, group: u8) -> impl Iterator<Item = Emoji> {
        self.rows.iter().copied().filter(move |emoji| emoji.group == group)
    }

    /// The one that was sent so, whatever its skin.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Emoji> {
        let bare = |text: &str| text.replace(is_tone, "");
        self.rows.iter().copied().find(|emoji| {
            emoji.text == text || !emoji.lightest.is_empty() && bare(emoji.lightest) == bare(text)
        })
    }

    /// The one with this short name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Emoji> {
        self.rows.iter().copied().find(|emoji| emoji.names.split(' ').any(|known| known == name))
    }

    /// What fits each word of a query, the best first, at most `most`.
    #[must_use]
    pub fn search(&self, query: &str, most: usize) -> Vec<Emoji> {
        let query = query.to_lowercase();
        let words: Vec<_> = query.split([' ', '_', ':']).filter(|word| !word.is_empty()).collect();
        let mut found: Vec<_> = self
            .rows
            .iter()
            .filter_map(|emoji| {
                let worst = words.iter().map(|word| emoji.fit(word)).max()??;
                Some((if emoji.is_named(&query) { 0 } else { worst + 1 }, *emoji))
            })
            .collect();
        found.sort_by_key(|(fit, _)| *fit);
        found.into_iter().take(most).map(|(_, emoji)| emoji).collect()
    }
}

impl Emoji {
    /// Its first short name.
    #[must_use]
    pub fn short(self) -> &'static str {
        self.names.split(' ').next().unwrap_or_default()
    }

    /// What it is called, in Chinese or in English.
    #[must_use]
    pub fn name(self, chinese: bool) -> &'static str {
        if chinese { self.chinese[0] } else { self.english[0] }
    }

    /// With a tone of the skin, where it has one.
    #[must_use]
    pub fn with_tone(self, tone: u8) -> String {
        match u32::from(tone).checked_sub(1).and_then(|n| char::from_u32(LIGHTEST as u32 + n)) {
            Some(tone) if !self.lightest.is_empty() => {
                self.lightest.replace(LIGHTEST, tone.encode_utf8(&mut [0; 4]))
            }
            _ => self.text.to_owned(),
        }
    }

    fn is_named(&self, query: &str) -> bool {
        self.names.split(' ').chain([self.english[0], self.chinese[0]]).any(|name| name == query)
    }

    /// How well a word fits, the less the better.
    fn fit(&self, word: &str) -> Option<u8> {
        let begins = |text: &str| text.split([' ', '_', '-']).any(|part| part.starts_with(word));
        // Chinese has no blanks between its words.
        let holds = |text: &str| !word.is_ascii() && text.contains(word);
        let [chinese, about] = self.chinese;
        if self.names.starts_with(word) || holds(chinese) && chinese.starts_with(word) {
            Some(0)
        } else if begins(self.names) || begins(self.english[0]) || holds(chinese) {
            Some(1)
        } else if begins(self.english[1]) || holds(about) || begins(about) {
            Some(2)
        } else {
            None
        }
    }
}

fn is_tone(c: char) -> bool {
    ('\u{1f3fb}'..='\u{1f3ff}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> EmojiTable {
        EmojiTable::read(include_str!("../../static/assets/emoji-17.0.txt"))
    }

    fn found(query: &str) -> String {
        table().search(query, 3).iter().map(|emoji| emoji.text).collect()
    }

    #[test]
    fn the_table_has_every_group_and_each_emoji_once() {
        let table = table();
        for group in EmojiTable::GROUPS {
            assert!(table.of_group(group).count() > 50, "{group}");
        }
        let mut texts: Vec<_> = table.rows.iter().map(|emoji| emoji.text).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), table.rows.len());
        assert!(table.rows.iter().all(|emoji| !emoji.name(true).is_empty()));
        let sent = |emoji: &Emoji| [emoji.with_tone(0), emoji.with_tone(5)];
        let odd = |text: &String| !tideline_shared::is_emoji(text);
        let odd: Vec<_> = table.rows.iter().flat_map(sent).filter(odd).collect();
        assert!(odd.is_empty(), "would be refused as reactions: {odd:?}");
        assert!(table.named("hash").is_some_and(|emoji| emoji.text == "#️⃣"));
    }

    #[test]
    fn emoji_are_found_in_both_languages() {
        assert!(found("thumbsup").starts_with("👍"));
        assert!(found("+1").starts_with("👍"));
        assert!(found("red heart").starts_with("❤️"));
        assert!(found("赞").contains("👍"));
        assert!(found("红心").contains("❤️"));
        assert!(found("smil").contains("😄"));
        assert_eq!(found("qqqq"), "");
        assert_eq!(found(""), "");
    }

    #[test]
    fn skins_have_tones() {
        let table = table();
        let of = |name: &str, tone| table.named(name).map(|emoji| emoji.with_tone(tone));
        assert_eq!(of("thumbsup", 0).as_deref(), Some("👍"));
        assert_eq!(of("thumbsup", 4).as_deref(), Some("👍🏾"));
        assert_eq!(of("detective", 1).as_deref(), Some("🕵🏻"));
        assert_eq!(of("heart", 3).as_deref(), Some("❤️"));
        assert_eq!(table.find("👍🏾").map(Emoji::short), Some("+1"));
        assert_eq!(table.find("🕵🏿").map(Emoji::short), Some("detective"));
    }
}
