//! How a person keeps a conversation of their list: muted, on top, archived, marked. The menu of a
//! row, and the same in the details.

use leptos::html;
use leptos::prelude::*;
use tideline_client::InboxItem;
use tideline_shared::protocol::AccountCommand;
use tideline_shared::{ConversationId, Timestamp};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement};

use crate::browser::{document, full_time, now, t, window};
use crate::kit::icon::{ARCHIVE, MUTE, PIN, SOUND, UNPIN, UNREAD};
use crate::kit::{Icon, MenuItem, State, Words, button, effect, live, memo, menu, said};
use crate::present::Route;
use crate::shell::{Device, order, order_or};

const HOUR_S: u64 = 60 * 60;
/// Up to here everything is read: the service cuts it at the newest message.
const EVERYTHING: u64 = (1 << 53) - 1;

/// Something that can be done about a conversation of the list.
pub(super) struct Deed {
    pub(super) icon: Icon,
    pub(super) name: Words,
    pub(super) commands: Vec<AccountCommand>,
}

pub(super) fn deeds(item: &InboxItem) -> Vec<Deed> {
    let conversation = item.conversation;
    let arrange = |pinned, archived, unread| AccountCommand::Arrange {
        conversation,
        pinned,
        archived,
        unread,
    };
    let mute = |duration_s| AccountCommand::Mute { conversation, duration_s, mentions_all: false };
    let deed = |icon, name: Words, command| Deed { icon, name, commands: vec![command] };
    let kept = item.kept;
    let mut deeds = Vec::new();
    deeds.push(if kept.pinned {
        deed(UNPIN, |t| t.more().unpin, arrange(Some(false), None, None))
    } else {
        deed(PIN, |t| t.more().pin_on_top, arrange(Some(true), None, None))
    });
    deeds.push(if item.unread > 0 || kept.unread {
        let read = AccountCommand::Read { conversation, seq: EVERYTHING };
        let commands = vec![read, arrange(None, None, Some(false))];
        Deed { icon: UNREAD, name: |t| t.more().mark_read, commands }
    } else {
        deed(UNREAD, |t| t.more().mark_unread, arrange(None, None, Some(true)))
    });
    if kept.is_muted(Timestamp(now())) {
        let unmute = AccountCommand::Unmute { conversation };
        deeds.push(deed(SOUND, |t| t.more().hear_again, unmute));
    } else {
        deeds.push(deed(MUTE, |t| t.more().silence_hour, mute(Some(HOUR_S))));
        deeds.push(deed(MUTE, |t| t.more().silence_day, mute(Some(24 * HOUR_S))));
        deeds.push(deed(MUTE, |t| t.more().silence_for_good, mute(None)));
    }
    deeds.push(if kept.archived {
        deed(ARCHIVE, |t| t.more().unarchive, arrange(None, Some(false), None))
    } else {
        deed(ARCHIVE, |t| t.more().archive, arrange(None, Some(true), None))
    });
    deeds
}

/// The menu of the row that leads to `path`, while there is one.
pub(super) fn row_menu(path: State<Option<String>>) -> AnyView {
    (move || path.get().and_then(|shown| menu_of(path, &shown))).into_any()
}

fn menu_of(path: State<Option<String>>, shown: &str) -> Option<AnyView> {
    let Route::Conversation(id) = Route::parse(shown) else { return None };
    let item = Device::here().inbox.with_untracked(|inbox| {
        inbox.iter().flatten().find(|item| item.conversation == id).cloned()
    })?;
    let link = document().query_selector(&format!(".list a[href=\"{shown}\"]")).ok().flatten()?;
    let link = link.dyn_into::<HtmlElement>().ok()?;
    let place = link.get_bounding_client_rect();
    let height = window().inner_height().ok().and_then(|height| height.as_f64());
    let up = place.top() > height.unwrap_or_default() / 2.0;
    let anchor = NodeRef::<html::Div>::new();
    effect(move || {
        let Some(anchor) = anchor.get() else { return };
        // Over the row, wherever that is: rows themselves cut off what sticks out.
        for (name, value) in [
            ("top", place.top()),
            ("left", place.left()),
            ("width", place.width()),
            ("height", place.height()),
        ] {
            // Fails never: these are properties of every element.
            let style = HtmlElement::style(&anchor);
            let _ = style.set_property(name, &format!("{}px", value as i32));
        }
    });
    let open = State::new(true);
    effect(move || {
        if !open.get() {
            path.set(None);
            // Fails for elements that are gone.
            let _ = link.focus();
        }
    });
    let items = deeds(&item).into_iter().map(|deed| MenuItem {
        icon: deed.icon,
        name: deed.name,
        danger: false,
        act: Box::new(move || deed.commands.iter().cloned().for_each(order)),
    });
    let view = view! {
        <div node_ref=anchor class="menu-anchor menu-anchor--over">
            {menu(open, up, true, Vec::new(), items.collect())}
        </div>
    };
    Some(view.into_any())
}

/// The section of the details.
pub(super) fn keeping(id: ConversationId) -> AnyView {
    let device = Device::here();
    // Drawn again when its silence ends, too.
    let listed = memo(move || {
        let item = device.listed(id)?;
        Some((item.kept.is_muted(Timestamp(now())), item))
    });
    let item = move || listed.get().map(|(_, item)| item);
    let buttons = move || {
        let item = item()?;
        let buttons = deeds(&item).into_iter().map(|Deed { icon, name, commands }| {
            button("", Some(icon), name, move |_| commands.iter().cloned().for_each(order))
        });
        Some(buttons.collect::<Vec<_>>())
    };
    let muted = move || {
        let muted = item()?.kept.muted.filter(|muted| muted.holds(Timestamp(now())))?;
        let words = match muted.until {
            Some(until) => (t().more().silent_until)(&full_time(until)),
            None => t().more().silent_for_good.to_owned(),
        };
        Some(view! { <p class="muted">{words}</p> })
    };
    let mutes_all = move || {
        let item = item()?;
        let muted = item.kept.muted.filter(|_| item.kept.is_muted(Timestamp(now())))?;
        let toggle = move |event: Event| {
            let left = |until: Timestamp| until.0.saturating_sub(now()).div_ceil(1_000).max(1);
            let command = AccountCommand::Mute {
                conversation: id,
                duration_s: muted.until.map(left),
                mentions_all: !item.kept.mutes_all,
            };
            let input: HtmlInputElement = event_target(&event);
            order_or(command, move || input.set_checked(item.kept.mutes_all));
        };
        let view = view! {
            <label class="check">
                <input type="checkbox" prop:checked=item.kept.mutes_all on:change=toggle />
                <span>{t().more().mutes_all}</span>
            </label>
        };
        Some(view)
    };
    view! {
        <section class="details__section keeping" aria-label=said(|t| t.more().keeping)>
            <h3 class="details__heading">{live(move || t().more().keeping)}</h3>
            {muted}
            {mutes_all}
            <div class="keeping__deeds">{buttons}</div>
        </section>
    }
    .into_any()
}
