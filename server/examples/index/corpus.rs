//! What people say, made up: Chinese, English, names, numbers, emoji and links, in the mixture and
//! with the skew of a chat; and what they look for in it. The same each time.

/// SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }

    /// Small numbers far more often than large ones, as words of a language are (Zipf, roughly).
    fn skewed(&mut self, bound: usize) -> usize {
        let unit = (self.below(1 << 30) as f64 + 1.0) / f64::from(1 << 30);
        let rank = (bound as f64).powf(unit) - 1.0;
        (rank as usize).min(bound - 1)
    }
}

/// Characters that Chinese words are made of here, the most common first.
const HAN: usize = 2_500;
/// Chinese words, of one to four characters.
const HAN_WORDS: usize = 12_000;
/// English words.
const WORDS: usize = 8_000;
const EMOJI: [&str; 12] = ["👍🏽", "😂", "🌊", "❤️", "🎉", "👨‍👩‍👧", "🙏", "😭", "🔥", "🇨🇳", "🤔", "✅"];
const SYLLABLES: [&str; 24] = [
    "ta", "re", "in", "mo", "st", "al", "pe", "ni", "co", "de", "us", "li", "ho", "ba", "er", "gu",
    "sa", "th", "ve", "ck", "wi", "ju", "fo", "zé",
];

pub(crate) struct Corpus {
    random: Random,
    han_words: Vec<String>,
    words: Vec<String>,
}

impl Corpus {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let han = |random: &mut Random| {
            char::from_u32(0x4e00 + (random.skewed(HAN) * 7) as u32).unwrap_or('一')
        };
        let han_words = (0..HAN_WORDS)
            .map(|_| {
                let length = [1, 2, 2, 2, 2, 3, 4][random.below(7)];
                (0..length).map(|_| han(&mut random)).collect()
            })
            .collect();
        let words = (0..WORDS)
            .map(|_| {
                let length = 1 + random.below(4);
                (0..length).map(|_| SYLLABLES[random.below(SYLLABLES.len())]).collect()
            })
            .collect();
        Self { random, han_words, words }
    }

    /// A message.
    pub(crate) fn message(&mut self) -> String {
        let chinese = self.random.below(100) < 60;
        let length = 1 + self.random.skewed(40);
        let mut text = String::new();
        for _ in 0..length {
            match (self.random.below(100), chinese) {
                (0..3, _) => text.push_str(EMOJI[self.random.below(EMOJI.len())]),
                (3..5, _) => text.push_str(&self.random.below(3_000).to_string()),
                (5..90, true) | (5..10, false) => {
                    text.push_str(&self.han_words[self.random.skewed(HAN_WORDS)]);
                    if self.random.below(6) == 0 {
                        text.push('，');
                    }
                }
                _ => {
                    let word = &self.words[self.random.skewed(WORDS)];
                    if text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == 'é') {
                        text.push(' ');
                    }
                    match self.random.below(12) {
                        0 => text.push_str(&word.to_uppercase()),
                        _ => text.push_str(word),
                    }
                }
            }
        }
        if self.random.below(30) == 0 {
            text.push_str(" https://tide.example/");
            text.push_str(&self.random.below(100_000).to_string());
        }
        text
    }

    /// What somebody looks for: a part of something that was said, so that there is something to
    /// find; or, one time in ten, anything. With what kind of query it is.
    pub(crate) fn query(&mut self, said: &[String]) -> (&'static str, String) {
        let text = &said[self.random.below(said.len())];
        let chars: Vec<char> = text.chars().collect();
        let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        let at = self.random.below(chars.len());
        match self.random.below(10) {
            0 => ("anything", self.han_words[self.random.below(HAN_WORDS)].clone()),
            1..6 => {
                let from = (at..chars.len()).find(|&at| is_han(chars[at]));
                let Some(from) = from else { return self.query(said) };
                let wanted = 1 + self.random.below(4);
                let run = chars[from..].iter().take_while(|&&c| is_han(c)).take(wanted);
                let run: String = run.collect();
                let kinds = ["", "1 Han", "2 Han", "3 Han", "4 Han"];
                (kinds[run.chars().count()], run)
            }
            6..9 => {
                let words: Vec<&str> = text
                    .split(|c: char| !c.is_alphanumeric() || is_han(c))
                    .filter(|word| !word.is_empty())
                    .collect();
                if words.is_empty() {
                    return self.query(said);
                }
                let word = words[self.random.below(words.len())];
                if self.random.below(2) == 0 {
                    ("Latin word", word.to_owned())
                } else {
                    let cut = 2.max(word.chars().count() / 2);
                    ("Latin beginning", word.chars().take(cut).collect())
                }
            }
            _ => match EMOJI.iter().find(|emoji| text.contains(**emoji)) {
                Some(emoji) => ("emoji", (*emoji).to_owned()),
                None => self.query(said),
            },
        }
    }
}
