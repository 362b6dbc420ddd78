//! `cargo xtask fuzz`: what people write, made up at random, for as long as one likes.
//!
//! The properties are those that `cargo test` tries a few hundred times
//! (`shared/tests/markup.rs`). They run on the stable toolchain, which libFuzzer does not; their
//! texts are made of the marks that the parser looks for, so that they need no coverage to find
//! its corners.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::sh;

/// Cases of each property between two looks at the clock.
const BATCH: u64 = 20_000;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// For so many minutes.
    #[arg(long, default_value_t = 1.0)]
    minutes: f64,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let (start, limit) = (Instant::now(), Duration::from_secs_f64(args.minutes * 60.0));
    let mut batches = 0;
    while batches == 0 || start.elapsed() < limit {
        let mut test = sh::cmd("cargo", &["test", "--release", "--quiet"]);
        test.args(["--package=tideline-shared", "--test=markup", "--", "every_"]);
        sh::run(test.env("PROPTEST_CASES", BATCH.to_string()))?;
        batches += 1;
    }
    println!("{} texts of each kind were read.", batches * BATCH);
    Ok(())
}
