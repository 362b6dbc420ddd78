//! What Cloudflare asks for, in one table, and what a month comes to.

/// US dollars.
pub type Dollars = f64;

/// Where the prices were read: what, where, and of when that is.
pub const SOURCES: &[(&str, &str, &str)] = &[
    (
        "Durable Objects",
        "https://developers.cloudflare.com/durable-objects/platform/pricing/",
        "cloudflare/cloudflare-docs, `durable-objects-pricing.mdx`, commit 07e200b; storage is billed since January 2026",
    ),
    (
        "Workers",
        "https://developers.cloudflare.com/workers/platform/pricing/",
        "as read by github.com/halideworks/onelight/wiki/Pricing on 2026-08-03",
    ),
    (
        "R2",
        "https://developers.cloudflare.com/r2/pricing/",
        "cloudflare/cloudflare-docs, `r2/pricing.mdx`, and the same wiki on 2026-08-03",
    ),
];

/// The paid plan, a month.
pub const PAID_PLAN: Dollars = 5.0;

/// What a month uses, as billed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// Requests of the Worker.
    pub requests: f64,
    /// Milliseconds of processor time of the Worker. Objects' is not billed but for duration.
    pub cpu_ms: f64,
    /// Requests of objects.
    pub calls: f64,
    /// Gigabyte-seconds of objects: 128 MB for as long as one is awake, whatever it needs.
    pub gb_s: f64,
    /// Rows written, alarms included.
    pub rows: f64,
    /// Rows read.
    pub read: f64,
    /// Gigabytes in objects, over the month.
    pub gb: f64,
    /// Gigabytes of files.
    pub file_gb: f64,
    /// Parts of files that are stored.
    pub puts: f64,
    /// Parts of files that are fetched.
    pub gets: f64,
}

/// One thing that is billed.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// What it is called on the bill.
    pub what: &'static str,
    /// Of a month's use.
    pub used: fn(&Usage) -> f64,
    /// Included in the paid plan, a month.
    pub included: f64,
    /// So much of it…
    pub unit: f64,
    /// …costs this.
    pub price: Dollars,
    /// Free without the paid plan: a day, or in all where it is something that is kept. None where more
    /// is to be had without that plan, too.
    pub free: Option<f64>,
    /// It is kept, not used up.
    pub kept: bool,
}

const MILLION: f64 = 1e6;

/// Everything that is billed.
pub const PRICES: &[Price] = &[
    Price {
        what: "Worker requests",
        used: |usage| usage.requests,
        included: 10.0 * MILLION,
        unit: MILLION,
        price: 0.30,
        free: Some(100_000.0),
        kept: false,
    },
    Price {
        what: "Worker processor time, ms",
        used: |usage| usage.cpu_ms,
        included: 30.0 * MILLION,
        unit: MILLION,
        price: 0.02,
        // 10 ms for each request.
        free: Some(1_000_000.0),
        kept: false,
    },
    Price {
        what: "object requests",
        used: |usage| usage.calls,
        included: MILLION,
        unit: MILLION,
        price: 0.15,
        free: Some(100_000.0),
        kept: false,
    },
    Price {
        what: "object duration, GB-s",
        used: |usage| usage.gb_s,
        included: 400_000.0,
        unit: MILLION,
        price: 12.50,
        free: Some(13_000.0),
        kept: false,
    },
    Price {
        what: "rows written",
        used: |usage| usage.rows,
        included: 50.0 * MILLION,
        unit: MILLION,
        price: 1.00,
        free: Some(100_000.0),
        kept: false,
    },
    Price {
        what: "rows read",
        used: |usage| usage.read,
        included: 25_000.0 * MILLION,
        unit: MILLION,
        price: 0.001,
        free: Some(5.0 * MILLION),
        kept: false,
    },
    Price {
        what: "object storage, GB",
        used: |usage| usage.gb,
        included: 5.0,
        unit: 1.0,
        price: 0.20,
        free: Some(5.0),
        kept: true,
    },
    Price {
        what: "file storage (R2), GB",
        used: |usage| usage.file_gb,
        included: 10.0,
        unit: 1.0,
        price: 0.015,
        free: None,
        kept: true,
    },
    Price {
        what: "files stored (R2, class A)",
        used: |usage| usage.puts,
        included: MILLION,
        unit: MILLION,
        price: 4.50,
        free: None,
        kept: false,
    },
    Price {
        what: "files fetched (R2, class B)",
        used: |usage| usage.gets,
        included: 10.0 * MILLION,
        unit: MILLION,
        price: 0.36,
        free: None,
        kept: false,
    },
];

impl Price {
    /// What a month's use of it costs, beyond the plan.
    #[must_use]
    pub fn of(&self, usage: &Usage) -> Dollars {
        ((self.used)(usage) - self.included).max(0.0) / self.unit * self.price
    }

    /// The share of what is free that is used on the busiest day; above 1 it does not suffice.
    #[must_use]
    pub fn of_free(&self, usage: &Usage, busiest_day: f64) -> f64 {
        let used = (self.used)(usage);
        let most = if self.kept { used } else { used / 30.0 * busiest_day };
        self.free.map_or(0.0, |free| most / free)
    }
}

impl Usage {
    /// What a month costs on the paid plan.
    #[must_use]
    pub fn paid(&self) -> Dollars {
        PAID_PLAN + PRICES.iter().map(|price| price.of(self)).sum::<Dollars>()
    }

    /// What the free plan would run out of first, and how much of it would be used.
    #[must_use]
    pub fn of_free(&self, busiest_day: f64) -> (&'static str, f64) {
        let shares = PRICES.iter().map(|price| (price.what, price.of_free(self, busiest_day)));
        shares.max_by(|one, two| one.1.total_cmp(&two.1)).unwrap_or_default()
    }

    /// The dearest of it, without what is included, as a share of the whole.
    #[must_use]
    pub fn dearest(&self) -> (&'static str, f64) {
        let whole: f64 = PRICES.iter().map(|price| price.of(self)).sum();
        let all = PRICES.iter().map(|price| (price.what, price.of(self)));
        let (what, most) = all.max_by(|one, two| one.1.total_cmp(&two.1)).unwrap_or_default();
        (what, if whole > 0.0 { most / whole } else { 0.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_included_costs_the_plan_and_nothing_else() {
        let mut usage =
            Usage { rows: 50e6, calls: 1e6, requests: 10e6, gb: 5.0, ..Usage::default() };
        assert!((usage.paid() - 5.0).abs() < 1e-9);
        usage.rows += 3e6;
        usage.gb_s = 400_000.0 + 2e6;
        assert!((usage.paid() - (5.0 + 3.0 + 25.0)).abs() < 1e-9, "{}", usage.paid());
        assert_eq!(usage.dearest().0, "object duration, GB-s");
    }

    #[test]
    fn the_free_plan_is_counted_by_its_busiest_day() {
        let usage = Usage { rows: 30.0 * 60_000.0, ..Usage::default() };
        let (what, share) = usage.of_free(1.0);
        assert_eq!((what, (share * 100.0).round()), ("rows written", 60.0));
        assert!(usage.of_free(2.0).1 > 1.0);
        let usage = Usage { gb: 6.0, ..Usage::default() };
        assert!(usage.of_free(1.0).1 > 1.0, "what is kept is kept every day");
    }
}
