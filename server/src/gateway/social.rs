//! What signed-in people do: their account, other people, conversations, invites.

use tideline_shared::protocol::{
    AccountCommand, ConversationCommand, ConversationReply, Forwarding, InviteCommand,
    InvitePreview, InviteReply, JoinRequest, Listed, PeopleCommand, PeopleReply,
};
use tideline_shared::{
    Code, ConversationId, DisplayName, InviteToken, Person, Profile, Query, UserId, UserName,
    limits,
};

use super::door::{Reply, unexpected};
use super::{Actors, Gateway};
use crate::account::{AccountAnswer, AccountCall, Act};
use crate::conversation::{ConversationAnswer, ConversationCall, Copied, LAST_VERSION};
use crate::deployment::DeploymentCall;
use crate::directory::{DirectoryAnswer, DirectoryCall, SHARDS};
use crate::turn::{Address, Failure};

/// Accounts that are asked at the same time.
pub(super) const AT_ONCE: usize = 16;

impl<A: Actors> Gateway<'_, A> {
    pub(super) async fn account(&mut self, command: AccountCommand) -> Result<Reply, Failure> {
        let (person, _) = self.authenticate(None, None).await?;
        match self.ask_account(person.user, &AccountCall::Command { command }).await? {
            AccountAnswer::Reply { reply } => Reply::of(&reply),
            other => Err(unexpected(&other)),
        }
    }

    pub(super) async fn people(&mut self, command: PeopleCommand) -> Result<Reply, Failure> {
        let act = matches!(command, PeopleCommand::Find { .. }).then_some(Act::Find);
        let (me, _) = self.authenticate(None, act).await?;
        match command {
            PeopleCommand::Find { query } => {
                let people = self.find(Query::parse(&query)?.into()).await?;
                Reply::of(&PeopleReply::Found { people })
            }
            PeopleCommand::Profile { user } => {
                Reply::of(&PeopleReply::Profile(self.profile(user, Some(me.user)).await?))
            }
            PeopleCommand::ProfileByName { user_name } => {
                let name = UserName::parse(&user_name).map_err(|_| Code::UnknownPerson)?;
                let user = self.resolve(name.as_str()).await?.ok_or(Code::UnknownPerson)?;
                Reply::of(&PeopleReply::Profile(self.profile(user, Some(me.user)).await?))
            }
            PeopleCommand::AddContact { user } => {
                let person = self.somebody_else(&me, user, Some(me.user)).await?;
                self.known(&me, AccountCall::AddContact { person }).await
            }
            PeopleCommand::DeclineContact { user } => {
                self.known(&me, AccountCall::DeclineContact { user }).await
            }
            PeopleCommand::RemoveContact { user } => {
                self.known(&me, AccountCall::RemoveContact { user }).await
            }
            PeopleCommand::NameContact { user, nickname, note } => {
                let person = self.somebody_else(&me, user, Some(me.user)).await?;
                self.known(&me, AccountCall::NameContact { person, nickname, note }).await
            }
            PeopleCommand::Block { user } => {
                let person = self.somebody_else(&me, user, Some(me.user)).await?;
                self.stand(&me, user, AccountCall::Block { person }).await
            }
            PeopleCommand::Unblock { user } => {
                self.stand(&me, user, AccountCall::Unblock { user }).await
            }
            PeopleCommand::Report { user, reason, note } => {
                // Whoever runs the deployment sees what everybody does.
                let about = self.somebody_else(&me, user, None).await?;
                self.known(&me, AccountCall::Report { about, reason, note }).await
            }
            PeopleCommand::Unknown => Err(Code::UnknownType.into()),
        }
    }

    /// Somebody who exists, and is not the one who asks, as `seen_by` somebody; by none, as everybody sees them.
    async fn somebody_else(
        &self,
        me: &Person,
        user: UserId,
        seen_by: Option<UserId>,
    ) -> Result<Person, Failure> {
        if user == me.user {
            return Err(Code::Yourself.into());
        }
        Ok(self.profile(user, seen_by).await?.person)
    }

    /// Has the own account take in what its person decided about somebody.
    async fn known(&self, me: &Person, call: AccountCall) -> Result<Reply, Failure> {
        self.ask_account(me.user, &call).await?;
        Reply::of(&PeopleReply::Done)
    }

    /// Has the own account decide whether somebody is blocked, and their conversation hear of it before the answer
    /// goes out: from then on it holds. The account owes the conversation the same, should it not hear it now.
    async fn stand(&self, me: &Person, user: UserId, call: AccountCall) -> Result<Reply, Failure> {
        let (blocked, version) = match self.ask_account(me.user, &call).await? {
            AccountAnswer::Standing { blocked, version } => (blocked, version),
            other => return Err(unexpected(&other)),
        };
        if version > 0 {
            let to = Address::Conversation(ConversationId::direct(me.user, user));
            let call = ConversationCall::Block { by: me.user, blocked, version };
            let _ = self.ask::<ConversationAnswer>(to, &call).await;
        }
        Reply::of(&PeopleReply::Done)
    }

    pub(super) async fn conversation(
        &mut self,
        conversation: ConversationId,
        command: ConversationCommand,
    ) -> Result<Reply, Failure> {
        let (by, _) = self.authenticate(None, act(conversation, &command)).await?;
        let call = match command {
            ConversationCommand::CreateGroup { name, group_type, description } => {
                ConversationCall::CreateGroup { conversation, by, name, group_type, description }
            }
            ConversationCommand::StartDirect { peer } => {
                self.start_direct(conversation, by, peer).await?
            }
            ConversationCommand::Forward { from, messages, preview } => {
                let messages = self.fetch(by.user, from, conversation, &messages).await?;
                ConversationCall::Forward { by: by.user, messages, preview }
            }
            ConversationCommand::Preview => ConversationCall::PreviewGroup { by: by.user },
            ConversationCommand::Join => ConversationCall::JoinGroup { person: by },
            ConversationCommand::TakeBack => ConversationCall::TakeBack { by: by.user },
            ConversationCommand::Requests => return self.requests(by.user, conversation).await,
            ConversationCommand::Admit { user } => {
                let person = self.profile(user, None).await?.person;
                ConversationCall::Admit { by: by.user, person }
            }
            command => ConversationCall::Command { by: by.user, command },
        };
        match self.ask(Address::Conversation(conversation), &call).await? {
            ConversationAnswer::Reply { reply } => Reply::of(&reply),
            other => Err(unexpected(&other)),
        }
    }

    /// Who asks to come into a group, as their accounts call them now. Of whom there is no account any
    /// more, the group hears so.
    async fn requests(&self, by: UserId, conversation: ConversationId) -> Result<Reply, Failure> {
        let to = Address::Conversation(conversation);
        let asking = match self.ask(to, &ConversationCall::Requests { by }).await? {
            ConversationAnswer::Requests { people } => people,
            other => return Err(unexpected(&other)),
        };
        let mut people = Vec::new();
        for some in asking.chunks(AT_ONCE) {
            let asked = some
                .iter()
                .map(|&(user, at)| async move { (user, at, self.profile(user, None).await) });
            for (user, at, profile) in futures_util::future::join_all(asked).await {
                match profile {
                    Ok(Profile { person, .. }) => people.push(JoinRequest { person, at }),
                    Err(Failure::Reject(reject)) if reject.code == Code::UnknownPerson => {
                        let gone = ConversationCall::PersonGone { user, version: LAST_VERSION };
                        self.ask::<ConversationAnswer>(to, &gone).await?;
                    }
                    Err(other) => return Err(other),
                }
            }
        }
        Reply::of(&ConversationReply::Requests { people })
    }

    /// Fetches what is to be said again, from where its reader may read it.
    async fn fetch(
        &self,
        by: UserId,
        from: ConversationId,
        to: ConversationId,
        messages: &[Forwarding],
    ) -> Result<Vec<Copied>, Failure> {
        let seqs = messages.iter().map(|message| message.seq).collect();
        let call = ConversationCall::Fetch { by, seqs };
        let fetched = match self.ask(Address::Conversation(from), &call).await? {
            ConversationAnswer::Fetched { messages } => messages,
            other => return Err(unexpected(&other)),
        };
        if fetched.iter().map(|(body, _)| body.files().len()).sum::<usize>() > limits::MESSAGE_FILES
        {
            return Err(Code::TooManyFiles.into());
        }
        let mut copies = Vec::new();
        for (message, (body, forwarded)) in messages.iter().zip(fetched) {
            let text = body.text().unwrap_or_default().to_owned();
            let files = self.copy(by, (from, to), message.id, body.files()).await?;
            let Forwarding { id, seq } = *message;
            copies.push(Copied { id, text, files, forwarded, from, seq });
        }
        Ok(copies)
    }

    async fn start_direct(
        &self,
        conversation: ConversationId,
        by: Person,
        peer: UserId,
    ) -> Result<ConversationCall, Failure> {
        if ConversationId::direct(by.user, peer) != conversation {
            return Err(Code::UnknownConversation.into());
        }
        if by.user == peer {
            return Ok(ConversationCall::StartDirect { peer: by.clone(), by });
        }
        Ok(ConversationCall::StartDirect { by, peer: self.profile(peer, None).await?.person })
    }

    pub(super) async fn invites(&mut self, command: InviteCommand) -> Result<Reply, Failure> {
        match command {
            InviteCommand::Preview { token } => {
                self.spend("invite", self.request.rates.invite).await?;
                Reply::of(&InviteReply::Preview(self.preview(&token).await?))
            }
            InviteCommand::Join { token } => {
                let act = read_token(&token).ok().map(|token| Act::Join(token.conversation()));
                let (person, _) = self.authenticate(None, act).await?;
                let conversation = self.join(person, &token).await?;
                Reply::of(&InviteReply::Joined { conversation })
            }
            InviteCommand::JoinAsGuest { token, display_name } => {
                self.join_as_guest(&token, &display_name).await
            }
            InviteCommand::Unknown => Err(Code::UnknownType.into()),
        }
    }

    /// Asks the link first: an account is made only for somebody who will get in, short of a link
    /// that is withdrawn in this very moment.
    async fn join_as_guest(&mut self, token: &str, name: &str) -> Result<Reply, Failure> {
        let display_name = String::from(DisplayName::parse(name)?);
        self.spend("guest", self.request.rates.guest).await?;
        self.preview(token).await?;
        let (_, announcement) = self.admit(&DeploymentCall::AdmitGuest).await?;
        let user = self.new_user();
        let device = self.device();
        let call = AccountCall::RegisterGuest { user, display_name, device, announcement };
        let signed = match self.ask_account(user, &call).await? {
            AccountAnswer::Signed(signed) => signed,
            other => return Err(unexpected(&other)),
        };
        let conversation = self.join(signed.person.clone(), token).await?;
        let cookie = self.cookie_of(&signed);
        let reply = InviteReply::JoinedAsGuest {
            conversation,
            person: signed.person,
            session: signed.session,
        };
        Ok(Reply::of(&reply)?.with_cookie(cookie))
    }

    pub(super) async fn preview(&self, token: &str) -> Result<InvitePreview, Failure> {
        let token = read_token(token)?;
        let to = Address::Conversation(token.conversation());
        match self.ask(to, &ConversationCall::Preview { token }).await? {
            ConversationAnswer::Preview(preview) => Ok(preview),
            other => Err(unexpected(&other)),
        }
    }

    async fn join(&self, person: Person, token: &str) -> Result<ConversationId, Failure> {
        let token = read_token(token)?;
        let conversation = token.conversation();
        let call = ConversationCall::Join { person, token };
        self.ask::<ConversationAnswer>(Address::Conversation(conversation), &call).await?;
        Ok(conversation)
    }

    /// Somebody's profile as another one sees it, or everybody.
    pub(super) async fn profile(
        &self,
        user: UserId,
        by: Option<UserId>,
    ) -> Result<Profile, Failure> {
        match self.ask_account(user, &AccountCall::Profile { by }).await? {
            AccountAnswer::Profile(profile) => Ok(profile),
            other => Err(unexpected(&other)),
        }
    }

    /// Asks every shard, all at the same time.
    async fn find(&self, query: String) -> Result<Vec<Listed>, Failure> {
        let call = DirectoryCall::Find { query };
        let asked =
            (0..SHARDS).map(|shard| self.ask::<DirectoryAnswer>(Address::Directory(shard), &call));
        let mut found = Vec::new();
        for answer in futures_util::future::join_all(asked).await {
            match answer? {
                DirectoryAnswer::Found { people } => found.extend(people),
                other => return Err(unexpected(&other)),
            }
        }
        found.sort_by(|(one, a), (other, b)| {
            let (a, b) = (&a.person, &b.person);
            (one, &a.display_name, a.user).cmp(&(other, &b.display_name, b.user))
        });
        Ok(found.into_iter().take(limits::FOUND_PEOPLE).map(|(_, listed)| listed).collect())
    }
}

/// What of a command is counted at the account of who gives it.
fn act(conversation: ConversationId, command: &ConversationCommand) -> Option<Act> {
    match command {
        ConversationCommand::CreateGroup { .. } => Some(Act::Group(conversation)),
        ConversationCommand::StartDirect { .. } => Some(Act::Direct(conversation)),
        ConversationCommand::Join => Some(Act::Join(conversation)),
        ConversationCommand::Send { .. } | ConversationCommand::Forward { .. } => Some(Act::Say),
        _ => None,
    }
}

/// A token that cannot be one is answered like one that is not known.
fn read_token(token: &str) -> Result<InviteToken, Failure> {
    token.parse().map_err(|_| Code::InviteUnknown.into())
}
