//! The palette: where to go and what to do, by a few letters. A field over a list that the keyboard
//! goes through, while the focus stays in the field (the pattern of a combobox).

use leptos::html;
use leptos::prelude::*;
use tideline_client::InboxItem;
use tideline_shared::protocol::{AccountCommand, Contact, ContactState};
use tideline_shared::{FileId, UserId};
use web_sys::KeyboardEvent;

use super::contacts::as_called;
use super::keeping::deeds;
use super::main::Over;
use super::people::open_direct;
use super::search::Lookup;
use super::settings::look_name;
use crate::browser::{Look, called, document, fold, go, lang, say_lang, t};
use crate::kit::icon::{
    COMPOSE, GLOBE, GROUP_PLUS, HALF, KEYBOARD, LEAVE, SEARCH, SLIDERS, USERS, icon,
};
use crate::kit::{Icon, News, Shape, Words, avatar, dialog, effect, pressed, toast, typed, words};
use crate::locale::Lang;
use crate::present::{Route, ranked};
use crate::shell::{Device, leave, order};

/// Conversations that are offered before anything is typed.
const NEWEST: usize = 6;
/// What is listed at most.
const MOST: usize = 50;
/// The list's id; the choices' begin with it.
const LIST: &str = "palette-list";

/// What a choice does.
#[derive(Clone, PartialEq)]
enum Deed {
    Go(Route),
    Write(UserId),
    NewMessage,
    NewGroup,
    /// About the conversation on the screen.
    Keep(Vec<AccountCommand>),
    Look(Look, &'static str),
    Language(Lang),
    Shortcuts,
    SignOut,
    /// Looks for messages.
    Find(String),
}

#[derive(Clone, PartialEq)]
enum Picture {
    Icon(Icon),
    /// Of what has this id, which gives it its colour.
    Avatar(String, Shape, Option<FileId>),
}

#[derive(Clone, PartialEq)]
struct Choice {
    deed: Deed,
    picture: Picture,
    name: String,
    /// Beside the name.
    detail: String,
    /// What it is found by, folded.
    names: Vec<String>,
}

impl Choice {
    fn new(deed: Deed, picture: Picture, name: String, detail: &str) -> Self {
        let names = vec![fold(&name)];
        Self { deed, picture, name, detail: detail.to_owned(), names }
    }

    fn act(deed: Deed, shape: Icon, name: &str) -> Self {
        Self::new(deed, Picture::Icon(shape), name.to_owned(), "")
    }

    /// Also found by this.
    fn or(mut self, name: &str) -> Self {
        self.names.push(fold(name));
        self
    }
}

/// Everything that can be chosen, as it is when the palette opens.
#[derive(Clone, PartialEq)]
struct All {
    /// The newest first.
    conversations: Vec<Choice>,
    contacts: Vec<Choice>,
    /// The main ones first.
    actions: Vec<Choice>,
    /// How many of them are.
    main: usize,
}

impl All {
    fn now(device: Device) -> Self {
        let mut items = device.inbox.get().unwrap_or_default();
        items.sort_by_key(|item| (item.kept.archived, std::cmp::Reverse(item.at)));
        let here = match crate::browser::route() {
            Route::Conversation(id) => device.listed(id),
            _ => None,
        };
        let (actions, main) = actions(here.as_ref());
        let elsewhere = |item: &&InboxItem| {
            here.as_ref().is_none_or(|here| here.conversation != item.conversation)
        };
        Self {
            conversations: items
                .iter()
                .filter(elsewhere)
                .map(|it| conversation(device, it))
                .collect(),
            contacts: contacts(device, &items),
            actions,
            main,
        }
    }

    /// What fits: lists with what they are called, where that helps.
    fn fitting(&self, typed: &str) -> Vec<(Option<Words>, Vec<Choice>)> {
        let wanted = fold(typed);
        if wanted.is_empty() {
            let newest = self.conversations.iter().take(NEWEST).cloned().collect();
            let main = self.actions.iter().take(self.main).cloned().collect();
            let lists: [(Option<Words>, Vec<_>); 2] =
                [(Some(|t| t.conversations), newest), (Some(|t| t.more().actions), main)];
            return lists.into_iter().filter(|(_, list)| !list.is_empty()).collect();
        }
        let all = self.conversations.iter().chain(&self.contacts).chain(&self.actions);
        let mut found = ranked(all, |choice| &choice.names[..], &wanted);
        found.truncate(MOST);
        let mut found: Vec<_> = found.into_iter().cloned().collect();
        if found.is_empty() {
            let words = typed.trim().to_owned();
            let name = (t().more().search_messages_for)(&words);
            found.push(Choice::act(Deed::Find(words), SEARCH, &name));
        }
        vec![(None, found)]
    }
}

fn conversation(device: Device, item: &InboxItem) -> Choice {
    let id = item.conversation;
    let colour = item.peer.map_or_else(|| id.to_string(), |peer| peer.to_string());
    let picture = Picture::Avatar(colour, Shape::of(item.kind, item.is_notes()), item.avatar);
    let detail = if item.unread > 0 { (t().unread)(item.unread) } else { String::new() };
    let choice =
        Choice::new(Deed::Go(Route::Conversation(id)), picture, called(&item.title), &detail);
    device.contacts.with(|all| {
        let contact = all.iter().find(|one| Some(one.person.user) == item.peer);
        match contact {
            // By their own name, too.
            Some(one) => {
                by_handle(choice.or(&one.person.display_name), one.person.user_name.as_deref())
            }
            None => choice,
        }
    })
}

fn by_handle(choice: Choice, handle: Option<&str>) -> Choice {
    match handle {
        Some(handle) => choice.or(handle).or(&format!("@{handle}")),
        None => choice,
    }
}

/// Those without a conversation in the list: the others are found there.
fn contacts(device: Device, items: &[InboxItem]) -> Vec<Choice> {
    let choice = |one: &Contact| {
        let person = as_called(one);
        let colour = person.user.to_string();
        let picture = Picture::Avatar(colour, Shape::Person, person.avatar);
        let detail = t().more().contact;
        let choice =
            Choice::new(Deed::Write(person.user), picture, called(&person.display_name), detail);
        by_handle(choice.or(&one.person.display_name), person.user_name.as_deref())
    };
    device.contacts.with(|all| {
        let mutual = all.iter().filter(|one| one.state == ContactState::Mutual);
        let mutual = mutual.filter(|one| !device.blocks(one.person.user));
        let listed = |user| items.iter().any(|item| item.peer == Some(user));
        mutual.filter(|one| !listed(one.person.user)).map(choice).collect()
    })
}

/// What can be done, `here` in the conversation on the screen; and how many of it are the main ones.
fn actions(here: Option<&InboxItem>) -> (Vec<Choice>, usize) {
    let act = |deed, shape, name: Words| Choice::act(deed, shape, name(t()));
    let mut all = vec![
        act(Deed::NewMessage, COMPOSE, |t| t.new_message),
        act(Deed::NewGroup, GROUP_PLUS, |t| t.new_group),
        act(Deed::Go(Route::Search), SEARCH, |t| t.search),
        act(Deed::Go(Route::Contacts), USERS, |t| t.more().contacts),
        act(Deed::Go(Route::Settings), SLIDERS, |t| t.settings),
        act(Deed::Shortcuts, KEYBOARD, |t| t.more().shortcuts),
    ];
    let main = all.len();
    all.extend(here.into_iter().flat_map(|item| {
        let title = called(&item.title);
        deeds(item).into_iter().map(move |deed| {
            let picture = Picture::Icon(deed.icon);
            Choice::new(Deed::Keep(deed.commands), picture, (deed.name)(t()).to_owned(), &title)
        })
    }));
    all.extend(Look::ALL.into_iter().flat_map(|look| {
        let others = look.words().iter().filter(move |word| **word != look.chosen());
        others.map(move |&word| {
            let name = (t().more().choice_of)(look_name(look)(t()), (t().more().look_of)(word));
            Choice::act(Deed::Look(look, word), HALF, &name)
        })
    }));
    all.extend(Lang::ALL.into_iter().filter(|one| *one != lang()).map(|one| {
        let choice = Choice::act(
            Deed::Language(one),
            GLOBE,
            &(t().more().choice_of)(t().more().language, one.name()),
        );
        // Whoever cannot read the language of the app looks for it in their own.
        choice.or(one.table().more().language)
    }));
    all.push(act(Deed::SignOut, LEAVE, |t| t.more().sign_out));
    (all, main)
}

/// The palette, while it is open. Copies are the same.
#[derive(Clone, Copy)]
struct Palette {
    device: Device,
    over: Over,
    lookup: Lookup,
    query: RwSignal<String>,
    lists: Memo<Vec<(Option<Words>, Vec<Choice>)>>,
    /// The place of the choice that Enter takes.
    at: RwSignal<usize>,
}

/// The dialog, while it is open.
pub(super) fn palette(over: Over) -> AnyView {
    dialog("dialog--palette", over.palette, words(|t| t.more().palette), move || {
        let device = Device::here();
        let all = StoredValue::new(untrack(|| All::now(device)));
        let query = RwSignal::new(String::new());
        let lists = Memo::new(move |_| {
            let typed = query.get();
            all.with_value(|all| all.fitting(&typed))
        });
        let (lookup, at) = (expect_context(), RwSignal::new(0));
        Palette { device, over, lookup, query, lists, at }.view()
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
                    aria-label=move || t().more().palette
                    placeholder=move || t().more().palette_hint
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
