//! Finds web addresses in a text. Only `http://` and `https://`, and only what cannot be taken for
//! another place: everything else stays text.

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// As written.
    Text(&'a str),
    /// An address, as written.
    Link(&'a str),
}

/// Cuts a text into addresses and what stands between them. Joined again, the pieces are the text.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut done, mut from) = (0, 0);
    while let Some(start) = next_scheme(text, from) {
        let link = address(&text[start..]);
        from = start + link.len();
        if !names_a_host(link) || continues_a_word(text, start) {
            from = start + "http".len();
            continue;
        }
        if start > done {
            pieces.push(Piece::Text(&text[done..start]));
        }
        pieces.push(Piece::Link(link));
        done = from;
    }
    if done < text.len() {
        pieces.push(Piece::Text(&text[done..]));
    }
    pieces
}

fn next_scheme(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    let found = [rest.find("http://"), rest.find("https://")];
    found.into_iter().flatten().min().map(|at| from + at)
}

/// `xhttp://…` is no address.
fn continues_a_word(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric())
}

/// The longest beginning of `text` that is an address: sentence marks at its end, and a bracket
/// that was opened before it, belong to the sentence.
fn address(text: &str) -> &str {
    let end = text
        .find(|c: char| {
            c.is_whitespace() || c.is_control() || "<>\"`{}|\\^".contains(c) || is_full_width(c)
        })
        .unwrap_or(text.len());
    let mut link = &text[..end];
    while let Some(last) = link.chars().next_back() {
        let closes = match last {
            ')' => Some('('),
            ']' => Some('['),
            _ => None,
        };
        let trim = match closes {
            Some(open) => link.matches(open).count() < link.matches(last).count(),
            None => ".,;:!?'*_~".contains(last),
        };
        if !trim {
            break;
        }
        link = &link[..link.len() - last.len_utf8()];
    }
    link
}

/// Chinese text goes on right behind an address, with marks of its own.
fn is_full_width(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff65}' | '\u{2018}'..='\u{201f}' | '…')
}

/// Whether the address has a host, and no user part that would make it look like another host's
/// (`https://bank.example@evil.example`).
fn names_a_host(link: &str) -> bool {
    let Some((_, rest)) = link.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.starts_with(|c: char| c.is_alphanumeric() || c == '[') && !authority.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<&str> {
        let pieces = pieces(text);
        let joined: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(part) | Piece::Link(part) => *part,
            })
            .collect();
        assert_eq!(joined, text, "no character is lost or doubled");
        pieces
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Link(link) => Some(link),
                Piece::Text(_) => None,
            })
            .collect()
    }

    #[test]
    fn addresses_end_where_a_reader_ends_them() {
        for (text, expected) in [
            ("see https://a.example/b.", &["https://a.example/b"][..]),
            ("(https://a.example/x_(y))", &["https://a.example/x_(y)"]),
            ("http://a.example, https://b.example!", &["http://a.example", "https://b.example"]),
            ("请看https://a.example/水。好", &["https://a.example/水"]),
            ("https://a.example?q=1&r=2#top end", &["https://a.example?q=1&r=2#top"]),
            ("http://localhost:8787/join/ab", &["http://localhost:8787/join/ab"]),
        ] {
            assert_eq!(links(text), expected, "{text}");
        }
    }

    #[test]
    fn what_could_mislead_stays_text() {
        for text in [
            "",
            "javascript:alert(1)",
            "https://",
            "https://bank.example@evil.example/",
            "xhttps://a.example",
            "ftp://a.example",
            "https:///a",
        ] {
            assert_eq!(links(text), Vec::<&str>::new(), "{text}");
        }
    }
}
