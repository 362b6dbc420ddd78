//! What can be chosen in the palette of what this device knows: conversations, contacts, actions.

use tideline_client::InboxItem;
use tideline_shared::protocol::{AccountCommand, Contact, ContactState};
use tideline_shared::{ConversationId, FileId, UserId};

use crate::browser::{Look, by_name, called, fold, lang, t};
use crate::kit::icon::{COMPOSE, GLOBE, GROUP_PLUS, HALF, KEYBOARD, LEAVE, SEARCH, SLIDERS, USERS};
use crate::kit::{Icon, Shape, Words};
use crate::locale::Lang;
use crate::present::{Route, ranked};
use crate::screens::contacts::as_called;
use crate::screens::keeping::deeds;
use crate::screens::settings::look_name;
use crate::shell::Device;

/// Conversations that are offered before anything is typed.
const NEWEST: usize = 6;
/// What is listed at most.
const MOST: usize = 50;

/// Choices, and what they are called together where that helps.
pub(super) type Part = (Option<Words>, Vec<Choice>);

/// What a choice does.
#[derive(Clone, PartialEq)]
pub(super) enum Deed {
    Go(Route),
    Write(UserId),
    /// Goes to a message in its place.
    Read(ConversationId, u64),
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
pub(super) enum Picture {
    Icon(Icon),
    /// Of what has this id, which gives it its colour.
    Avatar(String, Shape, Option<FileId>),
}

#[derive(Clone, PartialEq)]
pub(super) struct Choice {
    pub(super) deed: Deed,
    pub(super) picture: Picture,
    pub(super) name: String,
    /// Beside the name.
    pub(super) detail: String,
    /// What it is found by, folded.
    names: Vec<String>,
}

impl Choice {
    pub(super) fn new(deed: Deed, picture: Picture, name: String, detail: &str) -> Self {
        let names = vec![fold(&name)];
        Self { deed, picture, name, detail: detail.to_owned(), names }
    }

    /// That does something.
    fn act(deed: Deed, shape: Icon, name: &str) -> Self {
        Self::new(deed, Picture::Icon(shape), name.to_owned(), "")
    }

    /// That looks for messages on the page for it.
    pub(super) fn find(typed: &str) -> Self {
        let words = typed.trim().to_owned();
        let name = (t().more().search_messages_for)(&words);
        Self::act(Deed::Find(words), SEARCH, &name)
    }

    /// Also found by this.
    fn or(mut self, name: &str) -> Self {
        self.names.push(fold(name));
        self
    }
}

/// Everything that can be chosen, as it is when the palette opens.
#[derive(Clone, PartialEq)]
pub(super) struct All {
    /// The newest first.
    conversations: Vec<Choice>,
    contacts: Vec<Choice>,
    /// The main ones first.
    actions: Vec<Choice>,
    /// How many of them are.
    main: usize,
}

impl All {
    pub(super) fn now(device: Device) -> Self {
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

    /// What fits.
    pub(super) fn fitting(&self, typed: &str) -> Vec<Part> {
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
            found.push(Choice::find(typed));
        }
        vec![(None, found)]
    }
}

/// The picture of a conversation.
pub(super) fn picture_of(item: &InboxItem) -> Picture {
    let id = item.conversation;
    let colour = item.peer.map_or_else(|| id.to_string(), |peer| peer.to_string());
    Picture::Avatar(colour, Shape::of(item.kind, item.is_notes()), item.avatar)
}

fn conversation(device: Device, item: &InboxItem) -> Choice {
    let (id, picture) = (item.conversation, picture_of(item));
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
        let choices = mutual.filter(|one| !listed(one.person.user)).map(choice).collect();
        by_name(choices, |choice: &Choice| choice.name.clone())
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
