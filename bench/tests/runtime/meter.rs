//! What the service counts of itself, for the bench.

use std::time::Duration;

use tideline_bench::{Account, Api, Limits, Meter, Request, Runtime, Way};
use tokio::task::block_in_place;
use tokio::time::{sleep, timeout};

use crate::support::{pair, settled, storage};

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_message_moves_the_counts_as_it_should() {
    let dir = storage("meter");
    let runtime = block_in_place(|| Runtime::start_on(Way::Bare, &dir, Limits::Off));
    let (ana, ben, direct) = pair(runtime.origin(), ["meter-ana", "meter-ben"]).await;
    // Ben's account has heard of it, and nothing is under way any more.
    ana.say(direct, "the first").await.expect("is said");
    settled(&ben, direct, 1).await;
    let before = read(&runtime).await;
    ana.say(direct, "the second").await.expect("is said");
    settled(&ben, direct, 2).await;
    let told = async {
        loop {
            let moved = &read(&runtime).await - &before;
            // What follows a message at once waits a moment before accounts hear of it.
            if moved.of("conversation").calls_out >= 2 {
                return moved;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let moved = timeout(Duration::from_secs(10), told).await.expect("both accounts are told");

    let (accounts, talks) = (moved.of("account"), moved.of("conversation"));
    // Ana's and Ben's accounts are told; before, hers was asked whether her session is alive.
    assert!((2..=4).contains(&talks.calls_out), "{moved:?}");
    assert!(accounts.calls_in > talks.calls_out, "{moved:?}");
    // The message and the clock, at least; what a burst costs is the bench's to say.
    assert!((2..=40).contains(&talks.rows_written), "{moved:?}");
    assert!((4..=60).contains(&accounts.rows_written), "{moved:?}");
    assert!(talks.rows_read > 0 && talks.turns > talks.calls_in, "{moved:?}");
    // Ben's device said hello to both.
    assert!(accounts.frames_in > 0 && talks.frames_in > 0, "{moved:?}");
    assert_eq!((moved.of("directory").turns, moved.of("deployment").turns), (0, 0), "{moved:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_the_counts_of_a_deployment() {
    let runtime = block_in_place(|| Runtime::start_as_deployed(&storage("meter-deployed")));
    let api = Api::new(runtime.origin());
    for route in ["/api/meter", "/api/conformance"] {
        let request = Request { method: "GET", ..api.request(route, []) };
        let answer = api.fetch(request).await.expect("answers");
        assert_eq!(answer.status, 404, "{route}: {answer:?}");
    }
    let ana = Account::register(runtime.origin(), "deployed-ana").await;
    assert!(ana.is_ok(), "everything else is there: {ana:?}");
}

async fn read(runtime: &Runtime) -> Meter {
    Meter::read(runtime.origin()).await.expect("the bench's runtime counts")
}
