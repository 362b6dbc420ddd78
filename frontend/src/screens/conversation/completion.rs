//! What the composer offers while one types: emoji behind `:`, people behind `@`. A list above the
//! text box that the keyboard goes through, while the focus stays where one writes (the pattern of
//! a combobox). What an input method composes is never touched.

use std::rc::Rc;

use crate::kit::{Derived, State, effect, memo, pressed};
use leptos::html;
use leptos::prelude::*;
use leptos::reactive::owner::LocalStorage;
use tideline_shared::protocol::Kind;
use tideline_shared::{FileId, UserId};
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::composer::is_composing;
use crate::browser::{
    ask_for_emoji_again, by_name, called, lang, skin_tone, t, used_emoji, with_emoji,
};
use crate::kit::icon::SMILE;
use crate::kit::{Shape, avatar, icon_button};
use crate::locale::Lang;
use crate::present::{Wanted, before_caret, finished, fits, wanted};
use crate::screens::more::{More, more_when};
use crate::shell::Device;

/// Choices that are offered at a time.
const MOST: usize = 8;
/// The list's id; the choices' begin with it.
pub(super) const LIST: &str = "completion";

/// Something to choose.
#[derive(Clone, PartialEq)]
struct Choice {
    /// What takes the place of what was typed.
    text: String,
    name: String,
    /// Beside the name.
    detail: String,
    picture: Picture,
}

#[derive(Clone, PartialEq)]
enum Picture {
    Emoji(String),
    Person(UserId, Option<FileId>),
    Everybody,
}

/// What is offered in a composer. Copies are the same.
///
/// The text box knows of it: that something can be completed, and who hears its keys first. What
/// fits, and the list, come later ([`completion`]).
#[derive(Clone, Copy)]
pub(in crate::screens) struct Completion {
    text: State<String>,
    node: NodeRef<html::Textarea>,
    /// The text before the caret, while something may be offered.
    before: State<Option<String>>,
    /// The id of the choice that Enter would take.
    active: State<Option<String>>,
    /// Hears keys before the text box does, and says whether one was for the list.
    ear: StoredValue<Option<Ear>, LocalStorage>,
}

type Ear = Rc<dyn Fn(&KeyboardEvent) -> bool>;

impl Completion {
    /// Nothing is offered yet.
    pub(super) fn new(text: State<String>, node: NodeRef<html::Textarea>) -> Self {
        let (before, active) = (State::new(None), State::new(None));
        Self { text, node, before, active, ear: StoredValue::new_local(None) }
    }

    /// The text or the caret changed: offers what fits now.
    pub(super) fn look(self) {
        let before = self.before_caret().filter(|before| before.contains([':', '@']));
        if self.before.with_untracked(|known| *known != before) {
            self.before.set(before);
        }
    }

    /// Offers nothing any more.
    pub(super) fn close(self) {
        self.before.set(None);
    }

    /// A key was pressed in the text box. Whether it was for the list.
    pub(super) fn key(self, event: &KeyboardEvent) -> bool {
        let ear = self.ear.try_get_value().flatten();
        !is_composing(event) && ear.is_some_and(|ear| ear(event))
    }

    /// The id of the choice that Enter would take; tracked.
    pub(super) fn active(self) -> Option<String> {
        self.active.get()
    }

    /// The list, from when there may be something in it.
    pub(super) fn list(self) -> AnyView {
        let wanted = move || self.before.with(Option::is_some);
        more_when(wanted, move || More::Completion(self))
    }

    /// Writes `text` in place of so many UTF-16 units before the caret.
    fn put(self, text: &str, units: usize) {
        let Some(node) = self.node.get_untracked() else { return };
        let [start, end] = selection(&node);
        let start = start.saturating_sub(units as u32);
        // Fails where the places are not of the text.
        if node.set_range_text_with_start_and_end(text, start, end).is_ok() {
            let caret = start + text.encode_utf16().count() as u32;
            let _ = node.set_selection_range(caret, caret);
            self.text.set(node.value());
        }
        self.close();
    }

    fn before_caret(self) -> Option<String> {
        let node = self.node.get_untracked()?;
        let [start, end] = selection(&node);
        (start == end).then(|| before_caret(&node.value(), start).to_owned())
    }

    /// The button that opens the picker of emoji, and the picker.
    pub(super) fn emoji_button(self) -> AnyView {
        let open = State::new(false);
        let pick = Callback::new(move |emoji: String| {
            self.put(&emoji, 0);
            // The dialog gives the focus back to the button when it closes, in a moment.
            request_animation_frame(move || {
                if let Some(node) = self.node.get_untracked() {
                    // Fails for elements that are gone.
                    let _ = node.focus();
                }
            });
        });
        view! {
            {icon_button(SMILE, |t| t.emoji, move |_| open.set(true))}
            {more_when(move || open.get(), move || More::EmojiPicker(open, pick))}
        }
        .into_any()
    }
}

/// The list of what fits, while anything does.
pub(in crate::screens) fn completion(completion: Completion) -> AnyView {
    let offer = Offer::of(completion);
    (move || offer.list()).into_any()
}

/// What fits now, and which of it is chosen.
#[derive(Clone, Copy)]
struct Offer {
    completion: Completion,
    choices: Derived<Vec<Choice>>,
    at: State<usize>,
}

impl Offer {
    fn of(completion: Completion) -> Self {
        let device = Device::here();
        let at = State::new(0);
        let choices = memo(move || {
            let offered = completion.before.with(|before| match wanted(before.as_deref()?)? {
                Wanted::Emoji(typed) => Some(emoji(typed)),
                Wanted::Person(typed) => Some(people(device, typed)),
            });
            offered.unwrap_or_default()
        });
        let offer = Self { completion, choices, at };
        effect(move || {
            completion.before.track();
            at.set(0);
            offer.finish();
        });
        effect(move || {
            let many = choices.with(Vec::len);
            let id = (many > 0).then(|| format!("{LIST}-{}", at.get().min(many - 1)));
            completion.active.set(id);
        });
        let ear: Ear = Rc::new(move |event| offer.key(event));
        completion.ear.set_value(Some(ear));
        on_cleanup(move || {
            // The composer may be gone, too.
            completion.ear.try_set_value(None);
        });
        offer
    }

    /// Puts the emoji whose name was typed to its end.
    fn finish(self) {
        let before = self.completion.before.get_untracked().unwrap_or_default();
        if let Some(name) = finished(&before)
            && let Some(emoji) = with_emoji(|table| table.named(name))
        {
            self.completion.put(&emoji.with_tone(skin_tone()), name.len() + 2);
        }
    }

    fn key(self, event: &KeyboardEvent) -> bool {
        let many = self.choices.with_untracked(Vec::len);
        let changed = event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key();
        if many == 0 || changed {
            return false;
        }
        let at = self.at.get_untracked().min(many - 1);
        match event.key().as_str() {
            "ArrowDown" => self.at.set((at + 1) % many),
            "ArrowUp" => self.at.set((at + many - 1) % many),
            "Enter" | "Tab" => self.choose(at),
            "Escape" => self.completion.close(),
            _ => return false,
        }
        event.prevent_default();
        event.stop_propagation();
        true
    }

    fn list(self) -> Option<AnyView> {
        let choices = self.choices.get();
        if choices.is_empty() {
            return None;
        }
        let options = choices.into_iter().enumerate();
        let options = options.map(|(at, choice)| self.option(at, choice)).collect::<Vec<_>>();
        let name = move || t().more().suggestions;
        let view = view! {
            <ul class="completion" id=LIST role="listbox" aria-label=name>
                {options}
            </ul>
        };
        Some(view.into_any())
    }

    fn option(self, at: usize, choice: Choice) -> AnyView {
        let Choice { name, detail, picture, .. } = choice;
        let picture = match picture {
            Picture::Emoji(text) => {
                view! { <span class="completion__emoji">{text}</span> }.into_any()
            }
            Picture::Person(user, picture) => {
                avatar(&user.to_string(), &name, "sm", Shape::Person, picture)
            }
            Picture::Everybody => view! { <span class="completion__emoji">"@"</span> }.into_any(),
        };
        view! {
            <li
                class="completion__choice"
                id=format!("{LIST}-{at}")
                role="option"
                aria-selected=move || (self.at.get() == at).to_string()
                // The text box keeps the focus.
                on:mousedown=|event| event.prevent_default()
                on:click=pressed(move |_| self.choose(at))
            >
                {picture}
                <bdi class="completion__name">{name}</bdi>
                " "
                <bdi class="muted">{detail}</bdi>
            </li>
        }
        .into_any()
    }

    fn choose(self, at: usize) {
        let Some(choice) = self.choices.with_untracked(|all| all.get(at).cloned()) else { return };
        let Some(before) = self.completion.before_caret() else { return };
        let typed = match wanted(&before) {
            Some(Wanted::Emoji(typed) | Wanted::Person(typed)) => typed.encode_utf16().count() + 1,
            None => return,
        };
        if let Picture::Emoji(text) = &choice.picture {
            used_emoji(text);
        }
        self.completion.put(&choice.text, typed);
    }
}

fn selection(node: &HtmlTextAreaElement) -> [u32; 2] {
    [node.selection_start(), node.selection_end()].map(|at| at.ok().flatten().unwrap_or(0))
}

fn emoji(typed: &str) -> Vec<Choice> {
    let zh = lang() == Lang::Zh;
    let choice = |emoji: crate::present::Emoji| {
        let text = emoji.with_tone(skin_tone());
        let (name, detail) = (emoji.name(zh).to_owned(), format!(":{}:", emoji.short()));
        Choice { picture: Picture::Emoji(text.clone()), text, name, detail }
    };
    ask_for_emoji_again();
    with_emoji(|table| table.search(typed, MOST).into_iter().map(choice).collect())
}

/// The others in the conversation, those first whose names begin with what was typed.
fn people(device: Device, typed: &str) -> Vec<Choice> {
    let mut found: Vec<_> = device.members.with(|members| {
        let others = members.iter().map(|member| &member.person).filter(|p| p.user != device.me);
        others.filter_map(|person| Some((fits(person, typed)?, person.clone()))).collect()
    });
    found = by_name(found, |(_, person)| person.display_name.clone());
    found.sort_by_key(|(fit, _)| *fit);
    let is_group =
        device.record.with(|record| record.as_ref().is_some_and(|r| r.kind == Kind::Group));
    let all = if lang() == Lang::Zh { "所有人" } else { "all" };
    let begins = |name: &str| name.starts_with(&typed.to_lowercase());
    let everyone = (is_group && (begins(all) || begins("all"))).then(|| Choice {
        text: format!("@{all} "),
        name: t().more().everybody.to_owned(),
        detail: format!("@{all}"),
        picture: Picture::Everybody,
    });
    let people = found.into_iter().map(|(_, person)| {
        let name = called(&person.display_name);
        let mark = person.user_name.unwrap_or(person.display_name);
        Choice {
            text: format!("@{mark} "),
            name,
            detail: format!("@{mark}"),
            picture: Picture::Person(person.user, person.avatar),
        }
    });
    people.take(MOST - 1).chain(everyone).collect()
}
