//! A message as it is stored, and as it is shown.

use tideline_client::Item;
use tideline_server::sql::{Fault, Row};
use tideline_shared::protocol::{Body, Card, Reaction};
use tideline_shared::search::Has;

/// A message as the service stores it.
pub(super) struct Said {
    pub(super) seq: u64,
    pub(super) id: String,
    /// What its author wrote; none when it was taken back, or said elsewhere first.
    pub(super) first: Option<String>,
    /// What it says now; none when it was taken back.
    pub(super) text: Option<String>,
    /// What its files are called that are shown by name.
    names: Vec<String>,
    /// Everything that is shown of it.
    pub(super) shown: String,
}

impl Said {
    /// What a search looks at.
    pub(super) fn told(&self) -> Option<String> {
        let text = self.text.iter().filter(|text| !text.is_empty());
        let lines: Vec<_> = text.chain(&self.names).map(String::as_str).collect();
        self.text.as_ref().map(|_| lines.join("\n"))
    }

    /// Whether it says this now.
    pub(super) fn has(&self, word: &str) -> bool {
        self.told().is_some_and(|told| told.contains(word))
    }

    pub(super) fn read(row: &Row) -> Result<Self, Fault> {
        let body = row.json::<Body>(2)?;
        let text = body.text().map(str::to_owned);
        let named = body.files().iter().filter(|file| file.kind() == Has::File);
        let names = named.map(|file| file.name.clone()).collect();
        let reactions = row.maybe_text(5)?.map(|_| row.json(5)).transpose()?;
        let reactions: Vec<Reaction> = reactions.unwrap_or_default();
        let card: Option<Card> = row.maybe_text(9)?.map(|_| row.json(9)).transpose()?;
        let quoted = row.maybe_text(6)?.map(|_| row.json::<Body>(6)).transpose()?;
        let shown = shown(
            text.as_deref(),
            row.maybe_number(3)?.is_some(),
            row.maybe_number(4)?.is_some(),
            reactions.iter().map(|reaction| (reaction.emoji.as_str(), reaction.users.len())),
            quoted.as_ref().map(Body::text),
            card.as_ref(),
        );
        let first = row.maybe_text(7)?.map(str::to_owned).or_else(|| text.clone());
        let first = first.filter(|_| row.number(8) == Ok(1));
        Ok(Self { seq: row.number(0)?, id: row.text(1)?.to_owned(), first, text, names, shown })
    }
}

/// What somebody sees of a message, in one line.
fn shown<'a>(
    text: Option<&str>,
    edited: bool,
    pinned: bool,
    reactions: impl Iterator<Item = (&'a str, usize)>,
    quote: Option<Option<&str>>,
    card: Option<&Card>,
) -> String {
    let reactions: Vec<_> = reactions.collect();
    format!("{text:?} edited {edited} pinned {pinned} {reactions:?} answers {quote:?} has {card:?}")
}

/// The place of a message on the screen, and what is shown of it.
pub(super) fn shown_by(item: &Item) -> Option<(u64, String)> {
    let Item::Message { seq: Some(seq), text, edited, pinned, reactions, quote, card, .. } = item
    else {
        return None;
    };
    let reactions = reactions.iter().map(|r| (r.emoji.as_str(), r.names.len()));
    let quote = quote.as_ref().map(|quote| quote.text.as_deref());
    Some((*seq, shown(text.as_deref(), *edited, *pinned, reactions, quote, card.as_ref())))
}
