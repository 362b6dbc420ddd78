//! The filters of a query as controls. People and conversations are chosen by id; the others change
//! what stands in the box. Each shows what is typed there.

use crate::kit::{Derived, State, live, memo, said, typed};
use leptos::prelude::*;
use tideline_client::InboxItem;
use tideline_shared::UserId;
use tideline_shared::search::{Filter, Has, filter_of, with_filter};

use super::lookup::Lookup;
use crate::browser::{by_name, called, list_time, t};
use crate::kit::Words;
use crate::screens::contacts::as_called;
use crate::shell::Device;

pub(super) fn filters(lookup: Lookup) -> AnyView {
    let query = lookup.query;
    view! {
        <div class="search__column filters" role="group" aria-label=said(|t| t.more().filters)>
            {from(lookup)} {within(lookup)} {has(query)}
            {day(query, Filter::After, |t| t.more().filter_after)}
            {day(query, Filter::Before, |t| t.more().filter_before)}
        </div>
    }
    .into_any()
}

fn set(query: State<String>, filter: Filter, value: &str) {
    let value = Some(value.trim()).filter(|value| !value.is_empty());
    query.update(|typed| *typed = with_filter(typed, filter, value));
}

fn value(query: State<String>, filter: Filter) -> Derived<String> {
    memo(move || query.with(|typed| filter_of(typed, filter)).unwrap_or_default())
}

/// A control with its name, lit while it filters.
fn labelled(name: Words, value: Derived<String>, control: AnyView) -> AnyView {
    view! {
        <label class="filter" data-on=move || (!value.with(String::is_empty)).to_string()>
            <span class="filter__name">{live(move || name(t()))}</span>
            {control}
        </label>
    }
    .into_any()
}

/// Chosen by id, so that it is them whatever they are called; anybody else can be typed.
fn from(lookup: Lookup) -> AnyView {
    let device = Device::here();
    let typed = value(lookup.query, Filter::From);
    let shown = memo(move || or_id(typed.get(), lookup.author.get()));
    let options = move || {
        let mut people = vec![(device.me.to_string(), t().more().member_you.to_owned())];
        people.extend(by_name(acquaintances(device), |(_, name)| name.clone()));
        with_typed(people, typed.get())
    };
    let choose = move |value: String| {
        set(lookup.query, Filter::From, "");
        lookup.author.set(value.parse().ok());
    };
    let (name, all): (Words, Words) = (|t| t.more().filter_from, |t| t.more().anyone);
    select(shown, name, all, Signal::derive(options), Callback::new(choose))
}

/// Contacts and whom one talks to, with what they are called.
fn acquaintances(device: Device) -> Vec<(String, String)> {
    let mut people: Vec<(UserId, String)> = device
        .contacts
        .with(|all| all.iter().map(|one| (one.person.user, as_called(one).display_name)).collect());
    let inbox = device.inbox.get().unwrap_or_default();
    for (user, name) in inbox.into_iter().filter_map(|item| Some((item.peer?, item.title))) {
        if people.iter().all(|(known, _)| *known != user) {
            people.push((user, name));
        }
    }
    people.into_iter().map(|(user, name)| (user.to_string(), called(&name))).collect()
}

fn within(lookup: Lookup) -> AnyView {
    let device = Device::here();
    let typed = value(lookup.query, Filter::In);
    let listed = move || lookup.place.get().filter(|id| device.listed(*id).is_some());
    let shown = memo(move || or_id(typed.get(), listed()));
    let options = move || {
        let inbox = device.inbox.get().unwrap_or_default();
        let titled = |item: &InboxItem| called(&item.title);
        let alike = |item: &InboxItem| inbox.iter().filter(|one| one.title == item.title).count();
        // Those of the same title are told apart by when something was said there.
        let words = |item: &InboxItem| match alike(item) {
            1 => titled(item),
            _ => (t().more().choice_of)(&titled(item), &list_time(item.at)),
        };
        let places: Vec<_> =
            inbox.iter().map(|item| (item.conversation.to_string(), words(item))).collect();
        with_typed(by_name(places, |(_, words)| words.clone()), typed.get())
    };
    let choose = move |value: String| {
        set(lookup.query, Filter::In, "");
        lookup.place.set(value.parse().ok());
    };
    let (name, all): (Words, Words) = (|t| t.more().filter_in, |t| t.more().everywhere);
    select(shown, name, all, Signal::derive(options), Callback::new(choose))
}

/// What the control shows: what was typed, or else what was chosen.
fn or_id(typed: String, chosen: Option<impl ToString>) -> String {
    if typed.is_empty() { chosen.map(|id| id.to_string()).unwrap_or_default() } else { typed }
}

/// What was typed is a choice, too.
fn with_typed(mut options: Options, typed: String) -> Options {
    if !typed.is_empty() {
        options.push((typed.clone(), typed));
    }
    options
}

fn has(query: State<String>) -> AnyView {
    let options = || {
        let words = |has| match has {
            Has::Image => t().more().pictures,
            Has::File => t().more().files,
            Has::Link => t().more().links,
            Has::Voice => t().more().voice_messages,
        };
        Has::ALL.map(|has| (has.as_str().to_owned(), words(has).to_owned())).to_vec()
    };
    let choose = move |value: String| set(query, Filter::Has, &value);
    let (name, all): (Words, Words) = (|t| t.more().filter_has, |t| t.more().anything);
    let shown = value(query, Filter::Has);
    select(shown, name, all, Signal::derive(options), Callback::new(choose))
}

/// Values with their words.
type Options = Vec<(String, String)>;

fn select(
    shown: Derived<String>,
    name: Words,
    all: Words,
    options: Signal<Options>,
    choose: Callback<String>,
) -> AnyView {
    let options = move || {
        let option = |(value, words): (String, String)| {
            let chosen = value == shown.get();
            view! { <option value=value prop:selected=chosen>{words}</option> }.into_any()
        };
        options.get().into_iter().map(option).collect::<Vec<_>>()
    };
    let control = view! {
        <select
            class="filter__control"
            on:change=typed(move |event| choose.run(event_target_value(&event)))
        >
            <option value="" prop:selected=move || shown.with(String::is_empty)>
                {live(move || all(t()))}
            </option>
            {options}
        </select>
    };
    labelled(name, shown, control.into_any())
}

fn day(query: State<String>, filter: Filter, name: Words) -> AnyView {
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
