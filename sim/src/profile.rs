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
    /// An object is reset before a turn; as often, while its commit is under way, which then is
    /// undone; and as often, after its commit, before anything leaves.
    pub reset: u64,
    /// A storage that refuses one statement in the middle of a turn.
    pub disk: u64,
    /// A storage that refuses every write for some seconds.
    pub full: u64,
    /// A socket loses what is on its way, and everything after it, without telling anybody.
    pub socket_cut: u64,
    /// A frame is lost although the ones after it arrive; the socket breaks some seconds later.
    pub frame_lost: u64,
    /// A frame arrives twice.
    pub frame_doubled: u64,
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
    /// The service's clock steps back; and as often, it stands still for some seconds.
    pub clock: u64,
    /// An alarm goes off late; and as often, twice.
    pub alarm: u64,
    /// The platform gives an alarm up: its object died six times in handling it.
    pub alarm_given_up: u64,
    /// Of each moment of trouble: sixty days pass; somebody is away meanwhile.
    pub sixty_days: u64,
}

impl Profile {
    /// All of them, by what they are called.
    pub const ALL: [(&str, Self); 3] =
        [("calm", Self::calm()), ("storm", Self::storm()), ("leaks", Self::leaks())];

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(one, _)| *one == name).map(|(_, profile)| profile)
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        let known = Self::ALL.into_iter().find(|(_, profile)| *profile == self);
        known.map_or("unnamed", |(name, _)| name)
    }

    /// Nothing goes wrong.
    #[must_use]
    pub const fn calm() -> Self {
        Self {
            call_lost: 0,
            answer_lost: 0,
            call_doubled: 0,
            reset: 0,
            disk: 0,
            full: 0,
            socket_cut: 0,
            frame_lost: 0,
            frame_doubled: 0,
            delay_ms: 40,
            restart: 0,
            hibernate: 0,
            offline: 0,
            reload: 0,
            wipe: 0,
            clock: 0,
            alarm: 0,
            alarm_given_up: 0,
            sixty_days: 0,
        }
    }

    /// A storm in which many single frames are lost.
    #[must_use]
    pub const fn leaks() -> Self {
        Self { frame_lost: 50_000, ..Self::storm() }
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
            full: 200,
            socket_cut: 2_000,
            frame_lost: 2_000,
            frame_doubled: 5_000,
            delay_ms: 400,
            restart: 10_000,
            hibernate: 300_000,
            offline: 60_000,
            reload: 40_000,
            wipe: 5_000,
            clock: 30_000,
            alarm: 100_000,
            alarm_given_up: 20_000,
            sixty_days: 3_000,
        }
    }
}
