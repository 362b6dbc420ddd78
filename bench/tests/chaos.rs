//! The short form of `cargo xtask chaos`: kills, a calm, a flood, readers who do not read, evictions and a
//! full disk, on the real runtime.

use std::path::Path;

use tideline_bench::chaos::{self, Plan};

/// Another one for each day would find more, and find it on somebody else's day.
const SEED: u64 = 20_261_123;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_put_to_sleep_flooded_out_of_disk_and_not_listened_to_it_loses_and_doubles_nothing()
{
    let plan = Plan::short(SEED);
    let report = chaos::run(&plan, &Path::new(env!("CARGO_TARGET_TMPDIR")).join("chaos")).await;
    println!("{report}");
    assert!(report.is_faultless(), "{report}");
    // The disk that fills, where there is one, takes one more.
    assert_eq!(report.kills, plan.kills + u32::from(cfg!(target_os = "linux")));
    assert!(report.evictions >= plan.evictions, "{report}");
    assert!(report.acknowledged > 0 && report.acknowledged == report.written, "{report}");
}
