//! What a person decides about their own account, sent on its way.

use tideline_shared::protocol::AccountCommand;

use crate::browser::send;
use crate::kit::{News, toast};

/// Has the account do something; says so when it did not.
pub(crate) fn order(command: AccountCommand) {
    order_or(command, || ());
}

/// The same; `otherwise` is called when it did not.
pub(crate) fn order_or(command: AccountCommand, otherwise: impl FnOnce() + 'static) {
    leptos::task::spawn_local(async move {
        if let Err(fail) = send("/api/account", &command).await {
            toast(News::Failed(fail));
            otherwise();
        }
    });
}
