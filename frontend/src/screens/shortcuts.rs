//! The keys that there are, as a dialog tells them. Each is handled where it belongs; this says so.

use leptos::prelude::*;

use super::main::{LONE_KEYS_OFF, Over};
use super::settings::section;
use crate::browser::{has_command_key, local_get, local_remove, local_set, t};
use crate::kit::{State, Words, button, dialog, effect, switch, words};

/// A part of a combination, or what stands between two of them.
#[derive(Clone, Copy)]
enum Part {
    Key(&'static str),
    /// Ctrl, or the command key where there is one.
    Command,
    /// Alt, which has another name there.
    Alt,
    /// The key for a menu.
    Menu,
    Or,
}

use Part::{Alt, Command, Key, Menu, Or};

struct Group {
    name: Words,
    keys: &'static [(&'static [Part], Words)],
}

const UP_DOWN: &[Part] = &[Key("↑"), Key("↓")];

const GROUPS: [Group; 6] = [
    Group {
        name: |t| t.more().keys_anywhere,
        keys: &[
            (&[Command, Key("K")], |t| t.more().key_palette),
            (&[Key("?")], |t| t.more().key_shortcuts),
            (&[Alt, Key("↑"), Key("↓")], |t| t.more().key_beside),
            (&[Alt, Key("Shift"), Key("↑"), Key("↓")], |t| t.more().key_unread),
            (&[Key("Esc")], |t| t.more().key_close),
        ],
    },
    Group {
        name: |t| t.more().keys_list,
        keys: &[
            (UP_DOWN, |t| t.more().key_rows),
            (&[Menu, Or, Key("Shift"), Key("F10")], |t| t.more().key_row_menu),
            (&[Key("←"), Or, Key("→")], |t| t.more().key_width),
            (&[Key("Enter")], |t| t.more().key_width_back),
        ],
    },
    Group {
        name: |t| t.messages,
        keys: &[
            (UP_DOWN, |t| t.more().key_messages),
            (&[Key("←"), Or, Key("→")], |t| t.more().key_inside),
            (&[Key("Enter"), Or, Menu], |t| t.message_actions),
            (&[Key("Tab")], |t| t.more().key_write),
        ],
    },
    Group {
        name: |t| t.more().keys_writing,
        keys: &[
            (&[Key("Enter")], |t| t.more().key_send),
            (&[Key("Shift"), Key("Enter")], |t| t.more().key_line),
            (&[Key(":")], |t| t.more().key_emoji),
            (&[Key("@")], |t| t.more().key_mention),
            (UP_DOWN, |t| t.more().key_suggestion),
            (&[Key("Enter"), Or, Key("Tab")], |t| t.more().key_take),
            (&[Key("Esc")], |t| t.more().key_writing_end),
        ],
    },
    Group {
        name: |t| t.more().keys_menus,
        keys: &[
            (&[Key("↑"), Key("↓"), Key("←"), Key("→")], |t| t.more().key_entries),
            (&[Key("Home"), Or, Key("End")], |t| t.more().key_first_last),
        ],
    },
    Group {
        name: |t| t.more().keys_pictures,
        keys: &[
            (&[Key("←"), Or, Key("→")], |t| t.more().key_pictures),
            (&[Key("+"), Or, Key("−")], |t| t.more().key_zoom),
            (&[Key("0")], |t| t.more().key_whole),
        ],
    },
];

/// The settings' part about keys: one that does something by itself may be in the way of who dictates, or of a hand
/// that slips (WCAG 2.1.4).
pub(super) fn keyboard(over: Over) -> AnyView {
    let on = State::new(local_get(LONE_KEYS_OFF).is_none());
    effect(move || match on.get() {
        true => local_remove(LONE_KEYS_OFF),
        false => local_set(LONE_KEYS_OFF, "yes"),
    });
    let content = view! {
        {switch(|t| t.more().lone_keys, |t| t.more().lone_keys_hint, on)}
        <div>{button("", None, |t| t.more().shortcuts, move |_| over.shortcuts.set(true))}</div>
    };
    section("settings__section--keyboard", |t| t.more().keyboard, content.into_any())
}

/// The dialog, while `open`.
pub(super) fn shortcuts(open: State<bool>) -> AnyView {
    dialog("dialog--shortcuts", open, words(|t| t.more().shortcuts), || {
        let groups = GROUPS.iter().map(group).collect::<Vec<_>>();
        // It scrolls by the keyboard, too.
        view! {
            <div
                class="dialog__body shortcuts"
                tabindex="0"
                role="group"
                aria-label=t().more().shortcuts
            >
                {groups}
            </div>
        }
        .into_any()
    })
}

fn group(group: &Group) -> AnyView {
    let keys = group.keys.iter().map(|(parts, does)| {
        let parts = parts.iter().map(|part| drawn(*part)).collect::<Vec<_>>();
        view! {
            <div class="shortcuts__row">
                <dt>{does(t())}</dt>
                <dd class="shortcuts__keys">{parts}</dd>
            </div>
        }
    });
    let keys = keys.collect::<Vec<_>>();
    view! {
        <section class="shortcuts__group">
            <h3 class="shortcuts__heading">{(group.name)(t())}</h3>
            <dl>{keys}</dl>
        </section>
    }
    .into_any()
}

fn drawn(part: Part) -> AnyView {
    let apple = has_command_key();
    let name = match part {
        Or => return view! { <span class="muted">{t().more().key_or}</span> " " }.into_any(),
        Key(name) => name,
        Command if apple => "⌘",
        Command => "Ctrl",
        Alt if apple => "⌥",
        Alt => "Alt",
        Menu => t().more().key_menu,
    };
    view! { <kbd class="key">{name}</kbd> " " }.into_any()
}
