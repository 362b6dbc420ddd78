//! The dialog that finds somebody to write to.

use leptos::prelude::*;
use tideline_shared::{ConversationId, Person, UserId};

use super::main::Over;
use super::people::{Search, open_direct};
use crate::browser::t;
use crate::kit::{Form, News, Shape, State, avatar, dialog, effect, memo, pressed, toast, words};
use crate::shell::Device;

/// The dialog, while `open`.
pub(super) fn new_message(open: State<bool>) -> AnyView {
    dialog("", open, words(|t| t.new_message), move || {
        let device = Device::here();
        let query = State::new(String::new());
        let search = Search::follow(query);
        let form = Form::new();
        let talk_to = move |user| {
            form.run(async move {
                open_direct(device, user).await?;
                open.set(false);
                Ok(())
            });
        };
        let pick = Callback::new(move |person: Person| talk_to(person.user));
        let wanted = memo(move || {
            let typed = query.get().trim().to_lowercase();
            t().notes.to_lowercase().contains(&typed)
        });
        let notes = move || wanted.get().then(|| notes(device.me, move || talk_to(device.me)));
        view! {
            <div class="dialog__search">{search.field(|t| t.more().find_people, "text")}</div>
            <div class="dialog__results">
                {form.alert(&[])} {notes} {search.results(pick)}
            </div>
        }
        .into_any()
    })
}

/// Opens one's own notes when they are wanted from elsewhere. Nothing is drawn.
pub(super) fn follow_notes(device: Device, over: Over) -> AnyView {
    effect(move || {
        if over.notes.get() {
            over.notes.set(false);
            leptos::task::spawn_local(async move {
                if let Err(fail) = open_direct(device, device.me).await {
                    toast(News::Failed(fail));
                }
            });
        }
    });
    ().into_any()
}

/// The way to one's own notes, above everybody else.
fn notes(me: UserId, go: impl Fn() + Copy + 'static) -> AnyView {
    view! {
        <button type="button" class="row row--person" on:click=pressed(move |_| go())>
            {avatar(&ConversationId::direct(me, me).to_string(), "", "md", Shape::Notes, None)}
            <span class="row__title">{t().notes}</span>
            " "
            <span class="row__preview">{t().more().notes_hint}</span>
        </button>
    }
    .into_any()
}
