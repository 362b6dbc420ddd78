//! What is not needed at first: its code is a module of its own, which the browser fetches when it is
//! first drawn, or a moment after the app has come to rest.
//!
//! Everything that only such screens use goes with them, by itself: the build follows the calls.

use std::time::Duration;

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::reactive::owner::LocalStorage;
use tideline_client::Connection;
use tideline_shared::protocol::{Card, File};
use tideline_shared::{ConversationId, MessageId};

use super::admin::admin_page;
use super::alerts::alerts;
use super::announcement::announcement;
use super::card::card;
use super::contacts::contacts_page;
use super::conversation::{
    Completion, Subject, Talk, announcer, chosen, completion, draw_dialogs, message_keys,
    message_menu, pinned_line, silence,
};
use super::details::details_pane;
use super::divider::divider;
use super::files;
use super::invite::invite;
use super::keeping::row_menu;
use super::main::Over;
use super::new_group::new_group;
use super::new_message::{follow_notes, new_message};
use super::outside::outside;
use super::palette::palette;
use super::profile::profile_page;
use super::received::received_page;
use super::reorder::reorder;
use super::search::search_page;
use super::settings::settings_page;
use super::shortcuts::shortcuts;
use super::touch::touch;
use crate::browser::{Answer, more_style, t};
use crate::kit::icon::{ALERT, icon};
use crate::kit::{News, State, back_button, button, effect, empty, live, toast, tooltips, words};
use crate::shell::Device;

/// A screen, or a part of one, that is not needed at first.
pub(super) enum More {
    /// What is beside every screen: who tells people of news while they look elsewhere or only listen, the edge and
    /// the order of the list, the keys among messages, the way back by a finger, and what buttons without words are called.
    Beside,
    /// What everybody is told.
    Announcement,
    Search,
    Settings,
    /// Running the deployment.
    Admin,
    /// What another app handed over.
    Received,
    Contacts,
    Profile(String),
    Details(ConversationId),
    /// The menu of the conversation in the list whose address this is, while there is one.
    RowMenu(State<Option<String>>),
    NewMessage(State<bool>),
    NewGroup(State<bool>),
    /// How to bring others in.
    Invite(Over),
    /// Where to go and what to do, by a few letters; and the keys that there are.
    Palette(Over),
    /// What a message's menu opens.
    Dialogs(Talk),
    /// A message's menu, while it is open; it hangs upwards or not.
    Menu(State<bool>, bool, Talk, Subject),
    /// What stands in place of the composer while messages are chosen.
    Chosen(Talk),
    /// The line of pinned messages, from the service's answer.
    Pinned(Talk, State<Option<Answer>>),
    /// What fits what is being typed.
    Completion(Completion),
    /// Why nobody can write here.
    Silence(State<bool>),
    /// A conversation that somebody is not in.
    Outside(ConversationId),
    EmojiPicker(State<bool>, Callback<String>),
    /// A file of a message that the service has, or not yet.
    File(Talk, File, bool),
    /// What the first link of a text leads to.
    Card(Card, String),
    /// Files that are about to be sent.
    Tray(Talk),
    /// What brings to the service what messages wait for.
    Uploads,
    /// How far the files of a message are.
    Sending(MessageId, Vec<File>),
    /// What records a voice message; called when it was sent.
    Recorder(Talk, Callback<()>),
}

impl More {
    /// Whether there is nothing else to see where it stands.
    fn is_screen(&self) -> bool {
        matches!(
            self,
            Self::Search
                | Self::Settings
                | Self::Admin
                | Self::Received
                | Self::Contacts
                | Self::Profile(_)
                | Self::Details(_)
                | Self::Outside(_)
        )
    }

    fn draw(self) -> AnyView {
        match self {
            Self::Beside => beside(Device::here()),
            Self::Announcement => announcement(),
            Self::Search => search_page(),
            Self::Settings => settings_page(),
            Self::Admin => admin_page(),
            Self::Received => received_page(),
            Self::Contacts => contacts_page(),
            Self::Profile(name) => profile_page(name),
            Self::Details(id) => details_pane(id),
            Self::RowMenu(path) => row_menu(path),
            Self::NewMessage(open) => new_message(open),
            Self::NewGroup(open) => new_group(open),
            Self::Invite(over) => invite(over),
            Self::Palette(over) => (palette(over), shortcuts(over.shortcuts)).into_any(),
            Self::Dialogs(talk) => draw_dialogs(talk),
            Self::Menu(open, up, talk, subject) => message_menu(open, up, talk, &subject),
            Self::Chosen(talk) => chosen(talk),
            Self::Pinned(talk, answer) => pinned_line(talk, answer),
            Self::Completion(typed) => completion(typed),
            Self::Silence(again) => silence(again),
            Self::Outside(id) => outside(id),
            Self::File(talk, file, stored) => files::shown(talk, &file, stored),
            Self::Card(of, text) => card(&of, &text),
            Self::Tray(talk) => files::tray(talk),
            Self::Uploads => files::uploads(),
            Self::Sending(message, of) => files::sending(message, of),
            Self::Recorder(talk, sent) => files::recorder(talk, sent),
            Self::EmojiPicker(open, pick) => crate::kit::emoji_picker(open, pick),
        }
    }
}

fn beside(device: Device) -> AnyView {
    let notes = follow_notes(device, expect_context());
    let heard = (alerts(device), announcer(), tooltips());
    (heard, divider(), message_keys(), reorder(device), touch(), notes).into_any()
}

/// The module could not be fetched.
struct NotHere;

impl From<leptos::wasm_split::SplitLoaderError> for NotHere {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

mod border {
    #![allow(unsafe_code, reason = "the macro calls a function of another module by its name")]

    use super::{AnyView, More, NotHere};
    use crate::locale::know_all_rejects;

    #[leptos::wasm_split::wasm_split(
        more,
        wasm_split_path = leptos::wasm_split,
        fallible,
        preload(fetch)
    )]
    pub(super) fn draw(more: More) -> Result<AnyView, NotHere> {
        know_all_rejects();
        Ok(more.draw())
    }
}

/// How long the app rests before the code is fetched that it may need next.
const REST: Duration = Duration::from_secs(2);

/// Fetches the code some time after the service was first reached, so that menus open at once and
/// settings are there without a network, too. Says when it is here.
pub(super) fn fetch_more(device: Device) -> State<bool> {
    let fetched = State::new(false);
    let online = Memo::new(move |before: Option<&bool>| {
        before == Some(&true) || device.connection.get() == Connection::Online
    });
    effect(move || {
        if online.get() {
            let fetch = move || {
                leptos::task::spawn_local(async move {
                    more_style().await;
                    // Whoever needs it asks again when this fails.
                    fetched.set(border::fetch().await.is_ok());
                })
            };
            set_timeout(fetch, REST);
        }
    });
    fetched
}

/// Draws it as soon as its code is here. Where a whole screen cannot be fetched it says so, and tries again
/// when it is asked to, and when there is a network again.
pub(super) fn more(what: More) -> AnyView {
    let is_screen = what.is_screen();
    let state = State::new(Fetch::Loading);
    let what = StoredValue::<Option<More>, LocalStorage>::new_local(Some(what));
    let view = StoredValue::<Option<AnyView>, LocalStorage>::new_local(None);
    let owner = Owner::current().unwrap_or_default();
    let begin = move || {
        state.set(Fetch::Loading);
        let drawn = async move {
            more_style().await;
            border::fetch().await?;
            // What is fetched is drawn once.
            let Some(what) = what.try_update_value(Option::take).flatten() else { return Ok(()) };
            let drawn = border::draw(what).await?;
            view.try_update_value(|view| *view = Some(drawn));
            Ok::<_, NotHere>(())
        };
        owner.with(|| {
            leptos::task::spawn_local(ScopedFuture::new_untracked(async move {
                let drawn = drawn.await;
                if drawn.is_err() && !is_screen {
                    toast(News::Bad(|t| t.no_network));
                }
                state.set(if drawn.is_ok() { Fetch::Here } else { Fetch::Failed });
            }));
        });
    };
    begin();
    let begin = StoredValue::new_local(begin);
    let again = move || {
        begin.try_with_value(|begin| begin());
    };
    if let Some(device) = use_context::<Device>().filter(|_| is_screen) {
        effect(move || {
            let online = device.connection.get() == Connection::Online;
            if online && state.get_untracked() == Fetch::Failed {
                again();
            }
        });
    }
    live(move || match state.get() {
        Fetch::Here => view.try_update_value(Option::take).flatten().unwrap_or_else(loading),
        Fetch::Failed if is_screen => {
            let retry = button("", None, |t| t.retry, move |_| again());
            view! {
                <header class="pane__header">
                    {back_button()} <h1 class="visually-hidden">"Tideline"</h1>
                </header>
                {empty(icon(ALERT), |t| t.offline, words(|t| t.no_network), retry)}
            }
            .into_any()
        }
        Fetch::Loading | Fetch::Failed => loading(),
    })
    .into_any()
}

/// How far the code of later screens is.
#[derive(Clone, Copy, PartialEq)]
enum Fetch {
    Loading,
    Here,
    Failed,
}

fn loading() -> AnyView {
    view! { <span class="visually-hidden">{t().loading}</span> }.into_any()
}

/// Draws it from when it is first wanted, and keeps it then.
pub(super) fn more_when(
    is_wanted: impl Fn() -> bool + Send + Sync + 'static,
    what: impl Fn() -> More + Send + 'static,
) -> AnyView {
    let wanted = Memo::new(move |before: Option<&bool>| is_wanted() || before == Some(&true));
    live(move || wanted.get().then(|| more(what()))).into_any()
}
