//! Objects are thrown out of memory on command, with sockets open: while nothing is going on, and
//! in the middle of everything.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::block_in_place;
use tokio::time::sleep;

use super::harness::{Harness, Sockets};
use super::log::{self, Fault};
use super::people::{Cast, Writing};
use super::random::Random;
use super::report::Report;
use super::{truth, warm_up};
use crate::limits::Limits;
use crate::process::Group;

const PEOPLE: usize = 6;
/// Milliseconds between two messages, on average: an object that is never without a call under way
/// cannot be evicted.
const PAUSE: u64 = 60;
/// The longest time between two evictions, in milliseconds.
const LONGEST: u64 = 120;
/// One eviction in so many ends the sockets, too.
const CLOSES: u64 = 5;

/// An object, by its class and its name.
type Object = (&'static str, String);

pub(crate) async fn run(dir: &Path, count: u32, random: &mut Random, report: &mut Report) {
    let mut harness = block_in_place(|| Harness::start(dir, Limits::SendOnly));
    let cast = Arc::new(Cast::gather(harness.origin(), PEOPLE).await);
    warm_up(&cast, random).await;
    let objects = objects(&cast);
    in_the_calm(&mut harness, &cast, &objects, report).await;
    in_the_middle(&mut harness, &cast, &objects, count, random, report).await;
    truth::check(&cast, report).await;
    report.read_log(&log::judge(&block_in_place(|| harness.log()), Fault::Evicted));
    report.progress(&format!("{} evictions on command, everything compared", report.evictions));
}

fn objects(cast: &Cast) -> Vec<Object> {
    let talks = cast.talks.iter().map(|talk| ("CONVERSATIONS", talk.id.to_string()));
    let people = cast.people.iter().map(|person| ("ACCOUNTS", person.me.user.to_string()));
    talks.chain(people).collect()
}

/// Everything sleeps, and no socket notices.
async fn in_the_calm(harness: &mut Harness, cast: &Cast, objects: &[Object], report: &mut Report) {
    cast.settle().await;
    let (sockets, awake) = (cast.ledger.counts().lost_sockets, harness.group().awake());
    let mut evicted = 0;
    for (class, name) in objects {
        let was_there = block_in_place(|| harness.evict(class, name, Sockets::Hibernate));
        evicted += u32::from(was_there);
    }
    let left = harness.group().awake();
    let lost = cast.ledger.counts().lost_sockets - sockets;
    let known = Group::is_known();
    // An object that has an alarm to see to, or a call under way, may be back at once.
    if evicted == 0 || lost > 0 || (known && left.len() >= awake.len()) {
        report.fault(format!(
            "{evicted} of {} objects were evicted, {} are left, {lost} sockets lost",
            awake.len(),
            left.len()
        ));
    }
    report.evictions += evicted;
    let texts = cast.probe(usize::MAX, "out of sleep");
    cast.acknowledged(&texts, Instant::now()).await;
    cast.settle().await;
    if cast.ledger.counts().lost_sockets != sockets {
        report.fault("waking up cost sockets".to_owned());
    }
}

async fn in_the_middle(
    harness: &mut Harness,
    cast: &Arc<Cast>,
    objects: &[Object],
    count: u32,
    random: &mut Random,
    report: &mut Report,
) {
    report.progress(&format!("{} evictions in the calm", report.evictions));
    let writing = Writing::start(cast, random.clone(), PAUSE);
    let target = report.evictions + count;
    while report.evictions < target {
        // The random moment is the fault: nothing is waited for here.
        sleep(Duration::from_millis(random.below(LONGEST))).await;
        let sockets = if random.below(CLOSES) == 0 { Sockets::Close } else { Sockets::Hibernate };
        let Some((class, name)) = random.pick(objects) else { return };
        report.evictions += u32::from(block_in_place(|| harness.evict(class, name, sockets)));
    }
    report.progress(&format!("{} evictions", report.evictions));
    writing.stop(cast).await;
}
