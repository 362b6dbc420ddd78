//! What is written in a message, read as people mean it in a chat: a small, forgiving part of
//! Markdown, parsed to a tree once, from which devices draw nodes and everybody makes previews.
//!
//! - Inside a line: `**bold**`, `*italic*` or `_italic_`, `~~strike~~`, `` `code` ``, `[text](url)`,
//!   bare addresses, `@mentions`. A marker and its counterpart stand on one line. A single `*` or
//!   `_` inside of a word is no marker, nor are two or more underscores, and what is marked has a
//!   word in it: `2*3*4`, `snake_case`, `__init__` and `*_*` stay as they are. A backslash takes a
//!   marker's force; both stay.
//! - By the line: `> quote`, `- item`, `* item`, `1. item`, and code between lines of ` ``` `, which
//!   may name a language. Quotes and lists nest.
//! - Addresses begin with `http://`, `https://` or `mailto:`, bare ones also with `www.` (which leads to
//!   `https://`); any other scheme stays text, and so does an address with a user's name, a blank, a backslash or an invisible character in it. What ends a
//!   sentence, in whatever script, is no part of a bare address, nor is Chinese text behind its host.
//! - Where a link leads is shown beside it ([`Link::beside`]) when its host has letters that could be
//!   taken for others (a part of its name that is neither all ASCII nor all Chinese, Japanese or
//!   Korean), or when its text looks like an address (a dot between letters) and is not this one.
//!
//! Whatever is none of these stays as it was typed. There is no HTML. Parsing takes linear time,
//! the tree is at most [`MOST_DEPTH`] deep, and nothing that somebody writes makes it fail.
//! Characters that override the direction of text are taken out.

mod block;
mod host;
mod inline;
mod link;
mod mention;
mod plain;

pub use mention::{Names, Who, everybody, resolve};

use crate::text::is_bidi_control;

/// Quotes and lists inside one another, at most; deeper ones stay as they were typed.
const BLOCK_DEPTH: usize = 5;
/// Markers of one line that wait for their counterpart, at most: of more, the oldest is given up.
const OPEN_MARKERS: usize = 8;
/// No leaf of a tree is deeper than this. (A list is two levels, and so are three stars.)
pub const MOST_DEPTH: usize = 2 * BLOCK_DEPTH + 2 * OPEN_MARKERS + 3;

/// A part of a message that stands on lines of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Lines of text; line breaks, and empty lines between them, are in the text as `\n`.
    Paragraph(Vec<Span>),
    /// Code, as typed.
    Code {
        /// What stands behind the fence: letters, digits and `+#._-`.
        language: Option<String>,
        /// Without the fences.
        text: String,
    },
    /// What somebody else said.
    Quote(Vec<Block>),
    /// Items that all have a number, or none.
    List(Vec<Item>),
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// As typed; none for a bullet.
    pub number: Option<u32>,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Words.
    Text(String),
    /// Bold.
    Strong(Vec<Span>),
    /// Italic.
    Emphasis(Vec<Span>),
    /// Struck out.
    Strike(Vec<Span>),
    /// Code, as typed.
    Code(String),
    /// A way out of here.
    Link(Link),
    /// Somebody is meant.
    Mention {
        /// Who.
        who: Who,
        /// As typed, with the `@`.
        text: String,
    },
}

/// A link. There are none in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads: `http:`, `https:` or `mailto:`. Its host is in ASCII, as browsers look it up.
    pub href: String,
    /// What it says.
    pub text: Vec<Span>,
    /// Where it really leads, to be shown beside it: the host in ASCII, or the mail address. There
    /// only when the text could make somebody believe something else.
    pub beside: Option<String>,
}

/// Reads a message. Who is meant by an `@` is for `names` to say.
#[must_use]
pub fn parse(text: &str, names: &Names) -> Vec<Block> {
    if text.contains(is_bidi_control) {
        return parse(&text.replace(is_bidi_control, ""), names);
    }
    let lines: Vec<_> = text.split('\n').collect();
    block::blocks(&lines, 0, names)
}

/// A message without its markup: for previews, notifications and copies. Nothing is lost but the
/// markers (and the language of code); the address of a link follows its text.
#[must_use]
pub fn plain(text: &str) -> String {
    plain::plain(&parse(text, &Names::default()))
}

/// Where the first link of a message leads that is an address of the Web: its [`Link::href`].
#[must_use]
pub fn first_link(text: &str) -> Option<String> {
    // Nearly every message: nothing to parse.
    let www = || text.as_bytes().windows(4).any(|part| part.eq_ignore_ascii_case(b"www."));
    if !has_scheme(text) && !www() {
        return None;
    }
    first_of(parse(text, &Names::default()))
}

/// Whether an address with a scheme may be in it. The standard library's search for a text within a text is a
/// kilobyte of a browser's first load, which nothing else there needs.
fn has_scheme(text: &str) -> bool {
    text.as_bytes().windows(3).any(|three| three == b"://")
}

fn first_of(blocks: Vec<Block>) -> Option<String> {
    blocks.into_iter().find_map(|block| match block {
        Block::Paragraph(spans) => first_in(spans),
        Block::Code { .. } => None,
        Block::Quote(inner) => first_of(inner),
        Block::List(items) => items.into_iter().find_map(|item| first_of(item.blocks)),
    })
}

fn first_in(spans: Vec<Span>) -> Option<String> {
    spans.into_iter().find_map(|span| match span {
        Span::Link(Link { href, .. }) => href.starts_with("http").then_some(href),
        Span::Strong(inner) | Span::Emphasis(inner) | Span::Strike(inner) => first_in(inner),
        Span::Text(_) | Span::Code(_) | Span::Mention { .. } => None,
    })
}

/// Letters of scripts that are written without spaces. None of them looks like a Latin one.
fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11ff}' | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30fe}' | '\u{3105}'..='\u{318e}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A letter or digit of a script with spaces between its words.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_cjk(c)
}
