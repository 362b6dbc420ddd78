//! Rows written are most of what a deployment pays for: how many a message in a burst of ten may come to.

use tideline_scale::world::World;

/// Messages that are said at once, as people do who talk.
const BURST: usize = 10;

/// Rows written, alarms among them, for each message of a burst in a conversation of so many people. The
/// first one looks at it; of the others some `elsewhere` have the app open, the rest have closed it.
fn rows_each(people: usize, elsewhere: usize) -> f64 {
    let mut world = World::new();
    let all: Vec<usize> = world.register_many(people).collect();
    let conversation = match people {
        2 => world.direct(0, 1),
        _ => world.group(&all),
    };
    world.run(20_000);
    for &person in &all[..=elsewhere] {
        let device = world.device(person);
        world.open(device);
        if person == 0 {
            world.show(device, Some(conversation));
        }
    }
    world.run(20_000);
    // The first message after an hour also tells how much there is.
    world.say_in(0, conversation, "here");
    world.run(60_000);
    let before = world.cost();
    for n in 0..BURST {
        world.say_in(0, conversation, &format!("Number {n}"));
    }
    world.run(60_000);
    let cost = world.cost() - before;
    (cost.rows + cost.alarms) / BURST as f64
}

#[test]
fn a_direct_message_writes_at_most_eight_rows() {
    for elsewhere in [0, 1] {
        let rows = rows_each(2, elsewhere);
        println!("{rows:.2} rows");
        assert!((1.0..=8.0).contains(&rows), "{rows} rows with {elsewhere} elsewhere in the app");
    }
}

/// Whoever has the app open says that the burst has come: one row more.
#[test]
fn a_group_message_writes_four_rows_and_four_tenths_for_each_member_who_does_not_look() {
    for (others, elsewhere) in [(9, 0), (9, 9), (99, 0), (99, 30)] {
        let rows = rows_each(others + 1, elsewhere);
        let most = 4.0 + 0.4 * others as f64 + elsewhere as f64 / BURST as f64;
        println!("{others} others: {rows:.2} rows of {most:.1}");
        assert!((1.0..=most).contains(&rows), "{rows} rows with {elsewhere} of {others} elsewhere");
    }
}
