//! What others reach on such a machine, and what is aimed at: stated figures, not measured here.
//!
//! Two cores, client and server together, texts of 200 bytes, the archive on disk, medians of three runs.
//! prosody 0.12 (tuned; it never syncs) and ejabberd 23.01 are XMPP servers; Cloudflare's chat demo sends
//! before it stores. The floor is thirty lines of JavaScript on our runtime that insert one row and send to
//! the sockets of one object; one like it is measured here, too (`floor.rs`).

/// Who else was measured, in the order of [`Subject::peers`].
pub(crate) const PEERS: [&str; 5] =
    ["prosody", "ejabberd", "Cloudflare's demo", "floor, wrangler", "floor, bare"];

/// Something that is measured of us, too.
pub(crate) struct Subject {
    /// In words.
    pub(crate) what: &'static str,
    /// Our rows, and their figures: all of them, with a stroke between.
    pub(crate) ours: &'static [(&'static str, &'static str)],
    /// What they should come to, through wrangler and bare.
    pub(crate) aims: [&'static str; 2],
    /// What the [`PEERS`] reach.
    pub(crate) peers: [&'static str; 5],
}

/// All that is compared.
pub(crate) const SUBJECTS: &[Subject] = &[
    Subject {
        what: "direct, one pair ping-pong, p50 / p99, ms",
        ours: &[("direct sockets", "ms.p50"), ("direct sockets", "ms.p99")],
        aims: ["1.6 / 4", "0.45 / 1"],
        peers: ["0.44 / 2.2", "2.7 / 4.4", "1.2 / 3.7", "1.3 / 3.8", "0.31 / 0.6"],
    },
    Subject {
        what: "direct, 20 pairs, 8 under way each, messages/s",
        ours: &[("direct 20", "messages a second")],
        aims: ["1,300", "2,000"],
        peers: ["2,974", "396", "1,276", "", "2,324"],
    },
    Subject {
        what: "group of 100, 20 messages/s, p50 / p99, ms",
        ours: &[("group 100", "ms.p50"), ("group 100", "ms.p99")],
        aims: ["6.5 / 16", "5 / 9"],
        peers: ["12 / 17", "6.8 / 10.8", "5.8 / 17.8", "7.3 / 17.6", "4.6 / 7.5"],
    },
    Subject {
        what: "group of 50, 32 under way, deliveries/s",
        ours: &[("group 50 saturated", "deliveries a second")],
        aims: ["42,000", "64,000"],
        peers: ["20,000", "16,082", "40,426", "", "79,384"],
    },
    Subject {
        what: "group of 100, 32 under way, deliveries/s",
        ours: &[("group 100 saturated", "deliveries a second")],
        aims: ["48,500", "60,000"],
        peers: ["19,273", "19,749", "48,360", "49,654", "74,158"],
    },
    Subject {
        what: "group of 200, 32 under way, deliveries/s",
        ours: &[("group 200 saturated", "deliveries a second")],
        aims: ["40,000", "53,000"],
        peers: ["17,319", "20,180", "30,093", "", "66,502"],
    },
    Subject {
        what: "catch up 1,000 messages in 1 conversation, direct / group, ms",
        ours: &[
            ("catch-up direct 1", "everybody_ms.p50"),
            ("catch-up group 1", "everybody_ms.p50"),
        ],
        aims: ["80", "60"],
        peers: ["113 / 432", "75 / 111", "", "", ""],
    },
    Subject {
        what: "the same in 50 conversations, direct / group, ms",
        ours: &[
            ("catch-up direct 50", "everybody_ms.p50"),
            ("catch-up group 50", "everybody_ms.p50"),
        ],
        aims: ["80", "60"],
        peers: ["", "", "", "", ""],
    },
    Subject {
        what: "an idle connection, memory of the service, KiB",
        ours: &[("idle 1000", "KiB each")],
        aims: ["", "100"],
        peers: ["38", "67", "441", "", "86"],
    },
    Subject {
        what: "1,000 members, 5 % online: acknowledged / all of them have it, p50, ms",
        ours: &[("large 1000", "acknowledged_ms.p50"), ("large 1000", "everybody_ms.p50")],
        aims: ["5 / 50", ""],
        peers: ["", "", "", "", ""],
    },
    Subject {
        what: "killed and started under 1,000 devices: all in step, ms",
        ours: &[("storm", "ms.max")],
        aims: ["5,000", ""],
        peers: ["", "", "", "", ""],
    },
    Subject {
        what: "rows written a message, bursts of 10: direct",
        ours: &[("direct burst", "cost.rows_written")],
        aims: ["8", "8"],
        peers: ["", "", "", "", ""],
    },
    Subject {
        what: "the same in a group with 99 not looking",
        ours: &[("quiet burst", "cost.rows_written")],
        aims: ["43.6", "43.6"],
        peers: ["", "", "", "", ""],
    },
];
