//! Reading a page: what its head says that it is. Its words are a stranger's, and are cleaned and cut
//! like anybody's.

use encoding_rs::{Encoding, UTF_8};
use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};
use tideline_shared::{limits, one_line};

use super::About;

/// Where a page says how it is encoded, in bytes from its beginning (HTML Standard, section 13.2.3.2).
const ENCODING_BYTES: usize = 1_024;

/// How a page with this `Content-Type` is encoded, where that says so; none where it is no page.
pub(super) fn charset(media: &str) -> Option<Option<&'static Encoding>> {
    let (kind, rest) = media.split_once(';').unwrap_or((media, ""));
    let kind = kind.trim();
    let is_page = ["text/html", "application/xhtml+xml"];
    is_page.iter().any(|page| kind.eq_ignore_ascii_case(page)).then(|| label(rest.as_bytes()))
}

/// The encoding that stands behind the first `charset=`.
fn label(bytes: &[u8]) -> Option<&'static Encoding> {
    let text = bytes.to_ascii_lowercase();
    let at = text.windows(7).position(|word| word == b"charset")? + 7;
    let rest = text.get(at..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest);
    let ends = |&byte: &u8| byte.is_ascii_whitespace() || b"\"';>/".contains(&byte);
    Encoding::for_label(rest.split(ends).next()?)
}

/// What a page says of itself; none where it has no title.
pub(super) fn about(bytes: &[u8], declared: Option<&'static Encoding>) -> Option<About> {
    let head = &bytes[..bytes.len().min(ENCODING_BYTES)];
    let encoding = declared.or_else(|| label(head)).unwrap_or(UTF_8);
    // A mark at the very beginning counts more than what is declared.
    let (text, _, _) = encoding.decode(bytes);
    let found = find(&text);
    let title = found.title().filter(|title| !title.is_empty())?;
    Some(About {
        title,
        site: clean(found.site.as_deref(), limits::CARD_SITE_CHARS),
        description: found.description(),
    })
}

/// What stands in a page, the first of each.
#[derive(Default)]
struct Found {
    site: Option<String>,
    titles: [Option<String>; 3],
    descriptions: [Option<String>; 3],
}

impl Found {
    fn title(&self) -> Option<String> {
        best(&self.titles, limits::CARD_TITLE_CHARS)
    }

    fn description(&self) -> String {
        best(&self.descriptions, limits::CARD_DESCRIPTION_CHARS).unwrap_or_default()
    }

    fn meta(&mut self, tag: &StartTag<()>) {
        let value = |name: &[u8]| tag.attributes.get(name).map(|value| text(value));
        let Some(content) = value(b"content") else { return };
        let Some(name) = value(b"property").or_else(|| value(b"name")) else { return };
        let place = match name.to_ascii_lowercase().as_str() {
            "og:site_name" => &mut self.site,
            "og:title" => &mut self.titles[0],
            "twitter:title" => &mut self.titles[1],
            "og:description" => &mut self.descriptions[0],
            "twitter:description" => &mut self.descriptions[1],
            "description" => &mut self.descriptions[2],
            _ => return,
        };
        place.get_or_insert(content);
    }
}

fn find(page: &str) -> Found {
    let mut emitter = DefaultEmitter::default();
    // Without it, what looks like a tag in a title or a script would be one.
    emitter.naively_switch_states(true);
    let mut found = Found::default();
    let mut title = None;
    for token in Tokenizer::new_with_emitter(page, emitter) {
        // Reading a text cannot fail.
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) if tag.name.as_slice() == b"meta" => found.meta(&tag),
            Token::StartTag(tag) if tag.name.as_slice() == b"title" => title = Some(String::new()),
            Token::EndTag(tag) if tag.name.as_slice() == b"title" => {
                found.titles[2] = found.titles[2].take().or(title.take());
            }
            Token::String(words) => {
                if let Some(title) = &mut title {
                    title.push_str(&text(&words.value));
                }
            }
            _ => {}
        }
    }
    found
}

fn text(of: &HtmlString) -> String {
    String::from_utf8_lossy(of).into_owned()
}

/// The first of which something can be seen.
fn best(of: &[Option<String>], most: usize) -> Option<String> {
    of.iter().map(|words| clean(words.as_deref(), most)).find(|words| !words.is_empty())
}

fn clean(words: Option<&str>, most: usize) -> String {
    one_line(words.unwrap_or_default(), most)
}
