//! The page `/kit`: every component with each of its states, and the tokens, in both themes side by side.
//! Only builds with the feature `kit` have it (`cargo xtask dev --kit`); its own words are for those who
//! build the app, and stand here.

mod content;
mod controls;

use leptos::prelude::*;

use self::content::{avatars, badges, codes, dialogs, emptiness, list, news, outside, skeletons};
use self::controls::{buttons, fields, menus, tab_rows};
use super::{icon, toasts, tooltips};
use crate::browser::{document, more_style, window};
use crate::locale::know_all_rejects;
use crate::present::tokens::{Family, SHEET, tokens};

/// Where it is.
const PATH: &str = "/kit";

/// The page, where the address asks for it.
#[must_use]
pub(crate) fn gallery() -> Option<AnyView> {
    (window().location().pathname().ok()? == PATH).then(page)
}

fn page() -> AnyView {
    know_all_rejects();
    leptos::task::spawn_local(more_style());
    if let Some(splash) = document().get_element_by_id("splash") {
        splash.remove();
    }
    let parts = [
        ("Tokens", token_list as fn() -> AnyView),
        ("Icons", icons),
        ("Buttons", buttons),
        ("Fields", fields),
        ("Avatars", avatars),
        ("Badges and tags", badges),
        ("Tabs", tab_rows),
        ("Lists", list),
        ("Menus", menus),
        ("Dialogs", dialogs),
        ("Toasts and tooltips", news),
        ("Skeletons", skeletons),
        ("Empty states", emptiness),
        ("QR codes", codes),
        ("Pages of those who are not in yet", outside),
    ];
    let rows = parts.map(|(title, draw)| {
        let both = ["light", "dark"].map(|theme| {
            view! { <div class="gallery__theme" data-theme=theme>{draw()}</div> }
        });
        view! {
            <section class="gallery__part" aria-label=title>
                <h2 class="gallery__title">{title}</h2>
                <div class="gallery__both">{both.into_iter().collect::<Vec<_>>()}</div>
            </section>
        }
    });
    view! {
        <link rel="stylesheet" href="/kit.css" />
        <main class="gallery">
            <h1 class="gallery__title">"Kit"</h1>
            {rows.into_iter().collect::<Vec<_>>()}
        </main>
        <script type="module" src="/states.js"></script>
        {tooltips()}
        {toasts()}
    }
    .into_any()
}

/// What needs a pointer or a key, as `frontend/kit/states.js` shows it at rest.
const HELD: [&str; 3] = ["is-hover", "is-focus", "is-active"];

/// A state, and what it is called.
fn state(name: &'static str, content: AnyView) -> AnyView {
    view! {
        <div class="gallery__state">
            <h3 class="gallery__name">{name}</h3>
            {content}
        </div>
    }
    .into_any()
}

fn row(content: impl IntoAny) -> AnyView {
    view! { <div class="gallery__row">{content.into_any()}</div> }.into_any()
}

fn token_list() -> AnyView {
    let all = tokens(SHEET);
    let families = Family::ALL.map(|family| {
        let of = all.iter().filter(|(name, value)| Family::of(name, value) == family);
        let samples = of.map(|(name, value)| sample(family, name, value)).collect::<Vec<_>>();
        view! {
            <h3 class="gallery__name">{format!("{family:?}")}</h3>
            <div class=format!("gallery__tokens gallery__tokens--{family:?}")>{samples}</div>
        }
    });
    families.into_iter().collect::<Vec<_>>().into_any()
}

fn sample(family: Family, name: &str, value: &str) -> AnyView {
    let reads = format!("var({name})");
    let shown = match family {
        Family::Colour => {
            view! { <span class="gallery__swatch" style:background=reads></span> }.into_any()
        }
        Family::Space => {
            view! { <span class="gallery__length" style:inline-size=reads></span> }.into_any()
        }
        Family::Type if name.starts_with("--font") => {
            view! { <span style:font-family=reads>"Tide 潮 0123"</span> }.into_any()
        }
        Family::Type if name.starts_with("--leading") => {
            view! { <span style:line-height=reads>"Two" <br /> "lines"</span> }.into_any()
        }
        Family::Type => view! { <span style:font-size=reads>"Tideline 潮汐线"</span> }.into_any(),
        Family::Radius => {
            view! { <span class="gallery__swatch" style:border-radius=reads></span> }.into_any()
        }
        Family::Elevation => {
            view! { <span class="gallery__swatch" style:box-shadow=reads></span> }.into_any()
        }
        Family::Motion if name == "--ease" => {
            view! { <span class="gallery__motion" style:transition-timing-function=reads></span> }
                .into_any()
        }
        Family::Motion => {
            view! { <span class="gallery__motion" style:transition-duration=reads></span> }
                .into_any()
        }
        Family::Measure => ().into_any(),
    };
    let long = matches!(family, Family::Colour | Family::Elevation) || name.starts_with("--font");
    view! {
        <div class="gallery__token">
            {shown} <code>{name.to_owned()}</code>
            {(!long).then(|| view! { <span class="muted">{value.to_owned()}</span> })}
        </div>
    }
    .into_any()
}

fn icons() -> AnyView {
    let all = icon::ALL.iter().map(|(name, shape)| {
        view! { <div class="gallery__token">{icon::icon(*shape)} <code>{*name}</code></div> }
    });
    view! {
        <div class="gallery__tokens">
            {all.collect::<Vec<_>>()}
            <div class="gallery__token">{icon::mark()} <code>"mark"</code></div>
        </div>
    }
    .into_any()
}

fn nothing<T>(_: T) {}
