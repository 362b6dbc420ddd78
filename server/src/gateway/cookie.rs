//! The session's cookie: whose session, and its secret.

use tideline_shared::UserId;

use crate::account::Signed;

const NAME: &str = "tideline";
/// As long as browsers let a cookie live, in seconds (400 days).
const MAX_AGE_S: u64 = 400 * 24 * 60 * 60;

/// What a cookie says; whether it is true, the account knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claimed {
    pub(super) user: UserId,
    pub(super) secret: String,
}

/// Finds the session in a `Cookie` header.
pub(super) fn read(header: &str) -> Option<Claimed> {
    let value = header.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        (name.trim() == NAME).then_some(value.trim())
    })?;
    let (user, secret) = value.split_once('.')?;
    let plausible = secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some(Claimed { user: user.parse().ok()?, secret: plausible.then(|| secret.to_owned())? })
}

/// The `Set-Cookie` header for a new session.
pub(super) fn write(signed: &Signed, secure: bool) -> String {
    let value = format!("{}.{}", signed.person.user, signed.secret);
    header(&value, MAX_AGE_S, secure)
}

/// The `Set-Cookie` header that makes a browser forget the session.
pub(super) fn clear(secure: bool) -> String {
    header("", 0, secure)
}

fn header(value: &str, max_age_s: u64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{NAME}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_found_among_other_cookies() {
        let user = UserId::new(1, [1; 10]);
        let secret = "ab".repeat(32);
        let header = format!("theme=dark; tideline={user}.{secret}; x=y");
        assert_eq!(read(&header), Some(Claimed { user, secret }));
    }

    #[test]
    fn nonsense_is_no_session() {
        let user = UserId::new(1, [1; 10]);
        for header in [
            "",
            "tideline",
            "tideline=",
            "tideline=x.y",
            &format!("tideline={user}.short"),
            &format!("tideline={user}.{}", "zz".repeat(32)),
            "other=1",
        ] {
            assert_eq!(read(header), None, "{header}");
        }
    }
}
