//! Pictures of people and of groups, on their way in and out.
//!
//! The one they belong to knows which it is, and says who may change it. Whoever knows the id of a
//! picture and is signed in may see it: ids are made here, at random, and told to nobody but those who
//! see the person or the group.

use tideline_shared::{Code, ConversationId, FileId, limits};

use super::door::{Reply, unexpected};
use super::files::{Download, headers_of_a_picture};
use super::pictures::Picture;
use super::{Actors, Gateway, Response};
use crate::account::{AccountAnswer, AccountCall};
use crate::avatars::key;
use crate::conversation::{ConversationAnswer, ConversationCall};
use crate::sql::Fault;
use crate::turn::{Address, Failure};

/// Of a picture whose address is its content.
const FOR_EVER: &str = "private, max-age=31536000, immutable";

impl<A: Actors> Gateway<'_, A> {
    /// Takes in a picture of whoever asks, or of a group. Stopped half way, it goes by itself.
    pub(super) async fn set_avatar(
        &mut self,
        of: Option<ConversationId>,
    ) -> Result<Reply, Failure> {
        let (person, _) = self.authenticate(None, None).await?;
        let by = person.user;
        media_of(self.request.body)?;
        let mut random = [0; 10];
        (self.random)(&mut random);
        let avatar = FileId::new(self.request.now.0, random);
        let Some(conversation) = of else {
            self.ask_account(by, &AccountCall::ExpectAvatar { avatar }).await?;
            self.store(&key(avatar), self.request.body).await?;
            return match self.ask_account(by, &AccountCall::SetAvatar { avatar }).await? {
                AccountAnswer::Reply { reply } => Reply::of(&reply),
                other => Err(unexpected(&other)),
            };
        };
        let to = Address::Conversation(conversation);
        let expected = ConversationCall::ExpectAvatar { by, avatar };
        self.ask::<ConversationAnswer>(to, &expected).await?;
        self.store(&key(avatar), self.request.body).await?;
        match self.ask(to, &ConversationCall::SetAvatar { by, avatar }).await? {
            ConversationAnswer::Reply { reply } => Reply::of(&reply),
            other => Err(unexpected(&other)),
        }
    }

    /// Brings a picture to somebody who is signed in.
    pub(super) async fn avatar(&self, avatar: FileId) -> Result<Response, Failure> {
        self.authenticate(None, None).await?;
        self.picture(avatar, FOR_EVER).await
    }

    /// Brings the picture of the group behind an invite link to whoever has the link.
    pub(super) async fn avatar_behind(&self, token: &str) -> Result<Response, Failure> {
        self.spend("invite", self.request.rates.invite).await?;
        let avatar = self.preview(token).await?.avatar.ok_or(Code::UnknownFile)?;
        self.picture(avatar, "no-store").await
    }

    async fn picture(&self, avatar: FileId, lasts: &'static str) -> Result<Response, Failure> {
        let tag = format!("\"{avatar}\"");
        if self.request.if_none_match == Some(&tag) {
            let headers = headers_of_a_picture("image/webp", &tag, lasts);
            return Ok(Response::File(Download { status: 304, headers, pieces: Vec::new() }));
        }
        let key = key(avatar);
        let found = self.actors.get(&key).await;
        let found = found.map_err(|unreachable| Fault(format!("{key}: {unreachable}")))?;
        let bytes = found.ok_or(Code::UnknownFile)?;
        let headers = headers_of_a_picture(media_of(&bytes)?, &tag, lasts);
        Ok(Response::Picture { headers, bytes })
    }
}

/// The type of a picture; `too_large`, or `not_a_picture` for one that cannot be shown, or is not
/// square.
pub(super) fn media_of(bytes: &[u8]) -> Result<&'static str, Failure> {
    if bytes.len() > limits::AVATAR_BYTES {
        return Err(Code::TooLarge.into());
    }
    let picture = Picture::read(bytes, limits::AVATAR_PIXELS)?;
    let is_square = picture.width == picture.height;
    if is_square { Ok(picture.media) } else { Err(Code::NotAPicture.into()) }
}
