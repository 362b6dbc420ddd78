//! Who is meant by an `@`.

use super::{Block, Span, parse};
use crate::limits;
use crate::protocol::Mention;
use crate::text::lower;
use crate::{Person, UserId};

/// Whom a mention means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody in the conversation.
    All,
    /// One person; several where guests are called the same.
    People(Vec<UserId>),
}

/// What can stand behind an `@`: names, folded, and whose they are.
///
/// Of several names that fit the longest counts. Behind a name of letters with spaces between their
/// words such a word must end; Chinese text may go on.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// In their order.
    known: Vec<(String, Who)>,
    longest: usize,
}

/// Whether a name, as written behind an `@`, means everybody.
#[must_use]
pub fn everybody(name: &str) -> bool {
    name == "所有人" || name.eq_ignore_ascii_case("all")
}

impl Names {
    /// The names of people: user names, and the display names of guests, who have none. `@all` and
    /// `@所有人` are everybody, whoever else is called that.
    #[must_use]
    pub fn of<'a>(people: impl IntoIterator<Item = &'a Person>) -> Self {
        let mut names = Self::default();
        let mut guests = Self::default();
        for person in people {
            match &person.user_name {
                Some(name) => names.add(name, person.user),
                None => guests.add(&person.display_name, person.user),
            }
        }
        for (name, who) in guests.known {
            names.entry(&name, || who);
        }
        names.longest = names.longest.max(guests.longest);
        names.add_everybody();
        names
    }

    /// The names that a message was found to mean.
    #[must_use]
    pub fn mentioned(mentions: &[Mention], all: bool) -> Self {
        let mut names = Self::default();
        mentions.iter().for_each(|mention| names.add(&mention.name, mention.user));
        if all {
            names.add_everybody();
        }
        names
    }

    fn add(&mut self, name: &str, user: UserId) {
        self.longest = self.longest.max(name.chars().count());
        match self.entry(&lower(name), || Who::People(Vec::new())) {
            Who::People(people) if !people.contains(&user) => people.push(user),
            _ => {}
        }
    }

    fn place(&self, folded: &str) -> Result<usize, usize> {
        self.known.binary_search_by(|(known, _)| known.as_str().cmp(folded))
    }

    fn entry(&mut self, folded: &str, new: impl FnOnce() -> Who) -> &mut Who {
        let place = self.place(folded).unwrap_or_else(|place| {
            self.known.insert(place, (folded.to_owned(), new()));
            place
        });
        &mut self.known[place].1
    }

    fn add_everybody(&mut self) {
        for name in ["all", "所有人"] {
            *self.entry(name, || Who::All) = Who::All;
            self.longest = self.longest.max(name.len());
        }
    }

    /// Who is meant by a text that stands behind an `@`, and how many bytes of it name them.
    pub(super) fn at(&self, text: &str) -> Option<(Who, usize)> {
        let mut folded = String::new();
        let mut found = None;
        for (at, c) in text.char_indices().take(self.longest) {
            if c == '\n' {
                break;
            }
            folded.extend(c.to_lowercase());
            let end = at + c.len_utf8();
            if let Ok(place) = self.place(&folded)
                && ends_word(c, &text[end..])
            {
                found = Some((&self.known[place].1, end));
            }
        }
        found.map(|(who, len)| (who.clone(), len))
    }
}

/// Whether a name that ends with `last` may end before `rest`.
fn ends_word(last: char, rest: &str) -> bool {
    let mut rest = rest.chars();
    let next = rest.next();
    let goes_on = |c: Option<char>| c.is_some_and(super::is_word);
    // `@ana.lee` is not ana; `@ana.` is.
    let joined = matches!(next, Some('.' | '-' | '_' | '@')) && goes_on(rest.next());
    !(super::is_word(last) && (goes_on(next) || joined))
}

/// Finds out whom a message means: each person once for each way they are written, and whether
/// everybody is meant. At most [`limits::MESSAGE_MENTIONS`] of them.
#[must_use]
pub fn resolve(text: &str, names: &Names) -> (Vec<Mention>, bool) {
    let mut found = (Vec::new(), false);
    in_blocks(&parse(text, names), &mut found);
    found
}

fn in_blocks(blocks: &[Block], found: &mut (Vec<Mention>, bool)) {
    for block in blocks {
        match block {
            Block::Paragraph(spans) => in_spans(spans, found),
            Block::Code { .. } => {}
            Block::Quote(inner) => in_blocks(inner, found),
            Block::List(items) => items.iter().for_each(|item| in_blocks(&item.blocks, found)),
        }
    }
}

fn in_spans(spans: &[Span], found: &mut (Vec<Mention>, bool)) {
    for span in spans {
        match span {
            Span::Strong(inner) | Span::Emphasis(inner) | Span::Strike(inner) => {
                in_spans(inner, found);
            }
            Span::Mention { who: Who::All, .. } => found.1 = true,
            Span::Mention { who: Who::People(people), text } => {
                for &user in people {
                    let mention = Mention { user, name: text[1..].to_owned() };
                    if found.0.len() < limits::MESSAGE_MENTIONS && !found.0.contains(&mention) {
                        found.0.push(mention);
                    }
                }
            }
            Span::Text(_) | Span::Code(_) | Span::Link(_) => {}
        }
    }
}
