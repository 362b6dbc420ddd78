//! What another app on this device handed over (`/share`): words and files, for a conversation to be
//! chosen. `frontend/sw.js` took it in, and answers for it below this address until it is taken.

use leptos::prelude::*;
use serde::Deserialize;
use tideline_client::InboxItem;
use tideline_shared::ConversationId;

use super::files;
use crate::browser::{called, go, receive, receive_blob, replace, t};
use crate::kit::icon::{DOCUMENT, icon};
use crate::kit::{
    Asked, Shape, State, avatar, back_button, button, empty, live, pressed, said, typed, words,
};
use crate::present::Route;
use crate::shell::Device;

/// What there is.
#[derive(Clone, Default, Deserialize)]
struct Received {
    /// Titles, texts and addresses, a line each.
    words: String,
    /// The files' names.
    files: Vec<String>,
}

/// The page `/share`.
pub(super) fn received_page() -> AnyView {
    let device = Device::here();
    let asked = Asked::new(|| async {
        let text = receive("/share/list").await?;
        // Nothing is there for whoever comes by this address alone, or without a service worker.
        Ok(tideline_client::read_json::<Received>(&text).unwrap_or_default())
    });
    let received = asked.found;
    let query = State::new(String::new());
    let busy = State::new(false);
    let choose = move |id: ConversationId| {
        let Some(received) = received.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        leptos::task::spawn_local(async move {
            take(device, id, received).await;
            replace(Route::Conversation(id));
        });
    };
    let content = move |received: Received| match received {
        Received { words, files } if words.is_empty() && files.is_empty() => {
            let home = button("button--primary", None, |t| t.to_start, |_| go(Route::Home));
            empty(
                icon(DOCUMENT),
                |t| t.more().nothing_received,
                self::words(|t| t.more().nothing_received_text),
                home,
            )
        }
        received => view! {
            {summary(received)}
            <input
                class="input"
                type="search"
                autocomplete="off"
                aria-label=said(|t| t.more().find_conversation)
                placeholder=said(|t| t.more().find_conversation)
                prop:value=move || query.get()
                on:input=typed(move |event| query.set(event_target_value(&event)))
            />
            {live(move || targets(device, &query.get(), choose))}
        }
        .into_any(),
    };
    view! {
        <header class="pane__header">
            {back_button()}
            <h1 class="pane__title">{live(move || t().more().receive_title)}</h1>
        </header>
        <div class="pane__scroll">
            <div class="settings" aria-busy=move || busy.get().to_string()>
                {asked.draw(content)}
            </div>
        </div>
    }
    .into_any()
}

/// What was handed over, so that nobody sends something else.
fn summary(Received { words, files }: Received) -> AnyView {
    let files =
        files.into_iter().map(|name| view! { <li dir="auto">{name}</li> }).collect::<Vec<_>>();
    view! {
        <div class="received">
            {(!words.is_empty()).then(|| view! { <p class="received__words" dir="auto">{words}</p> })}
            {(!files.is_empty()).then(|| view! { <ul class="received__files">{files}</ul> })}
        </div>
    }
    .into_any()
}

/// The conversations of the list whose title has the words.
fn targets(
    device: Device,
    query: &str,
    choose: impl Fn(ConversationId) + Copy + Send + Sync + 'static,
) -> AnyView {
    let wanted = query.trim().to_lowercase();
    let items = device.inbox.get().unwrap_or_default();
    let fits = |item: &InboxItem| called(&item.title).to_lowercase().contains(&wanted);
    let rows = items.into_iter().filter(fits).map(|item| {
        let id = item.conversation;
        let colour = item.peer.map_or_else(|| id.to_string(), |peer| peer.to_string());
        view! {
            <li>
                <button type="button" class="target" on:click=pressed(move |_| choose(id))>
                    {avatar(&colour, &item.title, "sm", Shape::of(item.kind, item.is_notes()), item.avatar)}
                    <span class="target__title" dir="auto">
                        {called(&item.title)}
                    </span>
                </button>
            </li>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    if rows.is_empty() {
        return view! { <p class="muted">{t().more().no_conversation_found}</p> }.into_any();
    }
    view! { <ul class="targets" data-roving="">{rows}</ul> }.into_any()
}

/// Puts everything where the conversation's composer finds it: the words behind its draft, the files in
/// its tray. Then the device lets go of it.
async fn take(device: Device, id: ConversationId, Received { words, files }: Received) {
    for (n, name) in files.iter().enumerate() {
        if let Some(file) = receive_blob(&format!("/share/{n}")).await {
            let file = web_sys::File::new_with_blob_sequence_and_options(
                &js_sys::Array::of1(&file),
                name,
                &options(&file.type_()),
            );
            if let Ok(file) = file {
                files::keep_for(device.me, id, &file).await;
            }
        }
    }
    let draft = device.draft(id);
    let lines = [draft, words].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    device.keep_draft(id, lines.join("\n"));
    // What cannot be let go of is replaced by what comes next.
    let _ = receive("/share/done").await;
}

fn options(media: &str) -> web_sys::FilePropertyBag {
    let options = web_sys::FilePropertyBag::new();
    options.set_type(media);
    options
}
