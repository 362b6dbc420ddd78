//! The load that the model foretells (`tideline_scale::mixed`), on the real runtime: what the objects
//! counted, and what was foretold, beside each other.

use std::time::Duration;

use tideline_bench::{Account, Device, Meter, Runtime, Store, Tally};
use tideline_scale::costs::Costs;
use tideline_scale::mixed::{Does, Place, REST_MS, Script, Step};
use tideline_shared::ConversationId;
use tokio::time::{Instant, sleep, sleep_until};

use crate::desk::Desk;
use crate::people;
use crate::report::Report;

const PEOPLE: usize = 50;
const SLOTS: u64 = 4;
/// Until what the beginning caused is over, the looks of those who watched included.
const CALM: Duration = Duration::from_secs(110);

/// The one row.
pub(crate) async fn rows(runtime: &Runtime, desk: &mut Desk) {
    let script = Script::new(PEOPLE, SLOTS);
    let mut stage = Stage::set(runtime, &script).await;
    sleep(CALM).await;
    let before = Meter::read(runtime.origin()).await.expect("the bench's runtime counts");
    stage.play(&script).await;
    let after = Meter::read(runtime.origin()).await.expect("the bench's runtime counts");
    desk.take(report(&script, &(&after - &before)));
}

fn report(script: &Script, counted: &Meter) -> Report {
    let what = format!(
        "{PEOPLE} people in groups of ten who come and go, look, read and write, {} messages in {} s",
        script.messages(),
        script.ms / 1_000
    );
    let aim = "what the model foretells, within 10 %";
    let mut report = Report::of("mixed", what, script.messages(), aim);
    let foretold = script.foretold(&Costs::kept().expect("scale/costs.json holds them"));
    let sum = |of: fn(&Tally) -> u64| counted.sum(of) as f64;
    for (name, counted, foretold) in [
        // The meter does not count sockets that are opened, of which each is a request here.
        ("calls", sum(|tally| tally.calls_in), foretold.calls - foretold.requests),
        ("frames", sum(|tally| tally.frames_in), foretold.frames),
        ("rows written", sum(|tally| tally.rows_written), foretold.rows),
        ("alarms set", sum(|tally| tally.alarms), foretold.alarms),
        ("rows read", sum(|tally| tally.rows_read), foretold.read),
    ] {
        report.figure(format!("{name}, counted"), counted);
        report.figure(format!("{name}, foretold"), foretold);
        report.figure(format!("{name}, counted to foretold"), counted / foretold);
    }
    report
}

/// Somebody with a browser.
struct Someone {
    account: Account,
    device: Option<Device>,
    store: Store,
}

/// People, and where they talk.
struct Stage {
    people: Vec<Someone>,
    groups: Vec<ConversationId>,
    pairs: Vec<ConversationId>,
}

impl Stage {
    /// Everybody is there, and looked at everything once: a device that knows nothing asks for more.
    async fn set(runtime: &Runtime, script: &Script) -> Self {
        let host = people::host(runtime.origin()).await;
        let accounts = people::strangers(&host, script.people).await;
        let mut groups = Vec::new();
        for members in &script.groups {
            let group = accounts[members[0]].group("Tide pool").await.expect("is made");
            let invite = accounts[members[0]].invite(group, None).await.expect("is made");
            for &member in &members[1..] {
                accounts[member].join(&invite).await.expect("joins");
            }
            groups.push(group);
        }
        let mut pairs = Vec::new();
        for &(one, other) in &script.pairs {
            pairs.push(accounts[one].direct(&accounts[other]).await.expect("begins"));
        }
        let someone = |account| Someone { account, device: None, store: Store::default() };
        let mut stage = Self { people: accounts.into_iter().map(someone).collect(), groups, pairs };
        stage.warm_up(script).await;
        stage
    }

    async fn warm_up(&mut self, script: &Script) {
        for who in 0..script.people {
            self.open(who);
        }
        let groups = (0..script.groups.len()).map(Place::Group);
        for place in (0..script.pairs.len()).map(Place::Pair).chain(groups) {
            for who in script.members(place) {
                self.show(who, place);
            }
            sleep(Duration::from_millis(300)).await;
        }
        sleep(Duration::from_secs(5)).await;
        for who in 0..script.people {
            self.close(who).await;
        }
    }

    async fn play(&mut self, script: &Script) {
        let begin = Instant::now();
        let at = |ms| begin + Duration::from_millis(ms);
        for &Step { at_ms, who, does } in &script.steps {
            sleep_until(at(at_ms)).await;
            match does {
                Does::Open => self.open(who),
                Does::Close => self.close(who).await,
                Does::Show(place) => self.show(who, place),
                Does::Say(place) => {
                    let (conversation, said) = (self.conversation(place), at_ms);
                    if let Some(device) = &self.people[who].device {
                        let text = format!("person {who} says something at {said} ms");
                        device.send(conversation, text);
                    }
                }
            }
        }
        sleep_until(at(script.ms + REST_MS)).await;
    }

    fn open(&mut self, who: usize) {
        let one = &mut self.people[who];
        one.device = Some(Device::with(&one.account, std::mem::take(&mut one.store)));
    }

    async fn close(&mut self, who: usize) {
        if let Some(device) = self.people[who].device.take() {
            self.people[who].store = device.close().await;
        }
    }

    fn show(&self, who: usize, place: Place) {
        if let Some(device) = &self.people[who].device {
            device.show(self.conversation(place));
        }
    }

    fn conversation(&self, place: Place) -> ConversationId {
        match place {
            Place::Group(n) => self.groups[n],
            Place::Pair(n) => self.pairs[n],
        }
    }
}
