//! Tables, as Markdown that is also read in a terminal.

use std::fmt::Write as _;

use super::SIZES;
use crate::chart::{grouped, people};
use crate::costs::Costs;
use crate::habits::Habits;
use crate::hottest;
use crate::model::Deployment;
use crate::prices::PRICES;

/// A table.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

/// A figure with as many digits as mean something.
pub(super) fn short(figure: f64) -> String {
    match figure.abs() {
        0.0 => "0".to_owned(),
        f if f < 0.01 => format!("{figure:.4}"),
        f if f < 1.0 => format!("{figure:.2}"),
        f if f < 100.0 => format!("{figure:.1}"),
        _ => grouped(figure),
    }
}

/// Dollars.
pub(super) fn dollars(figure: f64) -> String {
    match figure {
        f if f >= 100.0 => format!("${}", grouped(f)),
        f if f >= 0.095 => format!("${f:.2}"),
        f => format!("${f:.4}"),
    }
}

/// A large number of what is billed.
fn amount(figure: f64) -> String {
    match figure {
        f if f >= 1e12 => format!("{:.1} trillion", f / 1e12),
        f if f >= 1e9 => format!("{:.1} billion", f / 1e9),
        f if f >= 1e6 => format!("{:.1} million", f / 1e6),
        f => short(f),
    }
}

/// What single events cost.
#[must_use]
pub fn costs_table(costs: &Costs) -> String {
    let value = serde_json::to_value(costs).unwrap_or_default();
    let rows: Vec<Vec<String>> = EVENTS
        .iter()
        .map(|(name, what)| {
            let figure = |of: &str| value[*name][of].as_f64().unwrap_or_default();
            let requests = figure("calls") + figure("woken");
            let figures = [
                figure("rows"),
                figure("alarms"),
                requests,
                figure("frames"),
                figure("requests"),
                figure("active_ms"),
            ];
            [(*what).to_owned()].into_iter().chain(figures.map(short)).collect()
        })
        .collect();
    let head = [
        "event",
        "rows written",
        "alarms set",
        "object requests",
        "frames in",
        "Worker requests",
        "awake, ms",
    ];
    table(&head, &rows)
}

/// Every event, by its name in the file.
const EVENTS: &[(&str, &str)] = &[
    ("direct_looking", "message to one person who looks"),
    ("direct_elsewhere", "…who is elsewhere in the app"),
    ("direct_away", "…who is away"),
    ("direct_read", "direct messages read later, at once"),
    ("group_message", "message to a group, without its other members"),
    ("group_looking", "…for each who looks"),
    ("group_elsewhere", "…for each who is elsewhere in the app"),
    ("group_away_first", "…for each who is away: the first"),
    ("group_away_more", "…for each who is away: further ones"),
    ("group_read", "group's messages read later, at once"),
    ("open_app", "the app is opened"),
    ("minute", "a minute in it"),
    ("watched_minute", "…in which two see each other, more"),
    ("seen", "somebody is there: each who watches"),
    ("open_direct", "a direct conversation is opened"),
    ("open_group", "a group is opened"),
    ("typing", "somebody writes, every 3 s"),
    ("reaction", "a reaction"),
    ("tally", "a conversation tells how much there is of it, hourly at most"),
    ("search_one", "a search of one conversation"),
    ("search_twelve", "a search of twelve"),
    ("search_people", "a search for people"),
    ("register", "an account is made"),
    ("sign_in", "somebody signs in"),
    ("start_direct", "a direct conversation is begun"),
    ("join", "somebody joins a group"),
    ("join_member", "…for each member"),
    ("rename", "a name changes: each conversation of 12"),
    ("upload", "a file is uploaded"),
    ("download", "a file is fetched"),
];

/// One deployment: its day, its month, its busiest objects.
#[must_use]
pub fn deployment(of: &Deployment<'_>) -> String {
    let mut text = format!(
        "{} of the profile `{}` ({})\n\nWhat the average person does in a day:\n\n",
        people(of.users),
        of.habits.name,
        of.habits.who
    );
    text += &day(of);
    let usage = of.month();
    let _ = write!(text, "\nA month:\n\n{}", month(of));
    let (what, share) = usage.of_free(of.habits.busiest_day);
    let _ = writeln!(
        text,
        "\n{} a month, {} for each person. Of the free plan, {} are the scarcest: {:.0}% on the busiest day.",
        dollars(usage.paid()),
        dollars(usage.paid() / of.users),
        what,
        share * 100.0
    );
    let _ = write!(text, "\nThe busiest objects:\n\n{}", hot(of));
    text
}

/// What the average person does in a day.
pub(super) fn day(of: &Deployment<'_>) -> String {
    let whole = of.day_cost();
    let mut lines = of.day();
    lines.sort_by(|one, two| two.cost.billed_rows().total_cmp(&one.cost.billed_rows()));
    let rows: Vec<Vec<String>> = lines
        .iter()
        .filter(|line| line.times > 0.0)
        .map(|line| {
            vec![
                line.what.to_owned(),
                short(line.times),
                short(line.cost.billed_rows()),
                format!("{:.0}%", 100.0 * line.cost.billed_rows() / whole.billed_rows()),
                short(line.cost.billed_calls()),
                short(line.cost.active_ms / 1_000.0),
            ]
        })
        .collect();
    table(&["what", "times a day", "rows written", "of all", "object requests", "awake, s"], &rows)
}

/// What is billed in a month.
fn month(of: &Deployment<'_>) -> String {
    let usage = of.month();
    let rows: Vec<Vec<String>> = PRICES
        .iter()
        .map(|price| {
            let used = (price.used)(&usage);
            vec![
                price.what.to_owned(),
                amount(used),
                short(used / of.users),
                amount(price.included),
                dollars(price.of(&usage)),
            ]
        })
        .collect();
    table(&["what is billed", "in all", "each person", "included", "costs"], &rows)
}

/// The busiest objects.
pub(super) fn hot(of: &Deployment<'_>) -> String {
    let rows: Vec<Vec<String>> = hottest::objects(of)
        .iter()
        .map(|hot| {
            vec![
                hot.what.to_owned(),
                format!("{} of {} {}", short(hot.load), amount(hot.limit), hot.unit),
                if hot.grows { "yes" } else { "no" }.to_owned(),
                hot.then.to_owned(),
            ]
        })
        .collect();
    table(&["object", "in the busiest hour", "grows with the deployment", "then"], &rows)
}

/// One profile, at all sizes.
#[must_use]
pub fn sizes(habits: &Habits, costs: &Costs) -> String {
    let rows: Vec<Vec<String>> = SIZES
        .iter()
        .map(|&users| {
            let of = Deployment::new(users, habits, costs);
            let usage = of.month();
            let (dearest, part) = usage.dearest();
            vec![
                people(users),
                amount(usage.requests),
                amount(usage.calls),
                amount(usage.rows),
                amount(usage.gb_s),
                short(usage.gb),
                dollars(usage.paid()),
                dollars(usage.paid() / users),
                format!("{dearest}, {:.0}%", part * 100.0),
            ]
        })
        .collect();
    let head = [
        "people",
        "Worker requests",
        "object requests",
        "rows written",
        "GB-s",
        "GB in objects",
        "a month",
        "each",
        "most of it",
    ];
    format!(
        "`{}`: {}. The free plan suffices for {} people.\n\n{}\n",
        habits.name,
        habits.who,
        Deployment::fits_free(habits, costs),
        table(&head, &rows)
    )
}
