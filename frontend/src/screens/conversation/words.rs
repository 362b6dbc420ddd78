//! The words of a message as nodes: nothing is ever read from a message as HTML.

use crate::kit::pressed;
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
        Block::Paragraph(inner) => view! { <p dir="auto">{spans(inner, me)}</p> }.into_any(),
        Block::Code { language, text } => code(language, text),
        Block::Quote(inner) => {
            view! { <blockquote dir="auto">{blocks(inner, me)}</blockquote> }.into_any()
        }
        Block::List(items) => {
            let numbered = items.first().is_some_and(|item| item.number.is_some());
            let items = items.into_iter().map(|item| self::item(item, me)).collect::<Vec<_>>();
            if numbered {
                view! { <ol>{items}</ol> }.into_any()
            } else {
                view! { <ul>{items}</ul> }.into_any()
            }
        }
    }
}

fn item(item: Item, me: UserId) -> AnyView {
    view! {
        <li dir="auto" value=item.number>
            {blocks(item.blocks, me)}
        </li>
    }
    .into_any()
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
                    title=t().copy_code
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
    let spans = |inner| spans(inner, me);
    match span {
        Span::Text(text) => text.into_any(),
        Span::Strong(inner) => view! { <strong>{spans(inner)}</strong> }.into_any(),
        Span::Emphasis(inner) => view! { <em>{spans(inner)}</em> }.into_any(),
        Span::Strike(inner) => view! { <s>{spans(inner)}</s> }.into_any(),
        Span::Code(text) => view! { <code>{text}</code> }.into_any(),
        Span::Link(Link { href, text, beside }) => view! {
            <a href=href target="_blank" rel="noopener noreferrer" dir="auto">
                {spans(text)}
            </a>
            {beside.map(|place| view! { <bdi class="message__beside">" (" {place} ")"</bdi> })}
        }
        .into_any(),
        Span::Mention { who, text } => {
            let mine = match who {
                Who::All => true,
                Who::People(people) => people.contains(&me),
            };
            let class = if mine { "mention mention--me" } else { "mention" };
            view! {
                <bdi class=class>{text}</bdi>
            }
            .into_any()
        }
    }
}
