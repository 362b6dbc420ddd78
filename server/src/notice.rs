//! Notices: how a device hears of something while the app is closed there (Web Push).
//!
//! A browser that subscribes makes a key and a secret, and has a push service give it an address. The
//! account decides what is told to which device, and says it in plain words; the shell encrypts it for
//! that device alone (RFC 8291), signs it with the account's own key (RFC 8292) and hands it to the push
//! service (RFC 8030), which can read nothing of it.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey};
use serde::{Deserialize, Serialize};
use tideline_shared::protocol::Subscription;
use tideline_shared::{Code, limits};
use url::Url;

use crate::card::Policy;
use crate::sql::Fault;
use crate::turn::Failure;

/// How long a push service keeps a notice for a device that it cannot reach, in seconds (28 days).
pub const KEPT_S: u64 = 28 * 24 * 60 * 60;
/// How long a push service may take to answer, in milliseconds.
pub const PATIENCE_MS: u64 = 10_000;
/// Bytes of a subscription's secret.
pub const SECRET_BYTES: usize = 16;

/// One of the two kinds of hurry that this service knows (RFC 8030, section 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Somebody wrote into a group.
    Normal,
    /// Somebody means this person.
    High,
}

/// A notice on its way to a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// Where, and how.
    pub to: Subscription,
    /// The key that the service signs with for this account.
    pub signer: Signer,
    /// Whom a push service may turn to: the deployment's address.
    pub contact: String,
    /// A later notice with this topic takes the place of an earlier one that is still kept.
    pub topic: String,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The notice, as JSON.
    pub body: String,
}

/// What a push service answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Seconds after which to try again, where it says so.
    pub retry_after_s: Option<u64>,
}

/// The private key that an account signs its notices with. Subscriptions hold for one such key, so none of
/// another account's can be used with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Signer(String);

/// It stays out of logs.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

impl Urgency {
    /// As the header says it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// The keys of a device, as bytes.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Its public key.
    pub public: PublicKey,
    /// Its secret.
    pub secret: [u8; SECRET_BYTES],
}

impl Keys {
    /// Those of a subscription; none where they are nonsense.
    #[must_use]
    pub fn of(subscription: &Subscription) -> Option<Self> {
        let public = Base64UrlUnpadded::decode_vec(&subscription.key).ok()?;
        let secret = Base64UrlUnpadded::decode_vec(&subscription.secret).ok()?;
        let public = PublicKey::from_sec1_bytes(&public).ok()?;
        Some(Self { public, secret: secret.try_into().ok()? })
    }
}

/// Refuses a subscription that no notice can be sent to: `invalid_subscription`.
pub(crate) fn require(subscription: &Subscription) -> Result<(), Failure> {
    let is_short = subscription.endpoint.len() <= limits::ENDPOINT_BYTES;
    let url = Url::parse(&subscription.endpoint).ok().filter(|_| is_short);
    let url = url.filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
    match url.and(Keys::of(subscription)) {
        Some(_) => Ok(()),
        None => Err(Code::InvalidSubscription.into()),
    }
}

/// Whether a deployment lets the service ask for an endpoint: one of the public Web, by https.
#[must_use]
pub fn is_admitted(policy: &Policy, endpoint: &str) -> bool {
    Url::parse(endpoint).is_ok_and(|url| policy.admits_secretly(&url))
}

impl Signer {
    /// A new one.
    pub(crate) fn new(mut random: [u8; 32]) -> Self {
        // Below the order of the curve, whatever was drawn.
        random[0] &= 0x7f;
        Self(Base64UrlUnpadded::encode_string(&random))
    }

    pub(crate) fn of_column(column: &str) -> Self {
        Self(column.to_owned())
    }

    pub(crate) fn to_column(&self) -> &str {
        &self.0
    }

    /// The private key.
    ///
    /// # Errors
    /// When what was stored is none.
    pub fn secret_key(&self) -> Result<SecretKey, Fault> {
        let bytes = Base64UrlUnpadded::decode_vec(&self.0).unwrap_or_default();
        SecretKey::from_slice(&bytes).map_err(|_| Fault("not a key to sign with".to_owned()))
    }

    /// The public key as browsers want it: uncompressed, as base64url.
    pub(crate) fn public_key(&self) -> Result<String, Fault> {
        let point = self.secret_key()?.public_key().to_encoded_point(false);
        Ok(Base64UrlUnpadded::encode_string(point.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 8291, appendix A.
    fn subscription() -> Subscription {
        Subscription {
            endpoint: "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV".to_owned(),
            key: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4".to_owned(),
            secret: "BTBZMqHH6r4Tts7J_aSIgg".to_owned(),
            words: false,
        }
    }

    #[test]
    fn what_no_notice_can_be_sent_to_is_refused() {
        assert!(require(&subscription()).is_ok());
        let broken: [fn(&mut Subscription); 8] = [
            |it| it.endpoint = "push.example.net".to_owned(),
            |it| it.endpoint = "javascript:alert(1)".to_owned(),
            |it| it.endpoint.push_str(&"x".repeat(limits::ENDPOINT_BYTES)),
            |it| it.key.truncate(43),
            |it| it.key = it.key.replace('x', "y"),
            |it| it.key.clear(),
            |it| it.secret.push_str("AA"),
            |it| it.secret = "not base64".to_owned(),
        ];
        for (n, change) in broken.into_iter().enumerate() {
            let mut it = subscription();
            change(&mut it);
            let refusal = require(&it).expect_err(&n.to_string());
            assert_eq!(refusal, Failure::from(Code::InvalidSubscription), "{n}");
        }
    }

    #[test]
    fn only_the_public_web_is_told_and_only_secretly() {
        let policy = Policy::read("", "127.0.0.1:4000");
        assert!(is_admitted(&policy, "https://fcm.googleapis.com/fcm/send/abc"));
        assert!(is_admitted(&policy, "http://127.0.0.1:4000/push"));
        for endpoint in [
            "http://fcm.googleapis.com/fcm/send/abc",
            "https://127.0.0.1/push",
            "https://169.254.169.254/latest",
            "https://name:word@push.example.com/",
            "https://router.lan/",
        ] {
            assert!(!is_admitted(&policy, endpoint), "{endpoint}");
        }
        assert!(!is_admitted(&Policy::read("off", ""), "https://fcm.googleapis.com/"));
    }

    #[test]
    fn any_random_bytes_are_a_key() {
        for byte in [0x01, 0x7f, 0xff] {
            let signer = Signer::new([byte; 32]);
            assert!(signer.public_key().is_ok());
            assert_eq!(Signer::of_column(signer.to_column()), signer);
        }
        assert!(Signer::of_column("no key").secret_key().is_err());
    }
}
