//! Who is signed in, as far as this browser knows. The cookie that decides is out of reach of
//! scripts, so a marker names its person: with it the app starts from the local store at once,
//! without it the service is asked.

use std::cell::Cell;
use std::sync::LazyLock;

use crate::kit::Lasting;
use serde::Deserialize;
use tideline_shared::protocol::SessionCommand;
use tideline_shared::{Code, UserId};
use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

use super::driver::store_name;
use super::store;
use crate::browser::{Fail, listen, local_get, local_remove, local_set, send, sent_before, window};

const MARKER: &str = "tideline.user";

/// Who is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// The service was asked.
    Asking,
    /// Nobody; and why not any more, if it was not the person's wish.
    Nobody(Option<Code>),
    /// This person.
    Person(UserId),
}

static WHO: LazyLock<Lasting<Who>> = LazyLock::new(|| Lasting::new(Who::Asking));

thread_local! {
    /// The person is signing out this moment.
    static LEAVING: Cell<bool> = const { Cell::new(false) };
}

/// Who is signed in; tracked.
#[must_use]
pub(crate) fn who() -> Who {
    WHO.get()
}

fn set(who: Who) {
    if WHO.get_untracked() != who {
        WHO.set(who);
    }
}

fn marked() -> Option<UserId> {
    local_get(MARKER)?.parse().ok()
}

/// As much of [`SessionReply::SignedIn`](tideline_shared::protocol::SessionReply) as is needed here.
#[derive(Deserialize)]
pub(crate) struct SignedIn {
    /// Who.
    pub(crate) user: UserId,
}

/// Finds out who is signed in. Called once.
pub(crate) fn begin() {
    if let Some(user) = marked() {
        return set(Who::Person(user));
    }
    leptos::task::spawn_local(async {
        match sent_before("tidelineWhoami").await.and_then(|answer| answer.read()) {
            Ok(SignedIn { user }) => sign_in(user),
            Err(_) => set(Who::Nobody(None)),
        }
    });
}

/// The cookie names this person now.
pub(crate) fn sign_in(user: UserId) {
    local_set(MARKER, &user.to_string());
    set(Who::Person(user));
}

/// Ends the session by the person's wish, and forgets what this device kept of the account.
///
/// # Errors
/// The service was not reached, or refused: the session goes on.
pub(crate) async fn leave(user: UserId) -> Result<(), Fail> {
    match end(&SessionCommand::SignOut).await {
        // A session that is over already is what was asked for.
        Ok(()) | Err(Fail::Refused(_)) => {}
        Err(fail) => return Err(fail),
    }
    forget(user);
    Ok(())
}

/// Deletes the account, for good; guests have no password.
///
/// # Errors
/// The service was not reached, or refused: the account is still there.
pub(crate) async fn delete_account(user: UserId, password: Option<String>) -> Result<(), Fail> {
    end(&SessionCommand::DeleteAccount { password }).await?;
    forget(user);
    Ok(())
}

async fn end(command: &SessionCommand) -> Result<(), Fail> {
    LEAVING.set(true);
    let answer = send("/api/session", command).await;
    LEAVING.set(false);
    answer.map(drop)
}

/// Nothing of this person stays in this browser.
fn forget(user: UserId) {
    local_remove(MARKER);
    set(Who::Nobody(None));
    store::delete(&store_name(user));
}

/// The service says that the session of this person is over. What waits to be sent stays on the
/// device until they come back.
pub(crate) fn signed_out_by_service(user: UserId, why: Code) {
    if marked() == Some(user) {
        local_remove(MARKER);
    }
    // The sockets hear of a sign-out before its own answer comes.
    set(Who::Nobody((!LEAVING.get()).then_some(why)));
}

/// Follows what other tabs of this browser do: they share the cookie. Called once.
pub(crate) fn follow_tabs() {
    let storage = listen(&window(), "storage", |event| {
        let event: StorageEvent = event.unchecked_into();
        // Without a key everything was cleared.
        if event.key().is_none_or(|key| key == MARKER) {
            set(marked().map_or(Who::Nobody(None), Who::Person));
        }
    });
    // For as long as the page lives.
    std::mem::forget(storage);
}
