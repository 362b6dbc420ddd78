//! Words without their marks.

use super::{Block, Span, link};

/// The words of a tree; blocks and items on lines of their own.
pub(super) fn plain(blocks: &[Block]) -> String {
    let mut out = String::new();
    write(blocks, &mut out);
    out
}

fn write(blocks: &[Block], out: &mut String) {
    for (n, block) in blocks.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        match block {
            Block::Paragraph(spans) => words(spans, out),
            Block::Code { text, .. } => out.push_str(text),
            Block::Quote(inner) => write(inner, out),
            Block::List(items) => {
                for (n, item) in items.iter().enumerate() {
                    if n > 0 {
                        out.push('\n');
                    }
                    match item.number {
                        Some(number) => out.push_str(&format!("{number}. ")),
                        None => out.push_str("• "),
                    }
                    write(&item.blocks, out);
                }
            }
        }
    }
}

/// Appends what spans say.
pub(super) fn words(spans: &[Span], out: &mut String) {
    for span in spans {
        match span {
            Span::Text(text) | Span::Code(text) | Span::Mention { text, .. } => out.push_str(text),
            Span::Strong(inner) | Span::Emphasis(inner) | Span::Strike(inner) => words(inner, out),
            Span::Link(link) => {
                let start = out.len();
                words(&link.text, out);
                // A bare address says where it leads.
                if !link::is_address(&out[start..], &link.href) {
                    out.push_str(&format!(" ({})", link.href));
                }
            }
        }
    }
}
