//! The filters of a query as controls. Each changes what stands in the box, and shows it.

use crate::kit::{live, typed};
use leptos::prelude::*;
use tideline_shared::search::{Filter, Has, filter_of, with_filter};

use crate::browser::{called, t};
use crate::kit::Words;
use crate::shell::Device;

pub(super) fn filters(query: RwSignal<String>) -> AnyView {
    view! {
        <div class="search__column filters" role="group" aria-label=move || t().more().filters>
            {from(query)} {within(query)} {has(query)}
            {day(query, Filter::After, |t| t.more().filter_after)}
            {day(query, Filter::Before, |t| t.more().filter_before)}
        </div>
    }
    .into_any()
}

fn set(query: RwSignal<String>, filter: Filter, value: &str) {
    let value = Some(value.trim()).filter(|value| !value.is_empty());
    query.update(|typed| *typed = with_filter(typed, filter, value));
}

fn value(query: RwSignal<String>, filter: Filter) -> Memo<String> {
    Memo::new(move |_| query.with(|typed| filter_of(typed, filter)).unwrap_or_default())
}

/// A control with its name, lit while it filters.
fn labelled(name: Words, value: Memo<String>, control: AnyView) -> AnyView {
    view! {
        <label class="filter" data-on=move || (!value.with(String::is_empty)).to_string()>
            <span class="filter__name">{live(move || name(t()))}</span>
            {control}
        </label>
    }
    .into_any()
}

fn from(query: RwSignal<String>) -> AnyView {
    let device = Device::here();
    let shown = value(query, Filter::From);
    // People one talks to; anybody else can be typed.
    let known = move || {
        let inbox = device.inbox.get().unwrap_or_default();
        let people = inbox.into_iter().filter(|item| item.peer.is_some());
        people.map(|item| view! { <option value=item.title></option> }).collect::<Vec<_>>()
    };
    let control = view! {
        <input
            class="filter__control"
            list="search-people"
            autocomplete="off"
            placeholder=move || t().more().anyone
            prop:value=move || shown.get()
            on:change=typed(move |event| set(query, Filter::From, &event_target_value(&event)))
        />
        <datalist id="search-people">{known}</datalist>
    };
    labelled(|t| t.more().filter_from, shown, control.into_any())
}

fn within(query: RwSignal<String>) -> AnyView {
    let device = Device::here();
    let shown = value(query, Filter::In);
    let titles = Memo::new(move |_| {
        let inbox = device.inbox.get().unwrap_or_default();
        let mut titles: Vec<String> = inbox.into_iter().map(|item| item.title).collect();
        // What was typed is a choice, too.
        titles.push(shown.get());
        titles.retain(|title| !title.is_empty());
        titles.sort();
        titles.dedup();
        titles
    });
    let options = move || {
        let option = |title: String| (title.clone(), Signal::stored(called(&title)));
        titles.get().into_iter().map(option).collect()
    };
    select(
        query,
        Filter::In,
        |t| t.more().filter_in,
        |t| t.more().everywhere,
        Signal::derive(options),
    )
}

fn has(query: RwSignal<String>) -> AnyView {
    let options = || {
        let words = |has| match has {
            Has::Image => t().more().pictures,
            Has::File => t().more().files,
            Has::Link => t().more().links,
            Has::Voice => t().more().voice_messages,
        };
        let option = |has: Has| (has.as_str().to_owned(), Signal::stored(words(has).to_owned()));
        Has::ALL.map(option).to_vec()
    };
    select(
        query,
        Filter::Has,
        |t| t.more().filter_has,
        |t| t.more().anything,
        Signal::derive(options),
    )
}

/// Values with their words.
type Options = Vec<(String, Signal<String>)>;

fn select(
    query: RwSignal<String>,
    filter: Filter,
    name: Words,
    all: Words,
    options: Signal<Options>,
) -> AnyView {
    let shown = value(query, filter);
    let options = move || {
        let option = |(value, words): (String, Signal<String>)| {
            let chosen = value == shown.get();
            view! { <option value=value prop:selected=chosen>{live(move || words.get())}</option> }
                .into_any()
        };
        options.get().into_iter().map(option).collect::<Vec<_>>()
    };
    let control = view! {
        <select
            class="filter__control"
            on:change=typed(move |event| set(query, filter, &event_target_value(&event)))
        >
            <option value="" prop:selected=move || shown.with(String::is_empty)>
                {live(move || all(t()))}
            </option>
            {options}
        </select>
    };
    labelled(name, shown, control.into_any())
}

fn day(query: RwSignal<String>, filter: Filter, name: Words) -> AnyView {
    let shown = value(query, filter);
    let control = view! {
        <input
            class="filter__control"
            type="date"
            prop:value=move || shown.get()
            on:change=typed(move |event| set(query, filter, &event_target_value(&event)))
        />
    };
    labelled(name, shown, control.into_any())
}
