//! Fields of forms: a label, a control, and a hint or what is wrong.

use std::sync::atomic::{AtomicU32, Ordering};

use super::button::{telling, typed};
use super::effect::effect;
use super::state::memo;
use crate::kit::{Derived, State};
use leptos::html;
use leptos::prelude::*;
use tideline_shared::Code;

use super::button::Words;
use super::form::Form;
use super::live;
use crate::browser::t;

/// What stands between a label and its error.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    /// One line of text.
    Text,
    /// A secret.
    Password,
    /// A number; the browser offers digits.
    Number,
    /// Several lines.
    Lines,
}

/// How a field looks and behaves, beside its value.
#[derive(Clone, Copy)]
pub(crate) struct FieldKind {
    /// What it holds.
    pub control: Control,
    /// What the browser may fill in.
    pub autocomplete: &'static str,
    /// Below the field, while nothing is wrong.
    pub hint: Option<Words>,
    /// In the empty field.
    pub placeholder: Option<Words>,
    /// May stay empty, and says so.
    pub optional: bool,
    /// Takes the focus when it appears.
    pub autofocus: bool,
}

impl FieldKind {
    /// A plain field.
    pub(crate) const TEXT: Self = Self {
        control: Control::Text,
        autocomplete: "off",
        hint: None,
        placeholder: None,
        optional: false,
        autofocus: false,
    };
}

/// An id that no other element of the page has.
pub(super) fn fresh_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("f{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A field of `form`, which shows the failures that have one of `codes`.
#[must_use]
pub(crate) fn field(
    kind: FieldKind,
    label: Words,
    value: State<String>,
    form: Form,
    codes: &'static [Code],
) -> AnyView {
    let id = fresh_id();
    let note = format!("{id}-note");
    let wrong = memo(move || form.about(codes));
    let control = control(kind, &id, value, wrong);
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {live(move || label(t()))}
                {kind.optional.then(optional)}
            </label>
            {control}
            {live(move || note_below(kind, &note, wrong.get()))}
        </div>
    }
    .into_any()
}

fn optional() -> AnyView {
    let words = move || format!(" {}", t().optional);
    view! { <span class="field__optional" aria-hidden="true">{live(words)}</span> }.into_any()
}

fn note_below(kind: FieldKind, id: &str, wrong: Option<String>) -> Option<AnyView> {
    let id = id.to_owned();
    match (wrong, kind.hint) {
        (Some(words), _) => {
            Some(view! { <p class="field__error" role="alert" id=id>{words}</p> }.into_any())
        }
        (None, Some(hint)) => {
            Some(view! { <p class="field__hint" id=id>{hint(t())}</p> }.into_any())
        }
        (None, None) => None,
    }
}

fn control(
    kind: FieldKind,
    id: &str,
    value: State<String>,
    wrong: Derived<Option<String>>,
) -> AnyView {
    let (id, note) = (id.to_owned(), format!("{id}-note"));
    let invalid = move || wrong.with(Option::is_some).then_some("true");
    let placeholder = move || kind.placeholder.map(|words| words(t()));
    if kind.control == Control::Lines {
        let node = NodeRef::<html::Textarea>::new();
        effect(move || focus_when(wrong.with(Option::is_some), || node.get_untracked()));
        return view! {
            <textarea
                node_ref=node
                class="input"
                id=id
                aria-invalid=invalid
                aria-describedby=note
                placeholder=placeholder
                prop:value=telling(move || value.get())
                on:input=typed(move |event| value.set(event_target_value(&event)))
            ></textarea>
        }
        .into_any();
    }
    let node = NodeRef::<html::Input>::new();
    effect(move || focus_when(wrong.with(Option::is_some), || node.get_untracked()));
    effect(move || focus_when(kind.autofocus, || node.get()));
    let (type_, mode) = match kind.control {
        Control::Password => ("password", None),
        Control::Number => ("text", Some("numeric")),
        Control::Text | Control::Lines => ("text", None),
    };
    view! {
        <input
            node_ref=node
            class="input"
            id=id
            type=type_
            inputmode=mode
            autocomplete=kind.autocomplete
            autocapitalize=(kind.autocomplete == "username").then_some("none")
            spellcheck=(kind.autocomplete == "username").then_some("false")
            dir="auto"
            aria-invalid=invalid
            aria-describedby=note
            placeholder=placeholder
            prop:value=telling(move || value.get())
            on:input=typed(move |event| value.set(event_target_value(&event)))
        />
    }
    .into_any()
}

fn focus_when<E: AsRef<web_sys::HtmlElement>>(wanted: bool, node: impl Fn() -> Option<E>) {
    if wanted && let Some(node) = node() {
        // Fails for elements that are gone.
        let _ = node.as_ref().focus();
    }
}

/// A choice of a few values. `options` are values with their words, in order.
#[must_use]
pub(crate) fn choice(
    label: Words,
    options: Vec<(&'static str, Signal<String>)>,
    value: Signal<String>,
    choose: impl Fn(String) + 'static,
) -> AnyView {
    let id = fresh_id();
    let options = options
        .into_iter()
        .map(|(word, words)| {
            let chosen = move || value.get() == word;
            view! { <option value=word prop:selected=chosen>{live(move || words.get())}</option> }
                .into_any()
        })
        .collect::<Vec<_>>();
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>
                {live(move || label(t()))}
            </label>
            <select
                class="select"
                id=id
                on:change=typed(move |event| choose(event_target_value(&event)))
            >
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// A choice of two or three values that are all seen. `options` are values with their words, in order.
#[must_use]
pub(crate) fn segments(
    label: Words,
    options: Vec<(&'static str, Signal<String>)>,
    value: Signal<String>,
    choose: Callback<String>,
) -> AnyView {
    let name = fresh_id();
    let option = |(word, words): (&'static str, Signal<String>)| {
        let input = NodeRef::<html::Input>::new();
        // Also where the service did not take what was pressed.
        effect(move || {
            if let Some(input) = input.get() {
                input.set_checked(value.get() == word);
            }
        });
        view! {
            <label class="segments__one">
                <input
                    node_ref=input
                    type="radio"
                    class="segments__input"
                    name=name.clone()
                    value=word
                    on:change=typed(move |_| choose.run(word.to_owned()))
                />
                <span class="segments__words">{live(move || words.get())}</span>
            </label>
        }
    };
    let options = options.into_iter().map(option).collect::<Vec<_>>();
    view! {
        <fieldset class="field segments" role="radiogroup">
            <legend class="field__label segments__label">{live(move || label(t()))}</legend>
            <div class="segments__row">{options}</div>
        </fieldset>
    }
    .into_any()
}

/// Something that is so or is not, with a line about it.
#[must_use]
pub(crate) fn switch(label: Words, hint: Words, value: State<bool>) -> AnyView {
    let note = fresh_id();
    view! {
        <div class="switch">
            <label class="switch__label">
                {live(move || label(t()))}
                <input
                    type="checkbox"
                    role="switch"
                    class="switch__box"
                    aria-describedby=note.clone()
                    prop:checked=move || value.get()
                    on:change=typed(move |event| value.set(event_target_checked(&event)))
                />
            </label>
            <p class="field__hint" id=note>
                {live(move || hint(t()))}
            </p>
        </div>
    }
    .into_any()
}
