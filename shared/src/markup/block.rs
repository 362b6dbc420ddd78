//! Lines: code, quotes, lists, and the paragraphs between them.

use super::{BLOCK_DEPTH, Block, Item, Names, Span, inline};

const FENCE: &str = "```";
/// Most characters of a language's name.
const LANGUAGE_CHARS: usize = 24;
/// What belongs to an item is indented by so many columns more than its marker.
const INDENT: usize = 2;

/// Reads lines. `depth` quotes and lists are around them.
pub(super) fn blocks(lines: &[&str], depth: usize, names: &Names) -> Vec<Block> {
    let mut reader = Reader { lines, at: 0, depth, names, fences: true };
    let mut blocks = Vec::new();
    let mut words = Vec::new();
    while let Some(line) = lines.get(reader.at) {
        let found = reader.code().or_else(|| reader.quote()).or_else(|| reader.list());
        if let Some(block) = found {
            paragraph(&mut words, &mut blocks, names);
            blocks.push(block);
        } else {
            words.push(*line);
            reader.at += 1;
        }
    }
    paragraph(&mut words, &mut blocks, names);
    blocks
}

/// Ends a paragraph, without the empty lines around it.
fn paragraph(lines: &mut Vec<&str>, blocks: &mut Vec<Block>, names: &Names) {
    let lines = std::mem::take(lines);
    let full = |line: &&str| !line.trim().is_empty();
    let Some(first) = lines.iter().position(full) else { return };
    let last = lines.iter().rposition(full).unwrap_or(first);
    let mut spans = Vec::new();
    for (n, line) in lines[first..=last].iter().enumerate() {
        if n > 0 {
            inline::push(&mut spans, Span::Text("\n".to_owned()));
        }
        for span in inline::spans(line, names) {
            inline::push(&mut spans, span);
        }
    }
    blocks.push(Block::Paragraph(spans));
}

struct Reader<'a> {
    lines: &'a [&'a str],
    at: usize,
    depth: usize,
    names: &'a Names,
    /// Whether a fence may still find its counterpart. One that was looked for in vain spares all
    /// later ones the search.
    fences: bool,
}

impl<'a> Reader<'a> {
    fn code(&mut self) -> Option<Block> {
        let info = self.lines.get(self.at)?.trim_start().strip_prefix(FENCE)?;
        if !self.fences || info.contains('`') {
            return None;
        }
        let below = &self.lines[self.at + 1..];
        let Some(end) = below.iter().position(|line| line.trim_end().ends_with(FENCE)) else {
            self.fences = false;
            return None;
        };
        let last = below[end].trim_end().trim_end_matches('`');
        let is_language = |c: char| c.is_ascii_alphanumeric() || "+#._-".contains(c);
        let named = info.trim();
        let language =
            (!named.is_empty() && named.len() <= LANGUAGE_CHARS && named.chars().all(is_language))
                .then(|| named.to_owned());
        let mut code = Vec::new();
        if language.is_none() && !named.is_empty() {
            code.push(info);
        }
        code.extend_from_slice(&below[..end]);
        if !last.trim().is_empty() {
            code.push(last);
        }
        let text = code.join("\n");
        if text.trim().is_empty() {
            return None;
        }
        self.at += end + 2;
        Some(Block::Code { language, text })
    }

    fn quote(&mut self) -> Option<Block> {
        if self.depth >= BLOCK_DEPTH {
            return None;
        }
        let inner: Vec<_> = self.lines[self.at..].iter().map_while(|line| quoted(line)).collect();
        if inner.iter().all(|line| line.trim_matches(['>', ' ']).is_empty()) {
            return None;
        }
        self.at += inner.len();
        Some(Block::Quote(blocks(&inner, self.depth + 1, self.names)))
    }

    fn list(&mut self) -> Option<Block> {
        if self.depth >= BLOCK_DEPTH {
            return None;
        }
        let first = Marker::of(self.lines.get(self.at)?)?;
        let mut items = Vec::new();
        while let Some(marker) = self.lines.get(self.at).and_then(|line| Marker::of(line)) {
            if marker.number.is_some() != first.number.is_some() || marker.is_below(&first) {
                break;
            }
            self.at += 1;
            let mut inner = vec![marker.content];
            while let Some(line) = self.belongs(&first) {
                inner.push(line);
            }
            let blocks = blocks(&inner, self.depth + 1, self.names);
            items.push(Item { number: marker.number, blocks });
            self.skip_gap(&first);
        }
        Some(Block::List(items))
    }

    /// Takes the next line, if it is indented behind the marker.
    fn belongs(&mut self, first: &Marker<'_>) -> Option<&'a str> {
        let line = *self.lines.get(self.at)?;
        let (indent, rest) = indent(line);
        let inside = first.indent + INDENT;
        if rest.is_empty() || indent < inside {
            return None;
        }
        self.at += 1;
        Some(line.get(inside..).filter(|_| line.starts_with(&" ".repeat(inside))).unwrap_or(rest))
    }

    /// One empty line between two items is no end of the list.
    fn skip_gap(&mut self, first: &Marker<'_>) {
        let [gap, next] = [0, 1].map(|n| self.lines.get(self.at + n));
        let empty = gap.is_some_and(|line| line.trim().is_empty());
        let next = next.and_then(|line| Marker::of(line));
        let goes_on = |next: Marker<'_>| {
            next.number.is_some() == first.number.is_some() && !next.is_below(first)
        };
        if empty && next.is_some_and(goes_on) {
            self.at += 1;
        }
    }
}

/// What a line quotes: `> words`, `>> words` of a quote in it, or nothing, `>`. Faces such as `>_<`
/// and arrows are none.
fn quoted(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix('>')?;
    let words = rest.trim_start_matches('>');
    let is_quote = words.is_empty() || words.starts_with(' ');
    is_quote.then(|| rest.strip_prefix(' ').unwrap_or(rest))
}

/// The beginning of an item's line.
struct Marker<'a> {
    indent: usize,
    number: Option<u32>,
    content: &'a str,
}

impl<'a> Marker<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let (indent, rest) = indent(line);
        let (number, rest) = match rest.strip_prefix(['-', '*', '•']) {
            Some(rest) => (None, rest),
            None => {
                let digits = rest.bytes().take(4).take_while(u8::is_ascii_digit).count();
                let number = rest.get(..digits).filter(|_| digits < 4)?.parse().ok()?;
                (Some(number), rest.get(digits..)?.strip_prefix(['.', ')'])?)
            }
        };
        let content = rest.strip_prefix(' ')?.trim_start();
        // `- - -` is a line that somebody drew.
        let says_something = content.contains(|c: char| !"-*• ".contains(c));
        says_something.then_some(Self { indent, number, content })
    }

    /// Whether it is of a list inside of the other one's.
    fn is_below(&self, first: &Self) -> bool {
        self.indent >= first.indent + INDENT
    }
}

/// The columns before the first character, and what follows.
fn indent(line: &str) -> (usize, &str) {
    let rest = line.trim_start();
    let blank = &line[..line.len() - rest.len()];
    (blank.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum(), rest)
}
