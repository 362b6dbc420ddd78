//! What the owner of the deployment asks, and what the deployment must know of others for it.

use futures_util::future::join_all;
use tideline_shared::protocol::{
    AdminCommand, AdminReply, Announcement, Figures, ListedGroup, ListedPerson, SessionReply,
};
use tideline_shared::{ConversationId, Person, UserId, limits};

use super::door::{Reply, unexpected};
use super::social::AT_ONCE;
use super::{Actors, Gateway};
use crate::account::{AccountAnswer, AccountCall, Act};
use crate::conversation::{ConversationAnswer, ConversationCall};
use crate::deployment::{DeploymentAnswer, DeploymentCall};
use crate::directory::{DirectoryAnswer, DirectoryCall, SHARDS};
use crate::sql::Fault;
use crate::turn::{Address, Failure};

/// How often the deployment may have something found out before it answers.
const ROUNDS: usize = 4;

impl<A: Actors> Gateway<'_, A> {
    pub(super) async fn admin(&mut self, command: AdminCommand) -> Result<Reply, Failure> {
        let (by, _) = self.authenticate(None, Some(Act::Find)).await?;
        self.ask_deployment(&DeploymentCall::Require { by: by.user }).await?;
        let reply = match command {
            AdminCommand::Figures => AdminReply::Figures(self.figures().await?),
            AdminCommand::People { query, before } => self.all_people(query, before).await?,
            AdminCommand::Groups { query, before } => self.all_groups(query, before).await?,
            AdminCommand::Ban { user } => self.set_banned(by, user, true).await?,
            AdminCommand::Unban { user } => self.set_banned(by, user, false).await?,
            command => match self.ask_deployment(&DeploymentCall::Command { by, command }).await? {
                DeploymentAnswer::Reply { reply } => reply,
                other => return Err(unexpected(&other)),
            },
        };
        Reply::of(&reply)
    }

    /// Who may register here, for whoever does not know yet.
    pub(super) async fn registration(&self) -> Result<Reply, Failure> {
        match self.ask_deployment(&DeploymentCall::Registration).await? {
            DeploymentAnswer::Registration { mode, first } => {
                Reply::of(&SessionReply::Registration { mode, first })
            }
            other => Err(unexpected(&other)),
        }
    }

    /// Whether somebody who is about to register will own the deployment; refused when they may not.
    /// With it comes what everybody is told.
    pub(super) async fn admit(
        &self,
        call: &DeploymentCall,
    ) -> Result<(bool, Option<Announcement>), Failure> {
        match self.ask_deployment(call).await? {
            DeploymentAnswer::Admitted { owner, announcement } => Ok((owner, announcement)),
            other => Err(unexpected(&other)),
        }
    }

    /// Asks the deployment, and finds out for it what it must know first.
    pub(super) async fn ask_deployment(
        &self,
        call: &DeploymentCall,
    ) -> Result<DeploymentAnswer, Failure> {
        for _ in 0..ROUNDS {
            let found = match self.ask(Address::Deployment, call).await? {
                DeploymentAnswer::Survey => {
                    DeploymentCall::Earliest { user: self.earliest().await? }
                }
                DeploymentAnswer::Doubt { user } => {
                    let exists = match self.ask_account(user, &AccountCall::VouchOwner).await? {
                        AccountAnswer::Vouched { mine } => mine,
                        other => return Err(unexpected(&other)),
                    };
                    DeploymentCall::Vouched { user, exists }
                }
                answer => return Ok(answer),
            };
            self.ask::<DeploymentAnswer>(Address::Deployment, &found).await?;
        }
        Err(Fault("the deployment does not come to an answer".to_owned()).into())
    }

    /// Asks every shard, all at the same time.
    async fn ask_shards(&self, call: DirectoryCall) -> Result<Vec<DirectoryAnswer>, Failure> {
        let asked = (0..SHARDS).map(|shard| self.ask(Address::Directory(shard), &call));
        join_all(asked).await.into_iter().collect()
    }

    async fn earliest(&self) -> Result<Option<UserId>, Failure> {
        let mut earliest = Vec::new();
        for answer in self.ask_shards(DirectoryCall::Earliest).await? {
            match answer {
                DirectoryAnswer::Resolved { user } => earliest.extend(user),
                other => return Err(unexpected(&other)),
            }
        }
        Ok(earliest.into_iter().min())
    }

    async fn figures(&self) -> Result<Figures, Failure> {
        let mut all = Figures {
            new_accounts: vec![0; limits::FIGURE_DAYS],
            new_groups: vec![0; limits::FIGURE_DAYS],
            ..Figures::default()
        };
        for answer in self.ask_shards(DirectoryCall::Figures).await? {
            let DirectoryAnswer::Figures(some) = answer else { return Err(unexpected(&answer)) };
            all.accounts += some.accounts;
            all.guests += some.guests;
            all.groups += some.groups;
            all.messages += some.messages;
            all.bytes += some.bytes;
            let days = [
                (&mut all.new_accounts, some.new_accounts),
                (&mut all.new_groups, some.new_groups),
            ];
            for (all, some) in days {
                all.iter_mut().zip(some).for_each(|(all, some)| *all += some);
            }
        }
        match self.ask_deployment(&DeploymentCall::Counts).await? {
            DeploymentAnswer::Counts { reports, banned } => Ok(Figures { reports, banned, ..all }),
            other => Err(unexpected(&other)),
        }
    }

    async fn all_people(
        &self,
        query: String,
        before: Option<UserId>,
    ) -> Result<AdminReply, Failure> {
        let mut all: Vec<Person> = Vec::new();
        for answer in self.ask_shards(DirectoryCall::People { query, before }).await? {
            match answer {
                DirectoryAnswer::People { people } => all.extend(people),
                other => return Err(unexpected(&other)),
            }
        }
        all.sort_by_key(|person| std::cmp::Reverse(person.user));
        let more = all.len() > limits::ADMIN_ROWS;
        all.truncate(limits::ADMIN_ROWS);
        let users = all.iter().map(|person| person.user).collect();
        let banned = match self.ask_deployment(&DeploymentCall::Banned { users }).await? {
            DeploymentAnswer::Banned { users } => users,
            other => return Err(unexpected(&other)),
        };
        let people = all.into_iter().map(|person| ListedPerson {
            since: person.user.made_at(),
            banned: banned.contains(&person.user),
            person,
        });
        Ok(AdminReply::People { people: people.collect(), more })
    }

    /// The shards say which groups there are, the groups how much there is of them.
    async fn all_groups(
        &self,
        query: String,
        before: Option<ConversationId>,
    ) -> Result<AdminReply, Failure> {
        let mut all: Vec<ConversationId> = Vec::new();
        for answer in self.ask_shards(DirectoryCall::Groups { query, before }).await? {
            match answer {
                DirectoryAnswer::Groups { groups } => all.extend(groups),
                other => return Err(unexpected(&other)),
            }
        }
        all.sort_by_key(|&conversation| std::cmp::Reverse(conversation));
        let more = all.len() > limits::ADMIN_ROWS;
        all.truncate(limits::ADMIN_ROWS);
        let mut groups: Vec<ListedGroup> = Vec::new();
        for some in all.chunks(AT_ONCE) {
            let asked = some.iter().map(|&conversation| {
                self.ask(Address::Conversation(conversation), &ConversationCall::Figures)
            });
            for answer in join_all(asked).await {
                match answer? {
                    ConversationAnswer::Figures { group } => groups.extend(group),
                    other => return Err(unexpected(&other)),
                }
            }
        }
        Ok(AdminReply::Groups { groups, more })
    }

    async fn set_banned(
        &self,
        by: Person,
        user: UserId,
        banned: bool,
    ) -> Result<AdminReply, Failure> {
        let person = self.profile(user, None).await?.person;
        let call = DeploymentCall::Ban { by, person, banned };
        self.ask_deployment(&call).await?;
        Ok(AdminReply::Done)
    }
}
