//! Addresses: which are links, and where bare ones end.

use super::host::{self, Host};
use super::{Span, is_cjk};
use crate::text::is_invisible;

/// What addresses begin with.
pub(super) const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];
/// Longer ones stay text, in bytes.
const MOST_BYTES: usize = 1024;

/// Where a link leads.
pub(super) struct Target {
    /// For the browser.
    pub(super) href: String,
    /// The host as browsers look it up, or the mail address.
    pub(super) place: String,
    /// Its host could be taken for another one.
    pub(super) is_odd: bool,
}

/// Reads what stands behind the `(` of a link, up to its `)`, and how long it is.
pub(super) fn destination(text: &str) -> Option<(Target, usize)> {
    scheme(text)?;
    let len = balanced(text, |_| false);
    if !text[len..].starts_with(')') {
        return None;
    }
    Some((Target::of(&text[..len])?, len))
}

/// Reads the bare address that `text` begins with, and how long it is.
pub(super) fn autolink(text: &str) -> Option<(Target, usize)> {
    let (start, is_www) = match scheme(text) {
        Some(start) => (start, false),
        None => (0, begins(text, "www.")),
    };
    if start == 0 && !is_www {
        return None;
    }
    let mut in_host = !text[..start].ends_with("o:");
    let mut latin = false;
    let len = start
        + balanced(&text[start..], |c| {
            match c {
                '/' | '?' | '#' => in_host = false,
                '.' => latin = false,
                _ => latin |= c.is_ascii_alphanumeric(),
            }
            // Chinese text goes on right behind an address.
            is_sentence_mark(c) || in_host && latin && is_cjk(c)
        });
    let link = text[..len].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']);
    let url = [if is_www { SCHEMES[0] } else { "" }, link].concat();
    let target = Target::of(&url)?;
    let place = &target.place;
    let is_place = if is_www {
        // A name behind it, and what that is in.
        place.matches('.').nth(1).is_some()
    } else {
        place.contains(['.', '@', ':'])
            || link[start..].contains([':', '/'])
            || place == "localhost"
    };
    is_place.then_some((target, link.len()))
}

/// Whether a text is the address of `href`, however it writes it.
pub(super) fn is_address(text: &str, href: &str) -> bool {
    Target::of(text).is_some_and(|target| target.href == href)
}

/// How many bytes the scheme takes, with what stands behind it.
fn scheme(text: &str) -> Option<usize> {
    SCHEMES.iter().find(|scheme| begins(text, scheme)).map(|scheme| scheme.len())
}

fn begins(text: &str, with: &str) -> bool {
    text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

/// The longest beginning of `text` that can be of an address, and in which brackets are balanced.
fn balanced(text: &str, mut ends: impl FnMut(char) -> bool) -> usize {
    let (mut round, mut square) = (0_u32, 0_u32);
    for (at, c) in text.char_indices() {
        let open = match c {
            '(' | ')' => &mut round,
            _ => &mut square,
        };
        match c {
            '(' | '[' => *open += 1,
            ')' | ']' if *open == 0 => return at,
            ')' | ']' => *open -= 1,
            _ if !is_of_address(c) || ends(c) => return at,
            _ => {}
        }
        if at > MOST_BYTES {
            return at;
        }
    }
    text.len()
}

fn is_of_address(c: char) -> bool {
    if c.is_ascii_alphanumeric() {
        return true;
    }
    !(c.is_whitespace() || c.is_control() || is_invisible(c) || "<>\"`{}|\\^".contains(c))
}

/// Full-width marks, quotation marks and dashes belong to the sentence.
fn is_sentence_mark(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{303f}' | '\u{ff00}'..='\u{ff65}'
        | '\u{2013}'..='\u{201f}' | '…')
}

impl Target {
    fn of(url: &str) -> Option<Self> {
        let start = scheme(url)?;
        if url.len() > MOST_BYTES {
            return None;
        }
        let (scheme, rest) = (url[..start].to_ascii_lowercase(), &url[start..]);
        if scheme == "mailto:" {
            let (address, _) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
            let (user, host) = address.rsplit_once('@')?;
            let host = Host::of(host)?;
            if user.is_empty() || user.contains(['@', '/', '%', ',', ';', '#']) {
                return None;
            }
            let place = format!("{user}@{}", host.name);
            let href = format!("{scheme}{place}{}", &rest[address.len()..]);
            return Some(Self { href, place, is_odd: host.is_odd || !user.is_ascii() });
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (host, port) = match authority.rfind(':') {
            Some(at) if !authority.ends_with(']') => authority.split_at(at),
            _ => (authority, ""),
        };
        let digits = port.strip_prefix(':').unwrap_or("0");
        if digits.is_empty() || digits.len() > 5 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let host = Host::of(host)?;
        let href = format!("{scheme}{}{port}{path}", host.name);
        Some(Self { href, place: host.name, is_odd: host.is_odd })
    }

    /// Whether a link's text hides where it leads.
    pub(super) fn is_hidden_by(&self, text: &[Span]) -> bool {
        let mut said = String::new();
        super::plain::words(text, &mut said);
        self.is_odd || host::names_another(&said, &self.place)
    }
}
