//! Icons, on a grid of 24 with one path each, and the mark.

use leptos::prelude::*;

/// An icon's path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Icon(&'static str);

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident $path:literal)*) => {
        $($(#[$doc])* pub(crate) const $name: Icon = Icon($path);)*

        /// Every icon and what it is called here.
        #[cfg(feature = "kit")]
        pub(crate) const ALL: &[(&str, Icon)] = &[$((stringify!($name), $name)),*];
    };
}

icons! {
    #[doc = "Compose."]
    COMPOSE "M11.5 5H7a3 3 0 0 0-3 3v9a3 3 0 0 0 3 3h9a3 3 0 0 0 3-3v-4.5M9.3 14.7l.7-3.2 7.9-7.9a1.77 1.77 0 0 1 2.5 2.5l-7.9 7.9z"
    #[doc = "Group plus."]
    GROUP_PLUS "M9 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5zM2.5 20v-.5A4.5 4.5 0 0 1 7 15h4a4.5 4.5 0 0 1 2.5.8M18.5 13.5v6.5M15.25 16.75h6.5M15.5 4.3a3.75 3.75 0 0 1 0 6.9"
    #[doc = "Search."]
    SEARCH "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4"
    #[doc = "Back."]
    BACK "M14.5 5l-7 7 7 7"
    #[doc = "Close."]
    CLOSE "M6 6l12 12M18 6L6 18"
    #[doc = "Send."]
    SEND "M12 19V5.5M6 11.5l6-6 6 6"
    #[doc = "Attach."]
    ATTACH "M20 11.5l-8.1 8.1a5.2 5.2 0 0 1-7.4-7.4l8.4-8.4a3.5 3.5 0 0 1 5 5l-8.4 8.3a1.8 1.8 0 0 1-2.5-2.5l7.6-7.6"
    #[doc = "Microphone."]
    MIC "M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM6 11a6 6 0 0 0 12 0M12 17v3.5"
    #[doc = "A file."]
    DOCUMENT "M13.5 3.5H8A2.5 2.5 0 0 0 5.5 6v12A2.5 2.5 0 0 0 8 20.5h8a2.5 2.5 0 0 0 2.5-2.5V8.5zM13.5 3.5v5h5"
    #[doc = "Play."]
    PLAY "M8 5.5v13l10.5-6.5z"
    #[doc = "Pause."]
    PAUSE "M8.5 6v12M15.5 6v12"
    #[doc = "The next one."]
    FORTH "M9.5 5l7 7-7 7"
    #[doc = "Download."]
    DOWNLOAD "M12 4v11M7 10.5l5 5 5-5M5 20h14"
    #[doc = "Larger."]
    ZOOM_IN "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4M11 8v6M8 11h6"
    #[doc = "Smaller."]
    ZOOM_OUT "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4M8 11h6"
    #[doc = "Info."]
    INFO "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11.3v5M12 7.8v.01"
    #[doc = "More."]
    MORE "M5.9 12a.6.6 0 1 1-1.2 0 .6.6 0 0 1 1.2 0zM12.6 12a.6.6 0 1 1-1.2 0 .6.6 0 0 1 1.2 0zM19.3 12a.6.6 0 1 1-1.2 0 .6.6 0 0 1 1.2 0z"
    #[doc = "Check."]
    CHECK "M5 12.5l4.5 4.5L19 7.5"
    #[doc = "Two check marks."]
    CHECKS "M1.5 12.5l4.5 4.5L15.5 7.5M12 16.5l.5.5L22 7.5"
    #[doc = "Clock."]
    CLOCK "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5V12l3 2"
    #[doc = "Alert."]
    ALERT "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.7v5M12 16.2v.01"
    #[doc = "Retry."]
    RETRY "M19.8 13a8 8 0 1 1-2.2-6.7l2.4 2.4M20 4v4.7h-4.7"
    #[doc = "Copy."]
    COPY "M11.5 9h6a2.5 2.5 0 0 1 2.5 2.5v6a2.5 2.5 0 0 1-2.5 2.5h-6A2.5 2.5 0 0 1 9 17.5v-6A2.5 2.5 0 0 1 11.5 9zM15 6A2 2 0 0 0 13 4H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2"
    #[doc = "Link."]
    LINK "M10 14a4.2 4.2 0 0 0 6.2.3l2.7-2.7a4.2 4.2 0 0 0-6-6l-1.3 1.4M14 10a4.2 4.2 0 0 0-6.2-.3l-2.7 2.7a4.2 4.2 0 0 0 6 6l1.3-1.4"
    #[doc = "Keyboard."]
    KEYBOARD "M5.5 6h13A2.5 2.5 0 0 1 21 8.5v7a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 15.5v-7A2.5 2.5 0 0 1 5.5 6zM7 10v.01M10.3 10v.01M13.7 10v.01M17 10v.01M8 14h8"
    #[doc = "Half light, half dark."]
    HALF "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 3v18M15.5 7v10M18.5 9.5v5"
    #[doc = "Settings."]
    SLIDERS "M4 7h9M17 7h3M15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM4 17h3M11 17h9M9 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"
    #[doc = "Leave."]
    LEAVE "M14 7V6a2.5 2.5 0 0 0-2.5-2.5h-5A2.5 2.5 0 0 0 4 6v12a2.5 2.5 0 0 0 2.5 2.5h5A2.5 2.5 0 0 0 14 18v-1M9.5 12H21M17.5 8.5L21 12l-3.5 3.5"
    #[doc = "Arrow down."]
    ARROW_DOWN "M12 5v13.5M6 12.5l6 6 6-6"
    #[doc = "Arrow up."]
    ARROW_UP "M12 19V5.5M6 11.5l6-6 6 6"
    #[doc = "People."]
    USERS "M9 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5zM2.5 20v-.5A4.5 4.5 0 0 1 7 15h4a4.5 4.5 0 0 1 4.5 4.5v.5M15.5 4.3a3.75 3.75 0 0 1 0 6.9M18 15.3a4.5 4.5 0 0 1 3.5 4.2v.5"
    #[doc = "A flag."]
    FLAG "M5.5 21V4.5M5.5 5c4-2.2 8.5 2.2 13 0v9c-4.5 2.2-9-2.2-13 0"
    #[doc = "Globe."]
    GLOBE "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c2.5 2.4 3.8 5.4 3.8 9s-1.3 6.6-3.8 9c-2.5-2.4-3.8-5.4-3.8-9S9.5 5.4 12 3z"
    #[doc = "Reply."]
    REPLY "M9.5 6L4 11.5 9.5 17M4 11.5h9.5a6.5 6.5 0 0 1 6.5 6.5v.5"
    #[doc = "Forward."]
    FORWARD "M14.5 6l5.5 5.5-5.5 5.5M20 11.5h-9.5A6.5 6.5 0 0 0 4 18v.5"
    #[doc = "Edit."]
    EDIT "M4.5 19.5l.9-4.4L15.7 4.8a2.05 2.05 0 0 1 2.9 0l.6.6a2.05 2.05 0 0 1 0 2.9L8.9 18.6zM13.5 7l3.5 3.5"
    #[doc = "Pin."]
    PIN "M12 15.5V21M8 4h8l-.8 6 2.8 3.2v2.3H6v-2.3L8.8 10z"
    #[doc = "Unpin."]
    UNPIN "M12 15.5V21M9.5 4H16l-.8 6 2.8 3.2v2.3h-3M8.9 9.2L8.8 10 6 13.2v2.3h8.5M4 4l16 16"
    #[doc = "Several pins."]
    PINS "M5 7h.01M9 7h10M5 12h.01M9 12h10M5 17h.01M9 17h10"
    #[doc = "Earlier versions."]
    HISTORY "M4.2 13a8 8 0 1 0 2.2-6.7L4 8.7M4 4v4.7h4.7M12 8v4.5l3 1.8"
    #[doc = "Take back."]
    RECALL "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.7 5.7l12.6 12.6"
    #[doc = "Choose."]
    SELECT "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 12.3l2.5 2.5 4.5-5"
    #[doc = "A day."]
    CALENDAR "M6.5 5h11A2.5 2.5 0 0 1 20 7.5v10a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 17.5v-10A2.5 2.5 0 0 1 6.5 5zM4 10h16M8 3v4M16 3v4"
    #[doc = "Shield."]
    SHIELD "M12 3.5l7 2.6v5.4c0 4.3-2.9 7.3-7 9-4.1-1.7-7-4.7-7-9V6.1z"
    #[doc = "Key."]
    KEY "M8 20a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM10.9 13.1L19.5 4.5M15.5 8.5l3 3"
    #[doc = "Mute."]
    MUTE "M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM16 9.5l5 5M21 9.5l-5 5"
    #[doc = "Sound."]
    SOUND "M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11"
    #[doc = "Ban."]
    BAN "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.7 5.7l12.6 12.6"
    #[doc = "Archive."]
    ARCHIVE "M4 5h16v4H4zM5.5 9v10h13V9M10 13h4"
    #[doc = "Unread."]
    UNREAD "M20 12v4a3 3 0 0 1-3 3H9l-5 3V8a3 3 0 0 1 3-3h6M18 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
    #[doc = "Smile."]
    SMILE "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.3 14.2a4.6 4.6 0 0 0 7.4 0M9 9.6v.01M15 9.6v.01"
    #[doc = "Notes."]
    NOTES "M6 3.5h12V20.5l-6-4.5-6 4.5zM9.5 8h5M9.5 11.5h5"
    #[doc = "QR code."]
    QR "M4.5 4.5H10V10H4.5zM14 4.5h5.5V10H14zM4.5 14H10v5.5H4.5zM14 14v2.5h2.5M19.5 14v.01M19.5 17.5v2H17M14 19.5v.01"
    #[doc = "Trash."]
    TRASH "M4 7h16M9 7V5.5A1.5 1.5 0 0 1 10.5 4h3A1.5 1.5 0 0 1 15 5.5V7M6 7l.7 11.1a2 2 0 0 0 2 1.9h6.6a2 2 0 0 0 2-1.9L18 7M10 11v5M14 11v5"
}

/// A path of waves: begins at `from`, rises by the curve `first`, goes on for `more` times `width`.
fn waves(from: &str, first: &str, width: u32, more: usize) -> String {
    format!("M{from}q{first}t{}", format!("{width} 0 ").repeat(more))
}

/// A line of small waves, as long as there is room for it.
#[must_use]
pub(crate) fn ripple() -> AnyView {
    view! {
        <svg class="unread-line__wave" aria-hidden="true">
            <path d=waves("0 4", "6-5.5 12 0", 12, 40) />
        </svg>
    }
    .into_any()
}

/// The sea at the foot of a page, and above it the line that its last wave left.
#[must_use]
pub(crate) fn sea() -> AnyView {
    let water = format!("{}v400H0z", waves("0 28", "80-24 160 0", 160, 23));
    view! {
        <svg class="welcome__sea" aria-hidden="true">
            <path class="welcome__line" d=waves("-272 14", "80-24 160 0", 160, 25) />
            <path class="welcome__water" d=water />
        </svg>
    }
    .into_any()
}

/// An icon of the usual size. It says nothing to screen readers: whoever holds it has a name.
#[must_use]
pub(crate) fn icon(icon: Icon) -> AnyView {
    svg(icon, "icon")
}

/// A small icon.
#[must_use]
pub(crate) fn small_icon(icon: Icon) -> AnyView {
    svg(icon, "icon icon--sm")
}

/// An icon with classes of its own.
#[must_use]
pub(crate) fn svg(icon: Icon, class: &'static str) -> AnyView {
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <path d=icon.0></path>
        </svg>
    }
    .into_any()
}

/// The mark of Tideline; its colours come from the theme.
#[must_use]
pub(crate) fn mark() -> AnyView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
            <path
                class="mark__sand"
                d="M3 15.6C7 12.4 11 12.4 16 15.2S25 18 29 14.6A13 13 0 0 0 3 15.6z"
            ></path>
            <path
                class="mark__sea"
                d="M3.2 18.4C7.2 15.2 11.2 15.2 16 17.9S25 20.7 28.8 17.6A13 13 0 0 1 11.5 27.7Q8.7 29.3 5 29.4 6.7 27.3 6.4 24.2A13 13 0 0 1 3.2 18.4z"
            ></path>
        </svg>
    }
    .into_any()
}
