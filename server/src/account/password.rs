//! Hashing of passwords: argon2id with the parameters that OWASP's "Password Storage Cheat Sheet"
//! recommends first (19 MiB, two passes, one lane).

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::sql::Fault;

/// Memory that hashing a password takes, in KiB.
pub(crate) const MEMORY_KIB: u32 = 19 * 1024;

fn hasher(memory_kib: u32) -> Result<Argon2<'static>, Fault> {
    let params = Params::new(memory_kib, 2, 1, None).map_err(|error| Fault(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password, in the PHC string format, with its salt and parameters.
pub(super) fn hash(password: &[u8], salt: &[u8; 16], memory_kib: u32) -> Result<String, Fault> {
    hasher(memory_kib)?
        .hash_password_with_salt(password, salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Fault(error.to_string()))
}

/// Whether the password is the one that was hashed.
pub(super) fn verify(password: &[u8], hash: &str) -> Result<bool, Fault> {
    let hash = PasswordHash::new(hash).map_err(|error| Fault(error.to_string()))?;
    // With the parameters that the hash names.
    Ok(hasher(MEMORY_KIB)?.verify_password(password, &hash).is_ok())
}

/// Takes as long as checking a password, so that an unknown user name cannot be told from a wrong
/// password by the time the answer takes.
pub(crate) fn waste_time(password: &str) {
    // The outcome is of no interest.
    drop(hash(password.as_bytes(), &[0; 16], MEMORY_KIB));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_that_was_hashed_fits() {
        let cheap = hash(b"correct horse", &[7; 16], 8).expect("hashes");
        assert_eq!(verify(b"correct horse", &cheap), Ok(true));
        let hash = hash(b"correct horse", &[7; 16], MEMORY_KIB).expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(verify(b"correct horse", &hash), Ok(true));
        assert_eq!(verify(b"correct hors", &hash), Ok(false));
        assert!(verify(b"correct horse", "nonsense").is_err());
    }
}
