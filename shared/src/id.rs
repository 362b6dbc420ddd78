//! Names for users, conversations, messages and sessions that never change and are never reused.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::Timestamp;

/// What was given is no id of the kind asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct IdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A UUIDv7: sorts by `millis` since 1970, then by `random`, which the caller draws.
            #[must_use]
            pub fn new(millis: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// The `millis` that a UUIDv7 was made with.
            #[must_use]
            pub fn made_at(&self) -> Timestamp {
                let millis = self.0.as_bytes().iter().take(6);
                Timestamp(millis.fold(0, |all, &byte| (all << 8) | u64::from(byte)))
            }

            /// The 16 bytes of the id, for hashing and for tokens.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut text = Uuid::encode_buffer();
                serializer.serialize_str(self.0.hyphenated().encode_lower(&mut text))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(IdVisitor).map(Self)
            }
        }
    };
}

/// Reads an id. The one of `uuid` also finds out what is wrong with what is none, for a sentence that nobody reads.
struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = Uuid;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Uuid, E> {
        Uuid::try_parse(text).map_err(|_| E::custom(IdError))
    }
}

id! {
    /// A person. User names and display names change; this does not.
    UserId
}
id! {
    /// A direct conversation or a group.
    ConversationId
}
id! {
    /// A message, made by the device that wrote it: the key of idempotent sending.
    MessageId
}
id! {
    /// One signed-in device of a person. Not a secret; the cookie's secret is another value.
    SessionId
}
id! {
    /// A file that is uploaded to a conversation, made by the device that uploads it; or the picture
    /// of a person or a group, made by the service.
    FileId
}

impl FileId {
    /// The copy, number `n`, of a file that a forwarded message carries: forwarded again after a lost
    /// answer, it is the same.
    #[must_use]
    pub fn copied(message: MessageId, n: u32) -> Self {
        Self(Uuid::new_v5(&message.0, &n.to_be_bytes()))
    }
}

/// Namespace of the ids of direct conversations (a constant of the protocol, drawn once).
const DIRECT: Uuid = Uuid::from_u128(0x6f3c_1f0e_52a4_4d0b_9c5e_7d1e_11de_0001);

impl ConversationId {
    /// The conversation of two people, whoever of them asks: there can never be two of it. Of one person
    /// twice: their notes to themselves.
    #[must_use]
    pub fn direct(one: UserId, other: UserId) -> Self {
        let (low, high) = if one <= other { (one, other) } else { (other, one) };
        let mut pair = [0; 32];
        pair[..16].copy_from_slice(low.as_bytes());
        pair[16..].copy_from_slice(high.as_bytes());
        Self(Uuid::new_v5(&DIRECT, &pair))
    }

    /// Whether the id may name a group: groups have time-ordered ids, direct conversations derived
    /// ones, so neither can take the other's place.
    #[must_use]
    pub fn may_be_group(&self) -> bool {
        self.0.get_version() == Some(uuid::Version::SortRand)
    }
}

/// The secret of an invite link. Names its conversation, so that it can be routed, and holds 96
/// random bits that only the link's holders know. Written as 56 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InviteToken {
    conversation: ConversationId,
    secret: [u8; 12],
}

impl InviteToken {
    /// A token for `conversation`; `secret` is drawn by the caller.
    #[must_use]
    pub fn new(conversation: ConversationId, secret: [u8; 12]) -> Self {
        Self { conversation, secret }
    }

    /// The conversation that the token lets people into, if it is valid.
    #[must_use]
    pub fn conversation(&self) -> ConversationId {
        self.conversation
    }
}

impl fmt::Display for InviteToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.conversation.0.simple())?;
        self.secret.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for InviteToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The secret stays out of logs.
        write!(f, "InviteToken({}, …)", self.conversation)
    }
}

impl FromStr for InviteToken {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.len() != 56 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(IdError);
        }
        let conversation = text[..32].parse()?;
        let mut secret = [0; 12];
        for (byte, pair) in secret.iter_mut().zip(text.as_bytes()[32..].chunks_exact(2)) {
            let digits = std::str::from_utf8(pair).map_err(|_| IdError)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| IdError)?;
        }
        Ok(Self { conversation, secret })
    }
}

impl TryFrom<String> for InviteToken {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<InviteToken> for String {
    fn from(token: InviteToken) -> Self {
        token.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(n: u8) -> UserId {
        UserId::new(1_700_000_000_000, [n; 10])
    }

    #[test]
    fn a_pair_has_one_conversation_whoever_asks() {
        let (ana, ben) = (user(1), user(2));
        assert_eq!(ConversationId::direct(ana, ben), ConversationId::direct(ben, ana));
        assert_ne!(ConversationId::direct(ana, ben), ConversationId::direct(ana, user(3)));
    }

    #[test]
    fn a_direct_id_can_never_name_a_group() {
        assert!(!ConversationId::direct(user(1), user(2)).may_be_group());
        assert!(ConversationId::new(1_700_000_000_000, [7; 10]).may_be_group());
    }

    #[test]
    fn a_token_reads_back_as_written_and_nothing_else_does() {
        let token = InviteToken::new(ConversationId::new(1, [9; 10]), [0xab; 12]);
        let written = token.to_string();
        assert_eq!(written.parse(), Ok(token));
        for bad in ["", "abc", &written[1..], &written.to_uppercase(), &"é".repeat(28)] {
            assert_eq!(bad.parse::<InviteToken>(), Err(IdError), "{bad}");
        }
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        assert!(MessageId::new(1, [255; 10]) < MessageId::new(2, [0; 10]));
    }
}
