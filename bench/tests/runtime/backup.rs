//! A backup is taken while people talk, and restored to another place.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, io};

use tideline_bench::screen::Shown;
use tideline_bench::{Account, ApiError, Device, Limits, PATIENCE, Runtime};
use tideline_client::Action;
use tideline_shared::{Code, ConversationId};

use crate::support::files::{fetch, send, upload};
use crate::support::{group, read_whole, register, settled, shows_up_to, storage, truth, unread};

const GIF: &[u8] = b"GIF89a at high tide";

/// What restoring under a running service is refused with.
const RUNNING: &str = "The service is running on";

/// The program that `cargo xtask` runs, beside this one.
fn xtask() -> PathBuf {
    let this = std::env::current_exe().expect("this program is a file");
    let built = this.parent().and_then(Path::parent).expect("tests lie below what is built");
    let xtask = built.join("xtask");
    assert!(xtask.exists(), "{} is missing: run `cargo build -p xtask` first", xtask.display());
    xtask
}

/// What a chore printed; as an error when it failed.
async fn chore(name: &str, force: bool, state: &Path, file: &Path) -> Result<String, String> {
    let mut command = Command::new(xtask());
    command.arg(name).args(force.then_some("--force")).arg("--persist-to").arg(state).arg(file);
    let out = tokio::task::spawn_blocking(move || command.output()).await.expect("does not panic");
    let out = out.expect("xtask can be started");
    let said =
        format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    if out.status.success() { Ok(said) } else { Err(said) }
}

/// Restores to where a runtime was killed; its processes may take a moment to go.
async fn once_it_has_ended(state: &Path, file: &Path) -> Result<String, String> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        match chore("restore", false, state, file).await {
            Err(said) if said.contains(RUNNING) && tokio::time::Instant::now() < deadline => {}
            other => return other,
        }
    }
}

fn remove(path: &Path) {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => panic!("{error}"),
        _ => {}
    }
}

/// Says one thing after the other until it is told to stop; brings the place of the last.
async fn chatter(who: &Account, to: ConversationId, stop: &AtomicBool) -> u64 {
    let mut last = 0;
    while !stop.load(Ordering::Relaxed) {
        last = who.say(to, &format!("meanwhile, after {last}")).await.expect("is said");
    }
    last
}

/// The history is the beginning of what it was, with everything up to `acknowledged`.
fn assert_beginning_of(whole: &[Shown], restored: &[Shown], acknowledged: u64) {
    assert!(restored.len() as u64 >= acknowledged, "{} of {acknowledged}", restored.len());
    assert_eq!(restored, &whole[..restored.len()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_backup_is_there_after_a_restore() {
    let (old, new, file) =
        (storage("backup/state"), storage("restored-state"), storage("backup.tar.gz"));
    remove(&file);
    remove(&new);
    let mut runtime =
        tokio::task::block_in_place(|| Runtime::start(&storage("backup"), Limits::Off));
    let origin = runtime.origin().to_owned();
    let ana = register(&origin, "backup-ana").await;
    let ben = register(&origin, "backup-ben").await;
    let direct = ana.direct(&ben).await.expect("starts");
    let (group, guests) = group(&ana, "Kept", &["Cyd", "Dora"]).await;
    let invite = ana.invite(group, None).await.expect("is made");
    ben.join(&invite).await.expect("joins");
    let picture = upload(&ana, group, "tide.gif", GIF).await;
    send(&ana, group, &picture).await;
    let laptop = Device::new(&ana);
    laptop.show(group);
    laptop.online().await;
    let (mut in_direct, mut in_group) = (0, 0);
    for n in 0..60 {
        let author = [&ana, &ben][n % 2];
        in_direct = author.say(direct, &format!("direct {n}")).await.expect("is said");
        in_group = guests[n % 2].say(group, &format!("group {n}")).await.expect("is said");
    }

    // Two of them talk all the while.
    let stop = AtomicBool::new(false);
    let (backup, during_direct, during_group) = tokio::join!(
        async {
            let backup = chore("backup", false, &old, &file).await;
            stop.store(true, Ordering::Relaxed);
            backup
        },
        chatter(&ben, direct, &stop),
        chatter(&guests[0], group, &stop),
    );
    println!("{}", backup.expect("is backed up"));
    assert!(during_direct > in_direct && during_group > in_group, "nobody spoke meanwhile");
    let again = chore("backup", false, &old, &file).await.expect_err("is refused");
    assert!(again.contains("exists already"), "{again}");

    // What comes later is not in it: messages, and somebody.
    ana.say(direct, "too late").await.expect("is said");
    let last = guests[1].say(group, "too late").await.expect("is said");
    register(&origin, "backup-eve").await;
    laptop.until("show what is too late", |engine| shows_up_to(engine, last)).await;
    let (whole_direct, whole_group) = (truth(&ana, direct).await, truth(&ana, group).await);

    for force in [false, true] {
        let running = chore("restore", force, &old, &file).await.expect_err("is refused");
        assert!(running.contains(RUNNING), "{running}");
    }
    runtime.kill();
    let store = laptop.close().await;
    let full = once_it_has_ended(&old, &file).await.expect_err("is refused");
    assert!(full.contains("There is data in"), "{full}");
    println!("{}", chore("restore", false, &new, &file).await.expect("is restored"));

    let runtime = tokio::task::block_in_place(|| {
        Runtime::start_with(&storage("restored"), &new, None, Limits::Off)
    });
    let origin = runtime.origin();
    let ana = Account::sign_in(origin, "backup-ana").await.expect("signs in");
    let ben = Account::sign_in(origin, "backup-ben").await.expect("signs in");
    let eve = Account::sign_in(origin, "backup-eve").await.expect_err("has never been there");
    assert!(matches!(eve, ApiError::Refused(reject) if reject.code == Code::WrongCredentials));
    register(origin, "backup-eve").await;
    let served = fetch(&ben, group, &picture).await;
    assert_eq!((served.status, served.body.as_bytes()), (200, GIF));
    let (kept_direct, kept_group) = (truth(&ana, direct).await, truth(&ana, group).await);
    assert_beginning_of(&whole_direct, &kept_direct, in_direct);
    assert_beginning_of(&whole_group, &kept_group, in_group);
    // It goes on before the devices are back, and further than they ever knew it.
    for n in 0..whole_group.len() - kept_group.len() + 5 {
        ana.say(group, &format!("after it all, {n}")).await.expect("is said");
    }
    let kept_group = truth(&ana, group).await;

    // Accounts agree with their conversations, also about what was on its way at that moment; and
    // a device that knows what is no more gives it up.
    let phone = Device::new(&ben);
    let kept = kept_group.len() as u64;
    phone.until("count everything", |engine| unread(engine, group, kept)).await;
    let laptop = Device::with(&ana, store);
    for device in [&laptop, &phone] {
        device.show(group);
        device.until("show what was kept", |engine| shows_up_to(engine, kept)).await;
        assert_eq!(read_whole(device).await, kept_group);
    }

    // The conversations go on.
    laptop.send(group, "we are back");
    laptop.send(direct, "you, too?");
    settled(&ben, direct, kept_direct.len() as u64 + 1).await;
    let now = kept + 1;
    let group_now = truth(&ben, group).await;
    assert_eq!(group_now[..kept_group.len()], kept_group);
    assert_eq!(group_now[kept_group.len()].text, "we are back");
    for device in [&laptop, &phone] {
        device.act(Action::Newest);
        device.until("show it", |engine| shows_up_to(engine, now)).await;
        assert_eq!(read_whole(device).await, group_now);
    }
    let log = runtime.log();
    assert!(!log.contains("Uncaught"), "the runtime's log:\n{log}");
}
