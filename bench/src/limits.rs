//! The rates that a runtime is started with.

/// The deployment's rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limits {
    /// As they are for people.
    Default,
    /// None: for programs that do in seconds what people do in days.
    Off,
    /// None, but for what is said: that has the rate that people meet.
    SendOnly,
}

impl Limits {
    /// What `TIDELINE_LIMITS` is set to.
    pub(crate) fn overrides(self) -> String {
        let door = [
            "register",
            "guest",
            "sign_in",
            "wrong_password",
            "invite",
            "find",
            "search",
            "group",
            "direct",
            "join",
            "open",
            "keep",
        ];
        let names = match self {
            Self::Default => Vec::new(),
            Self::SendOnly => door.to_vec(),
            Self::Off => {
                [&door[..], &["profile", "export", "say", "send", "talk", "link", "block"]].concat()
            }
        };
        // One more may come after no time at all.
        let off = serde_json::json!({ "burst": 1_000_000, "every_ms": 0 });
        let off = names.into_iter().map(|name| (name, off.clone()));
        serde_json::Value::from_iter(off).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_are_off_are_json() {
        let overrides = Limits::Off.overrides();
        assert!(overrides.contains(r#""send":{"burst":1000000,"every_ms":0}"#), "{overrides}");
        assert!(!Limits::SendOnly.overrides().contains("send"));
        assert_eq!(Limits::Default.overrides(), "{}");
    }
}
