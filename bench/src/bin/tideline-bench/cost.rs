//! What a row cost the service: processor time and memory as the system counts them, rows and calls as
//! the actors do.

use std::fmt;
use std::time::{Duration, Instant};

use serde::Serialize;
use tideline_bench::{Group, Meter, Runtime};
use tokio::time::sleep;

/// Between two looks at whether the service rests.
const LOOK: Duration = Duration::from_millis(500);
/// So many looks that found nothing new mean rest: what is owed in a group waits two seconds.
const LOOKS: usize = 5;
/// An end to the waiting, whatever goes on.
const PATIENCE: Duration = Duration::from_secs(20);

/// The service's expense, for each message where nothing else is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Cost {
    /// Of all of the runtime's processes, `wrangler` with them, in milliseconds.
    pub(crate) processor_ms: f64,
    /// Resident at the end, of the processes that run Workers; not for each message.
    pub(crate) memory_mib: f64,
    /// As the platform bills them, with alarms.
    pub(crate) rows_written: f64,
    pub(crate) rows_read: f64,
    /// Calls of objects, by others and by the Worker.
    pub(crate) calls: f64,
    pub(crate) turns: f64,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor_ms, memory_mib, rows_written, rows_read, calls, turns } = self;
        write!(
            f,
            "a message: {processor_ms} ms of processor, {rows_written} rows written, {rows_read} read, \
             {calls} calls, {turns} turns; {memory_mib} MiB"
        )
    }
}

/// What was spent before.
pub(crate) struct Gauge {
    origin: String,
    group: Group,
    meter: Meter,
    processor_ms: f64,
}

impl Gauge {
    /// From now on, once the service rests.
    pub(crate) async fn start(runtime: &Runtime) -> Self {
        let origin = runtime.origin().to_owned();
        let group = Group(runtime.group().expect("the runtime runs"));
        let meter = rest(&origin).await;
        Self { origin, group, meter, processor_ms: group.processor_ms() }
    }

    /// Until now, with all that the messages have yet to cause.
    pub(crate) async fn stop(self, messages: usize) -> Cost {
        let meter = &rest(&self.origin).await - &self.meter;
        let each = |sum: f64| (sum / messages.max(1) as f64 * 1_000.0).round() / 1_000.0;
        Cost {
            processor_ms: each(self.group.processor_ms() - self.processor_ms),
            memory_mib: self.group.resident_mib().round(),
            rows_written: each(meter.sum(|tally| tally.rows_written + tally.alarms) as f64),
            rows_read: each(meter.sum(|tally| tally.rows_read) as f64),
            calls: each(meter.sum(|tally| tally.calls_in) as f64),
            turns: each(meter.sum(|tally| tally.turns) as f64),
        }
    }
}

/// Waits until no object has anything to do, and brings what was counted up to then.
pub(crate) async fn rest(origin: &str) -> Meter {
    let begun = Instant::now();
    let (mut turns, mut still) = (0, 0);
    loop {
        let meter = Meter::read(origin).await.expect("the bench's runtime counts");
        let now = meter.sum(|tally| tally.turns);
        still = if now == turns { still + 1 } else { 0 };
        if still >= LOOKS || begun.elapsed() > PATIENCE {
            return meter;
        }
        turns = now;
        sleep(LOOK).await;
    }
}
