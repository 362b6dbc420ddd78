//! The names of hosts: as browsers look them up, and whether people could take them for others.

use super::link::SCHEMES;
use super::{has_scheme, is_cjk};
use crate::text::{is_invisible, lower};

/// Most characters of a name (RFC 1035).
const MOST_CHARS: usize = 253;

pub(super) struct Host {
    /// In ASCII: what is not ASCII is in Punycode.
    pub(super) name: String,
    /// Has letters that could be taken for others.
    pub(super) is_odd: bool,
}

impl Host {
    /// Reads a host; none where it is not for certain which one a browser would look up.
    pub(super) fn of(written: &str) -> Option<Self> {
        if let Some(address) = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let fits = |c: char| c.is_ascii_hexdigit() || c == ':' || c == '.';
            let name = written.to_ascii_lowercase();
            return (address.contains(':') && address.chars().all(fits))
                .then_some(Self { name, is_odd: false });
        }
        let mut host = Self { name: String::new(), is_odd: false };
        let written = written.strip_suffix('.').unwrap_or(written);
        for label in written.split('.') {
            if !host.name.is_empty() {
                host.name.push('.');
            }
            host.push(label)?;
        }
        (host.name.len() <= MOST_CHARS).then_some(host)
    }

    fn push(&mut self, label: &str) -> Option<()> {
        if label.is_empty() || !label.chars().all(is_of_label) {
            return None;
        }
        let label = lower(label);
        if label.is_ascii() {
            self.name.push_str(&label);
            return Some(());
        }
        let is_all_cjk = label.chars().all(|c| is_cjk(c) || c.is_ascii_digit() || c == '-');
        self.is_odd |= !is_all_cjk;
        self.name.push_str("xn--");
        punycode(&label, &mut self.name)
    }
}

/// Letters, digits, hyphens; of the letters only those that no browser turns into others.
fn is_of_label(c: char) -> bool {
    match c {
        '-' | '_' => true,
        _ if c.is_ascii() => c.is_ascii_alphanumeric(),
        // Eszett and final sigma have been read in two ways.
        'ß' | 'ẞ' | 'ς' => false,
        // Signs, numbers, full-width and other forms of letters that have plain ones.
        '\u{80}'..='\u{bf}'
        | '\u{132}'
        | '\u{133}'
        | '\u{13f}'
        | '\u{140}'
        | '\u{149}'
        | '\u{17f}'
        | '\u{1c4}'..='\u{1cc}'
        | '\u{1f1}'..='\u{1f3}'
        | '\u{2b0}'..='\u{36f}'
        | '\u{1d00}'..='\u{1dbf}'
        | '\u{2000}'..='\u{2bff}'
        | '\u{2e80}'..='\u{2fdf}'
        | '\u{3130}'..='\u{318f}'
        | '\u{3200}'..='\u{33ff}'
        | '\u{a640}'..='\u{abff}'
        | '\u{e000}'..='\u{fdff}'
        | '\u{fe00}'..='\u{1ffff}'
        | '\u{2f800}'..='\u{10ffff}' => false,
        _ => c.is_alphanumeric() && !is_invisible(c),
    }
}

/// Appends a label in Punycode (RFC 3492, section 6.3).
fn punycode(label: &str, out: &mut String) -> Option<()> {
    let ascii = label.chars().filter(char::is_ascii);
    let basic = ascii.clone().count() as u32;
    out.extend(ascii);
    if basic > 0 {
        out.push('-');
    }
    let (mut n, mut delta, mut bias, mut done) = (0x80_u32, 0_u32, 72_u32, basic);
    while let Some(next) = label.chars().map(u32::from).filter(|&c| c >= n).min() {
        delta = delta.checked_add((next - n).checked_mul(done + 1)?)?;
        n = next;
        for c in label.chars().map(u32::from) {
            if c < n {
                delta = delta.checked_add(1)?;
            }
            if c != n {
                continue;
            }
            let (mut q, mut k) = (delta, 36_u32);
            loop {
                let t = k.saturating_sub(bias).clamp(1, 26);
                if q < t {
                    break;
                }
                out.push(digit(t + (q - t) % (36 - t)));
                q = (q - t) / (36 - t);
                k += 36;
            }
            out.push(digit(q));
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            done += 1;
        }
        delta += 1;
        n += 1;
    }
    Some(())
}

fn digit(value: u32) -> char {
    // `value` is less than 36.
    char::from(if value < 26 { b'a' + value as u8 } else { b'0' + (value as u8 - 26) })
}

fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

/// Whether a text looks like an address (it has a dot, in any script, between two letters or
/// digits, or a scheme), and is not the one of `place`.
pub(super) fn names_another(text: &str, place: &str) -> bool {
    let seen: String = text
        .chars()
        .filter(|&c| !c.is_whitespace() && !is_invisible(c))
        .map(|c| match c {
            '。' | '｡' | '․' | '﹒' => '.',
            // Full-width forms of ASCII.
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .collect();
    let seen = lower(&seen);
    let bare = SCHEMES.iter().find_map(|scheme| seen.strip_prefix(scheme));
    let dotted = seen.match_indices('.').any(|(at, _)| {
        let ends = [seen[..at].chars().next_back(), seen[at + 1..].chars().next()];
        ends.into_iter().all(|c| c.is_some_and(char::is_alphanumeric))
    });
    if !dotted && !has_scheme(&seen) {
        return false;
    }
    let named = bare.unwrap_or(&seen);
    let host = named.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let known = |name: &str| name == place || Host::of(name).is_some_and(|host| host.name == place);
    !known(host) && !known(&format!("www.{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_browsers_look_them_up() {
        for (written, name, is_odd) in [
            ("Example.COM", "example.com", false),
            ("例子.测试", "xn--fsqu00a.xn--0zwm56d", false),
            ("1号店.cn", "xn--1-948a993a.cn", false),
            ("bücher.example", "xn--bcher-kva.example", true),
            // Cyrillic a, p, p, l, e.
            ("аррlе.com", "xn--l-7sbq6ba.com", true),
            ("comノevil.example", "xn--comevil-v04f.example", true),
            ("пример.рф", "xn--e1afmkfd.xn--p1ai", true),
            ("[::1]", "[::1]", false),
            ("localhost", "localhost", false),
        ] {
            let host = Host::of(written).expect(written);
            assert_eq!((host.name.as_str(), host.is_odd), (name, is_odd), "{written}");
        }
    }

    #[test]
    fn what_browsers_read_differently_is_no_name() {
        for written in [
            "",
            ".",
            "a..b",
            "a b",
            "a%41",
            "ｇoogle.com",
            "ℂ.com",
            "a@b",
            "straße.de",
            "[evil]",
            "①.com",
        ] {
            assert!(Host::of(written).is_none(), "{written}");
        }
    }
}
