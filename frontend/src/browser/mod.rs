//! What a browser offers, in the few forms that the app uses. Nothing here knows what a
//! conversation is.

mod alert;
mod api;
mod emoji;
mod intl;
mod listen;
mod look;
mod page;
mod prefs;
mod push;
mod route;
mod storage;
mod style;
mod transfer;
mod update;
mod width;

pub(crate) use alert::{ask_to_notify, chime, is_looked_at, may_notify, notify, teach_words};
pub(crate) use api::{Answer, Fail, post, send, send_bytes, sent_before};
pub(crate) use emoji::{
    ask_for_emoji_again, emoji_failed, recent_emoji, say_skin_tone, skin_tone, used_emoji,
    with_emoji,
};
pub(crate) use intl::{
    ago, by_name, day_of, day_title, full_time, iso_date, list_time, midnight, short_date,
    time_of_day, zone_min,
};
pub(crate) use listen::{Listener, Ticker, listen, sleep};
pub(crate) use look::Look;
pub(crate) use page::{
    copy, document, fold, has_command_key, local_get, local_remove, local_set, now, origin, random,
    reload_helped, reload_once, set_badge, window,
};
pub(crate) use prefs::{called, follow_prefs, lang, say_lang, t};
pub(crate) use push::{subscribe, unsubscribe};
pub(crate) use route::{back, follow_route, go, replace, route};
pub(crate) use storage::{Kept, keep_for_good, kept};
pub(crate) use style::more_style;
pub(crate) use transfer::{collect, fetch, receive, receive_blob, save};
pub(crate) use update::{on_update, take_update};
pub(crate) use width::{is_narrow, is_wide};
