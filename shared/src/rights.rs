//! Who may do what in a conversation: one table, by which the service decides and by which the app
//! knows what to offer.
//!
//! The table speaks of roles alone. Whom a deed may be done *to* is a matter of rank:
//! [`Role::outranks`].

use crate::Code;
use crate::protocol::{Kind, Record, Role};

/// Declares the deeds with whether they are done in a direct conversation, and with the lowest role
/// that may do them in a group.
macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident $direct:ident $least:ident)*) => {
        /// Something that a member may or may not do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Deed {
            $($(#[$doc])* $name,)*
        }

        impl Deed {
            /// Every deed, in the order of `PROTOCOL.md`.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Whether it is done in a direct conversation, and the lowest role that may do it in
            /// a group.
            const fn rule(self) -> (bool, Role) {
                match self { $(Self::$name => (deeds!(@ $direct), Role::$least),)* }
            }
        }
    };
    (@ direct) => { true };
    (@ never) => { false };
}

deeds! {
    /// Read what was said.
    Read direct Member
    /// Say something.
    Send direct Member
    /// Say something where only those who lead write.
    Announce never Admin
    /// React to a message.
    React direct Member
    /// Change one's own words.
    EditOwn direct Member
    /// Take one's own words back.
    RecallOwn direct Member
    /// Take somebody else's words back, at any time.
    RecallOthers never Admin
    /// Pin a message, or take the pin away.
    Pin direct Admin
    /// Change the name, the type, the description, and who comes in and writes how.
    ChangeRecord never Admin
    /// Make an invite link, and withdraw one's own.
    Invite never Member
    /// See the invite links in force.
    SeeInvites never Member
    /// Withdraw somebody else's invite link.
    RevokeOthersInvites never Admin
    /// See who asks to come in, let them in or turn them away.
    Admit never Admin
    /// Take somebody out, who may come back by a link.
    Remove never Admin
    /// Keep somebody out, see who is, and let them in again.
    Ban never Admin
    /// Make somebody silent for a time or for good, and end it.
    Mute never Admin
    /// Make a member an admin, or an admin a member.
    ChangeRoles never Owner
    /// Give the group to somebody else.
    Transfer never Owner
    /// Go.
    Leave never Member
}

/// Whether a member with this role may do this in a conversation of this kind.
#[must_use]
pub const fn may(role: Role, kind: Kind, deed: Deed) -> bool {
    let (direct, least) = deed.rule();
    match kind {
        Kind::Direct => direct,
        Kind::Group => role.rank() >= least.rank(),
    }
}

/// Whether a member with this role may do this in this conversation, by the table and by what its
/// record says of it.
///
/// # Errors
/// Why not.
pub fn check(role: Role, record: &Record, deed: Deed) -> Result<(), Code> {
    if !may(role, record.kind, deed) {
        return Err(refusal(record.kind, deed));
    }
    let writes = matches!(deed, Deed::Send | Deed::EditOwn);
    if writes && record.announcements && !may(role, record.kind, Deed::Announce) {
        return Err(Code::AnnouncementsOnly);
    }
    Ok(())
}

/// Why somebody who may not do this is refused.
#[must_use]
pub const fn refusal(kind: Kind, deed: Deed) -> Code {
    match (kind, deed.rule()) {
        (Kind::Direct, (false, _)) => Code::NotAGroup,
        _ => Code::NotAllowed,
    }
}

impl Deed {
    /// Whether somebody who was made silent cannot do it either.
    #[must_use]
    pub const fn needs_voice(self) -> bool {
        matches!(self, Self::Send | Self::Announce | Self::React | Self::EditOwn | Self::Pin)
    }
}

impl Role {
    /// Every role, the highest first.
    pub const ALL: &'static [Self] = &[Self::Owner, Self::Admin, Self::Member];

    /// Higher is more.
    const fn rank(self) -> u8 {
        match self {
            Self::Owner => 2,
            Self::Admin => 1,
            Self::Member => 0,
        }
    }

    /// Nobody acts on somebody of an equal or a higher rank.
    #[must_use]
    pub const fn outranks(self, other: Self) -> bool {
        self.rank() > other.rank()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_role_may_all_that_a_lower_one_may() {
        for &deed in Deed::ALL {
            for pair in Role::ALL.windows(2) {
                let [higher, lower] = pair else { continue };
                assert!(
                    may(*higher, Kind::Group, deed) || !may(*lower, Kind::Group, deed),
                    "{deed:?}"
                );
                assert!(higher.outranks(*lower) && !lower.outranks(*higher));
            }
        }
    }

    #[test]
    fn nobody_acts_on_their_like() {
        for &role in Role::ALL {
            assert!(!role.outranks(role));
        }
    }

    #[test]
    fn two_people_have_no_rank() {
        for &deed in Deed::ALL {
            let may_each = Role::ALL.iter().map(|&role| may(role, Kind::Direct, deed));
            let differ = may_each.collect::<std::collections::HashSet<_>>();
            assert_eq!(differ.len(), 1, "{deed:?}");
        }
    }
}
