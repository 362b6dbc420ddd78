//! Every cell of the table of rights, over HTTP: what it says is what runs, and what is refused changes
//! nothing.

use serde_json::{Value, json};
use tideline_bench::{Account, now, ten};
use tideline_shared::protocol::{Kind, Role};
use tideline_shared::rights::{Deed, may, refusal};
use tideline_shared::{Code, ConversationId, MessageId};

use crate::support::{assert_refused, mirror, path, register, shared};

/// People who make a conversation for each cell.
struct People {
    owner: Account,
    admin: Account,
    member: Account,
    /// Another member, on whom things are done.
    other: Account,
    /// They ask to come in.
    strangers: [Account; 2],
}

/// A conversation, and who does something in it.
struct Cell<'a> {
    people: &'a People,
    at: ConversationId,
    kind: Kind,
    actor: &'a Account,
}

impl People {
    async fn new() -> Self {
        let someone = async |name: &str| register(shared(), &format!("rights-{name}")).await;
        Self {
            owner: someone("owner").await,
            admin: someone("admin").await,
            member: someone("member").await,
            other: someone("other").await,
            strangers: [someone("eve").await, someone("fay").await],
        }
    }

    async fn cell(&self, role: Role, kind: Kind) -> Cell<'_> {
        let actor = match role {
            Role::Owner => &self.owner,
            Role::Admin => &self.admin,
            Role::Member => &self.member,
        };
        let at = match kind {
            Kind::Direct => actor.direct(&self.other).await.expect("starts"),
            Kind::Group => self.group().await,
        };
        Cell { people: self, at, kind, actor }
    }

    async fn group(&self) -> ConversationId {
        let group = self.owner.group("Tide pool").await.expect("is made");
        let link = self.owner.invite(group, None).await.expect("is made");
        for person in [&self.admin, &self.member, &self.other] {
            person.join(&link).await.expect("comes in");
        }
        let promote = json!({"type": "set_role", "user": self.admin.me.user, "role": "admin"});
        ok(&self.owner, group, promote).await;
        group
    }
}

/// Asks for something that is not in question.
async fn ok(by: &Account, at: ConversationId, command: Value) -> Value {
    let request = by.api.request(&path(at), command.to_string());
    let answer = by.api.fetch(request).await.expect("answers");
    assert_eq!(answer.status, 200, "{command}: {answer:?}");
    serde_json::from_str(&answer.body).expect("is JSON")
}

fn send(text: &str) -> Value {
    json!({"type": "send", "id": MessageId::new(now(), ten()), "text": text})
}

fn forward(from: ConversationId, seq: &Value) -> Value {
    let id = MessageId::new(now(), ten());
    json!({"type": "forward", "from": from, "messages": [{"seq": seq, "id": id}]})
}

impl Cell<'_> {
    async fn said(&self, by: &Account) -> Value {
        ok(by, self.at, send("hi")).await["seq"].clone()
    }

    fn is_group(&self) -> bool {
        self.kind == Kind::Group
    }

    /// A link of somebody's; in a direct conversation there is none, and any other gets the same answer.
    async fn link(&self, by: &Account) -> Value {
        if self.is_group() {
            ok(by, self.at, json!({"type": "create_invite"})).await["token"].clone()
        } else {
            json!(format!("{}{}", self.at.to_string().replace('-', ""), "0".repeat(24)))
        }
    }

    /// What somebody asks for, one after the other, who wants to do this: every command of it. A deed
    /// without a story does not compile.
    async fn story(&self, deed: Deed) -> Vec<Value> {
        let Self { people, actor, .. } = self;
        let on = |what: &str| json!({"type": what, "user": people.other.me.user});
        let about = |what: &str, seq: &Value| json!({"type": what, "seq": seq});
        let alone = |what: &str| json!({"type": what});
        match deed {
            Deed::Read => {
                let seq = self.said(&people.other).await;
                vec![alone("history"), alone("pinned"), about("revisions", &seq)]
            }
            Deed::Send => {
                let forward = forward(self.at, &self.said(&people.other).await);
                vec![send("hi"), forward, alone("typing")]
            }
            Deed::Announce if self.is_group() => {
                let forward = forward(self.at, &self.said(&people.other).await);
                let announce = json!({"type": "change_record", "announcements": true});
                ok(&people.owner, self.at, announce).await;
                vec![send("High tide at noon"), forward]
            }
            Deed::Announce => vec![json!({"type": "change_record", "announcements": true})],
            Deed::React => {
                let seq = self.said(&people.other).await;
                let react = |what: &str| json!({"type": what, "seq": seq, "emoji": "👍"});
                vec![react("react"), react("unreact")]
            }
            Deed::EditOwn => {
                vec![json!({"type": "edit", "seq": self.said(actor).await, "text": "Hello"})]
            }
            Deed::RecallOwn => vec![about("recall", &self.said(actor).await)],
            Deed::RecallOthers => vec![about("recall", &self.said(&people.other).await)],
            Deed::Pin => {
                let seq = self.said(&people.other).await;
                vec![about("pin", &seq), about("unpin", &seq)]
            }
            Deed::ChangeRecord => {
                vec![json!({"type": "change_record", "name": "Rock pool"}), alone("remove_avatar")]
            }
            Deed::Invite => {
                let token = self.link(actor).await;
                vec![alone("create_invite"), json!({"type": "revoke_invite", "token": token})]
            }
            Deed::SeeInvites => vec![alone("invites")],
            Deed::RevokeOthersInvites => {
                vec![json!({"type": "revoke_invite", "token": self.link(&people.other).await})]
            }
            Deed::Admit => self.requests().await,
            Deed::Remove => vec![on("remove")],
            Deed::Ban => vec![alone("banned"), on("ban"), on("unban")],
            Deed::Mute => vec![on("mute_member"), on("unmute_member")],
            Deed::ChangeRoles => {
                vec![json!({"type": "set_role", "user": people.other.me.user, "role": "admin"})]
            }
            Deed::Transfer => vec![on("transfer")],
            Deed::Leave => vec![alone("leave")],
        }
    }

    async fn requests(&self) -> Vec<Value> {
        let [eve, fay] = &self.people.strangers;
        if self.is_group() {
            let open = json!({"type": "change_record", "public": true, "approval": true});
            ok(&self.people.owner, self.at, open).await;
            for stranger in [eve, fay] {
                ok(stranger, self.at, json!({"type": "join"})).await;
            }
        }
        vec![
            json!({"type": "requests"}),
            json!({"type": "admit", "user": eve.me.user}),
            json!({"type": "turn_away", "user": fay.me.user}),
        ]
    }

    /// What there is of the conversation, but for how far who has read: accounts tell that when they get
    /// to it.
    async fn rows(&self) -> Vec<Value> {
        let looks = if self.is_group() { &self.people.owner } else { &self.people.other };
        let mut rows = mirror(looks, &path(self.at)).await;
        rows.retain(|row| row["type"] != "receipt");
        rows
    }
}

/// Why a cell that says no is refused.
fn why(kind: Kind, deed: Deed) -> Code {
    match deed {
        // It is the message that is not theirs.
        Deed::RecallOthers => Code::NotTheAuthor,
        Deed::Announce if kind == Kind::Group => Code::AnnouncementsOnly,
        _ => refusal(kind, deed),
    }
}

#[tokio::test]
async fn every_cell_of_the_table_of_rights_is_what_runs() {
    let people = People::new().await;
    for &deed in Deed::ALL {
        let groups = Role::ALL.iter().map(|&role| (role, Kind::Group));
        for (role, kind) in groups.chain([(Role::Member, Kind::Direct)]) {
            let cell = people.cell(role, kind).await;
            let story = cell.story(deed).await;
            let before = cell.rows().await;
            for command in story {
                let request = cell.actor.api.request(&path(cell.at), command.to_string());
                let answer = cell.actor.api.fetch(request).await.expect("answers");
                let what = format!("{deed:?} by {role:?} in {kind:?}: {command}: {answer:?}");
                if may(role, kind, deed) {
                    assert_eq!(answer.status, 200, "{what}");
                } else {
                    assert_refused(&answer, why(kind, deed));
                    assert_eq!(cell.rows().await, before, "{what}");
                }
            }
        }
    }
}
