//! Opening a conversation that goes on for long: at its end, in the middle, at a date.

use std::time::Instant;

use tideline_bench::{Account, Device, Runtime};
use tideline_client::{Action, Engine, Item, Jump};
use tideline_shared::protocol::{ConversationCommand, ConversationReply};
use tideline_shared::{ConversationId, Timestamp};

use crate::desk::Desk;
use crate::people;
use crate::report::{Report, Spread};
use crate::search::{self, MESSAGES};

/// How often each is opened, by a device that knows nothing of it.
const TIMES: usize = 30;

/// Every row of such openings.
pub(crate) async fn rows(runtime: &Runtime, desk: &mut Desk) {
    let host = people::host(runtime.origin()).await;
    let (group, _) = search::long(&host).await;
    let middle = MESSAGES as u64 / 2;
    let date = said_at(&host, group, middle / 2).await;
    desk.take(open(&host, group, "end", None).await);
    desk.take(open(&host, group, "middle", Some(Jump::To(middle))).await);
    desk.take(open(&host, group, "date", Some(Jump::Since(date))).await);
}

/// From the click to the messages on the screen.
async fn open(host: &Account, group: ConversationId, place: &str, jump: Option<Jump>) -> Report {
    let mut samples = Vec::new();
    for _ in 0..TIMES {
        let device = Device::new(host);
        device.online().await;
        let begun = Instant::now();
        device.show(group);
        if let Some(jump) = jump {
            device.act(Action::Jump(jump));
        }
        device.until("show the messages", |engine| shows(engine, jump.is_some())).await;
        samples.push(begun.elapsed().as_secs_f64() * 1_000.0);
        drop(device.close().await);
    }
    let what = format!(
        "a conversation of {MESSAGES} messages, opened at its {place} by a device that knows nothing of it"
    );
    let mut report = Report::of(format!("history {place}"), what, TIMES, "none");
    report.ms = Some(Spread::of(samples));
    report
}

/// Whether the messages of the place are there: those around the target, or the newest ones.
fn shows(engine: &Engine, jumps: bool) -> bool {
    let timeline = engine.timeline();
    let newest = timeline.at_end && !timeline.loading && !timeline.rows.is_empty();
    match timeline.target {
        Some((target, _)) => timeline
            .rows
            .iter()
            .any(|row| matches!(row.item, Item::Message { seq: Some(seq), .. } if seq == target)),
        None => newest && !jumps,
    }
}

/// When a message was stored.
async fn said_at(host: &Account, group: ConversationId, seq: u64) -> Timestamp {
    let command = ConversationCommand::history_after(seq - 1);
    match host.conversation(group, command).await {
        Ok(ConversationReply::History { messages }) => messages.first().expect("was said").at,
        other => panic!("history is answered: {other:?}"),
    }
}
