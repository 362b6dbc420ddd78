//! The dialog that finds somebody to write to.

use leptos::prelude::*;
use tideline_shared::Person;

use super::people::{Search, open_direct};
use crate::kit::{Form, dialog, words};
use crate::shell::Device;

/// The dialog, while `open`.
pub(super) fn new_message(open: RwSignal<bool>) -> AnyView {
    dialog("", open, words(|t| t.new_message), move || {
        let device = Device::here();
        let search = Search::follow(RwSignal::new(String::new()));
        let form = Form::new();
        let pick = Callback::new(move |person: Person| {
            form.run(async move {
                open_direct(device, person.user).await?;
                open.set(false);
                Ok(())
            });
        });
        view! {
            <div class="dialog__search">{search.field(|t| t.more().find_people, "text")}</div>
            <div class="dialog__results">
                {form.alert(&[])}
                {search.results(pick)}
            </div>
        }
        .into_any()
    })
}
