//! One line: marked words, code, links, mentions.
//!
//! Goes through the line once. What could be a marker's beginning waits on a short stack; its
//! counterpart wraps what came between.

use super::link::{self, Target};
use super::{Link, Names, OPEN_MARKERS, Span, is_word};

/// Reads a line.
pub(super) fn spans(line: &str, names: &Names) -> Vec<Span> {
    let mut scanner = Scanner {
        line,
        names,
        at: 0,
        from: 0,
        nodes: Vec::new(),
        open: Vec::new(),
        words: 0,
        code: [true; 3],
        last_link: line.as_bytes().windows(2).rposition(|two| two == b"](").unwrap_or(0),
    };
    scanner.scan();
    settle(scanner.nodes)
}

/// Appends a span; text joins the text before it.
pub(super) fn push(spans: &mut Vec<Span>, span: Span) {
    match (spans.last_mut(), span) {
        (Some(Span::Text(before)), Span::Text(text)) => before.push_str(&text),
        (_, span) => spans.push(span),
    }
}

enum Node {
    Span(Span),
    /// Markers that have no counterpart yet; without one they are text.
    Mark(char, usize),
}

/// A marker that waits for its counterpart.
struct Open {
    /// Its place among the nodes.
    node: usize,
    mark: char,
    count: usize,
    /// The words before it.
    words: usize,
}

struct Scanner<'a> {
    line: &'a str,
    names: &'a Names,
    at: usize,
    /// Everything before is in `nodes`.
    from: usize,
    nodes: Vec<Node>,
    open: Vec<Open>,
    /// How much was there that is more than marks.
    words: usize,
    /// Whether one, two, three backticks may still find their counterpart.
    code: [bool; 3],
    /// No link's text ends behind this.
    last_link: usize,
}

impl Scanner<'_> {
    fn scan(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            let taken = match c {
                '`' => self.code(),
                '*' | '_' | '~' => self.mark(c),
                '[' if self.at < self.last_link => self.bracket(),
                ']' => self.link(),
                'h' | 'H' | 'm' | 'M' | 'w' | 'W' => self.autolink(),
                '@' => self.mention(),
                '\\' => self.rest()[1..].chars().next().map_or(1, |next| 1 + next.len_utf8()),
                _ => 0,
            };
            if taken == 0 {
                self.words += usize::from(!c.is_ascii_punctuation() && !c.is_whitespace());
                self.at += c.len_utf8();
            } else {
                self.at += taken;
            }
        }
        self.flush();
    }

    fn rest(&self) -> &str {
        &self.line[self.at..]
    }

    fn before(&self) -> Option<char> {
        self.line[..self.at].chars().next_back()
    }

    /// Moves the text up to here to the nodes.
    fn flush(&mut self) {
        if self.from < self.at {
            let text = self.line[self.from..self.at].to_owned();
            self.nodes.push(Node::Span(Span::Text(text)));
        }
    }

    /// Appends what was found in the next `len` bytes.
    fn found(&mut self, node: Node, len: usize) -> usize {
        self.flush();
        self.nodes.push(node);
        self.from = self.at + len;
        len
    }

    fn code(&mut self) -> usize {
        let rest = self.rest();
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        if ticks > self.code.len() || !self.code[ticks - 1] {
            return ticks;
        }
        let Some(end) = closing_ticks(&rest[ticks..], ticks) else {
            self.code[ticks - 1] = false;
            return ticks;
        };
        let code = &rest[ticks..ticks + end];
        // The blanks that keep a backtick inside apart from those around.
        let inner = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' ')).unwrap_or(code);
        if inner.trim().is_empty() {
            return ticks;
        }
        let span = Span::Code(inner.to_owned());
        self.words += 1;
        self.found(Node::Span(span), 2 * ticks + end)
    }

    fn mark(&mut self, mark: char) -> usize {
        let rest = self.rest();
        let after = rest.trim_start_matches(mark);
        let count = rest.len() - after.len();
        let (before, after) = (self.before(), after.chars().next());
        let is = |c: Option<char>, what: fn(char) -> bool| c.is_some_and(what);
        let (mut opens, mut closes) =
            (after.is_some_and(|c| !c.is_whitespace()), before.is_some_and(|c| !c.is_whitespace()));
        match (mark, count) {
            ('*', 1) => {
                opens &= !is(before, is_word);
                closes &= !is(after, is_word);
            }
            ('*', 2 | 3) => {}
            ('_', 1) => {
                opens &= !is(before, char::is_alphanumeric);
                closes &= !is(after, char::is_alphanumeric);
            }
            // Waves end many a friendly Chinese sentence: 好的~~谢谢~~
            ('~', 2) => opens &= !is(before, char::is_alphanumeric),
            _ => return count,
        }
        self.found(Node::Mark(mark, count), count);
        let mut left = count;
        while closes && left > 0 {
            match self.close(mark, left) {
                Some(used) => left -= used,
                None => break,
            }
        }
        if left > 0 && opens {
            self.wait(mark, left);
        }
        count
    }

    /// Lets the newest node wait for its counterpart.
    fn wait(&mut self, mark: char, count: usize) {
        if self.open.len() == OPEN_MARKERS {
            self.open.remove(0);
        }
        let node = self.nodes.len() - 1;
        self.open.push(Open { node, mark, count, words: self.words });
    }

    /// Closes what `left` markers, the newest node, end. How many of them that took.
    fn close(&mut self, mark: char, left: usize) -> Option<usize> {
        let barrier = self.open.iter().rposition(|open| open.mark == '[').map_or(0, |at| at + 1);
        let at = self.open[barrier..].iter().rposition(|open| {
            open.mark == mark && (open.count == left || open.count == 3 || left == 3)
        })?;
        let at = barrier + at;
        if self.open[at].words == self.words {
            return None;
        }
        self.open.truncate(at + 1);
        let Open { node, count, .. } = self.open[at];
        let used = count.min(left);
        self.nodes.pop();
        let inner = settle(self.nodes.drain(node + 1..).collect());
        if used == count {
            self.nodes.truncate(node);
            self.open.pop();
        } else {
            self.nodes[node] = Node::Mark(mark, count - used);
            self.open[at].count = count - used;
        }
        let span = match (mark, used) {
            ('~', _) => Span::Strike(inner),
            (_, 1) => Span::Emphasis(inner),
            (_, 2) => Span::Strong(inner),
            _ => Span::Strong(vec![Span::Emphasis(inner)]),
        };
        self.nodes.push(Node::Span(span));
        if left > used {
            self.nodes.push(Node::Mark(mark, left - used));
        }
        Some(used)
    }

    fn bracket(&mut self) -> usize {
        let taken = self.found(Node::Mark('[', 1), 1);
        self.wait('[', 1);
        taken
    }

    /// The end of a link's text.
    fn link(&mut self) -> usize {
        let Some(at) = self.open.iter().rposition(|open| open.mark == '[') else { return 0 };
        let Open { node, words, .. } = self.open[at];
        let target = self.rest().strip_prefix("](").and_then(link::destination);
        let Some((target, len)) = target.filter(|_| words < self.words) else {
            self.open.remove(at);
            return 0;
        };
        let len = "](".len() + len + ")".len();
        self.flush();
        self.from = self.at + len;
        let text = without_links(settle(self.nodes.drain(node + 1..).collect()));
        self.nodes.truncate(node);
        self.open.truncate(at);
        // No link is inside of another.
        self.open.retain(|open| open.mark != '[');
        self.words += 1;
        let Target { href, place, .. } = &target;
        let beside = target.is_hidden_by(&text).then(|| place.clone());
        let link = Link { href: href.clone(), text, beside };
        self.nodes.push(Node::Span(Span::Link(link)));
        len
    }

    fn autolink(&mut self) -> usize {
        if self.before().is_some_and(|c| c.is_ascii_alphanumeric()) {
            return 0;
        }
        let Some((target, len)) = link::autolink(self.rest()) else { return 0 };
        let text = vec![Span::Text(self.rest()[..len].to_owned())];
        let beside = target.is_odd.then_some(target.place);
        self.words += 1;
        self.found(Node::Span(Span::Link(Link { href: target.href, text, beside })), len)
    }

    fn mention(&mut self) -> usize {
        if self.before().is_some_and(is_word) {
            return 0;
        }
        let Some((who, len)) = self.names.at(&self.rest()[1..]) else { return 0 };
        let text = self.rest()[..=len].to_owned();
        self.words += 1;
        self.found(Node::Span(Span::Mention { who, text }), 1 + len)
    }
}

/// Where in `text` the next run of exactly so many backticks begins.
fn closing_ticks(text: &str, ticks: usize) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text[at..].find('`')?;
        let run = text[at..].len() - text[at..].trim_start_matches('`').len();
        if run == ticks {
            return Some(at);
        }
        at += run;
    }
}

/// Markers without a counterpart are text.
fn settle(nodes: Vec<Node>) -> Vec<Span> {
    let mut spans = Vec::new();
    for node in nodes {
        let span = match node {
            Node::Span(span) => span,
            Node::Mark(mark, count) => Span::Text(mark.to_string().repeat(count)),
        };
        push(&mut spans, span);
    }
    spans
}

/// What a link says has neither links nor mentions in it.
fn without_links(spans: Vec<Span>) -> Vec<Span> {
    let mut out = Vec::new();
    for span in spans {
        match span {
            Span::Link(link) => link.text.into_iter().for_each(|span| push(&mut out, span)),
            Span::Mention { text, .. } => push(&mut out, Span::Text(text)),
            Span::Strong(inner) => out.push(Span::Strong(without_links(inner))),
            Span::Emphasis(inner) => out.push(Span::Emphasis(without_links(inner))),
            Span::Strike(inner) => out.push(Span::Strike(without_links(inner))),
            span => push(&mut out, span),
        }
    }
    out
}
