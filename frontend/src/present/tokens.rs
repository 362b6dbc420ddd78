//! The tokens of the style sheet: what `/kit` shows of them and what tests hold them against.

/// `style/tokens.css`.
pub const SHEET: &str = include_str!("../../style/tokens.css");

/// What a token is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// A ground, an ink, a line.
    Colour,
    /// A distance.
    Space,
    /// A size of letters, or a face.
    Type,
    /// How round a corner is.
    Radius,
    /// How far something stands above the page.
    Elevation,
    /// How long a change takes, and how it goes.
    Motion,
    /// What one component is measured by.
    Measure,
}

impl Family {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Colour,
        Self::Space,
        Self::Type,
        Self::Radius,
        Self::Elevation,
        Self::Motion,
        Self::Measure,
    ];

    /// That of a token.
    #[must_use]
    pub fn of(name: &str, value: &str) -> Self {
        let name = name.trim_start_matches('-');
        let is_step = |rest: &str| rest.chars().all(|it| it.is_ascii_digit());
        match name.split_once('-') {
            Some(("shadow", _)) => Self::Elevation,
            Some(("radius", _)) => Self::Radius,
            _ if value.contains("oklch(") => Self::Colour,
            _ if name.starts_with("font") || name.starts_with("leading") => Self::Type,
            Some(("text", _)) => Self::Type,
            _ if ["fast", "calm", "ease"].contains(&name) => Self::Motion,
            _ if name.strip_prefix('s').is_some_and(is_step) => Self::Space,
            _ => Self::Measure,
        }
    }
}

/// The tokens of a sheet's first rule, in their order: name and value.
#[must_use]
pub fn tokens(sheet: &str) -> Vec<(String, String)> {
    let bare = without_comments(sheet);
    let rule = bare.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
    let declarations = rule.map_or("", |(rule, _)| rule).split(';');
    let parts = declarations.filter_map(|it| it.split_once(':'));
    let parts = parts.map(|(name, value)| (name.trim(), value));
    let parts = parts.filter(|(name, _)| name.starts_with("--"));
    let words = |value: &str| value.split_whitespace().collect::<Vec<_>>().join(" ");
    parts.map(|(name, value)| (name.to_owned(), words(value))).collect()
}

fn without_comments(sheet: &str) -> String {
    let mut parts = sheet.split("/*");
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once("*/").map_or("", |(_, rest)| rest));
    [first].into_iter().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_without_comments_and_line_breaks() {
        let sheet =
            ":root { color-scheme: dark; /* a: b; */ --a: 1px;\n --b:\n 0 1px\n 2px; } x {}";
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(tokens(sheet), [pair("--a", "1px"), pair("--b", "0 1px 2px")]);
    }

    #[test]
    fn each_family_has_tokens() {
        let all = tokens(SHEET);
        for family in Family::ALL {
            assert!(
                all.iter().any(|(name, value)| Family::of(name, value) == family),
                "{family:?}"
            );
        }
        for (name, family) in [
            ("--text", Family::Colour),
            ("--text-muted", Family::Colour),
            ("--text-md", Family::Type),
            ("--s4", Family::Space),
            ("--safe-top", Family::Measure),
        ] {
            let found = all.iter().find(|(of, _)| of == name).map(|(of, it)| Family::of(of, it));
            assert_eq!(found, Some(family), "{name}");
        }
    }
}
