//! What the runtime may say: nothing, but for what is listed here with its reason.

/// What the runtime went through since its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// It was started on what a SIGKILL left. (Of its own, no process can speak.)
    Killed,
    /// Objects were thrown out of its memory.
    Evicted,
    /// Its disk was full.
    FullDisk,
}

/// Said by every start without a network: `wrangler` makes the properties of a connection up.
const ALWAYS: &[&str] = &[
    "Unable to fetch the `Request.cf` object",
    "getaddrinfo ENOTFOUND workers.cloudflare.com",
    "getaddrinfo EAI_AGAIN workers.cloudflare.com",
    "at GetAddrInfoReqWrap.",
];

/// SQLite's words for a disk without room.
const NO_ROOM: &[&str] = &["SQLITE_FULL", "SQLITE_IOERR", "disk I/O error"];

/// What `workerd` makes of a database that it cannot even open: it logs the place in its own code,
/// and hides the rest from the Worker behind a number.
const NOT_OPENED: &[&str] = &["stack: ", "Error: internal error; reference = "];

/// An object's alarm was moved, and the kill, or its end in memory, came before the runtime's own list of alarms, which is
/// another database, knew. The object is asked, and the list corrected; or, where the alarm is overdue, it is
/// handled.
const ALARM_MOVED: &[&str] = &[
    "SQLite alarm handler canceled with requestScheduledAlarm",
    "SQLite alarm overdue, running despite AlarmManager mismatch",
];

/// The lines that nobody expected.
pub(crate) fn judge(log: &str, fault: Fault) -> Vec<String> {
    let said = |known: &[&str], line: &str| known.iter().any(|known| line.contains(known));
    let expected = |line: &str| {
        said(ALWAYS, line)
            || match fault {
                Fault::None => false,
                Fault::Killed | Fault::Evicted => said(ALARM_MOVED, line),
                Fault::FullDisk => [NO_ROOM, NOT_OPENED, ALARM_MOVED].iter().any(|k| said(k, line)),
            }
    };
    let lines = log.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.filter(|line| !expected(line)).map(str::to_owned).collect()
}

/// Whether the runtime has met a disk without room.
pub(crate) fn is_full(log: &str) -> bool {
    NO_ROOM.iter().any(|words| log.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_a_reason_may_be_said() {
        let network = "[wrangler:warn] Unable to fetch the `Request.cf` object! Falling back\n";
        assert_eq!(judge(network, Fault::None), [] as [&str; 0]);
        let uncaught = "Uncaught (in promise) Error: anything";
        assert_eq!(judge(&format!("{network}\n  {uncaught}\n"), Fault::None), [uncaught]);
        let full = "Uncaught Error: database or disk is full: SQLITE_FULL";
        assert_eq!(judge(full, Fault::None), [full]);
        assert_eq!(judge(full, Fault::FullDisk), [] as [&str; 0]);
        assert_eq!(judge(uncaught, Fault::FullDisk), [uncaught]);
        let alarm = "SQLite alarm handler canceled with requestScheduledAlarm.; scheduledTime = 1";
        assert_eq!(judge(alarm, Fault::None), [alarm]);
        for fault in [Fault::Killed, Fault::Evicted] {
            assert_eq!(judge(alarm, fault), [] as [&str; 0]);
            assert_eq!(judge(uncaught, fault), [uncaught]);
        }
        assert!(is_full(full) && !is_full(uncaught));
    }
}
