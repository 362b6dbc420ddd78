//! From a request to the flow that answers it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tideline_shared::protocol::{
    AccountCommand, AdminCommand, ConversationCommand, InviteCommand, PeopleCommand, SearchCommand,
    SessionCommand,
};
use tideline_shared::{Code, ConversationId, FileId, Random, Reject, limits};

use super::{Actors, Gateway, Request, Response, cookie, files};
use crate::account::{AccountAnswer, AccountCall, Act, Signed};
use crate::mirror::Refusal;
use crate::sql::Fault;
use crate::turn::{Address, Failure, Peer, to_json};

/// Declares where paths lead, each with its doors as `PROTOCOL.md` lists them.
macro_rules! routes {
    ($($(#[$doc:meta])* $name:ident $(($($of:ty),+))? = $($door:literal)+;)*) => {
        /// Where a path leads.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Route<'a> {
            $($(#[$doc])* $name $(($($of),+))?,)*
        }

        /// Every door.
        pub const DOORS: &[&str] = &[$($($door),+),*];
    };
}

routes! {
    Session = "POST /api/session";
    Admin = "POST /api/admin";
    /// A command, or a socket.
    Account = "POST /api/account" "GET /api/account (WebSocket)";
    People = "POST /api/people";
    Invites = "POST /api/invites";
    Search = "POST /api/search";
    Export = "GET /api/export";
    /// A command, or a socket.
    Conversation(ConversationId) =
        "POST /api/conversations/<id>" "GET /api/conversations/<id> (WebSocket)";
    File(ConversationId, files::Place) =
        "POST /api/conversations/<id>/files/<file>/<size>/<part>"
        "POST /api/conversations/<id>/files/<file>/<size>/thumb"
        "GET /api/conversations/<id>/files/<file>"
        "GET /api/conversations/<id>/files/<file>/thumb";
    /// The picture of whoever asks.
    OwnAvatar = "POST /api/account/avatar";
    GroupAvatar(ConversationId) = "POST /api/conversations/<id>/avatar";
    Avatar(FileId) = "GET /api/avatars/<id>";
    /// The picture of the group behind a link.
    InviteAvatar(&'a str) = "GET /api/invites/<token>/avatar";
}

/// What a flow comes to: the reply, and a cookie to set.
pub(super) struct Reply {
    body: String,
    set_cookie: Option<String>,
}

impl Reply {
    pub(super) fn of(reply: &impl Serialize) -> Result<Self, Failure> {
        Ok(Self { body: to_json(reply)?, set_cookie: None })
    }

    pub(super) fn with_cookie(self, cookie: String) -> Self {
        Self { set_cookie: Some(cookie), ..self }
    }
}

/// Answers a request. Never fails: what goes wrong is an answer, too. A fault is brought back
/// beside it, for the log.
pub async fn handle<A: Actors>(
    actors: &A,
    random: Random<'_>,
    request: Request<'_>,
) -> (Response, Option<Fault>) {
    let upgrade = request.upgrade;
    let mut gateway = Gateway { actors, random, request };
    let result = match (upgrade, gateway.request.method) {
        (true, _) => gateway.socket().await,
        (false, "GET") => gateway.get().await,
        (false, _) => gateway.post().await,
    };
    let (reject, fault) = match result {
        Ok(response) => return (response, None),
        Err(Failure::Reject(reject)) => (reject, None),
        Err(Failure::Fault(fault)) => (Reject::new(Code::Internal), Some(fault)),
    };
    let response =
        if upgrade { Response::Refused(Refusal::of(reject)) } else { Response::reject(reject) };
    (response, fault)
}

impl<'a, A: Actors> Gateway<'a, A> {
    async fn post(&mut self) -> Result<Response, Failure> {
        let route = self.route()?;
        if self.request.method != "POST" {
            return Err(Code::UnknownRoute.into());
        }
        self.require_own_origin()?;
        let reply = match route {
            Route::Session => {
                let command: SessionCommand = self.body()?;
                self.session(command).await?
            }
            Route::Account => {
                let command: AccountCommand = self.body()?;
                self.account(command).await?
            }
            Route::Admin => {
                let command: AdminCommand = self.body()?;
                self.admin(command).await?
            }
            Route::People => {
                let command: PeopleCommand = self.body()?;
                self.people(command).await?
            }
            Route::Invites => {
                let command: InviteCommand = self.body()?;
                self.invites(command).await?
            }
            Route::Search => {
                let command: SearchCommand = self.body()?;
                self.search(command).await?
            }
            Route::Conversation(conversation) => {
                let command: ConversationCommand = self.body()?;
                self.conversation(conversation, command).await?
            }
            Route::File(conversation, files::Place::Part(part)) => {
                self.upload(conversation, part).await?
            }
            Route::OwnAvatar => self.set_avatar(None).await?,
            Route::GroupAvatar(conversation) => self.set_avatar(Some(conversation)).await?,
            Route::Export | Route::File(..) | Route::Avatar(_) | Route::InviteAvatar(_) => {
                return Err(Code::UnknownRoute.into());
            }
        };
        Ok(Response::Json {
            status: 200,
            body: reply.body,
            set_cookie: reply.set_cookie,
            retry_after_s: None,
        })
    }

    /// Reading is asked for by a link: no header tells from where. It changes nothing, and what it
    /// answers a foreign page does not get to see.
    async fn get(&mut self) -> Result<Response, Failure> {
        match self.route()? {
            Route::Export => Ok(Response::Archive(Box::new(self.export().await?))),
            Route::File(conversation, files::Place::Whole(file)) => {
                self.download(conversation, file).await
            }
            Route::File(conversation, files::Place::Thumb(file)) => {
                self.thumb(conversation, file).await
            }
            Route::Avatar(avatar) => self.avatar(avatar).await,
            Route::InviteAvatar(token) => self.avatar_behind(token).await,
            _ => Err(Code::UnknownRoute.into()),
        }
    }

    async fn socket(&mut self) -> Result<Response, Failure> {
        let (to, mirror) = match self.route()? {
            Route::Account => (None, None),
            Route::Conversation(id) => (Some(Address::Conversation(id)), Some(id)),
            _ => return Err(Code::UnknownRoute.into()),
        };
        self.require_own_origin()?;
        if self.request.protocol.is_some_and(|protocol| protocol < limits::OLDEST_PROTOCOL) {
            return Err(Code::UpgradeRequired.into());
        }
        let (person, session) = self.authenticate(mirror, mirror.map(|_| Act::Open)).await?;
        let peer = Peer { user: person.user, session, live: false };
        Ok(Response::Socket { to: to.unwrap_or(Address::Account(person.user)), peer })
    }

    fn route(&self) -> Result<Route<'a>, Failure> {
        let path: &'a str = self.request.path;
        let path = path.strip_prefix("/api/").unwrap_or_default();
        match path {
            "session" => Ok(Route::Session),
            "account" => Ok(Route::Account),
            "admin" => Ok(Route::Admin),
            "people" => Ok(Route::People),
            "invites" => Ok(Route::Invites),
            "search" => Ok(Route::Search),
            "export" => Ok(Route::Export),
            "account/avatar" => Ok(Route::OwnAvatar),
            _ if path.starts_with("avatars/") => {
                let id = path.trim_start_matches("avatars/").parse();
                Ok(Route::Avatar(id.map_err(|_| Code::UnknownFile)?))
            }
            _ if path.starts_with("invites/") => {
                let token = path.trim_start_matches("invites/").strip_suffix("/avatar");
                Ok(Route::InviteAvatar(token.ok_or(Code::UnknownRoute)?))
            }
            _ => {
                let path = path.strip_prefix("conversations/").ok_or(Code::UnknownRoute)?;
                if let Some(id) = path.strip_suffix("/avatar") {
                    let id = id.parse().map_err(|_| Code::UnknownConversation)?;
                    return Ok(Route::GroupAvatar(id));
                }
                let (id, file) = match path.split_once("/files/") {
                    Some((id, file)) => (id, Some(file)),
                    None => (path, None),
                };
                let id = id.parse().map_err(|_| Code::UnknownConversation)?;
                match file {
                    Some(file) => Ok(Route::File(id, files::Place::read(file)?)),
                    None => Ok(Route::Conversation(id)),
                }
            }
        }
    }

    /// Whatever changes something, and every socket, must come from our own pages (or from a
    /// program that says so): a foreign page cannot make a browser lie about its origin.
    fn require_own_origin(&self) -> Result<(), Failure> {
        if self.request.origin == Some(self.request.own_origin) {
            Ok(())
        } else {
            Err(Code::ForeignOrigin.into())
        }
    }

    fn body<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        if self.request.body.len() > limits::FRAME_BYTES {
            return Err(Code::TooLarge.into());
        }
        let text = std::str::from_utf8(self.request.body).map_err(|_| Code::NotText)?;
        serde_json::from_str(text).map_err(|_| Code::Malformed.into())
    }

    /// Whether cookies of this request travel over https only.
    fn secure(&self) -> bool {
        self.request.own_origin.starts_with("https:")
    }

    pub(super) fn cookie_of(&self, signed: &Signed) -> String {
        cookie::write(signed, self.secure())
    }

    pub(super) fn cleared_cookie(&self) -> String {
        cookie::clear(self.secure())
    }

    /// Calls an actor.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        to: Address,
        call: &impl Serialize,
    ) -> Result<T, Failure> {
        let answer = self.actors.ask(to, to_json(call)?).await;
        let answer = answer.map_err(|unreachable| Fault(format!("{to:?}: {unreachable}")))?;
        let answer: Result<T, Reject> = serde_json::from_str(&answer)
            .map_err(|error| Fault(format!("{to:?} answers nonsense: {error}")))?;
        answer.map_err(Failure::Reject)
    }

    /// Calls an account.
    pub(super) async fn ask_account(
        &self,
        user: tideline_shared::UserId,
        call: &AccountCall,
    ) -> Result<AccountAnswer, Failure> {
        self.ask(Address::Account(user), call).await
    }

    /// Who asks, by the cookie. `mirror` is the conversation that the session is about to mirror;
    /// `act` what they are about to do, if it is counted.
    pub(super) async fn authenticate(
        &self,
        mirror: Option<ConversationId>,
        act: Option<Act>,
    ) -> Result<(tideline_shared::Person, tideline_shared::SessionId), Failure> {
        let claimed = self.request.cookie.and_then(cookie::read).ok_or(Code::SignedOut)?;
        let call = AccountCall::Authenticate { secret: claimed.secret, mirror, act };
        match self.ask_account(claimed.user, &call).await? {
            AccountAnswer::Known { person, session } => Ok((person, session)),
            other => Err(unexpected(&other)),
        }
    }
}

/// An actor answered something that its call cannot be answered with.
pub(super) fn unexpected(answer: &impl std::fmt::Debug) -> Failure {
    Failure::Fault(Fault(format!("unexpected answer {answer:?}")))
}
