//! What is written can be read, and what is pressed can be seen: the contrast of the tokens, by the formula of
//! WCAG 2.2 (relative luminance), in both themes.

use std::collections::HashMap;

use tideline_frontend::present::tokens::{SHEET, tokens};

/// Least contrast of words (success criterion 1.4.3) and of what controls are known by (1.4.11).
const TEXT: f64 = 4.5;
const CONTROL: f64 = 3.0;

/// What lies below everything else, and what may lie between it and words.
const GROUNDS: [&str; 5] = ["ground", "surface", "raised", "selected", "bubble"];
const FILMS: [&str; 2] = ["hover", "pressed"];
/// Words that may stand on any ground.
const INKS: [&str; 2] = ["text", "text-muted"];

/// Words with the grounds that they have to themselves.
const WORDS: [(&str, &[&str]); 16] = [
    ("sea", &["ground", "surface", "raised", "sea-wash", "bubble", "bubble-own"]),
    ("danger", &["ground", "surface", "raised", "selected", "danger-wash", "bubble"]),
    ("sand-text", &["ground", "surface", "raised", "selected", "sand-wash"]),
    ("text", &["sand-wash", "sea-wash", "danger-wash", "bubble-own"]),
    ("text-muted", &["sand-wash", "sea-wash"]),
    ("text", &["selection"]),
    ("on-sea", &["sea", "sea-strong"]),
    ("on-sand", &["sand"]),
    ("on-danger", &["danger"]),
    ("bubble-meta", &["bubble"]),
    ("bubble-own-meta", &["bubble-own"]),
    ("on-toast", &["toast"]),
    ("toast-sea", &["toast"]),
    ("toast-danger", &["toast"]),
    ("code-ink", &["code-paper"]),
    ("sea-strong", &["ground", "surface", "raised"]),
];

/// Words inside of a bubble, and whose bubble: in a quote or in the card of a link, also while it is pointed at.
const IN_BUBBLES: [(&str, &[&str]); 4] = [
    ("text", &["bubble", "bubble-own"]),
    ("sea", &["bubble", "bubble-own"]),
    ("bubble-meta", &["bubble"]),
    ("bubble-own-meta", &["bubble-own"]),
];
const BUBBLE_FILMS: [&str; 2] = ["quote", "quote-hover"];

/// Outlines, marks and focus rings, and what they stand on.
const CONTROLS: [(&str, &[&str]); 5] = [
    ("outline", &["ground", "surface", "raised"]),
    ("sea", &["ground", "surface", "raised", "selected", "bubble", "bubble-own", "sand-wash"]),
    ("danger", &["ground", "surface", "raised"]),
    ("online", &["ground", "surface", "raised"]),
    ("toast-sea", &["toast"]),
];

type Colour = [f64; 4];

#[test]
fn words_can_be_read_on_whatever_they_stand() {
    let mut weak = Vec::new();
    for dark in [false, true] {
        let theme = theme(dark);
        let mut look = |ink: &str, ground: &str, film: Option<&str>| {
            let below = film.map_or(theme[ground], |film| over(theme[film], theme[ground]));
            check(&mut weak, TEXT, &theme, ink, below, &format!("{ground} {film:?}, dark {dark}"));
        };
        for (ink, grounds) in WORDS {
            grounds.iter().for_each(|ground| look(ink, ground, None));
        }
        for (ink, bubbles) in IN_BUBBLES {
            for bubble in bubbles {
                BUBBLE_FILMS.iter().for_each(|film| look(ink, bubble, Some(film)));
            }
        }
        for ink in INKS {
            for ground in GROUNDS {
                look(ink, ground, None);
                FILMS.iter().for_each(|film| look(ink, ground, Some(film)));
            }
        }
    }
    assert!(weak.is_empty(), "less than {TEXT} : 1\n{}", weak.join("\n"));
}

#[test]
fn controls_can_be_told_from_what_they_stand_on() {
    let mut weak = Vec::new();
    for dark in [false, true] {
        let theme = theme(dark);
        for (control, grounds) in CONTROLS {
            for ground in grounds {
                let place = format!("{ground}, dark {dark}");
                check(&mut weak, CONTROL, &theme, control, theme[*ground], &place);
            }
        }
    }
    assert!(weak.is_empty(), "less than {CONTROL} : 1\n{}", weak.join("\n"));
}

fn check(
    weak: &mut Vec<String>,
    least: f64,
    theme: &HashMap<String, Colour>,
    ink: &str,
    below: Colour,
    place: &str,
) {
    let ratio = contrast(over(theme[ink], below), below);
    if ratio < least {
        weak.push(format!("{ink} on {place}: {ratio:.2}"));
    }
}

#[test]
fn everybody_can_be_read_in_their_hue() {
    let hues: Vec<_> =
        SHEET.split("{ --hue: ").skip(1).filter_map(|it| it.split_once(';')).collect();
    assert_eq!(hues.len(), 12, "{hues:?}");
    let rule = SHEET.split_once("[data-hue] {").and_then(|(_, rest)| rest.split_once('}'));
    let (rule, _) = rule.expect("what hues decide");
    let mut weak = Vec::new();
    for dark in [false, true] {
        for (hue, _) in &hues {
            let rule = format!("{{{}}}", rule.replace("var(--hue, 215)", hue));
            let mut theme = theme(dark);
            theme.extend(colours(&rule, dark));
            for (ink, ground) in
                [("on-avatar", "avatar"), ("author", "bubble"), ("author", "ground")]
            {
                let place = format!("{ground}, hue {hue}, dark {dark}");
                check(&mut weak, TEXT, &theme, ink, theme[ground], &place);
            }
        }
    }
    assert!(weak.is_empty(), "less than {TEXT} : 1\n{}", weak.join("\n"));
}

/// What a colour begins with, where it is no token.
const RAW: [&str; 9] =
    ["oklch(", "oklab(", "lch(", "lab(", "rgb(", "rgba(", "hsl(", "hsla(", "color("];

#[test]
fn only_the_tokens_hold_colours() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut raw = Vec::new();
    for folder in ["style", "kit"].map(|name| folder.join(name)) {
        for file in std::fs::read_dir(folder).expect("a folder of styles") {
            let path = file.expect("a file").path();
            if path.ends_with("tokens.css") {
                continue;
            }
            let sheet = std::fs::read_to_string(&path).expect("text");
            let held = sheet.lines().filter(|line| has_colour(line));
            raw.extend(held.map(|line| format!("{}: {}", path.display(), line.trim())));
        }
    }
    assert!(raw.is_empty(), "not from tokens.css:\n{}", raw.join("\n"));
}

fn has_colour(line: &str) -> bool {
    let function = RAW.iter().any(|raw| {
        let mut before = line.match_indices(raw).map(|(at, _)| line[..at].chars().last());
        before.any(|last| last.is_none_or(|last| !last.is_alphanumeric() && last != '-'))
    });
    let value = line.split_once(':').map_or("", |(_, value)| value);
    let mut words = value.split([' ', ',', ';', '(', ')']);
    let named = |word: &str| {
        let hex = word.strip_prefix('#');
        hex.is_some_and(|hex| hex.len() >= 3 && hex.chars().all(|it| it.is_ascii_hexdigit()))
            || ["white", "black"].contains(&word)
    };
    function || words.any(named)
}

#[test]
fn a_colour_is_known_when_it_is_seen() {
    for line in ["color: oklch(1 0 0);", "border: 1px solid #fff;", "background: white;"] {
        assert!(has_colour(line), "{line}");
    }
    for line in ["color: var(--sea);", "white-space: pre;", "color-mix(in oklch, var(--sea), 5%)"] {
        assert!(!has_colour(line), "{line}");
    }
}

/// The colours of a theme.
fn theme(dark: bool) -> HashMap<String, Colour> {
    colours(SHEET, dark)
}

/// The colours of a sheet's first rule.
fn colours(sheet: &str, dark: bool) -> HashMap<String, Colour> {
    let colours = tokens(sheet).into_iter().filter_map(|(name, value)| {
        Some((name.trim_start_matches("--").to_owned(), colour(&value, dark)?))
    });
    colours.collect()
}

/// The colour that a value is, if it is one.
fn colour(value: &str, dark: bool) -> Option<Colour> {
    let both = value.strip_prefix("light-dark(").and_then(|it| it.strip_suffix(')'));
    let one = match both {
        None => value,
        Some(both) => {
            let (light, other) = both.split_once("),")?;
            if dark { other.trim() } else { light }
        }
    };
    let parts = one.strip_prefix("oklch(")?.trim_end_matches(')');
    let numbers: Result<Vec<f64>, _> =
        parts.split([' ', '/']).filter(|it| !it.is_empty()).map(str::parse).collect();
    match numbers.ok()?[..] {
        [l, c, h] => Some(srgb(l, c, h, 1.0)),
        [l, c, h, alpha] => Some(srgb(l, c, h, alpha)),
        _ => None,
    }
}

/// From Oklch to sRGB (CSS Color 4, section 8), cut to what a screen shows.
fn srgb(l: f64, c: f64, h: f64, alpha: f64) -> Colour {
    let (a, b) = (c * h.to_radians().cos(), c * h.to_radians().sin());
    let cube = |of: f64| of * of * of;
    let long = cube(l + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
    let medium = cube(l - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
    let short = cube(l - 0.089_484_177_5 * a - 1.291_485_548 * b);
    let linear = [
        4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701 * short,
    ];
    let [red, green, blue] = linear.map(|part| {
        let part = part.clamp(0.0, 1.0);
        if part <= 0.003_130_8 { 12.92 * part } else { 1.055 * part.powf(1.0 / 2.4) - 0.055 }
    });
    [red, green, blue, alpha]
}

/// A colour that lets some of the one below through, as screens mix them.
fn over([r, g, b, alpha]: Colour, below: Colour) -> Colour {
    let mix = |top: f64, at: usize| top * alpha + below[at] * (1.0 - alpha);
    [mix(r, 0), mix(g, 1), mix(b, 2), 1.0]
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance([red, green, blue, _]: Colour) -> f64 {
    let [red, green, blue] = [red, green, blue].map(|part| {
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[test]
fn the_formula_knows_black_and_white() {
    let (white, black) = (colour("oklch(1 0 0)", false), colour("oklch(0 0 0)", false));
    let ratio = white.zip(black).map_or(0.0, |(white, black)| contrast(white, black));
    assert!((ratio - 21.0).abs() < 0.01, "{ratio}");
}
