//! `/kit` shows every component with its states: what `src/kit` offers stands in its gallery.

const OFFERED: &str = include_str!("../src/kit/mod.rs");
const GALLERY: &str = concat!(
    include_str!("../src/kit/gallery/mod.rs"),
    include_str!("../src/kit/gallery/controls.rs"),
    include_str!("../src/kit/gallery/content.rs"),
);

/// What a part of the page shows of its components, besides how they are at rest.
const STATES: [(&str, &[&str]); 8] = [
    ("buttons", &["Disabled", "ready, busy", "Pointed at, focused, pressed", "Icons alone"]),
    ("fields", &["wrong, WRONG", "failed.alert"]),
    ("still_fields", &["Disabled", "read only", "wrong", "Pointed at, focused, pressed"]),
    ("tab_rows", &["chosen", "Pointed at, focused, pressed", "Disabled"]),
    ("menus", &["Opens", "Pointed at, focused, pressed, disabled"]),
    ("list", &["Opens", "Pointed at, focused, chosen", "Unread", "Loading", "Empty"]),
    ("dialogs", &["failing and busy"]),
    ("avatars", &["Picture", "does not come"]),
];

/// What draws nothing by itself.
const NOT_DRAWN: [&str; 11] = [
    "effect",
    "live",
    "memo",
    "gallery",
    "pressed",
    "rows",
    "said",
    "submitted",
    "telling",
    "typed",
    "words",
];

/// The functions that the kit offers.
fn components() -> Vec<&'static str> {
    let offers = OFFERED.split("pub(crate) use ").skip(1).filter_map(|it| it.split_once(';'));
    let names = offers.flat_map(|(offer, _)| {
        let names = offer.split_once("::").map_or("", |(_, names)| names);
        names.split(['{', '}', ',']).map(str::trim)
    });
    let is_function = |name: &&str| name.starts_with(|first: char| first.is_ascii_lowercase());
    names.filter(is_function).filter(|name| !NOT_DRAWN.contains(name)).collect()
}

#[test]
fn every_component_of_the_kit_is_on_its_page() {
    let components = components();
    assert!(components.len() > 25, "{components:?}");
    let calls = |name: &&str| {
        let call = format!("{name}(");
        let mut before = GALLERY.match_indices(&call).map(|(at, _)| GALLERY[..at].chars().last());
        before.any(|last| last.is_none_or(|last| !last.is_alphanumeric() && last != '_'))
    };
    let missing: Vec<_> = components.into_iter().filter(|name| !calls(name)).collect();
    assert!(missing.is_empty(), "not in gallery.rs: {missing:?}");
}

#[test]
fn every_part_of_the_page_shows_its_states() {
    for (part, states) in STATES {
        let body = GALLERY.split_once(&format!("fn {part}(")).map(|(_, rest)| rest);
        let body = body.and_then(|rest| rest.split_once("\n}\n")).map_or("", |(body, _)| body);
        for state in states {
            assert!(body.contains(state), "{part} shows no `{state}`");
        }
    }
}
