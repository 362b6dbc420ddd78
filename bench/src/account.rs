//! Somebody who is signed in, speaking HTTP.

use tideline_shared::protocol::{
    AccountCommand, AccountReply, ConversationCommand, ConversationReply, Invite, InviteCommand,
    InviteReply, Message, PeopleCommand, PeopleReply, SessionCommand, SessionReply,
};
use tideline_shared::{ConversationId, MessageId, Person, SessionId, limits};

use crate::http::{Api, ApiError};
use crate::{now, ten};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse";

/// A person's signed-in browser. Clones are the same browser; [`Account::sign_in`] makes another.
#[derive(Clone, Debug)]
pub struct Account {
    /// The browser.
    pub api: Api,
    /// The person, as they were when they signed in.
    pub me: Person,
    /// The session.
    pub session: SessionId,
}

/// The answer was well-formed, but not one to this command.
fn odd(reply: impl std::fmt::Debug) -> ApiError {
    ApiError::NoAnswer(format!("an answer to something else: {reply:?}"))
}

impl Account {
    /// Makes an account whose password is [`PASSWORD`].
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn register(origin: &str, user_name: &str) -> Result<Self, ApiError> {
        let (user_name, password) = (user_name.to_owned(), PASSWORD.to_owned());
        Self::enter(origin, SessionCommand::Register { user_name, password, display_name: None })
            .await
    }

    /// Signs in with [`PASSWORD`]: another browser of the same person.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn sign_in(origin: &str, user_name: &str) -> Result<Self, ApiError> {
        let (user_name, password) = (user_name.to_owned(), PASSWORD.to_owned());
        Self::enter(origin, SessionCommand::SignIn { user_name, password }).await
    }

    async fn enter(origin: &str, command: SessionCommand) -> Result<Self, ApiError> {
        let api = Api::new(origin);
        match api.post("/api/session", &command).await? {
            SessionReply::SignedIn { person, session } => Ok(Self { api, me: person, session }),
            reply => Err(odd(reply)),
        }
    }

    /// Joins a group as a guest.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn guest(origin: &str, invite: &Invite, name: &str) -> Result<Self, ApiError> {
        let api = Api::new(origin);
        let token = invite.token.to_string();
        let command = InviteCommand::JoinAsGuest { token, display_name: name.to_owned() };
        match api.post("/api/invites", &command).await? {
            InviteReply::JoinedAsGuest { person, session, .. } => {
                Ok(Self { api, me: person, session })
            }
            reply => Err(odd(reply)),
        }
    }

    /// Does something with who one is.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn session(&self, command: SessionCommand) -> Result<SessionReply, ApiError> {
        self.api.post("/api/session", &command).await
    }

    /// Does something with the own account.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn account(&self, command: AccountCommand) -> Result<AccountReply, ApiError> {
        self.api.post("/api/account", &command).await
    }

    /// Asks about people.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn people(&self, command: PeopleCommand) -> Result<PeopleReply, ApiError> {
        self.api.post("/api/people", &command).await
    }

    /// Follows an invite.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn invites(&self, command: InviteCommand) -> Result<InviteReply, ApiError> {
        self.api.post("/api/invites", &command).await
    }

    /// Does something in a conversation.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn conversation(
        &self,
        conversation: ConversationId,
        command: ConversationCommand,
    ) -> Result<ConversationReply, ApiError> {
        self.api.post(&format!("/api/conversations/{conversation}"), &command).await
    }

    /// Opens the direct conversation with somebody.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn direct(&self, other: &Self) -> Result<ConversationId, ApiError> {
        let id = ConversationId::direct(self.me.user, other.me.user);
        self.conversation(id, ConversationCommand::StartDirect { peer: other.me.user }).await?;
        Ok(id)
    }

    /// Makes a group.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn group(&self, name: &str) -> Result<ConversationId, ApiError> {
        let id = ConversationId::new(now(), ten());
        let name = name.to_owned();
        let (group_type, description) = (String::new(), String::new());
        self.conversation(id, ConversationCommand::CreateGroup { name, group_type, description })
            .await?;
        Ok(id)
    }

    /// Makes an invite link.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn invite(
        &self,
        group: ConversationId,
        lifetime_s: Option<u64>,
    ) -> Result<Invite, ApiError> {
        let command =
            ConversationCommand::CreateInvite { lifetime_s, forever: false, max_uses: None };
        match self.conversation(group, command).await? {
            ConversationReply::Invite(invite) => Ok(invite),
            reply => Err(odd(reply)),
        }
    }

    /// Joins a group.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn join(&self, invite: &Invite) -> Result<ConversationId, ApiError> {
        let token = invite.token.to_string();
        match self.invites(InviteCommand::Join { token }).await? {
            InviteReply::Joined { conversation } => Ok(conversation),
            reply => Err(odd(reply)),
        }
    }

    /// Says something; brings its place in the order.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn say(&self, to: ConversationId, text: &str) -> Result<u64, ApiError> {
        let id = MessageId::new(now(), ten());
        match self
            .conversation(
                to,
                ConversationCommand::Send {
                    id,
                    text: text.to_owned(),
                    reply_to: None,
                    files: Vec::new(),
                    preview: true,
                },
            )
            .await?
        {
            ConversationReply::Sent { seq, .. } => Ok(seq),
            reply => Err(odd(reply)),
        }
    }

    /// The whole history, oldest first.
    ///
    /// # Errors
    /// As [`Api::post`].
    pub async fn history(&self, of: ConversationId) -> Result<Vec<Message>, ApiError> {
        let mut all: Vec<Message> = Vec::new();
        loop {
            let after = all.last().map_or(0, |message| message.seq);
            let command = ConversationCommand::history_after(after);
            match self.conversation(of, command).await? {
                ConversationReply::History { messages } => {
                    let last = messages.len() < limits::PAGE_MESSAGES as usize;
                    all.extend(messages);
                    if last {
                        return Ok(all);
                    }
                }
                reply => return Err(odd(reply)),
            }
        }
    }
}
