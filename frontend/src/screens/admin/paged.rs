//! A list that comes from the service a page at a time.

use leptos::prelude::*;
use tideline_shared::protocol::{AdminCommand, AdminReply};

use super::{ask, w};
use crate::browser::{Fail, t};
use crate::kit::{State, live, retry, waiting};

/// What makes the command for the page behind a row, or for the first one.
type Command<T> = Box<dyn Fn(Option<T>) -> AdminCommand + Send + Sync>;
/// The rows of an answer, and whether there are more.
type Read<T> = fn(AdminReply) -> Option<(Vec<T>, bool)>;

/// The list. Copies are the same list.
pub(super) struct Paged<T: Clone + Send + Sync + 'static> {
    /// None before the first page.
    rows: State<Option<Vec<T>>>,
    has_more: State<bool>,
    fail: State<Option<Fail>>,
    /// The how-manieth question is the last; answers to others come too late.
    asked: StoredValue<u64>,
    command: StoredValue<Command<T>>,
    read: Read<T>,
}

impl<T: Clone + Send + Sync + 'static> Clone for Paged<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync + 'static> Copy for Paged<T> {}

impl<T: Clone + Send + Sync + 'static> Paged<T> {
    /// A list whose first page is on its way.
    pub(super) fn new(
        command: impl Fn(Option<T>) -> AdminCommand + Send + Sync + 'static,
        read: Read<T>,
    ) -> Self {
        let list = Self {
            rows: State::new(None),
            has_more: State::new(false),
            fail: State::new(None),
            asked: StoredValue::new(0),
            command: StoredValue::new(Box::new(command)),
            read,
        };
        list.fetch(None);
        list
    }

    /// Asks anew, from the first page.
    pub(super) fn again(self) {
        self.fetch(None);
    }

    /// Asks for something else: what is shown is not an answer to it.
    pub(super) fn anew(self) {
        self.rows.set(None);
        self.has_more.set(false);
        self.fail.set(None);
        self.fetch(None);
    }

    fn fetch(self, behind: Option<T>) {
        let is_first = behind.is_none();
        let Some(command) = self.command.try_with_value(|command| command(behind)) else { return };
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        leptos::task::spawn_local(async move {
            let answer = ask(command).await;
            // Another question was asked meanwhile, or the list is gone.
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(reply) => {
                    let (new, has_more) = (self.read)(reply).unwrap_or_default();
                    self.rows.update(|rows| match rows {
                        Some(rows) if !is_first => rows.extend(new),
                        rows => *rows = Some(new),
                    });
                    self.has_more.set(has_more);
                    self.fail.set(None);
                }
                Err(fail) => self.fail.set(Some(fail)),
            }
        });
    }

    /// Does something about a row, then asks anew.
    pub(super) fn act(self, command: AdminCommand) {
        leptos::task::spawn_local(async move {
            match ask(command).await {
                Ok(_) => self.again(),
                Err(fail) => self.fail.set(Some(fail)),
            }
        });
    }

    /// Draws it: each row by `row`, or `none` where there is none.
    pub(super) fn draw(
        self,
        name: crate::kit::Words,
        none: impl Fn() -> AnyView + Send + Sync + 'static,
        row: impl Fn(T) -> AnyView + Send + Sync + 'static,
    ) -> AnyView {
        let list = move || match self.rows.get() {
            None if self.fail.get().is_some() => retry(move || self.anew()),
            None => waiting(),
            Some(rows) if rows.is_empty() => none(),
            Some(rows) => {
                let rows = rows.into_iter().map(&row).collect::<Vec<_>>();
                view! { <ul class="admin__list" data-roving="" aria-label=name(t())>{rows}</ul> }
                    .into_any()
            }
        };
        let behind = move |_| {
            if let Some(last) = self.rows.with_untracked(|rows| rows.as_ref()?.last().cloned()) {
                self.fetch(Some(last));
            }
        };
        let rest = move || {
            self.has_more.get().then(|| {
                view! {
                    <button type="button" class="button button--block" on:click=behind>
                        {live(move || w().more_rows)}
                    </button>
                }
            })
        };
        view! {
            <p class="alert" role="alert">
                {live(move || self.fail.get().map(|fail| fail.sentence(t())))}
            </p>
            {list}
            {rest}
        }
        .into_any()
    }
}
