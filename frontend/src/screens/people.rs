//! Finding people, and opening a conversation with one of them.

use leptos::prelude::*;
use tideline_shared::protocol::{
    Contact, ContactState, ConversationCommand, ConversationReply, Listed, PeopleCommand,
    PeopleReply,
};
use tideline_shared::{Code, ConversationId, Person, Query, UserId};

use super::contacts::as_called;
use crate::browser::{Fail, by_name, go, post, t};
use crate::kit::icon::{SEARCH, icon, mark};
use crate::kit::{
    Form, Rounds, State, Words, effect, empty, live, memo, person_row, pressed, retry, said, typed,
    words,
};
use crate::present::Route;
use crate::shell::Device;

/// Opens the direct conversation with somebody.
///
/// # Errors
/// The service was not reached, or refused.
pub(super) async fn open_direct(device: Device, peer: UserId) -> Result<(), Fail> {
    let id = ConversationId::direct(device.me, peer);
    // One that is in the list opens without the network.
    if device
        .inbox
        .with_untracked(|inbox| inbox.iter().flatten().any(|item| item.conversation == id))
    {
        go(Route::Conversation(id));
        return Ok(());
    }
    let command = ConversationCommand::StartDirect { peer };
    match post(&format!("/api/conversations/{id}"), &command).await? {
        ConversationReply::Done { .. } => {
            go(Route::Conversation(id));
            Ok(())
        }
        _ => Err(Code::Unknown.into()),
    }
}

/// What was found for a query.
#[derive(Clone, Copy)]
pub(super) struct Search {
    query: State<String>,
    found: State<Option<Vec<Listed>>>,
    /// Busy while an answer is on its way.
    form: Form,
    rounds: Rounds,
}

impl Search {
    /// A search that follows what is typed into `query`.
    pub(super) fn follow(query: State<String>) -> Self {
        let (found, form) = (State::new(None), Form::new());
        let search = Self { query, found, form, rounds: Rounds::new() };
        effect(move || {
            let typed = query.get();
            search.rounds.turn();
            // Nothing typed is no mistake.
            if Query::parse(&typed).is_err_and(|reject| reject.code == Code::QueryEmpty) {
                search.found.set(None);
                search.form.fail.set(None);
                return search.form.busy.set(false);
            }
            search.form.busy.set(true);
            search.rounds.ask(move || leptos::task::spawn_local(search.ask(typed)));
        });
        search
    }

    async fn ask(self, typed: String) {
        // What it is for may be closed by now.
        let Some(round) = self.rounds.now() else { return };
        let command = PeopleCommand::Find { query: typed };
        let answer = match post("/api/people", &command).await {
            Ok(PeopleReply::Found { people }) => Ok(people),
            Ok(_) => Err(Code::Unknown.into()),
            Err(fail) => Err(fail),
        };
        if !self.rounds.is(round) {
            return;
        }
        self.form.busy.set(false);
        match answer {
            Ok(people) => {
                self.form.fail.set(None);
                self.found.set(Some(people));
            }
            Err(fail) => self.form.fail.set(Some(fail)),
        }
    }

    /// The field to type in; `name` is what a screen reader says.
    pub(super) fn field(self, name: Words, type_: &'static str) -> AnyView {
        search_box(self.query, name, |t| t.more().find_hint, type_)
    }

    /// What was found, or what to do. `pick` gets who was chosen.
    pub(super) fn results(self, pick: Callback<Person>) -> AnyView {
        let list = move || match self.found.get() {
            None if self.form.busy.get() => ().into_any(),
            None if self.form.fail.get().is_some() => ().into_any(),
            None => {
                let known = known_people();
                if known.is_empty() {
                    let text = words(|t| t.more().type_a_name_text);
                    return empty(mark(), |t| t.more().type_a_name, text, ().into_any());
                }
                options(known, pick)
            }
            Some(people) if people.is_empty() => empty(
                icon(SEARCH),
                |t| t.more().nobody_found,
                words(|t| t.more().nobody_found_text),
                ().into_any(),
            ),
            Some(people) => options(people, pick),
        };
        let status = move || self.form.busy.get().then(|| t().more().searching);
        let again = move || {
            self.form.busy.set(true);
            leptos::task::spawn_local(self.ask(self.query.get_untracked()));
        };
        let failed = memo(move || self.form.fail.get().is_some() && !self.form.busy.get());
        view! {
            {self.form.alert(&[])}
            {move || failed.get().then(|| retry(again))}
            {list}
            <p class="search__status" role="status">
                {live(status)}
            </p>
        }
        .into_any()
    }
}

/// A field to type in what to look for, which takes the focus.
pub(super) fn search_box(
    query: State<String>,
    name: Words,
    hint: Words,
    type_: &'static str,
) -> AnyView {
    let node = NodeRef::<leptos::html::Input>::new();
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
                type=type_
                autocomplete="off"
                aria-label=said(name)
                placeholder=said(hint)
                prop:value=move || query.get()
                on:input=typed(move |event| query.set(event_target_value(&event)))
            />
        </div>
    }
    .into_any()
}

fn options(people: Vec<Listed>, pick: Callback<Person>) -> AnyView {
    let rows = people.into_iter().map(|listed| option(listed, pick)).collect::<Vec<_>>();
    view! {
        <div role="listbox" data-roving="" aria-label=said(|t| t.more().people)>
            {rows}
        </div>
    }
    .into_any()
}

/// One's contacts, as one calls them; tracked.
fn known_people() -> Vec<Listed> {
    let device = Device::here();
    let shown =
        |one: &&Contact| one.state == ContactState::Mutual && !device.blocks(one.person.user);
    let listed = |one: &Contact| Listed { person: as_called(one), signature: String::new() };
    let known = device.contacts.with(|all| all.iter().filter(shown).map(listed).collect());
    by_name(known, |one: &Listed| one.person.display_name.clone())
}

fn option(listed: Listed, pick: Callback<Person>) -> AnyView {
    let Listed { person, signature } = listed;
    let content = person_row(&person);
    let signature = Some(signature).filter(|text| !text.is_empty());
    let signature = signature.map(|text| {
        view! { " " <span class="row__signature" dir="auto">{text}</span> }
    });
    view! {
        <button
            type="button"
            class="row row--person"
            role="option"
            aria-selected="false"
            on:click=pressed(move |_| pick.run(person.clone()))
        >
            {content} {signature}
        </button>
    }
    .into_any()
}
