//! Finding people, and opening a conversation with one of them.

use std::time::Duration;

use crate::kit::effect;
use crate::kit::{pressed, typed};
use leptos::prelude::*;
use tideline_shared::protocol::{
    ConversationCommand, ConversationReply, PeopleCommand, PeopleReply,
};
use tideline_shared::{Code, ConversationId, Person, Query, UserId};

use crate::browser::{Fail, go, post, t};
use crate::kit::icon::{SEARCH, icon, mark};
use crate::kit::{Form, Shape, avatar, empty, words};
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
    found: RwSignal<Option<Vec<Person>>>,
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
                let people = people.into_iter().map(|listed| listed.person);
                self.found.set(Some(people.collect()));
            }
            Err(fail) => self.form.fail.set(Some(fail)),
        }
    }

    /// The field to type in; `name` is what a screen reader says.
    pub(super) fn field(self, name: crate::kit::Words, type_: &'static str) -> AnyView {
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
                    placeholder=move || t().find_hint
                    prop:value=move || self.query.get()
                    on:input=typed(move |event| self.query.set(event_target_value(&event)))
                />
            </div>
        }
        .into_any()
    }

    /// What was found, or what to do. `pick` gets who was chosen.
    pub(super) fn results(self, pick: Callback<Person>) -> AnyView {
        let list = move || match self.found.get() {
            None => empty(mark(), |t| t.type_a_name, words(|t| t.type_a_name_text), ().into_any()),
            Some(people) if people.is_empty() => empty(
                icon(SEARCH),
                |t| t.nobody_found,
                words(|t| t.nobody_found_text),
                ().into_any(),
            ),
            Some(people) => {
                let rows = people.into_iter().map(|person| option(person, pick));
                let rows = rows.collect::<Vec<_>>();
                view! {
                    <div role="listbox" aria-label=move || t().people>
                        {rows}
                    </div>
                }
                .into_any()
            }
        };
        view! { {self.form.alert(&[])} {list} }.into_any()
    }
}

fn option(person: Person, pick: Callback<Person>) -> AnyView {
    let content = person_row(&person);
    view! {
        <button
            type="button"
            class="row row--person"
            role="option"
            aria-selected="false"
            on:click=pressed(move |_| pick.run(person.clone()))
        >
            {content}
        </button>
    }
    .into_any()
}

/// Somebody in a row: avatar, name, handle.
pub(super) fn person_row(person: &Person) -> AnyView {
    let handle = person.user_name.as_ref().map(|name| format!("@{name}"));
    let handle = handle.unwrap_or_else(|| t().guest.to_owned());
    view! {
        {avatar(&person.user.to_string(), &person.display_name, "md", Shape::Person)}
        <span class="row__title" dir="auto">
            {person.display_name.clone()}
        </span>
        " "
        <span class="row__preview">{handle}</span>
    }
    .into_any()
}
