//! What a run came to.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Instant;

/// Faults that are told in full; the rest are counted.
const MOST_FAULTS: usize = 12;

/// How much more may be resident after the same work again: what an allocator and the garbage
/// collectors of two processes hold back, as seen over many rounds.
const MEMORY_FACTOR: f64 = 1.05;
const MEMORY_MIB: f64 = 16.0;

/// What was played, what was counted, and what must not have happened.
#[derive(Debug)]
pub struct Report {
    since: Instant,
    seed: u64,
    /// SIGKILLs.
    pub kills: u32,
    /// Objects thrown out of memory on command.
    pub evictions: u32,
    /// Objects that fell asleep.
    pub hibernated: usize,
    /// Messages written.
    pub written: usize,
    /// Messages acknowledged.
    pub acknowledged: usize,
    /// Acknowledged or written, and missing somewhere.
    pub lost: usize,
    /// There more than once.
    pub doubled: usize,
    /// Devices whose every screen was compared.
    pub devices: usize,
    /// Refused messages, by code. Each was tried again.
    pub refused: BTreeMap<String, u64>,
    /// From the first answer after a kill to the acknowledgement of what was written right after
    /// the kill, in ms.
    pub from_answer: Vec<f64>,
    /// The same from the kill itself.
    pub from_kill: Vec<f64>,
    /// Resident memory of the runtime after each calm, in MiB.
    pub resident_mib: Vec<f64>,
    /// What is worth telling.
    notes: Vec<String>,
    /// What must not have happened.
    faults: Vec<String>,
}

impl Report {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            since: Instant::now(),
            seed,
            kills: 0,
            evictions: 0,
            hibernated: 0,
            written: 0,
            acknowledged: 0,
            lost: 0,
            doubled: 0,
            devices: 0,
            refused: BTreeMap::new(),
            from_answer: Vec::new(),
            from_kill: Vec::new(),
            resident_mib: Vec::new(),
            notes: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Something must not have happened.
    pub(crate) fn fault(&mut self, what: String) {
        println!("  FAULT   {what}");
        self.faults.push(what);
    }

    /// Lines of the runtime's log that nobody expected.
    pub(crate) fn read_log(&mut self, unexpected: &[String]) {
        for line in unexpected {
            self.fault(format!("the runtime says: {line}"));
        }
    }

    /// Something is worth telling at the end, too.
    pub(crate) fn note(&mut self, what: &str) {
        self.progress(what);
        self.notes.push(what.to_owned());
    }

    /// How far it is.
    pub(crate) fn progress(&self, what: &str) {
        println!("  {:>6.1} s  {what}", self.since.elapsed().as_secs_f64());
    }

    /// Memory must be back near where it was: after each calm the same sockets are open and no
    /// object is in memory. The first round is what it takes to get warm; of the others, the two
    /// after it are what the last two are compared with, the smaller of each pair, because a
    /// garbage collector that has not come round yet is no leak.
    pub(crate) fn judge_memory(&mut self) {
        let [_, one, two, .., last, newest] = self.resident_mib[..] else {
            return self.fault("too few rounds to judge memory by".to_owned());
        };
        let (before, after) = (one.min(two), last.min(newest));
        self.note(&format!("memory: {after:.0} MiB where {before:.0} were"));
        if after > before * MEMORY_FACTOR + MEMORY_MIB {
            self.fault(format!("{after:.0} MiB are resident where {before:.0} were"));
        }
    }

    /// Whether nothing happened that must not happen.
    #[must_use]
    pub fn is_faultless(&self) -> bool {
        self.faults.is_empty() && self.lost == 0 && self.doubled == 0
    }
}

/// The smallest sample that `percent` of all samples do not exceed (nearest rank), in seconds.
fn rank(samples: &[f64], percent: usize) -> f64 {
    let mut samples = samples.to_vec();
    samples.sort_by(f64::total_cmp);
    let place = (samples.len() * percent).div_ceil(100).saturating_sub(1);
    samples.get(place).copied().unwrap_or_default() / 1_000.0
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, evictions, hibernated, written, acknowledged, .. } = self;
        writeln!(f, "seed {}, {:.0} s", self.seed, self.since.elapsed().as_secs_f64())?;
        writeln!(f, "  kills {kills}   evictions {evictions}   hibernated {hibernated}")?;
        writeln!(f, "  messages {written}   acknowledged {acknowledged}")?;
        let Self { lost, doubled, devices, .. } = self;
        writeln!(f, "  lost {lost}   doubled {doubled}   devices compared {devices}")?;
        for (what, samples) in
            [("from its first answer", &self.from_answer), ("from the kill", &self.from_kill)]
        {
            if !samples.is_empty() {
                let (p50, max, n) = (rank(samples, 50), rank(samples, 100), samples.len());
                writeln!(f, "  recovery {what}: p50 {p50:.2} s   max {max:.2} s   n {n}")?;
            }
        }
        for (code, count) in &self.refused {
            writeln!(f, "  refused and tried again: {count} {code}")?;
        }
        let resident: Vec<_> = self.resident_mib.iter().map(|mib| format!("{mib:.0}")).collect();
        if !resident.is_empty() {
            writeln!(f, "  resident memory after each calm: {} MiB", resident.join(", "))?;
        }
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        for fault in self.faults.iter().take(MOST_FAULTS) {
            writeln!(f, "  FAULT {fault}")?;
        }
        write!(f, "  {} faults", self.faults.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_a_loss_or_a_double_spoils_a_run() {
        assert!(Report::new(1).is_faultless());
        assert!(!Report { lost: 1, ..Report::new(1) }.is_faultless());
        assert!(!Report { doubled: 1, ..Report::new(1) }.is_faultless());
        let mut report = Report::new(1);
        report.read_log(&["Uncaught".to_owned()]);
        assert!(!report.is_faultless());
    }

    #[test]
    fn memory_that_does_not_come_back_spoils_a_run() {
        let judged = |resident: &[f64]| {
            let mut report = Report { resident_mib: resident.to_vec(), ..Report::new(1) };
            report.judge_memory();
            report.is_faultless()
        };
        assert!(judged(&[300.0, 400.0, 410.0, 500.0, 420.0, 450.0]));
        assert!(!judged(&[300.0, 400.0, 410.0, 430.0, 440.0, 450.0]));
        assert!(!judged(&[400.0, 400.0, 400.0]), "too few to say anything");
    }

    #[test]
    fn recovery_is_told_in_seconds_by_the_nearest_rank() {
        let samples: Vec<f64> = (1..=200).rev().map(|n| f64::from(n) * 1_000.0).collect();
        assert_eq!([rank(&samples, 50), rank(&samples, 100)], [100.0, 200.0]);
        assert_eq!(rank(&[], 50).to_bits(), 0.0_f64.to_bits());
    }
}
