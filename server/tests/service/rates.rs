//! The rates that `PROTOCOL.md` states are those that hold.

use tideline_server::limits::{Limits, Rate};

#[test]
fn every_rate_is_listed_with_its_value() {
    let protocol = include_str!("../../../PROTOCOL.md");
    let Limits { register, guest, sign_in, wrong_password, invite, find, send } = Limits::default();
    let row = |name: &str, by: &str, Rate { burst, every_ms }: Rate| {
        format!("| `{name}` | {by} | {burst} | {every_ms} ms |")
    };
    let wanted = [
        row("register", "network address", register),
        row("guest", "network address", guest),
        row("sign_in", "network address", sign_in),
        row("wrong_password", "account", wrong_password),
        row("invite", "network address", invite),
        row("find", "account", find),
        row("send", "person and conversation", send),
    ];
    let listed: Vec<&str> = protocol.lines().filter(|line| line.ends_with(" ms |")).collect();
    assert_eq!(listed, wanted);
}

#[test]
fn a_deployment_overrides_single_rates() {
    let limits = Limits::read(r#"{"send": {"burst": 1, "every_ms": 2}}"#).expect("reads");
    assert_eq!(limits.send, Rate { burst: 1, every_ms: 2 });
    assert_eq!(limits.find, Limits::default().find);
    assert_eq!(Limits::read(" ").expect("nothing is fine"), Limits::default());
    assert!(Limits::read("{").is_err());
}
