//! Searching several conversations at once: each is asked, and answers for itself.

use std::collections::BTreeSet;

use tideline_search::Needles;
use tideline_shared::protocol::{FoundMessages, SearchCommand, SearchReply};
use tideline_shared::search::Search;
use tideline_shared::{Code, ConversationId, Query, Reject, UserId, limits};

use super::door::{Reply, unexpected};
use super::{Actors, Gateway, cookie};
use crate::account::{AccountAnswer, AccountCall};
use crate::conversation::{ConversationAnswer, ConversationCall};
use crate::directory::{DirectoryAnswer, DirectoryCall, SHARDS};
use crate::turn::{Address, Failure};

/// Conversations that are asked at the same time.
const AT_ONCE: usize = 16;

/// Who asks, and which messages in these conversations they do not want to see.
struct Searcher {
    user: UserId,
    hidden: BTreeSet<(ConversationId, u64)>,
}

impl<A: Actors> Gateway<'_, A> {
    pub(super) async fn search(&self, command: SearchCommand) -> Result<Reply, Failure> {
        match command {
            SearchCommand::Messages { query, mut authors, conversations, before, zone_min } => {
                // Read before anything is counted or asked.
                authors.truncate(limits::SEARCHED_AUTHORS);
                Search::parse_by(&query, authors.clone())?;
                require_places(&conversations, before)?;
                let one = conversations.len() == 1;
                let most = if one { limits::FOUND_MESSAGES } else { limits::FOUND_EACH };
                let searcher = self.searcher(&conversations).await?;
                let by = searcher.user;
                let call = ConversationCall::Search { by, query, authors, zone_min, before, most };
                self.messages(&searcher, &call, conversations).await
            }
            SearchCommand::Groups { query, conversations } => {
                let query = Query::parse(&query)?.into();
                require_places(&conversations, None)?;
                let by = self.searcher(&conversations).await?.user;
                let call = ConversationCall::SearchGroup { by, query };
                self.groups(&call, conversations).await
            }
            SearchCommand::PublicGroups { query } => {
                let query: String = Query::parse(&query)?.into();
                if Needles::of_words(&query).is_empty() {
                    return Err(Code::QueryEmpty.into());
                }
                let by = self.searcher(&[]).await?.user;
                self.public_groups(by, query).await
            }
            SearchCommand::Unknown => Err(Code::UnknownType.into()),
        }
    }

    async fn searcher(&self, conversations: &[ConversationId]) -> Result<Searcher, Failure> {
        let claimed = self.request.cookie.and_then(cookie::read).ok_or(Code::SignedOut)?;
        let conversations = conversations.to_vec();
        let call = AccountCall::Search { secret: claimed.secret, conversations };
        match self.ask_account(claimed.user, &call).await? {
            AccountAnswer::Searcher { user, hidden } => {
                let hidden = hidden
                    .into_iter()
                    .flat_map(|row| row.seqs.into_iter().map(move |seq| (row.conversation, seq)));
                Ok(Searcher { user, hidden: hidden.collect() })
            }
            other => Err(unexpected(&other)),
        }
    }

    async fn messages(
        &self,
        searcher: &Searcher,
        call: &ConversationCall,
        conversations: Vec<ConversationId>,
    ) -> Result<Reply, Failure> {
        let (answers, missing) = self.ask_each(call, conversations).await?;
        let mut found = Vec::new();
        for (conversation, answer) in answers {
            let ConversationAnswer::Found { mut hits, next } = answer else {
                return Err(unexpected(&answer));
            };
            hits.retain(|hit| !searcher.hidden.contains(&(conversation, hit.seq)));
            if !hits.is_empty() || next.is_some() {
                found.push(FoundMessages { conversation, hits, next });
            }
        }
        Reply::of(&SearchReply::Messages { found, missing })
    }

    async fn groups(
        &self,
        call: &ConversationCall,
        conversations: Vec<ConversationId>,
    ) -> Result<Reply, Failure> {
        let (answers, missing) = self.ask_each(call, conversations).await?;
        let mut found = Vec::new();
        for (_, answer) in answers {
            match answer {
                ConversationAnswer::FoundGroup { group } => found.extend(group),
                other => return Err(unexpected(&other)),
            }
        }
        Reply::of(&SearchReply::Groups { found, missing })
    }

    /// Asks every shard which groups may match, and these groups themselves what they are now and
    /// whether this person may know.
    async fn public_groups(&self, by: UserId, query: String) -> Result<Reply, Failure> {
        let call = DirectoryCall::FindGroups { query: query.clone() };
        let asked =
            (0..SHARDS).map(|shard| self.ask::<DirectoryAnswer>(Address::Directory(shard), &call));
        let mut listed = Vec::new();
        for answer in futures_util::future::join_all(asked).await {
            match answer? {
                DirectoryAnswer::FoundGroups { groups } => listed.extend(groups),
                other => return Err(unexpected(&other)),
            }
        }
        listed.sort();
        let call = ConversationCall::FindGroup { by, query };
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for some in listed.chunks(AT_ONCE) {
            let some = some.iter().map(|(_, _, conversation)| *conversation).collect();
            let (answers, silent) = self.ask_each(&call, some).await?;
            missing.extend(silent);
            for (_, answer) in answers {
                match answer {
                    ConversationAnswer::FoundGroup { group } => found.extend(group),
                    other => return Err(unexpected(&other)),
                }
            }
            if found.len() >= limits::FOUND_GROUPS {
                break;
            }
        }
        found.truncate(limits::FOUND_GROUPS);
        Reply::of(&SearchReply::Groups { found, missing })
    }

    /// Asks some at a time; brings the answers in the order asked, without those of conversations
    /// that refuse, and which of them did not answer.
    async fn ask_each(
        &self,
        call: &ConversationCall,
        conversations: Vec<ConversationId>,
    ) -> Result<(Vec<(ConversationId, ConversationAnswer)>, Vec<ConversationId>), Failure> {
        let (mut answers, mut missing) = (Vec::new(), Vec::new());
        for some in conversations.chunks(AT_ONCE) {
            let asked = some.iter().map(|&conversation| async move {
                (conversation, self.ask(Address::Conversation(conversation), call).await)
            });
            for (conversation, answer) in futures_util::future::join_all(asked).await {
                match answer {
                    Ok(answer) => answers.push((conversation, answer)),
                    Err(Failure::Reject(Reject {
                        code: Code::NotAMember | Code::UnknownConversation,
                        ..
                    })) => {}
                    Err(
                        Failure::Reject(Reject { code: Code::Internal, .. }) | Failure::Fault(_),
                    ) => {
                        missing.push(conversation);
                    }
                    Err(refused) => return Err(refused),
                }
            }
        }
        Ok((answers, missing))
    }
}

/// One to so many, each once; and to go on, exactly one.
fn require_places(conversations: &[ConversationId], before: Option<u64>) -> Result<(), Reject> {
    let most = if before.is_some() { 1 } else { limits::SEARCHED_CONVERSATIONS };
    let all: BTreeSet<_> = conversations.iter().collect();
    let fits = (1..=most).contains(&conversations.len()) && all.len() == conversations.len();
    if fits { Ok(()) } else { Err(Code::TooManyPlaces.into()) }
}
