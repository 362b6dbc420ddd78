//! The card beneath a message: what the page says of itself that its first link leads to. The words are a
//! stranger's, so the host that the link leads to stands with them.

use leptos::prelude::*;
use tideline_shared::markup::first_link;
use tideline_shared::protocol::Card;

/// The card of a message with this text, as a whole the link.
pub(super) fn card(card: &Card, text: &str) -> AnyView {
    let Some(url) = first_link(text) else { return ().into_any() };
    let [title, site, description] = card.lines().map(str::to_owned);
    let host = host(&url).to_owned();
    let site = (!site.is_empty() && site != host).then(|| {
        view! {
            <bdi>{site}</bdi>
            " · "
        }
    });
    let about = (!description.is_empty()).then(|| {
        view! {
            <span class="link-card__about" dir="auto">
                {description}
            </span>
        }
    });
    view! {
        <a class="link-card" href=url target="_blank" rel="noopener noreferrer">
            <span class="link-card__site">{site} <bdi>{host}</bdi></span>
            <span class="link-card__title" dir="auto">
                {title}
            </span>
            {about}
        </a>
    }
    .into_any()
}

/// Where an address of the Web leads; the service made it, and there is no user in it.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}
