//! How much goes wrong.

/// Chances in a million, each time that it could happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// A call between actors does not arrive.
    pub call_lost: u64,
    /// A call took effect, and its answer is lost.
    pub answer_lost: u64,
    /// A call arrives twice.
    pub call_doubled: u64,
    /// An object is reset before a turn; and as often, after its commit.
    pub reset: u64,
    /// A storage that refuses a statement in the middle of a turn.
    pub disk: u64,
    /// A socket loses what is on its way, and everything after it, without telling anybody.
    pub socket_cut: u64,
    /// Most milliseconds that anything takes on the way.
    pub delay_ms: u64,
    /// Of each moment of trouble (a second): the runtime starts again.
    pub restart: u64,
    /// An object hibernates.
    pub hibernate: u64,
    /// A device is cut off for a while.
    pub offline: u64,
    /// A device's program starts again with what it stored.
    pub reload: u64,
    /// A device starts with nothing.
    pub wipe: u64,
    /// The service's clock stands still or steps back.
    pub clock: u64,
    /// An alarm goes off late, or twice.
    pub alarm: u64,
}

impl Profile {
    /// Nothing goes wrong.
    #[must_use]
    pub const fn calm() -> Self {
        Self {
            call_lost: 0,
            answer_lost: 0,
            call_doubled: 0,
            reset: 0,
            disk: 0,
            socket_cut: 0,
            delay_ms: 40,
            restart: 0,
            hibernate: 0,
            offline: 0,
            reload: 0,
            wipe: 0,
            clock: 0,
            alarm: 0,
        }
    }

    /// Everything goes wrong, all at once.
    #[must_use]
    pub const fn storm() -> Self {
        Self {
            call_lost: 30_000,
            answer_lost: 30_000,
            call_doubled: 20_000,
            reset: 2_000,
            disk: 5_000,
            socket_cut: 2_000,
            delay_ms: 400,
            restart: 10_000,
            hibernate: 300_000,
            offline: 60_000,
            reload: 40_000,
            wipe: 5_000,
            clock: 30_000,
            alarm: 100_000,
        }
    }
}
