//! The sockets: which are open, which are tried again and when, and whether they are alive.
//!
//! Knows nothing of what they carry; the engine says which it wants, and hears which it lost.

use tideline_shared::limits;

use crate::backoff;
use crate::io::{Link, Mirror, Output};
use crate::sorted::{SortedMap, SortedSet};
use crate::step::Step;

/// A socket that does not open within this many milliseconds is given up.
const OPEN_MS: u64 = 20_000;
/// After so much silence the device asks whether the other side is there, in milliseconds. Below
/// the half minute after which the first middleboxes forget a connection.
pub(crate) const SILENCE_MS: u64 = 25_000;
/// Any frame must come within this many milliseconds of asking.
pub(crate) const PONG_MS: u64 = 10_000;
/// A link that was in step for so many milliseconds was a good one: the next wait is short again.
pub(crate) const STEADY_MS: u64 = 10_000;
/// Whoever writes waits for the next attempt at most so long, in milliseconds.
pub(crate) const NUDGED_MS: u64 = 2_000;
/// From so many failures on, the service counts as not answering.
const FAILURES_SHOWN: u32 = 2;

#[derive(Debug, Default)]
enum Phase {
    /// Not wanted, or there is no network.
    #[default]
    Down,
    Waiting {
        until: u64,
        /// The service said so.
        not_before: u64,
    },
    Opening {
        until: u64,
    },
    Open {
        heard: u64,
        pinged: Option<u64>,
        /// The device said `hello`.
        greeted: bool,
        in_step_since: Option<u64>,
    },
}

/// The socket to one actor, over all its attempts.
#[derive(Debug, Default)]
struct Line {
    attempt: u32,
    failures: u32,
    phase: Phase,
}

#[derive(Debug)]
pub(crate) struct Links {
    lines: SortedMap<Mirror, Line>,
    network: bool,
}

impl Default for Links {
    fn default() -> Self {
        Self { lines: SortedMap::new(), network: true }
    }
}

impl Links {
    /// Holds sockets to exactly these, as far as there is a network. Says which were let go.
    pub(crate) fn want(&mut self, step: &mut Step<'_>, wanted: &SortedSet<Mirror>) -> Vec<Mirror> {
        let mut lost = Vec::new();
        for (&mirror, line) in &mut self.lines {
            if !wanted.contains(&mirror) && line.hang_up(step, mirror) {
                lost.push(mirror);
            }
        }
        if self.network {
            for &mirror in wanted.iter() {
                let line = self.lines.get_or_insert_with(mirror, Line::default);
                if matches!(line.phase, Phase::Down) {
                    line.connect(step, mirror);
                }
            }
        }
        lost
    }

    /// A socket opened.
    pub(crate) fn opened(&mut self, now: u64, link: Link) {
        if let Some(line) = self.lines.get_mut(&link.mirror)
            && line.attempt == link.attempt
            && matches!(line.phase, Phase::Opening { .. })
        {
            line.phase =
                Phase::Open { heard: now, pinged: None, greeted: false, in_step_since: None };
        }
    }

    /// A frame came. Whether it is from a socket that counts.
    pub(crate) fn heard(&mut self, now: u64, link: Link) -> bool {
        match self.lines.get_mut(&link.mirror) {
            Some(Line { attempt, phase: Phase::Open { heard, pinged, .. }, .. })
                if *attempt == link.attempt =>
            {
                *heard = now;
                *pinged = None;
                true
            }
            _ => false,
        }
    }

    /// A socket closed by itself. Whether it is one that counted; it is tried again.
    pub(crate) fn closed(&mut self, step: &mut Step<'_>, link: Link) -> bool {
        let Some(line) = self.lines.get_mut(&link.mirror) else { return false };
        if line.attempt != link.attempt || !line.is_up() {
            return false;
        }
        line.wait(step, 0);
        true
    }

    /// Gives a socket up that does not do; it is tried again, but not within `at_least_ms`.
    /// Whether there was one.
    pub(crate) fn give_up(
        &mut self,
        step: &mut Step<'_>,
        mirror: Mirror,
        at_least_ms: u64,
    ) -> bool {
        let Some(line) = self.lines.get_mut(&mirror) else { return false };
        if !line.is_up() {
            return false;
        }
        step.output(Output::Disconnect(line.link(mirror)));
        line.wait(step, at_least_ms);
        true
    }

    /// The mirror over this link came into step.
    pub(crate) fn in_step(&mut self, now: u64, mirror: Mirror) {
        if let Some(Line { phase: Phase::Open { in_step_since, .. }, .. }) =
            self.lines.get_mut(&mirror)
        {
            in_step_since.get_or_insert(now);
        }
    }

    /// There is no network. Says which links were lost.
    pub(crate) fn offline(&mut self, step: &mut Step<'_>) -> Vec<Mirror> {
        self.network = false;
        self.hang_up_all(step)
    }

    /// Closes everything. Says which links were lost.
    pub(crate) fn hang_up_all(&mut self, step: &mut Step<'_>) -> Vec<Mirror> {
        let lines = self.lines.iter_mut();
        lines.filter_map(|(&mirror, line)| line.hang_up(step, mirror).then_some(mirror)).collect()
    }

    /// There is a network: nothing that waits waits longer.
    pub(crate) fn online(&mut self, step: &mut Step<'_>) {
        self.network = true;
        self.hurry(step);
    }

    /// Somebody looks: nothing that waits waits longer.
    pub(crate) fn hurry(&mut self, step: &mut Step<'_>) {
        for (&mirror, line) in &mut self.lines {
            if self.network && matches!(line.phase, Phase::Waiting { .. }) {
                line.connect(step, mirror);
            }
        }
    }

    /// Somebody writes: nothing that waits for its own sake waits much longer. However much they
    /// write, this makes one attempt in [`NUDGED_MS`].
    pub(crate) fn nudge(&mut self, step: &Step<'_>) {
        for line in self.lines.values_mut() {
            if let Phase::Waiting { until, not_before } = &mut line.phase {
                *until = (*until).min(step.now.saturating_add(NUDGED_MS)).max(*not_before);
            }
        }
    }

    /// Does what is due. Says which links were lost.
    pub(crate) fn tick(&mut self, step: &mut Step<'_>) -> Vec<Mirror> {
        let lines = self.lines.iter_mut();
        lines.filter_map(|(&mirror, line)| line.tick(step, mirror).then_some(mirror)).collect()
    }

    /// When something is due next.
    pub(crate) fn deadline(&self) -> Option<u64> {
        self.lines.values().filter_map(Line::deadline).min()
    }

    /// The open socket to this actor, once `hello` was said over it.
    pub(crate) fn open(&self, mirror: Mirror) -> Option<Link> {
        let line = self.lines.get(&mirror)?;
        matches!(line.phase, Phase::Open { greeted: true, .. }).then(|| line.link(mirror))
    }

    /// The open sockets over which nothing was said yet.
    pub(crate) fn silent(&self) -> Vec<Link> {
        let silent = |line: &Line| matches!(line.phase, Phase::Open { greeted: false, .. });
        let lines = self.lines.iter().filter(|(_, line)| silent(line));
        lines.map(|(&mirror, line)| line.link(mirror)).collect()
    }

    /// `hello` leaves over this link.
    pub(crate) fn greet(&mut self, link: Link) {
        if let Some(Line { phase: Phase::Open { greeted, .. }, .. }) =
            self.lines.get_mut(&link.mirror)
        {
            *greeted = true;
        }
    }

    /// Whether there is, or is to be, a socket to this actor.
    pub(crate) fn holds(&self, mirror: Mirror) -> bool {
        self.lines.get(&mirror).is_some_and(|line| !matches!(line.phase, Phase::Down))
    }

    pub(crate) fn has_network(&self) -> bool {
        self.network
    }

    /// The service does not answer for this actor.
    pub(crate) fn is_failing(&self, mirror: Mirror) -> bool {
        self.lines.get(&mirror).is_some_and(|line| {
            line.failures >= FAILURES_SHOWN && !matches!(line.phase, Phase::Open { .. })
        })
    }
}

impl Line {
    fn link(&self, mirror: Mirror) -> Link {
        Link { mirror, attempt: self.attempt }
    }

    fn is_up(&self) -> bool {
        matches!(self.phase, Phase::Opening { .. } | Phase::Open { .. })
    }

    fn connect(&mut self, step: &mut Step<'_>, mirror: Mirror) {
        self.attempt += 1;
        self.phase = Phase::Opening { until: step.now + OPEN_MS };
        step.output(Output::Connect(self.link(mirror)));
    }

    /// Ends it without another try. Whether there was anything to lose.
    fn hang_up(&mut self, step: &mut Step<'_>, mirror: Mirror) -> bool {
        let up = self.is_up();
        if up {
            step.output(Output::Disconnect(self.link(mirror)));
        }
        self.phase = Phase::Down;
        up
    }

    /// Notes a failure, and waits.
    fn wait(&mut self, step: &mut Step<'_>, at_least_ms: u64) {
        if let Phase::Open { in_step_since: Some(since), .. } = self.phase
            && step.now.saturating_sub(since) >= STEADY_MS
        {
            self.failures = 0;
        }
        let ms = backoff::wait_ms(self.failures, step.random()).max(at_least_ms);
        self.failures = self.failures.saturating_add(1);
        self.phase = Phase::Waiting {
            until: step.now.saturating_add(ms),
            not_before: step.now.saturating_add(at_least_ms),
        };
    }

    /// Does what is due; whether the link was lost.
    fn tick(&mut self, step: &mut Step<'_>, mirror: Mirror) -> bool {
        if self.deadline().is_none_or(|deadline| deadline > step.now) {
            return false;
        }
        match &mut self.phase {
            Phase::Down => false,
            Phase::Waiting { .. } => {
                self.connect(step, mirror);
                false
            }
            Phase::Open { pinged: pinged @ None, .. } => {
                *pinged = Some(step.now);
                step.output(Output::Send(self.link(mirror), limits::PING.to_owned()));
                false
            }
            Phase::Opening { .. } | Phase::Open { .. } => {
                step.output(Output::Disconnect(self.link(mirror)));
                self.wait(step, 0);
                true
            }
        }
    }

    fn deadline(&self) -> Option<u64> {
        match self.phase {
            Phase::Down => None,
            Phase::Waiting { until, .. } | Phase::Opening { until } => Some(until),
            Phase::Open { pinged: Some(pinged), .. } => Some(pinged + PONG_MS),
            Phase::Open { heard, pinged: None, .. } => Some(heard + SILENCE_MS),
        }
    }
}
