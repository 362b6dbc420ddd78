//! The page `/kit`: every component with each of its states, and the tokens, in both themes side by side.
//! Only builds with the feature `kit` have it (`cargo xtask dev --kit`); its own words are for those who
//! build the app, and stand here.

use leptos::prelude::*;
use tideline_shared::{Code, Person, UserId};

use super::icon::{self, ALERT, CHECK, COMPOSE, SEARCH, TRASH};
use super::{
    Control, FieldKind, Form, MenuItem, News, QuickItem, Shape, Tab, avatar, avatar_from,
    back_button, badge, brand, button, choice, confirm, copy_and_tell, dead_end, dialog,
    emoji_picker, empty, field, icon_button, menu, menu_button, person_avatar, person_row, qr_code,
    segments, skeleton, skeleton_lines, submit_button, switch, tabs, tag, toast, toasts, tooltips,
    welcome, words,
};
use crate::browser::{Fail, document, more_style, window};
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
        {tooltips()}
        {toasts()}
    }
    .into_any()
}

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

fn buttons() -> AnyView {
    let disabled = |class: &'static str| {
        view! { <button type="button" class=class disabled>"Disabled"</button> }
    };
    let kinds = [
        "",
        "button--primary",
        "button--danger",
        "button--danger button--primary",
        "button--quiet",
    ];
    let plain = kinds.map(|class| button(class, None, |t| t.send, nothing));
    let marked = kinds.map(|class| button(class, Some(COMPOSE), |t| t.new_message, nothing));
    let busy = RwSignal::new(true);
    let ready = RwSignal::new(false);
    view! {
        {state("Plain", row(plain.into_iter().collect::<Vec<_>>()))}
        {state("With an icon", row(marked.into_iter().collect::<Vec<_>>()))}
        {state("Disabled", row((disabled("button"), disabled("button button--primary"))))}
        {state("Sends its form: ready, busy", row((
            submit_button("", |t| t.sign_in, ready),
            submit_button("", |t| t.sign_in, busy),
        )))}
        {state("Fills the line", button("button--block", None, |t| t.new_group, nothing))}
        {state("Icons alone", row((
            icon_button(SEARCH, |t| t.search, nothing),
            icon_button(TRASH, |t| t.discard, nothing),
            view! {
                <button type="button" class="icon-button" aria-pressed="true" aria-label="Pressed">
                    {icon::icon(CHECK)}
                </button>
            },
            view! {
                <button type="button" class="icon-button" disabled aria-label="Disabled">
                    {icon::icon(CHECK)}
                </button>
            },
        )))}
        {state("The way back, on a phone only", back_button(nothing))}
        {state("A link that acts", view! {
            <button type="button" class="link-button">"Reload"</button>
        }.into_any())}
    }
    .into_any()
}

fn fields() -> AnyView {
    const WRONG: &[Code] = &[Code::DisplayNameEmpty];
    let value = |text: &str| RwSignal::new(text.to_owned());
    let (form, wrong) = (Form::new(), Form::new());
    wrong.fail.set(Some(Code::DisplayNameEmpty.into()));
    let failed = Form::new();
    failed.fail.set(Some(Fail::Network));
    let hinted = FieldKind {
        hint: Some(|t| t.username_hint),
        placeholder: Some(|t| t.username),
        ..FieldKind::TEXT
    };
    let secret = FieldKind { control: Control::Password, ..FieldKind::TEXT };
    let number = FieldKind { control: Control::Number, optional: true, ..FieldKind::TEXT };
    let lines = FieldKind { control: Control::Lines, ..FieldKind::TEXT };
    let options = [("one", "One"), ("two", "Two")];
    let options =
        options.map(|(word, words)| (word, Signal::derive(move || words.to_owned()))).to_vec();
    let seen = [("everybody", "Everybody"), ("contacts", "Contacts"), ("nobody", "Nobody")];
    let seen = seen.map(|(word, words)| (word, Signal::derive(move || words.to_owned())));
    let by = RwSignal::new("contacts".to_owned());
    let on = RwSignal::new(true);
    let off = RwSignal::new(false);
    view! {
        <div class="form">
            {field(FieldKind::TEXT, |t| t.username, value("marina"), form, &[])}
            {field(hinted, |t| t.username, value(""), form, &[])}
            {field(FieldKind::TEXT, |t| t.your_name, value(""), wrong, WRONG)}
            {field(secret, |t| t.password, value("tide-and-line"), form, &[])}
            {field(number, |t| t.more().age, value("30"), form, &[])}
            {field(lines, |t| t.more().signature, value("Two\nlines"), form, &[])}
            {choice(|t| t.more().language, options, Signal::derive(|| "two".to_owned()), nothing)}
            {segments(
                |t| t.more().age_seen_by,
                seen.to_vec(),
                Signal::derive(move || by.get()),
                Callback::new(move |word| by.set(word)),
            )}
            {switch(|t| t.more().share_receipts, |t| t.more().share_receipts_hint, on)}
            {switch(|t| t.more().share_receipts, |t| t.more().share_receipts_hint, off)}
            <input class="input" aria-label="Disabled" value="Disabled" disabled />
            <input class="input" aria-label="To be read only" value="To be read only" readonly />
            {failed.alert(&[])}
        </div>
    }
    .into_any()
}

const PEOPLE: [&str; 6] = ["Marina Costa", "林海", "Ben", "Ødegård", "潮", "Zoë"];

fn somebody(at: u8) -> Person {
    let name = PEOPLE[usize::from(at) % PEOPLE.len()];
    Person {
        user: UserId::new(1_700_000_000_000, [at.wrapping_mul(37); 10]),
        user_name: (at.is_multiple_of(2)).then(|| name.to_lowercase().replace(' ', ".")),
        display_name: name.to_owned(),
        avatar: None,
    }
}

fn avatars() -> AnyView {
    let sizes = ["xs", "sm", "md", "lg", "xl"];
    let people = (0..6).map(|at| person_avatar(&somebody(at), "lg")).collect::<Vec<_>>();
    let of = |shape| {
        sizes
            .map(|size| avatar("tide pool", "Tide pool", size, shape, None))
            .into_iter()
            .collect::<Vec<_>>()
    };
    let picture = Some("/icon.svg".to_owned());
    view! {
        {state("People", row(people))} {state("Person", row(of(Shape::Person)))}
        {state("Group", row(of(Shape::Group)))} {state("Notes", row(of(Shape::Notes)))}
        {state("Picture", avatar_from("x", "Tide", "lg", Shape::Person, picture))}
    }
    .into_any()
}

fn badges() -> AnyView {
    let counts = ["1", "12", "99+"].map(|n| badge("", None, n.to_owned(), format!("{n} unread")));
    view! {
        {state("Unread", row(counts.into_iter().collect::<Vec<_>>()))}
        {state("Muted, mention, marked, requests", row((
            badge("badge--quiet", None, "3".to_owned(), "3 unread".to_owned()),
            badge("badge--mention", None, "@".to_owned(), "1 mentions you".to_owned()),
            badge("badge--mark", None, String::new(), "Marked as unread".to_owned()),
            badge("badge--requests", Some(icon::GROUP_PLUS), "2".to_owned(), "2 ask".to_owned()),
        )))}
        {state("Tags", row((tag("", "Friends".to_owned()), tag("tag--plain", "Owner".to_owned()))))}
    }
    .into_any()
}

fn tab_rows() -> AnyView {
    let chosen = RwSignal::new(0);
    let tab = |shown: &'static str| Tab {
        id: "",
        shown: Signal::derive(move || shown.to_owned()),
        name: None,
    };
    let all = ["Messages", "People", "Groups"].map(tab).into();
    let choose = Callback::new(move |at| chosen.set(at));
    let chosen = Signal::derive(move || Some(chosen.get()));
    tabs(["tabs", "tab"], words(|t| t.search), None, all, chosen, choose)
}

fn list() -> AnyView {
    let rows = (0..4).map(|at| {
        let chosen = (at == 1).then_some("true");
        view! {
            <li>
                <button type="button" class="row row--person" aria-current=chosen aria-selected=chosen>
                    {person_row(&somebody(at))}
                </button>
            </li>
        }
    });
    view! { <ul class="list" aria-label="People">{rows.collect::<Vec<_>>()}</ul> }.into_any()
}

fn items() -> Vec<MenuItem> {
    let item = |icon, name, danger| MenuItem { icon, name, danger, act: Box::new(|| ()) };
    vec![
        item(icon::REPLY, |t| t.more().reply, false),
        item(icon::FORWARD, |t| t.more().forward, false),
        item(TRASH, |t| t.more().delete, true),
    ]
}

fn menus() -> AnyView {
    let open = RwSignal::new(false);
    // It would close when the focus leaves it; here it stays.
    let still = RwSignal::new(true);
    let quick = ["👍", "🌊", "❤️"].map(|shown| QuickItem {
        shown,
        name: shown.to_owned(),
        pressed: shown == "🌊",
        act: Box::new(|| ()),
    });
    view! {
        {state("Opens from its button", menu_button(open, "Actions".to_owned(), items))}
        {state("Open, with quick ones above", view! {
            <div class="menu-anchor gallery__menu">{menu(still, false, false, quick.into(), items())}</div>
        }.into_any())}
    }
    .into_any()
}

fn dialogs() -> AnyView {
    let [open, asking, picking] = [(); 3].map(|()| RwSignal::new(false));
    let body = || view! { <div class="dialog__body">"What it is about."</div> }.into_any();
    view! {
        <div class="gallery__row">
            {button("", None, |t| t.conversation_details, move |_| open.set(true))}
            {button("button--danger", None, |t| t.more().delete, move |_| asking.set(true))}
            {button("", None, |t| t.emoji, move |_| picking.set(true))}
        </div>
        {dialog("", open, words(|t| t.conversation_details), body)}
        {confirm(
            asking,
            words(|t| t.more().delete_for_me),
            |t| t.more().delete_for_me_text,
            |t| t.more().delete,
            || (),
        )}
        {emoji_picker(picking, Callback::new(|_| ()))}
    }
    .into_any()
}

fn news() -> AnyView {
    let still = |role, shape, words| {
        view! {
            <div class="toast" role=role>
                {icon::icon(shape)} <span class="toast__text">{words}</span>
                {icon_button(icon::CLOSE, |t| t.dismiss, nothing)}
            </div>
        }
    };
    view! {
        {state("At rest", row((
            still("status", CHECK, "Copied"),
            still("alert", ALERT, "The network does not answer."),
        )))}
        {state("Shown", row((
            button("", None, |t| t.copied, |_| toast(News::Good(|t| t.copied))),
            button("", None, |t| t.copy_failed, |_| toast(News::Bad(|t| t.copy_failed))),
            button("", None, |t| t.retry, |_| toast(News::Failed(Fail::Network))),
            button("", None, |t| t.reload, |_| toast(News::Update)),
            button("", None, |t| t.more().copy, |_| copy_and_tell("Tideline".to_owned())),
        )))}
        {state("Tooltip, at rest and when asked for", row((
            view! { <span class="tooltip gallery__still">"Search"</span> },
            icon_button(SEARCH, |t| t.search, nothing),
        )))}
    }
    .into_any()
}

fn skeletons() -> AnyView {
    view! {
        {state("Line and avatar", row((skeleton("skeleton--avatar"), skeleton("skeleton--line"))))}
        {state("Words", skeleton_lines())}
        {state("Message", skeleton("skeleton--bubble"))}
    }
    .into_any()
}

fn emptiness() -> AnyView {
    let find = button("button--primary", None, |t| t.find_someone, nothing);
    let (title, text) = (words(|t| t.no_conversations_text), words(|t| t.nowhere_text));
    view! {
        {empty(icon::mark(), |t| t.no_conversations, title, find)}
        {empty(icon::icon(SEARCH), |t| t.nowhere, text, ().into_any())}
    }
    .into_any()
}

fn codes() -> AnyView {
    let code = qr_code("https://tideline.example/join/tide", "A link".to_owned());
    view! { <div class="gallery__code">{code}</div> }.into_any()
}

fn outside() -> AnyView {
    let card = view! { {brand(words(|t| t.sign_in), words(|t| t.sign_in_lead))} };
    view! {
        <div class="gallery__page">{welcome(card.into_any())}</div>
        <div class="gallery__page">{dead_end(|t| t.dead_invite, words(|t| t.nowhere_text))}</div>
    }
    .into_any()
}
