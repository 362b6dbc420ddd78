//! Becoming known to the service: register, sign in, keep a guest's account, sign out.

use tideline_shared::protocol::{SessionCommand, SessionReply};
use tideline_shared::{Code, DisplayName, Password, Person, Reject, UserId, UserName};

use super::door::{Reply, unexpected};
use super::{Actors, Gateway, device};
use crate::account::{AccountAnswer, AccountCall, Signed, waste_time};
use crate::deployment::DeploymentCall;
use crate::directory::{DirectoryAnswer, DirectoryCall, address_shard, claims_shard};
use crate::limits::Rate;
use crate::turn::{Address, Failure};

impl<A: Actors> Gateway<'_, A> {
    pub(super) async fn session(&mut self, command: SessionCommand) -> Result<Reply, Failure> {
        match command {
            SessionCommand::Register { user_name, password, display_name } => {
                let signed = self.register(user_name, password, display_name).await?;
                self.signed_in(&signed)
            }
            SessionCommand::SignIn { user_name, password } => {
                let signed = self.sign_in(&user_name, password).await?;
                self.signed_in(&signed)
            }
            SessionCommand::SetCredentials { user_name, password } => {
                self.set_credentials(user_name, password).await
            }
            SessionCommand::Registration => self.registration().await,
            SessionCommand::Whoami => self.whoami().await,
            SessionCommand::SignOut => self.sign_out().await,
            SessionCommand::Sessions => self.sessions().await,
            SessionCommand::EndSession { session } => {
                let (person, by) = self.authenticate(None, None).await?;
                self.done(person.user, &AccountCall::EndSession { by, session }).await
            }
            SessionCommand::EndOtherSessions => {
                let (person, by) = self.authenticate(None, None).await?;
                self.done(person.user, &AccountCall::EndOtherSessions { by }).await
            }
            SessionCommand::ChangePassword { password, new_password } => {
                self.change_password(password, new_password).await
            }
            SessionCommand::NoticeKey => self.notice_key().await,
            SessionCommand::Subscribe { subscription } => {
                let (person, by) = self.authenticate(None, None).await?;
                let contact = self.request.own_origin.to_owned();
                let call = AccountCall::Subscribe { by, subscription, contact };
                self.done(person.user, &call).await
            }
            SessionCommand::Unsubscribe => {
                let (person, by) = self.authenticate(None, None).await?;
                self.done(person.user, &AccountCall::Unsubscribe { by }).await
            }
            SessionCommand::DeleteAccount { password } => self.delete_account(password).await,
            SessionCommand::Unknown => Err(Code::UnknownType.into()),
        }
    }

    /// Nobody is an answer, too: a visitor's first question is no mistake.
    async fn whoami(&self) -> Result<Reply, Failure> {
        match self.authenticate(None, None).await {
            Ok((person, session)) => Reply::of(&SessionReply::SignedIn { person, session }),
            Err(Failure::Reject(Reject {
                code: Code::SignedOut | Code::SessionEnded | Code::AccountBanned,
                ..
            })) => Reply::of(&SessionReply::SignedOut),
            Err(failure) => Err(failure),
        }
    }

    fn signed_in(&self, signed: &Signed) -> Result<Reply, Failure> {
        let reply =
            SessionReply::SignedIn { person: signed.person.clone(), session: signed.session };
        Ok(Reply::of(&reply)?.with_cookie(self.cookie_of(signed)))
    }

    async fn register(
        &mut self,
        user_name: String,
        password: String,
        display_name: Option<String>,
    ) -> Result<Signed, Failure> {
        // Read before anything is claimed or counted, so that a typing mistake costs nothing.
        let parsed = UserName::parse(&user_name)?;
        Password::parse(&password)?;
        let display_name = match display_name.filter(|name| !name.trim().is_empty()) {
            Some(name) => DisplayName::parse(&name)?.into(),
            None => String::from(parsed.clone()),
        };
        self.spend("register", self.request.rates.register).await?;
        let user = self.new_user();
        let (owner, announcement) = self.admit(&DeploymentCall::Admit { user }).await?;
        let user_name = String::from(parsed);
        self.claim(&user_name, user).await?;
        let call = AccountCall::Register {
            user,
            user_name: user_name.clone(),
            password,
            display_name,
            device: self.device(),
            owner,
            announcement,
        };
        match self.ask_account(user, &call).await {
            Ok(AccountAnswer::Signed(signed)) => Ok(signed),
            Ok(other) => Err(unexpected(&other)),
            Err(Failure::Reject(reject)) => {
                self.release(&user_name, user).await?;
                Err(reject.into())
            }
            // Nobody knows whether the account exists: the claim stays until somebody asks.
            Err(fault) => Err(fault),
        }
    }

    async fn sign_in(&mut self, user_name: &str, password: String) -> Result<Signed, Failure> {
        self.spend("sign_in", self.request.rates.sign_in).await?;
        // A name that nobody could have is answered like one that nobody has.
        let user = match UserName::parse(user_name) {
            Ok(name) => self.resolve(name.as_str()).await?,
            Err(_) => None,
        };
        let Some(user) = user else {
            waste_time(&password);
            return Err(Code::WrongCredentials.into());
        };
        match self
            .ask_account(user, &AccountCall::SignIn { password, device: self.device() })
            .await?
        {
            AccountAnswer::Signed(signed) => Ok(signed),
            AccountAnswer::WrongPassword => Err(Code::WrongCredentials.into()),
            other => Err(unexpected(&other)),
        }
    }

    async fn set_credentials(
        &mut self,
        user_name: String,
        password: String,
    ) -> Result<Reply, Failure> {
        let (person, session) = self.authenticate(None, None).await?;
        if person.user_name.is_some() {
            return Err(Code::AlreadyRegistered.into());
        }
        let user_name = String::from(UserName::parse(&user_name)?);
        Password::parse(&password)?;
        self.claim(&user_name, person.user).await?;
        let call = AccountCall::SetCredentials { user_name: user_name.clone(), password };
        match self.ask_account(person.user, &call).await {
            Ok(_) => {
                let person = Person { user_name: Some(user_name), ..person };
                Reply::of(&SessionReply::SignedIn { person, session })
            }
            Err(Failure::Reject(reject)) => {
                self.release(&user_name, person.user).await?;
                Err(reject.into())
            }
            Err(fault) => Err(fault),
        }
    }

    async fn sign_out(&mut self) -> Result<Reply, Failure> {
        match self.authenticate(None, None).await {
            Ok((person, session)) => {
                self.ask_account(person.user, &AccountCall::SignOut { session }).await?;
            }
            // Whoever is signed out already has what they asked for.
            Err(Failure::Reject(_)) => {}
            Err(fault) => return Err(fault),
        }
        Ok(Reply::of(&SessionReply::SignedOut)?.with_cookie(self.cleared_cookie()))
    }

    async fn sessions(&self) -> Result<Reply, Failure> {
        let (person, by) = self.authenticate(None, None).await?;
        match self.ask_account(person.user, &AccountCall::Sessions { by }).await? {
            AccountAnswer::Sessions { sessions } => Reply::of(&SessionReply::Sessions { sessions }),
            other => Err(unexpected(&other)),
        }
    }

    async fn notice_key(&self) -> Result<Reply, Failure> {
        let (person, _) = self.authenticate(None, None).await?;
        match self.ask_account(person.user, &AccountCall::NoticeKey).await? {
            AccountAnswer::NoticeKey { key } => Reply::of(&SessionReply::NoticeKey { key }),
            other => Err(unexpected(&other)),
        }
    }

    /// Has the account of `user` do something that has no answer.
    async fn done(&self, user: UserId, call: &AccountCall) -> Result<Reply, Failure> {
        self.ask_account(user, call).await?;
        Reply::of(&SessionReply::Done)
    }

    async fn change_password(
        &self,
        password: String,
        new_password: String,
    ) -> Result<Reply, Failure> {
        let (person, by) = self.authenticate(None, None).await?;
        if person.user_name.is_none() {
            return Err(Code::NoPassword.into());
        }
        // Read before anything is counted, so that a typing mistake costs nothing.
        Password::parse(&new_password)?;
        self.spend("sign_in", self.request.rates.sign_in).await?;
        let call = AccountCall::ChangePassword { by, password, new_password };
        match self.ask_account(person.user, &call).await? {
            AccountAnswer::Done => Reply::of(&SessionReply::Done),
            AccountAnswer::WrongPassword => Err(Code::WrongCredentials.into()),
            other => Err(unexpected(&other)),
        }
    }

    async fn delete_account(&mut self, password: Option<String>) -> Result<Reply, Failure> {
        let (person, _) = self.authenticate(None, None).await?;
        match self.ask_account(person.user, &AccountCall::Delete { password }).await? {
            AccountAnswer::Done => {
                Ok(Reply::of(&SessionReply::SignedOut)?.with_cookie(self.cleared_cookie()))
            }
            AccountAnswer::WrongPassword => Err(Code::WrongCredentials.into()),
            other => Err(unexpected(&other)),
        }
    }

    /// What the device is called that asks.
    pub(super) fn device(&self) -> String {
        device::name(self.request.user_agent)
    }

    pub(super) fn new_user(&mut self) -> UserId {
        let mut random = [0; 10];
        (self.random)(&mut random);
        UserId::new(self.request.now.0, random)
    }

    /// Counts something against the network address that it comes from.
    pub(super) async fn spend(&self, what: &str, rate: Rate) -> Result<(), Failure> {
        let address = self.request.address.to_owned();
        let to = Address::Directory(address_shard(&address));
        let call = DirectoryCall::Spend { address, what: what.to_owned(), rate };
        self.ask::<DirectoryAnswer>(to, &call).await.map(drop)
    }

    pub(super) async fn resolve(&self, user_name: &str) -> Result<Option<UserId>, Failure> {
        let to = Address::Directory(claims_shard(user_name));
        let call = DirectoryCall::Resolve { user_name: user_name.to_owned() };
        match self.ask(to, &call).await? {
            DirectoryAnswer::Resolved { user } => Ok(user),
            other => Err(unexpected(&other)),
        }
    }

    /// Claims a handle for `user`. A claim that somebody left behind half-way is taken over, once
    /// the account that it was for has said that it does not hold.
    async fn claim(&self, user_name: &str, user: UserId) -> Result<(), Failure> {
        let to = Address::Directory(claims_shard(user_name));
        let call = DirectoryCall::Claim { user_name: user_name.to_owned(), user };
        let (holder, held_name) = match self.ask(to, &call).await? {
            DirectoryAnswer::Done => return Ok(()),
            DirectoryAnswer::Claimed { user: holder, .. } if holder == user => return Ok(()),
            DirectoryAnswer::Claimed { confirmed: true, .. } => {
                return Err(Code::UserNameTaken.into());
            }
            DirectoryAnswer::Claimed { user, user_name, .. } => (user, user_name),
            other => return Err(unexpected(&other)),
        };
        let vouch = AccountCall::Vouch { user_name: held_name.clone() };
        match self.ask_account(holder, &vouch).await? {
            AccountAnswer::Vouched { mine: false } => {}
            AccountAnswer::Vouched { mine: true } => return Err(Code::UserNameTaken.into()),
            other => return Err(unexpected(&other)),
        }
        self.release(&held_name, holder).await?;
        match self.ask(to, &call).await? {
            DirectoryAnswer::Done => Ok(()),
            _ => Err(Code::UserNameTaken.into()),
        }
    }

    async fn release(&self, user_name: &str, user: UserId) -> Result<(), Failure> {
        let to = Address::Directory(claims_shard(user_name));
        let call = DirectoryCall::Release { user_name: user_name.to_owned(), user };
        self.ask::<DirectoryAnswer>(to, &call).await.map(drop)
    }
}
