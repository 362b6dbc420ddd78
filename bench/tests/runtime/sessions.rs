//! Sessions: one a browser, each ended by itself.

use tideline_bench::{Account, Device};
use tideline_shared::Code;
use tideline_shared::protocol::{SessionCommand, SessionReply};

use crate::support::{pair, shared, shows_up_to, unread};

#[tokio::test]
async fn signing_out_ends_the_sockets_of_that_session_only() {
    let (ana, ben, direct) = pair(shared(), ["out-ana", "out-ben"]).await;
    let other = Account::sign_in(shared(), "out-ana").await.expect("signs in");
    assert_eq!(other.me.user, ana.me.user);
    assert_ne!(other.session, ana.session);
    let (laptop, phone) = (Device::new(&ana), Device::new(&other));
    ben.say(direct, "one").await.expect("is said");
    for device in [&laptop, &phone] {
        device.show(direct);
        device.until("show the message", |engine| shows_up_to(engine, 1)).await;
    }
    ana.session(SessionCommand::SignOut).await.expect("signs out");
    assert_eq!(laptop.end().await.code, Code::SessionEnded);

    ben.say(direct, "two").await.expect("is said");
    phone.until("go on", |engine| shows_up_to(engine, 2)).await;
    phone.until("read on", |engine| unread(engine, direct, 0)).await;
    assert_eq!(phone.signed_out(), None);
    let who = other.session(SessionCommand::Whoami).await.expect("answers");
    assert!(matches!(who, SessionReply::SignedIn { session, .. } if session == other.session));
    let who = ana.session(SessionCommand::Whoami).await.expect("answers");
    assert_eq!(who, SessionReply::SignedOut, "nobody is an answer, too");
    laptop.done().await;
    assert!(laptop.look(|engine| !shows_up_to(engine, 2)), "nothing comes after the end");
}
