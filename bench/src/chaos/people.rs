//! Who they are: people with one or two devices each, in groups and direct conversations.
//!
//! Some look at a conversation, some write without looking, and the last of them only has the list
//! open: so every way to count what is unread is there.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tideline_client::Connection;
use tideline_shared::ConversationId;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::ledger::Ledger;
use super::random::Random;
use crate::account::Account;
use crate::device::{Device, PATIENCE, describe};

/// A device that has so many messages waiting writes no more until some are acknowledged: a person
/// who sees that nothing goes out stops typing at some point.
pub(crate) const MOST_WAITING: usize = 12;

/// One device.
pub(crate) struct Player {
    pub(crate) device: Device,
    /// Whose, as a place among the people.
    pub(crate) person: usize,
    /// What is on the screen.
    pub(crate) shows: Option<ConversationId>,
    pub(crate) writes: bool,
}

/// One conversation.
pub(crate) struct Talk {
    pub(crate) id: ConversationId,
    /// Who is in it, as places among the people.
    pub(crate) members: Vec<usize>,
}

/// Everybody.
pub(crate) struct Cast {
    pub(crate) people: Vec<Account>,
    pub(crate) players: Vec<Player>,
    /// The first is the group of all.
    pub(crate) talks: Vec<Talk>,
    pub(crate) ledger: Ledger,
}

impl Cast {
    /// Registers so many people, puts them into conversations, and brings their devices up. Every
    /// second one has a second device.
    pub(crate) async fn gather(origin: &str, count: usize) -> Self {
        let mut people = Vec::new();
        for n in 0..count {
            people.push(Account::register(origin, &name(n)).await.expect("registers"));
        }
        let talks = talks(&people).await;
        let mut cast = Self { people, players: Vec::new(), talks, ledger: Ledger::default() };
        for person in 0..count {
            let last = person + 1 == count;
            // Half of the first devices look at the group of all.
            let shows = (person % 2 == 0 && !last).then(|| cast.talks[0].id);
            cast.join(person, cast.people[person].clone(), shows, !last);
            if person % 2 == 0 && !last {
                let other = Account::sign_in(origin, &name(person)).await.expect("signs in");
                // A second device looks at another conversation of its person's, and never writes.
                let shows = cast.talks[1..].iter().find(|talk| talk.members.contains(&person));
                cast.join(person, other, shows.map(|talk| talk.id), false);
            }
        }
        cast.online().await;
        cast
    }

    fn join(
        &mut self,
        person: usize,
        account: Account,
        shows: Option<ConversationId>,
        writes: bool,
    ) {
        let device = Device::new(&account);
        self.ledger.listen(self.players.len(), &device);
        if let Some(conversation) = shows {
            device.show(conversation);
        }
        self.players.push(Player { device, person, shows, writes });
    }

    /// Waits until every device is in step.
    pub(crate) async fn online(&self) {
        for player in &self.players {
            player
                .device
                .until("be online", |engine| engine.connection() == Connection::Online)
                .await;
        }
    }

    /// The devices that write, by their numbers.
    pub(crate) fn writers(&self) -> Vec<usize> {
        let all = self.players.iter().enumerate();
        all.filter(|(_, player)| player.writes).map(|(number, _)| number).collect()
    }

    /// Has a device write something; brings the whole text.
    pub(crate) fn write(&self, device: usize, talk: usize, text: &str) -> String {
        let player = &self.players[device];
        self.ledger.write((device, &player.device), self.talks[talk].id, text)
    }

    /// Where a device may write, as places among the conversations.
    pub(crate) fn talks_of(&self, device: usize) -> Vec<usize> {
        let person = self.players[device].person;
        let all = self.talks.iter().enumerate();
        all.filter(|(_, talk)| talk.members.contains(&person)).map(|(place, _)| place).collect()
    }

    /// Has each of the first writers say one thing to everybody; brings the texts.
    pub(crate) fn probe(&self, most: usize, text: &str) -> Vec<String> {
        let writers = self.writers().into_iter().take(most);
        writers.map(|device| self.write(device, 0, text)).collect()
    }

    /// Waits until all of these are acknowledged; brings how long after `since` each was, in ms.
    pub(crate) async fn acknowledged(
        &self,
        texts: &[String],
        since: std::time::Instant,
    ) -> Vec<f64> {
        until("have every message acknowledged", || {
            texts.iter().all(|text| self.ledger.acknowledged_at(text).is_some())
        })
        .await;
        let at = texts.iter().filter_map(|text| self.ledger.acknowledged_at(text));
        at.map(|at| at.duration_since(since).as_secs_f64() * 1_000.0).collect()
    }

    /// Waits until everything that was written is acknowledged and every device is in step.
    pub(crate) async fn settle(&self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.ledger.is_settled() {
            assert!(Instant::now() < deadline, "this waits forever:\n{}", self.describe());
            sleep(Duration::from_millis(5)).await;
        }
        self.online().await;
    }

    /// What waits, and what the devices that it waits on show.
    fn describe(&self) -> String {
        let mut text = String::new();
        for one in self.ledger.unsettled() {
            let Some(player) = self.players.get(one.device) else { continue };
            let shows = player.device.look(describe);
            let _ = write!(text, "{one:?}\n{shows}");
        }
        text
    }
}

/// The group of all, a group of every second one, and direct conversations of neighbours.
async fn talks(people: &[Account]) -> Vec<Talk> {
    let mut talks = Vec::new();
    for (title, step) in [("All", 1), ("Every second", 2)] {
        let members: Vec<usize> = (0..people.len()).step_by(step).collect();
        let id = people[0].group(title).await.expect("is made");
        let invite = people[0].invite(id, None).await.expect("is made");
        for &member in &members[1..] {
            people[member].join(&invite).await.expect("joins");
        }
        talks.push(Talk { id, members });
    }
    for pair in (0..people.len()).collect::<Vec<_>>().windows(2) {
        let id = people[pair[0]].direct(&people[pair[1]]).await.expect("starts");
        talks.push(Talk { id, members: pair.to_vec() });
    }
    talks
}

fn name(person: usize) -> String {
    format!("chaos-{person}")
}

/// People who write until they are told to stop, whatever the service does meanwhile.
pub(crate) struct Writing {
    over: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Writing {
    /// Begins. Somebody writes something every `pause` milliseconds on average.
    pub(crate) fn start(cast: &Arc<Cast>, mut random: Random, pause: u64) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let (cast, told) = (Arc::clone(cast), Arc::clone(&over));
        let task = tokio::spawn(async move {
            let writers = cast.writers();
            while !told.load(Ordering::Relaxed) {
                if let Some(&device) = random.pick(&writers)
                    && cast.ledger.waiting(device) < MOST_WAITING
                    && let Some(&talk) = random.pick(&cast.talks_of(device))
                {
                    cast.write(device, talk, "through the storm");
                }
                sleep(Duration::from_millis(1 + random.below(2 * pause))).await;
            }
        });
        Self { over, task }
    }

    /// Ends, and waits until everything written is acknowledged.
    pub(crate) async fn stop(self, cast: &Cast) {
        self.over.store(true, Ordering::Relaxed);
        self.task.await.expect("the writers did not panic");
        cast.settle().await;
    }
}

/// Waits until something holds.
///
/// # Panics
/// When it does not come to hold within [`PATIENCE`].
pub(crate) async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "it did not come to {what}");
        sleep(Duration::from_millis(5)).await;
    }
}
