//! Invite links, and the guests that come by them.

use tideline_bench::{Account, Api, Device, PASSWORD};
use tideline_client::Item;
use tideline_shared::protocol::{
    ConversationCommand, ConversationReply, InviteCommand, InviteReply, SessionCommand,
    SessionReply,
};

use crate::support::{entry, read_whole, register, shared, shows_up_to, truth, unread};

#[tokio::test]
async fn a_link_shows_the_group_and_lets_people_in() {
    let ana = register(shared(), "invite-ana").await;
    let ben = register(shared(), "invite-ben").await;
    let group = ana.group("潮汐读书会").await.expect("is made");
    let invite = ana.invite(group, None).await.expect("is made");
    let anas = Device::new(&ana);
    anas.show(group);
    anas.online().await;

    // Before anybody signs in, the link says what it is for.
    let stranger = Api::new(shared());
    let token = invite.token.to_string();
    let preview = InviteCommand::Preview { token: token.clone() };
    let reply: InviteReply = stranger.post("/api/invites", &preview).await.expect("shows");
    let InviteReply::Preview(preview) = reply else { panic!("{reply:?}") };
    assert_eq!((preview.name.as_str(), preview.members), ("潮汐读书会", 1));
    assert_eq!(preview.conversation, group);

    assert_eq!(ben.join(&invite).await.expect("joins"), group);
    assert_eq!(ben.join(&invite).await.expect("is in already"), group);
    let guest = Account::guest(shared(), &invite, "小王").await.expect("joins");
    for account in [&ben, &guest] {
        let device = Device::new(account);
        device.until("list the group", |engine| entry(engine, group).is_some()).await;
        device.show(group);
        device.until("show its members", |engine| engine.members().len() == 3).await;
        device.send(group, "I am in.");
        device
            .until("say something", |engine| {
                engine
                    .timeline()
                    .rows
                    .iter()
                    .any(|row| matches!(row.item, Item::Message { own: true, seq: Some(_), .. }))
            })
            .await;
    }
    anas.until("see both join and speak", |engine| {
        let joined = |item: &Item| matches!(item, Item::Joined { .. });
        let rows = engine.timeline().rows;
        engine.members().len() == 3
            && rows.iter().filter(|row| joined(&row.item)).count() >= 2
            && shows_up_to(engine, 2)
    })
    .await;
}

#[tokio::test]
async fn links_in_force_are_listed_until_they_are_withdrawn() {
    let ana = register(shared(), "links-ana").await;
    let group = ana.group("Links").await.expect("is made");
    let mut invites = Vec::new();
    for _ in 0..3 {
        invites.push(ana.invite(group, Some(3_600)).await.expect("is made"));
    }
    let listed = async || match ana.conversation(group, ConversationCommand::Invites).await {
        Ok(ConversationReply::Invites { invites }) => invites,
        other => panic!("{other:?}"),
    };
    let tokens = |invites: &[tideline_shared::protocol::Invite]| {
        invites
            .iter()
            .map(|invite| invite.token.to_string())
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(tokens(&listed().await), tokens(&invites));
    let gone = invites.remove(1);
    let revoke = ConversationCommand::RevokeInvite { token: gone.token };
    for _ in 0..2 {
        ana.conversation(group, revoke.clone()).await.expect("is withdrawn");
    }
    assert_eq!(tokens(&listed().await), tokens(&invites));
}

#[tokio::test]
async fn a_guest_who_registers_keeps_everything() {
    let ana = register(shared(), "keep-ana").await;
    let group = ana.group("Guests welcome").await.expect("is made");
    let invite = ana.invite(group, None).await.expect("is made");
    ana.say(group, "before you came").await.expect("is said");
    let guest = Account::guest(shared(), &invite, "Gil").await.expect("joins");
    assert_eq!(guest.me.user_name, None);
    let phone = Device::new(&guest);
    phone.show(group);
    phone.until("be in the group", |engine| shows_up_to(engine, 1)).await;
    phone.send(group, "as a guest");
    phone.until("say something", |engine| shows_up_to(engine, 2)).await;

    let (user_name, password) = ("keep-gil".to_owned(), PASSWORD.to_owned());
    let keep = SessionCommand::SetCredentials { user_name, password };
    match guest.session(keep).await.expect("is kept") {
        SessionReply::SignedIn { person, session } => {
            assert_eq!((person.user, session), (guest.me.user, guest.session));
            assert_eq!(person.user_name.as_deref(), Some("keep-gil"));
            assert_eq!(person.display_name, "Gil");
        }
        other => panic!("{other:?}"),
    }
    // The device that was there goes on, and another one can sign in to the same account.
    phone.send(group, "as a member");
    phone.until("say something more", |engine| shows_up_to(engine, 3)).await;
    let account = Account::sign_in(shared(), "KEEP-Gil").await.expect("signs in");
    assert_eq!(account.me.user, guest.me.user);
    let laptop = Device::new(&account);
    laptop.until("list the group, read", |engine| unread(engine, group, 0)).await;
    laptop.show(group);
    laptop.until("show everything", |engine| shows_up_to(engine, 3)).await;
    let truth = truth(&ana, group).await;
    assert_eq!(read_whole(&laptop).await, truth);
    assert_eq!(read_whole(&phone).await, truth);
}

#[tokio::test]
async fn who_leaves_a_group_is_out_on_all_devices_and_can_come_back() {
    let ana = register(shared(), "leave-ana").await;
    let ben = register(shared(), "leave-ben").await;
    let group = ana.group("Come and go").await.expect("is made");
    let invite = ana.invite(group, None).await.expect("is made");
    ben.join(&invite).await.expect("joins");
    let elsewhere = Account::sign_in(shared(), "leave-ben").await.expect("signs in");
    let devices = [Device::new(&ben), Device::new(&elsewhere)];
    devices[0].show(group);
    for device in &devices {
        device.until("list the group", |engine| entry(engine, group).is_some()).await;
    }
    ben.conversation(group, ConversationCommand::Leave).await.expect("leaves");
    for device in &devices {
        device.until("not list it any more", |engine| entry(engine, group).is_none()).await;
    }
    ana.say(group, "while you were out").await.expect("is said");
    ben.join(&invite).await.expect("joins again");
    for device in &devices {
        device.until("list it again", |engine| unread(engine, group, 0)).await;
    }
    ana.say(group, "welcome back").await.expect("is said");
    devices[1].until("count it", |engine| unread(engine, group, 1)).await;
}
