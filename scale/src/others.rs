//! What others ask for: list prices as published, with where and when they were read.

/// A price that somebody published.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Published {
    /// What.
    pub what: &'static str,
    /// US dollars a month: paid by the year, where there is a choice; and paid by the month.
    pub dollars: (f64, f64),
    /// Where it stands.
    pub source: &'static str,
    /// Of when that is.
    pub when: &'static str,
}

/// Hosted chat, for each person and month.
pub const HOSTED: &[Published] = &[
    Published {
        what: "Slack Pro",
        dollars: (7.25, 8.75),
        source: "Slack's pricing page, as checked by owostack.com/pricing-templates/per-seat-billing",
        when: "2026-03-09",
    },
    Published {
        what: "Zulip Cloud Standard",
        dollars: (6.67, 8.0),
        source: "zulip.com/plans, as in zulip/zulip, `templates/corporate/pricing_model.html`",
        when: "the stored copy has no date; the program is kept with its prices",
    },
];

/// For which no published price was found in what could be read.
pub const NOT_FOUND: &str = "Microsoft Teams Essentials (Microsoft's page was not to be had) and Mattermost Professional (its \
     maker publishes no price any more, but asks to be contacted)";

/// Servers with four virtual processors and 8 GB, each month.
pub const SERVERS: &[Published] = &[
    Published {
        what: "Hetzner CX33, 4 vCPU, 8 GB, 80 GB",
        dollars: (7.55, 7.55),
        source: "€6.49 by Hetzner's price API, at 1.1637 $/€ \
                 (github.com/devantler-tech/platform, commit cb791c6f)",
        when: "2026-05-27",
    },
    Published {
        what: "DigitalOcean Basic Droplet, 4 vCPU, 8 GB, 160 GB",
        dollars: (48.0, 48.0),
        source: "its list of new prices \
                 (gist.github.com/colinwilson/cd31bde012f6727b24b2fc4ebee749c0)",
        when: "2022-07",
    },
];
