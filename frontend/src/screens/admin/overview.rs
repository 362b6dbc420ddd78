//! How much there is.

use leptos::prelude::*;
use tideline_shared::protocol::{AdminCommand, AdminReply, Figures};

use super::{fetched, w};
use crate::kit::{Words, live};
use crate::screens::files::size;

/// Height of a chart's drawing, and the width of one day in it.
const HIGH: u64 = 40;
const WIDE: usize = 8;

pub(super) fn overview() -> AnyView {
    let read = |reply| match reply {
        AdminReply::Figures(figures) => Some(figures),
        _ => None,
    };
    fetched(AdminCommand::Figures, read, |figures| draw(&figures))
}

fn draw(figures: &Figures) -> AnyView {
    let number = |name: Words, value: String| {
        view! {
            <div class="figures__one">
                <dt class="figures__name">{live(move || name(crate::browser::t()))}</dt>
                <dd class="figures__value">{value}</dd>
            </div>
        }
    };
    view! {
        <dl class="figures">
            {number(|t| t.more().running.accounts, figures.accounts.to_string())}
            {number(|t| t.more().running.guests, figures.guests.to_string())}
            {number(|t| t.more().running.groups, figures.groups.to_string())}
            {number(|t| t.more().running.messages, figures.messages.to_string())}
            {number(|t| t.more().running.files, size(figures.bytes))}
            {number(|t| t.more().running.open_reports, figures.reports.to_string())}
            {number(|t| t.more().running.banned_people, figures.banned.to_string())}
        </dl>
        <p class="muted">{live(move || w().hourly)}</p>
        {chart(&figures.new_accounts, || w().new_accounts)}
        {chart(&figures.new_groups, || w().new_groups)}
    }
    .into_any()
}

/// A bar for each day, and below it how many there are in all.
fn chart(days: &[u64], name: fn() -> fn(u64) -> String) -> AnyView {
    let (sum, most) = (days.iter().sum::<u64>(), days.iter().max().copied().unwrap_or(0).max(1));
    let bars = days.iter().enumerate().map(|(day, &count)| {
        // Where there is something, it can be seen.
        let height = if count == 0 { 1 } else { (count * HIGH / most).max(3) };
        view! {
            <rect
                x=(day * WIDE + 1).to_string()
                y=(HIGH - height).to_string()
                width=(WIDE - 2).to_string()
                height=height.to_string()
            />
        }
    });
    let bars = bars.collect::<Vec<_>>();
    let space = format!("0 0 {} {HIGH}", days.len() * WIDE);
    view! {
        <figure class="chart">
            <svg class="chart__bars" viewBox=space aria-hidden="true" preserveAspectRatio="none">
                {bars}
            </svg>
            <figcaption class="chart__name">{live(move || name()(sum))}</figcaption>
        </figure>
    }
    .into_any()
}
