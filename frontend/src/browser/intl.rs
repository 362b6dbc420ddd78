//! Dates, times and the order of names, in the reader's language and time zone, by the browser's `Intl`.

use std::cell::RefCell;
use std::cmp::Ordering;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use tideline_client::in_order;
use tideline_shared::Timestamp;
use wasm_bindgen::JsValue;

use super::prefs::{lang, minute, today};
use crate::locale::Lang;
use crate::present::Ago;

const DAY_MS: f64 = 86_400_000.0;

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Time,
    Weekday,
    MonthDay,
    Date,
    LongDay,
    LongDate,
    Full,
}

impl Style {
    fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Time => &[("hour", "numeric"), ("minute", "2-digit")],
            Self::Weekday => &[("weekday", "short")],
            Self::MonthDay => &[("month", "short"), ("day", "numeric")],
            Self::Date => &[("year", "numeric"), ("month", "short"), ("day", "numeric")],
            Self::LongDay => &[("weekday", "long"), ("month", "long"), ("day", "numeric")],
            Self::LongDate => &[("year", "numeric"), ("month", "long"), ("day", "numeric")],
            Self::Full => &[("dateStyle", "long"), ("timeStyle", "short")],
        }
    }
}

/// In the order in which readers of the app's language look for names: Chinese ones by their sound,
/// accents beside their letters, numbers by their worth. Tracked.
pub(crate) fn by_name<T>(items: Vec<T>, name: impl Fn(&T) -> String) -> Vec<T> {
    let options = Object::new();
    // Fails for frozen objects only.
    let _ = Reflect::set(&options, &"numeric".into(), &true.into());
    let locales = Array::of1(&lang().tag().into());
    let compare = Intl::Collator::new(&locales, &options).compare();
    let names: Vec<JsValue> = items.iter().map(|item| name(item).into()).collect();
    let sign = |one: usize, other: usize| {
        compare.call2(&JsValue::NULL, names.get(one)?, names.get(other)?).ok()?.as_f64()
    };
    in_order(items, &mut |one, other| {
        let sign = sign(one, other).unwrap_or_default();
        sign.partial_cmp(&0.0).unwrap_or(Ordering::Equal)
    })
}

thread_local! {
    // Making a formatter costs a hundred times what using it does.
    static FORMATTERS: RefCell<Vec<(Lang, Style, Function)>> = const { RefCell::new(Vec::new()) };
}

fn format(at: Timestamp, style: Style) -> String {
    let lang = lang();
    let formatter = FORMATTERS.with_borrow_mut(|known| {
        let found = known.iter().find(|(l, s, _)| *l == lang && *s == style);
        if let Some((_, _, formatter)) = found {
            return formatter.clone();
        }
        let options = Object::new();
        for (name, value) in style.options() {
            // Fails for frozen objects only.
            let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
        }
        let locales = Array::of1(&habits_of(lang).into());
        let formatter = Intl::DateTimeFormat::new(&locales, &options).format();
        known.push((lang, style, formatter.clone()));
        formatter
    });
    let date = JsValue::from_f64(at.0 as f64);
    formatter
        .call1(&JsValue::NULL, &date)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// Dates and times have the habits of the reader's country, as far as the language has any: the
/// browser's own tag, if it is of the language that is chosen.
fn habits_of(lang: Lang) -> String {
    let own = super::window().navigator().language();
    own.filter(|tag| Lang::of_tag(tag) == lang && tag.starts_with(&lang.tag()[..2]))
        .unwrap_or_else(|| lang.tag().to_owned())
}

/// The number of a time's day, counted in the reader's time zone.
#[must_use]
pub(crate) fn day_of(at: Timestamp) -> u32 {
    let ms = at.0 as f64;
    let offset = Date::new(&ms.into()).get_timezone_offset() * 60_000.0;
    ((ms - offset) / DAY_MS) as u32
}

/// A time's day as a date field takes it, `2026-11-23`, in the reader's time zone.
#[must_use]
pub(crate) fn iso_date(at: Timestamp) -> String {
    let date = Date::new(&(at.0 as f64).into());
    format!("{:04}-{:02}-{:02}", date.get_full_year(), date.get_month() + 1, date.get_date())
}

/// Minutes that the reader's clocks are ahead of UTC: where their days begin.
#[must_use]
pub(crate) fn zone_min() -> i32 {
    -(Date::new_0().get_timezone_offset() as i32)
}

/// When the day of a date field begins, in the reader's time zone.
#[must_use]
pub(crate) fn midnight(iso: &str) -> Option<Timestamp> {
    // Without a time zone, a date with a time is the reader's own.
    let ms = Date::new(&format!("{iso}T00:00").into()).get_time();
    (ms >= 0.0).then_some(Timestamp(ms as u64))
}

fn year_of(at: Timestamp) -> u32 {
    Date::new(&(at.0 as f64).into()).get_full_year()
}

fn this_year() -> u32 {
    year_of(Timestamp(super::now()))
}

/// `10:42`.
#[must_use]
pub(crate) fn time_of_day(at: Timestamp) -> String {
    format(at, Style::Time)
}

/// A date and a time in full.
#[must_use]
pub(crate) fn full_time(at: Timestamp) -> String {
    format(at, Style::Full)
}

/// A date without weekday.
#[must_use]
pub(crate) fn short_date(at: Timestamp) -> String {
    format(at, Style::LongDate)
}

/// What stands above a day's messages.
#[must_use]
pub(crate) fn day_title(at: Timestamp) -> String {
    let t = lang().table();
    match today().checked_sub(day_of(at)) {
        Some(0) => t.today.into(),
        Some(1) => t.yesterday.into(),
        _ if year_of(at) == this_year() => format(at, Style::LongDay),
        _ => format(at, Style::LongDate),
    }
}

/// How long ago that was, for the middle of a sentence; tracked.
#[must_use]
pub(crate) fn ago(at: Timestamp) -> String {
    // Tracked, as the clock is not; what came since the last minute began is not in the future.
    let ms = minute().max(super::now()).saturating_sub(at.0);
    let days = today().saturating_sub(day_of(at));
    let style = if year_of(at) == this_year() { Style::MonthDay } else { Style::Date };
    (lang().table().ago)(Ago::of(ms, days, || format(at, style)))
}

/// When something happened last, as short as the list needs it.
#[must_use]
pub(crate) fn list_time(at: Timestamp) -> String {
    match today().checked_sub(day_of(at)) {
        Some(0) | None => format(at, Style::Time),
        Some(1) => lang().table().yesterday.into(),
        Some(2..=6) => format(at, Style::Weekday),
        _ if year_of(at) == this_year() => format(at, Style::MonthDay),
        _ => format(at, Style::Date),
    }
}
