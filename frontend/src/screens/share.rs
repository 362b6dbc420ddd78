//! Links to hand to others: to copy, and as a code for a camera; and one's own.

use leptos::html;
use leptos::prelude::*;

use crate::browser::{origin, t};
use crate::kit::icon::QR;
use crate::kit::{
    State, Words, button, copy_and_tell, dialog, effect, icon_button, live, qr_code, said, words,
};
use crate::present::Route;

/// A link with what can be done with it. `focus`: ready to be copied by hand, too.
pub(super) fn link_row(name: Words, address: String, focus: bool) -> AnyView {
    let node = NodeRef::<html::Input>::new();
    effect(move || {
        if let Some(node) = node.get().filter(|_| focus) {
            // Both fail for elements that are gone.
            let _ = node.focus();
            node.select();
        }
    });
    let scanning = State::new(false);
    let (to_copy, to_scan) = (address.clone(), address.clone());
    let code = dialog("dialog--confirm", scanning, words(|t| t.more().qr_code), move || {
        let code = qr_code(&to_scan, (t().more().qr_code_of)(&to_scan));
        view! {
            <div class="dialog__body">
                {code} <p class="qr__hint">{live(move || t().more().qr_hint)}</p>
            </div>
        }
        .into_any()
    });
    view! {
        <div class="invite-link__row">
            <input
                node_ref=node
                class="input"
                readonly
                aria-label=said(name)
                prop:value=address
            />
            {icon_button(QR, |t| t.more().qr_code, move |_| scanning.set(true))}
            {button("button--primary", None, |t| t.more().copy, move |_| {
                copy_and_tell(to_copy.clone());
            })}
        </div>
        {code}
    }
    .into_any()
}

/// The address under which somebody with this user name is found.
pub(super) fn personal_address(user_name: &str) -> String {
    let name = String::from(js_sys::encode_uri_component(user_name));
    origin() + &Route::Profile(name).path()
}

/// The same, with what can be done with it.
pub(super) fn personal_link(user_name: &str) -> AnyView {
    let address = personal_address(user_name);
    view! {
        <div class="invite-link">
            {link_row(|t| t.more().personal_link, address, false)}
            <p class="field__hint">{live(move || t().more().personal_link_hint)}</p>
        </div>
    }
    .into_any()
}
