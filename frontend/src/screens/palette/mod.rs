//! The palette: where to go and what to do, by a few letters. A field over a list that the keyboard
//! goes through, while the focus stays in the field (the pattern of a combobox). What can be chosen
//! is in [`choice`], what is looked for meanwhile in [`found`].

mod choice;
mod found;

use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use self::choice::{All, Choice, Deed, Part, Picture};
use self::found::Found;
use super::main::Over;
use super::people::open_direct;
use super::search::Lookup;
use crate::browser::{document, go, say_lang, t};
use crate::kit::icon::{SEARCH, icon};
use crate::kit::{
    Derived, News, State, Words, avatar, dialog, effect, live, memo, pressed, said, toast, typed,
    words,
};
use crate::shell::{Device, leave, order};

/// The list's id; the choices' begin with it.
const LIST: &str = "palette-list";

/// The palette, while it is open. Copies are the same.
#[derive(Clone, Copy)]
struct Palette {
    device: Device,
    over: Over,
    lookup: Lookup,
    query: State<String>,
    lists: Derived<Vec<Part>>,
    found: Found,
    /// The place of the choice that Enter takes.
    at: State<usize>,
}

/// The dialog, while it is open.
pub(super) fn palette(over: Over) -> AnyView {
    dialog("dialog--palette", over.palette, words(|t| t.more().palette), move || {
        let device = Device::here();
        let all = StoredValue::new(untrack(|| All::now(device)));
        let query = State::new(String::new());
        let found = Found::follow(device, query);
        let lists = memo(move || {
            let mut lists = all.with_value(|all| all.fitting(&query.get()));
            // Behind the others: what comes later moves nothing that somebody is about to take.
            lists.extend(found.parts(&lists));
            lists
        });
        let (lookup, at) = (expect_context(), State::new(0));
        Palette { device, over, lookup, query, lists, found, at }.view()
    })
}

impl Palette {
    fn view(self) -> AnyView {
        let list = move || {
            let mut at = 0;
            let lists = self.lists.get().into_iter().map(|(name, choices)| {
                let first = at;
                at += choices.len();
                self.list(name, choices, first)
            });
            lists.collect::<Vec<_>>()
        };
        view! {
            <div class="dialog__search">{self.field()}</div>
            <div
                class="dialog__results palette"
                id=LIST
                role="listbox"
                aria-label=t().more().palette_found
            >
                {list}
            </div>
            <p class="palette__status" role="status">
                {live(move || self.found.status())}
            </p>
        }
        .into_any()
    }

    fn field(self) -> AnyView {
        let node = NodeRef::<html::Input>::new();
        effect(move || {
            if let Some(node) = node.get() {
                // Fails for elements that are gone.
                let _ = node.focus();
            }
        });
        view! {
            <div class="search-box">
                {icon(SEARCH)}
                <input
                    node_ref=node
                    class="input"
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    aria-label=said(|t| t.more().palette)
                    placeholder=said(|t| t.more().palette_hint)
                    aria-expanded="true"
                    aria-autocomplete="list"
                    aria-controls=LIST
                    aria-activedescendant=move || format!("{LIST}-{}", self.at.get())
                    prop:value=move || self.query.get()
                    on:input=typed(move |event| {
                        self.at.set(0);
                        self.query.set(event_target_value(&event));
                    })
                    on:keydown=move |event| self.key(&event)
                />
            </div>
        }
        .into_any()
    }

    fn list(self, name: Option<Words>, choices: Vec<Choice>, first: usize) -> AnyView {
        let options = choices.into_iter().enumerate();
        let options =
            options.map(|(at, choice)| self.option(first + at, choice)).collect::<Vec<_>>();
        let Some(name) = name else { return options.into_any() };
        view! {
            <div class="palette__group" role="group" aria-label=name(t())>
                <div class="palette__heading" aria-hidden="true">
                    {name(t())}
                </div>
                {options}
            </div>
        }
        .into_any()
    }

    fn option(self, at: usize, choice: Choice) -> AnyView {
        let Choice { deed, picture, name, detail, .. } = choice;
        let picture = match picture {
            Picture::Icon(shape) => {
                view! { <span class="palette__icon">{icon(shape)}</span> }.into_any()
            }
            Picture::Avatar(colour, shape, picture) => avatar(&colour, &name, "sm", shape, picture),
        };
        view! {
            <div
                class="palette__choice"
                id=format!("{LIST}-{at}")
                role="option"
                aria-selected=move || (self.at.get() == at).to_string()
                // The field keeps the focus.
                on:mousedown=|event| event.prevent_default()
                on:click=pressed(move |_| self.choose(deed.clone()))
            >
                {picture}
                <bdi class="palette__name">{name}</bdi>
                " "
                <bdi class="palette__detail">{detail}</bdi>
            </div>
        }
        .into_any()
    }

    fn key(self, event: &KeyboardEvent) {
        let many = self
            .lists
            .with_untracked(|lists| lists.iter().map(|(_, list)| list.len()).sum::<usize>());
        if event.is_composing() || many == 0 {
            return;
        }
        let at = self.at.get_untracked();
        let command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
        match event.key().as_str() {
            "ArrowDown" => self.show((at + 1) % many),
            "ArrowUp" => self.show((at + many - 1) % many),
            "Enter" => {
                let chosen = self.lists.with_untracked(|lists| {
                    lists.iter().flat_map(|(_, list)| list).nth(at).map(|it| it.deed.clone())
                });
                if let Some(deed) = chosen {
                    self.choose(deed);
                }
            }
            // What opened it closes it.
            "k" | "K" if command => self.over.palette.set(false),
            _ => return,
        }
        event.prevent_default();
    }

    fn show(self, at: usize) {
        self.at.set(at);
        if let Some(choice) = document().get_element_by_id(&format!("{LIST}-{at}")) {
            let place = choice.get_bounding_client_rect();
            let list = choice.closest(".palette").ok().flatten();
            let list = list.map(|list| list.get_bounding_client_rect());
            if list.as_ref().is_some_and(|list| place.top() < list.top()) {
                choice.scroll_into_view_with_bool(true);
            } else if list.is_some_and(|list| place.bottom() > list.bottom()) {
                choice.scroll_into_view_with_bool(false);
            }
        }
    }

    fn choose(self, deed: Deed) {
        let Self { device, over, lookup, .. } = self;
        over.palette.set(false);
        match deed {
            Deed::Go(route) => go(route),
            Deed::Read(conversation, seq) => lookup.open_at(conversation, seq),
            Deed::Write(user) => tell(async move { open_direct(device, user).await }),
            Deed::NewMessage => over.new_message.set(true),
            Deed::NewGroup => over.new_group.set(true),
            Deed::Keep(commands) => commands.into_iter().for_each(order),
            Deed::Look(look, word) => look.choose(word),
            Deed::Language(lang) => say_lang(lang),
            Deed::Shortcuts => over.shortcuts.set(true),
            Deed::SignOut => tell(leave(device.me)),
            Deed::Find(words) => lookup.messages(words),
        }
    }
}

/// Says so when it does not work.
fn tell(work: impl Future<Output = Result<(), crate::browser::Fail>> + 'static) {
    leptos::task::spawn_local(async move {
        if let Err(fail) = work.await {
            toast(News::Failed(fail));
        }
    });
}
