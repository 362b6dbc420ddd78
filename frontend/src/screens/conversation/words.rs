//! The words of a message as nodes: nothing is ever read from a message as HTML.

use crate::kit::pressed;
use leptos::html::custom;
use leptos::prelude::*;
use tideline_shared::UserId;
use tideline_shared::markup::{Block, Item, Link, Names, Span, Who, parse};

use crate::browser::t;
use crate::kit::copy_and_tell;
use crate::kit::icon::{COPY, small_icon};

/// What a message says. `names` are those that it was found to mean, `me` is who reads it.
pub(super) fn words(text: &str, names: &Names, me: UserId) -> AnyView {
    view! { <div class="message__body">{blocks(parse(text, names), me)}</div> }.into_any()
}

fn blocks(blocks: Vec<Block>, me: UserId) -> Vec<AnyView> {
    blocks.into_iter().map(|block| draw(block, me)).collect()
}

fn draw(block: Block, me: UserId) -> AnyView {
    match block {
        Block::Paragraph(inner) => element("p", None, None, spans(inner, me)),
        Block::Code { language, text } => code(language, text),
        Block::Quote(inner) => element("blockquote", None, None, blocks(inner, me)),
        Block::List(items) => {
            let numbered = items.first().is_some_and(|item| item.number.is_some());
            let item = |item: Item| element("li", None, item.number, blocks(item.blocks, me));
            let items = items.into_iter().map(item).collect();
            element(if numbered { "ol" } else { "ul" }, None, None, items)
        }
    }
}

/// An element that isolates the direction of its text. One function for all of them: `view!` would
/// be compiled for each tag anew.
fn element(
    tag: &'static str,
    class: Option<&'static str>,
    value: Option<u32>,
    content: Vec<AnyView>,
) -> AnyView {
    let element = custom(tag).attr("dir", "auto").attr("class", class).attr("value", value);
    element.child(content).into_any()
}

fn code(language: Option<String>, text: String) -> AnyView {
    let copied = text.clone();
    view! {
        <figure class="code" dir="ltr">
            <figcaption class="code__head">
                <span>{language}</span>
                <button
                    type="button"
                    class="code__copy"
                    aria-label=t().copy_code
                    data-tip=""
                    on:click=pressed(move |_| copy_and_tell(copied.clone()))
                >
                    {small_icon(COPY)}
                </button>
            </figcaption>
            // Wide code scrolls, by the keyboard too.
            <pre tabindex="0">
                <code>{text}</code>
            </pre>
        </figure>
    }
    .into_any()
}

fn spans(spans: Vec<Span>, me: UserId) -> Vec<AnyView> {
    spans.into_iter().map(|span| inline(span, me)).collect()
}

fn inline(span: Span, me: UserId) -> AnyView {
    let element = |tag, class, content| element(tag, class, None, content);
    let spans = |inner| spans(inner, me);
    match span {
        Span::Text(text) => text.into_any(),
        Span::Strong(inner) => element("strong", None, spans(inner)),
        Span::Emphasis(inner) => element("em", None, spans(inner)),
        Span::Strike(inner) => element("s", None, spans(inner)),
        Span::Code(text) => element("code", None, vec![text.into_any()]),
        Span::Link(Link { href, text, beside }) => {
            let beside = beside.map(|place| {
                let place = format!(" ({place})").into_any();
                element("bdi", Some("message__beside"), vec![place])
            });
            view! {
                <a href=href target="_blank" rel="noopener noreferrer" dir="auto">
                    {spans(text)}
                </a>
                {beside}
            }
            .into_any()
        }
        Span::Mention { who, text } => {
            let mine = match who {
                Who::All => true,
                Who::People(people) => people.contains(&me),
            };
            let class = if mine { "mention mention--me" } else { "mention" };
            element("bdi", Some(class), vec![text.into_any()])
        }
    }
}
