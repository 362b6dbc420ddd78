//! Measuring what single events cost: each in a small world of its own, with the real actors and the
//! real engines, some dozens of times; what the same time costs without the event is taken off.

mod around;
mod messages;
mod rarely;

use crate::costs::{Bytes, Costs};
use crate::count::Cost;
use crate::world::World;

/// Measures everything.
#[must_use]
pub fn costs() -> Costs {
    let (group_message, group_away_more) = messages::group(messages::Where::Away);
    let elsewhere = messages::group(messages::Where::Elsewhere);
    let looking = messages::group(messages::Where::Looking);
    let (join, join_member) = rarely::join();
    let costs = Costs {
        direct_looking: messages::direct(messages::Where::Looking),
        direct_elsewhere: messages::direct(messages::Where::Elsewhere),
        direct_away: messages::direct(messages::Where::Away),
        direct_read: messages::read(2),
        group_message,
        group_looking: looking.1,
        group_elsewhere: elsewhere.1,
        group_away_first: messages::first_away(group_message),
        group_away_more,
        group_read: messages::read(messages::MEMBERS),
        open_app: around::open_app(),
        minute: around::minute(),
        watched_minute: around::watched_minute(),
        seen: around::seen(),
        open_direct: around::open_conversation(2),
        open_group: around::open_conversation(messages::MEMBERS),
        typing: around::typing(),
        reaction: around::reaction(),
        tally: messages::tally(),
        search_one: around::search(1),
        search_twelve: around::search(12),
        search_people: around::search_people(),
        register: rarely::register(),
        sign_in: rarely::sign_in(),
        start_direct: rarely::start_direct(),
        join,
        join_member,
        rename: rarely::rename(),
        upload: rarely::upload(),
        download: rarely::download(),
        bytes: rarely::bytes(),
    };
    rounded(costs)
}

/// What a world costs while something happens in it.
fn during(world: &mut World, act: impl FnOnce(&mut World)) -> Cost {
    let before = world.cost();
    act(world);
    world.cost() - before
}

/// What it costs that `act` happens `times`, every `gap_ms`; without what that time costs anyway.
fn each(world: &mut World, times: usize, gap_ms: u64, act: impl Fn(&mut World, usize)) -> Cost {
    let all = during(world, |world| {
        for n in 0..times {
            act(world, n);
            world.run(gap_ms);
        }
    });
    let idle = during(world, |world| world.run(gap_ms * times as u64));
    (all - idle) / times as f64
}

fn rounded(costs: Costs) -> Costs {
    let mut value = serde_json::to_value(costs).unwrap_or_default();
    let events = value.as_object_mut().into_iter().flat_map(|all| all.values_mut());
    for figure in events.filter_map(|event| event.as_object_mut()).flat_map(|all| all.values_mut())
    {
        let exact = figure.as_f64().unwrap_or_default();
        // No minus before a zero.
        *figure = ((exact * 1_000.0).round() / 1_000.0 + 0.0).into();
    }
    serde_json::from_value(value).unwrap_or(costs)
}

/// A text of the usual length.
fn text(n: usize) -> String {
    let mut text = format!("{n} the tide comes in and goes out, and in again, and out");
    text.extend(std::iter::repeat_n('.', crate::costs::TEXT_BYTES.saturating_sub(text.len())));
    text
}

impl Bytes {
    fn grown(before: u64, after: u64, times: usize) -> f64 {
        after.saturating_sub(before) as f64 / times as f64
    }
}
