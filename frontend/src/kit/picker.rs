//! The emoji picker: a dialog with a search, groups, a grid and the tone of skins. Whoever opens it
//! is called back with what was picked.

use super::button::{button, pressed, said, typed};
use crate::kit::State;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::dialog::dialog;
use super::live;
use super::tabs::{Tab, rove, tabs};
use crate::browser::{
    ask_for_emoji_again, emoji_failed, lang, recent_emoji, say_skin_tone, skin_tone, t, used_emoji,
    with_emoji,
};
use crate::locale::Lang;
use crate::present::{Emoji, EmojiTable, TONES};

/// Emoji in a row of the grid (style/picker.css knows it, too).
const COLUMNS: usize = 8;
/// Most emoji that a search shows.
const MOST_FOUND: usize = 64;
/// The group of what was used last.
const RECENT: u8 = u8::MAX;

/// A picker that is there while `open`. `pick` gets each emoji that is picked, with its tone.
#[must_use]
pub(crate) fn emoji_picker(open: State<bool>, pick: Callback<String>) -> AnyView {
    let title = Signal::derive(|| t().emoji.to_owned());
    dialog("dialog--emoji", open, title, move || content(open, pick))
}

#[derive(Clone, Copy)]
struct Picker {
    open: State<bool>,
    pick: Callback<String>,
    query: State<String>,
    group: State<u8>,
    tone: State<u8>,
    grid: NodeRef<html::Div>,
}

fn content(open: State<bool>, pick: Callback<String>) -> AnyView {
    ask_for_emoji_again();
    let first = if recent_emoji().is_empty() { EmojiTable::GROUPS[0] } else { RECENT };
    let picker = Picker {
        open,
        pick,
        query: State::new(String::new()),
        group: State::new(first),
        tone: State::new(skin_tone()),
        grid: NodeRef::new(),
    };
    view! {
        <div class="picker">
            {picker.search()} {picker.groups()}
            <div
                node_ref=picker.grid
                class="picker__grid"
                // What has no cells is none.
                role=move || (!picker.shown().is_empty()).then_some("grid")
                aria-label=move || picker.title()
                on:keydown=move |event| picker.go(&event)
            >
                {live(move || picker.rows())}
            </div>
            {picker.tones()}
        </div>
    }
    .into_any()
}

impl Picker {
    fn search(self) -> AnyView {
        let key = move |event: KeyboardEvent| {
            if event.is_composing() {
                return;
            }
            match event.key().as_str() {
                "ArrowDown" => self.focus(0),
                "Enter" => {
                    if let Some(emoji) = self.shown().first() {
                        self.choose(emoji);
                    }
                }
                _ => return,
            }
            event.prevent_default();
        };
        view! {
            <input
                type="search"
                class="input"
                autofocus
                autocomplete="off"
                aria-label=said(|t| t.more().search_emoji)
                placeholder=said(|t| t.more().search_emoji)
                prop:value=move || self.query.get()
                on:input=typed(move |event| self.query.set(event_target_value(&event)))
                on:keydown=key
            />
        }
        .into_any()
    }

    fn groups(self) -> AnyView {
        let groups = || [RECENT].into_iter().chain(EmojiTable::GROUPS);
        let tab = |group: u8| Tab {
            id: "",
            shown: Signal::derive(move || sign(group).to_owned()),
            name: Some(Signal::derive(move || (t().more().emoji_group)(group).to_owned())),
        };
        let chosen = Signal::derive(move || {
            let here = groups().position(|group| group == self.group.get());
            here.filter(|_| self.query.with(String::is_empty))
        });
        let choose = Callback::new(move |at| {
            self.query.set(String::new());
            self.group.set(groups().nth(at).unwrap_or(RECENT));
        });
        let name = Signal::derive(|| t().emoji.to_owned());
        let classes = ["tabs--scroll picker__tabs", "picker__tab"];
        tabs(classes, name, None, groups().map(tab).collect(), chosen, choose)
    }

    fn title(self) -> String {
        if self.query.with(String::is_empty) {
            (t().more().emoji_group)(self.group.get()).to_owned()
        } else {
            t().more().search_emoji.to_owned()
        }
    }

    /// What is shown now, as it is sent.
    fn shown(self) -> Vec<String> {
        let (query, group, tone) = (self.query.get(), self.group.get(), self.tone.get());
        let toned = |emoji: Emoji| emoji.with_tone(tone);
        with_emoji(|table| {
            if !query.is_empty() {
                table.search(&query, MOST_FOUND).into_iter().map(toned).collect()
            } else if group == RECENT {
                recent_emoji()
            } else {
                table.of_group(group).map(toned).collect()
            }
        })
    }

    fn rows(self) -> Vec<AnyView> {
        let shown = self.shown();
        let zh = lang() == Lang::Zh;
        if shown.is_empty() && emoji_failed() {
            let retry = button("", None, |t| t.retry, |_| ask_for_emoji_again());
            let failed = view! {
                <div class="picker__none muted">
                    <p role="alert">{t().no_network}</p>
                    {retry}
                </div>
            };
            return vec![failed.into_any()];
        }
        if shown.is_empty() {
            let words =
                if self.query.with(String::is_empty) { t().loading } else { t().more().no_emoji };
            return vec![
                view! { <p class="picker__none muted" role="status">{words}</p> }.into_any(),
            ];
        }
        let cell = |(at, text): (usize, &String)| {
            let name = with_emoji(|table| table.find(text).map(|emoji| emoji.name(zh)));
            let (face, text) = (text.clone(), text.clone());
            view! {
                <button
                    type="button"
                    class="picker__emoji"
                    role="gridcell"
                    tabindex=if at == 0 { "0" } else { "-1" }
                    aria-label=name.unwrap_or_default()
                    data-tip=""
                    on:click=pressed(move |_| self.choose(&text))
                >
                    {face}
                </button>
            }
        };
        let cells = shown.iter().enumerate().map(cell).collect::<Vec<_>>();
        let mut cells = cells.into_iter();
        let mut rows = Vec::new();
        while cells.len() > 0 {
            let row = cells.by_ref().take(COLUMNS).collect::<Vec<_>>();
            rows.push(view! { <div class="picker__row" role="row">{row}</div> }.into_any());
        }
        rows
    }

    fn choose(self, emoji: &str) {
        used_emoji(emoji);
        self.open.set(false);
        self.pick.run(emoji.to_owned());
    }

    fn tones(self) -> AnyView {
        let tone = move |tone: u8| {
            let hand = ["✋", "✋🏻", "✋🏼", "✋🏽", "✋🏾", "✋🏿"][usize::from(tone)];
            let chosen = move || self.tone.get() == tone;
            view! {
                <button
                    type="button"
                    class="picker__tone"
                    role="radio"
                    aria-checked=move || chosen().to_string()
                    tabindex=move || if chosen() { "0" } else { "-1" }
                    aria-label=move || (t().more().skin_tone_of)(tone)
                    on:click=pressed(move |_| {
                        say_skin_tone(tone);
                        self.tone.set(tone);
                    })
                >
                    {hand}
                </button>
            }
        };
        let tones = (0..TONES).map(tone).collect::<Vec<_>>();
        view! {
            <div
                class="picker__tones"
                role="radiogroup"
                aria-label=said(|t| t.more().skin_tone)
                on:keydown=|event| rove(&event)
            >
                {tones}
            </div>
        }
        .into_any()
    }

    /// Arrow keys go through the grid.
    fn go(self, event: &KeyboardEvent) {
        let Some(here) = self.here() else { return };
        let to = match event.key().as_str() {
            "ArrowRight" => here + 1,
            "ArrowLeft" => here.saturating_sub(1),
            "ArrowDown" => here + COLUMNS,
            "ArrowUp" => here.saturating_sub(COLUMNS),
            "Home" => 0,
            "End" => usize::MAX,
            _ => return,
        };
        event.prevent_default();
        self.focus(to);
    }

    fn cells(self) -> Vec<HtmlElement> {
        let grid = self.grid.get_untracked();
        let found = grid.and_then(|grid| grid.query_selector_all("button").ok());
        let cells =
            found.into_iter().flat_map(|all| (0..all.length()).filter_map(move |at| all.get(at)));
        cells.filter_map(|cell| cell.dyn_into().ok()).collect()
    }

    fn here(self) -> Option<usize> {
        let focused = crate::browser::document().active_element()?;
        self.cells().iter().position(|cell| *AsRef::<Element>::as_ref(cell) == focused)
    }

    /// Focuses the cell at a place, or the last one.
    fn focus(self, at: usize) {
        let cells = self.cells();
        if let Some(cell) = cells.get(at).or(cells.last()) {
            // Fails for elements that are gone.
            let _ = cell.focus();
        }
    }
}

/// What stands for a group.
fn sign(group: u8) -> &'static str {
    match group {
        0 => "😀",
        1 => "👋",
        3 => "🐻",
        4 => "🍎",
        5 => "🚗",
        6 => "⚽",
        7 => "💡",
        8 => "🔣",
        9 => "🏁",
        _ => "🕘",
    }
}
