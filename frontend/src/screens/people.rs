//! Finding people, and opening a conversation with one of them.

use std::time::Duration;

use crate::kit::effect;
use crate::kit::{pressed, typed};
use leptos::prelude::*;
use tideline_shared::protocol::{
    Contact, ContactState, ConversationCommand, ConversationReply, Listed, PeopleCommand,
    PeopleReply,
};
use tideline_shared::{Code, ConversationId, Person, Query, UserId};

use super::contacts::as_called;
use crate::browser::{Fail, go, post, t};
use crate::kit::icon::{SEARCH, icon, mark};
use crate::kit::{Form, Words, empty, person_row, words};
use crate::present::Route;
use crate::shell::Device;

/// How long a pause in typing is before the service is asked.
const PAUSE: Duration = Duration::from_millis(150);

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
    query: RwSignal<String>,
    found: RwSignal<Option<Vec<Listed>>>,
    form: Form,
}

impl Search {
    /// A search that follows what is typed into `query`.
    pub(super) fn follow(query: RwSignal<String>) -> Self {
        let search = Self { query, found: RwSignal::new(None), form: Form::new() };
        let pause = StoredValue::new(None::<TimeoutHandle>);
        effect(move || {
            let typed = query.get();
            if let Some(pause) = pause.get_value() {
                pause.clear();
            }
            // Nothing typed is no mistake.
            if Query::parse(&typed).is_err_and(|reject| reject.code == Code::QueryEmpty) {
                search.found.set(None);
                search.form.fail.set(None);
                return;
            }
            let ask = move || leptos::task::spawn_local(search.ask(typed));
            pause.set_value(set_timeout_with_handle(ask, PAUSE).ok());
        });
        search
    }

    async fn ask(self, typed: String) {
        let command = PeopleCommand::Find { query: typed.clone() };
        let answer = match post("/api/people", &command).await {
            Ok(PeopleReply::Found { people }) => Ok(people),
            Ok(_) => Err(Code::Unknown.into()),
            Err(fail) => Err(fail),
        };
        // An answer to what is not asked any more.
        if self.query.try_get_untracked().as_ref() != Some(&typed) {
            return;
        }
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
        view! { {self.form.alert(&[])} {list} }.into_any()
    }
}

/// A field to type in what to look for, which takes the focus.
pub(super) fn search_box(
    query: RwSignal<String>,
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
                aria-label=move || name(t())
                placeholder=move || hint(t())
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
        <div role="listbox" aria-label=move || t().more().people>
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
    device.contacts.with(|all| all.iter().filter(shown).map(listed).collect())
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
