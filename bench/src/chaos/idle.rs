//! Hibernation: nobody says anything for longer than ten seconds, and the runtime throws every
//! object out of memory while the sockets stay open.

use std::time::Instant;

use super::people::{Cast, until};
use super::report::Report;
use crate::process::Group;
use crate::runtime::Runtime;

/// Lets everything fall asleep, and wakes it by a message from everybody.
pub(crate) async fn run(runtime: &Runtime, cast: &Cast, report: &mut Report) {
    sleep(runtime, cast, report).await;
    wake(runtime, cast, report).await;
}

/// Waits until no object is in memory. No socket may be lost by it.
pub(crate) async fn sleep(runtime: &Runtime, cast: &Cast, report: &mut Report) {
    let Some(group) = runtime.group().map(Group).filter(|_| Group::is_known()) else {
        return report.note("hibernation cannot be observed on this system: left out");
    };
    cast.settle().await;
    let (sockets, awake) = (cast.ledger.counts().lost_sockets, group.awake().len());
    let since = Instant::now();
    until("hibernate", || group.awake().is_empty()).await;
    let lost = cast.ledger.counts().lost_sockets - sockets;
    if lost > 0 {
        report.fault(format!("hibernation cost {lost} sockets"));
    }
    report.hibernated += awake;
    report.resident_mib.push(group.resident_mib());
    report.progress(&format!(
        "{awake} objects hibernated within {:.1} s, no socket was lost",
        since.elapsed().as_secs_f64()
    ));
}

async fn wake(runtime: &Runtime, cast: &Cast, report: &mut Report) {
    let texts = cast.probe(usize::MAX, "out of sleep");
    cast.acknowledged(&texts, Instant::now()).await;
    cast.settle().await;
    if runtime.group().map(Group).is_some_and(|group| group.awake().is_empty()) && Group::is_known()
    {
        report.fault("messages were acknowledged and no object is awake".to_owned());
    }
}
