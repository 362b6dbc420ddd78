//! The app's addresses.

use tideline_shared::ConversationId;

/// Where the person is in the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/`: the list.
    Home,
    /// `/c/<conversation id>`.
    Conversation(ConversationId),
    /// `/join/<token>`; the token as it stands in the link.
    Join(String),
    /// `/u/<user name>`.
    Profile(String),
    /// `/search`.
    Search,
    /// `/contacts`.
    Contacts,
    /// `/settings`.
    Settings,
    /// `/admin`: for the owner of the deployment.
    Admin,
    /// `/share`: something that another app handed over.
    Share,
    /// An address that means nothing here.
    Nowhere,
}

impl Route {
    /// Reads a path whose percent escapes are resolved.
    #[must_use]
    pub fn parse(path: &str) -> Self {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Self::Home,
            (Some("c"), Some(id), None) => id.parse().map_or(Self::Nowhere, Self::Conversation),
            (Some("join"), Some(token), None) => Self::Join(token.to_owned()),
            (Some("u"), Some(name), None) => Self::Profile(name.to_owned()),
            (Some("search"), None, _) => Self::Search,
            (Some("contacts"), None, _) => Self::Contacts,
            (Some("settings"), None, _) => Self::Settings,
            (Some("admin"), None, _) => Self::Admin,
            (Some("share"), None, _) => Self::Share,
            _ => Self::Nowhere,
        }
    }

    /// The path to show in the address bar; the browser escapes what has to be.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Home | Self::Nowhere => "/".into(),
            Self::Conversation(id) => format!("/c/{id}"),
            Self::Join(token) => format!("/join/{token}"),
            Self::Profile(name) => format!("/u/{name}"),
            Self::Search => "/search".into(),
            Self::Contacts => "/contacts".into(),
            Self::Settings => "/settings".into(),
            Self::Admin => "/admin".into(),
            Self::Share => "/share".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_reads_back_as_written() {
        let id = ConversationId::new(1_700_000_000_000, [3; 10]);
        for route in [
            Route::Home,
            Route::Conversation(id),
            Route::Join("ab12".into()),
            Route::Profile("小王".into()),
            Route::Search,
            Route::Contacts,
            Route::Settings,
            Route::Admin,
            Route::Share,
        ] {
            assert_eq!(Route::parse(&route.path()), route);
        }
    }

    #[test]
    fn what_is_no_address_of_ours_is_nowhere() {
        for path in ["/c", "/c/abc", "/x", "/u", "/settings/more", "/c/abc/def"] {
            assert_eq!(Route::parse(path), Route::Nowhere, "{path}");
        }
    }
}
