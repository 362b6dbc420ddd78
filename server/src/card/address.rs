//! Which addresses the service asks for on behalf of somebody who links to them: those of the public
//! Web, and nothing that only this service could reach.
//!
//! The crate `url` reads addresses as the runtime's `fetch` does, so what is judged here is what is
//! asked: decimal, octal, hexadecimal and short forms of IPv4 have become the usual one by then.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// What a deployment lets the service ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    is_on: bool,
    /// `host:port` of what is asked although it is not public, for development.
    exempt: Vec<String>,
}

impl Policy {
    /// From the variables of a deployment: `off`, or anything else for the public Web; and `host:port`,
    /// with commas between, of what else may be asked.
    #[must_use]
    pub fn read(previews: &str, allow: &str) -> Self {
        let exempt = allow.split(',').map(str::trim).filter(|place| !place.is_empty());
        Self {
            is_on: !previews.trim().eq_ignore_ascii_case("off"),
            exempt: exempt.map(str::to_owned).collect(),
        }
    }

    /// Whether an address may be asked for.
    pub(super) fn admits(&self, url: &Url) -> bool {
        let plain = matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none();
        self.is_on && plain && (is_public(url) || self.exempts(url))
    }

    /// Whether an address may be sent to what nobody on the way may read.
    pub(crate) fn admits_secretly(&self, url: &Url) -> bool {
        self.admits(url) && (url.scheme() == "https" || self.exempts(url))
    }

    fn exempts(&self, url: &Url) -> bool {
        let Some((host, port)) = url.host_str().zip(url.port_or_known_default()) else {
            return false;
        };
        self.exempt.contains(&format!("{host}:{port}"))
    }
}

/// The usual port of the scheme, at a host that everybody can reach.
fn is_public(url: &Url) -> bool {
    url.port().is_none()
        && match url.host() {
            Some(Host::Domain(name)) => is_public_name(name),
            Some(Host::Ipv4(address)) => is_public_v4(address),
            Some(Host::Ipv6(address)) => is_public_v6(address),
            None => false,
        }
}

/// Ends of names that lead to no public host: special-use names (RFC 6761, 6762, 7686, 8375, 9476),
/// and what networks at home and at work use by themselves.
const PRIVATE_ENDS: &[&str] = &[
    "alt",
    "arpa",
    "corp",
    "example",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "mail",
    "onion",
    "private",
    "test",
];

/// A name with a dot in it whose end is one of the public ones.
fn is_public_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let Some((before, end)) = name.rsplit_once('.') else { return false };
    let is_written = before.split('.').all(|label| !label.is_empty());
    let is_end = end.starts_with(|c: char| c.is_ascii_alphabetic());
    is_written && is_end && !PRIVATE_ENDS.contains(&end.to_ascii_lowercase().as_str())
}

/// Blocks that are not of the public Internet (the registry of special-purpose IPv4 addresses, RFC
/// 6890): address, and bits that count.
const PRIVATE_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    // Shared between a provider and its customers (RFC 6598).
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    // Link-local; 169.254.169.254 tells a machine in a cloud about itself.
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    // The old way from IPv6 (RFC 7526).
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Multicast, and what is reserved above it.
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
    // What tells a machine in Azure about itself stands in a public block.
    ([168, 63, 129, 16], 32),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = u32::from(address);
    let is_in = |&(block, bits_of): &([u8; 4], u32)| {
        let mask = u32::MAX << (32 - bits_of);
        bits & mask == u32::from(Ipv4Addr::from(block))
    };
    !PRIVATE_V4.iter().any(is_in)
}

/// Of the one block that is given out for the public Internet (2000::/3), what stands for something
/// else. Everything outside of it is refused: loopback, unique local, link-local, multicast, IPv4 in
/// IPv6's clothes (::ffff:0:0/96), NAT64 (64:ff9b::/96).
const PRIVATE_V6: &[([u16; 2], u32)] = &[
    // Protocols, Teredo among them (RFC 2928), and 2001:db8::/32 for documents.
    ([0x2001, 0], 23),
    ([0x2001, 0xdb8], 32),
    // 6to4: IPv4 inside.
    ([0x2002, 0], 16),
    // For documents (RFC 9637).
    ([0x3fff, 0], 20),
];

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let bits = u32::from(first) << 16 | u32::from(second);
    let is_in = |&([one, two], bits_of): &([u16; 2], u32)| {
        let mask = u32::MAX << (32 - bits_of);
        bits & mask == u32::from(one) << 16 | u32::from(two)
    };
    first >> 13 == 1 && !PRIVATE_V6.iter().any(is_in)
}
