//! `/kit` shows every component: what `src/kit` offers stands in its gallery.

const OFFERED: &str = include_str!("../src/kit/mod.rs");
const GALLERY: &str = include_str!("../src/kit/gallery.rs");

/// What draws nothing by itself.
const NOT_DRAWN: [&str; 6] = ["effect", "live", "gallery", "pressed", "typed", "words"];

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
