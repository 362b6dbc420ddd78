//! What a system needs to install the app: the manifest says it, and the files are there as it says. The browser's
//! bars have the ground's colour, in the manifest and in the page.

use std::path::{Path, PathBuf};

use serde_json::Value;

const MANIFEST: &str = include_str!("../static/manifest.webmanifest");
const PAGE: &str = include_str!("../index.html");

fn manifest() -> Value {
    serde_json::from_str(MANIFEST).expect("JSON")
}

fn static_file(address: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("static").join(address.trim_start_matches('/'))
}

/// Width and height of a PNG, from its first chunk.
fn pixels(path: &Path) -> (u32, u32) {
    let bytes = std::fs::read(path).expect("a file");
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{}", path.display());
    let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    (side(16), side(20))
}

#[test]
fn the_manifest_says_what_a_system_asks_for() {
    let manifest = manifest();
    for (name, value) in [
        ("name", "Tideline"),
        ("short_name", "Tideline"),
        ("display", "standalone"),
        ("start_url", "/"),
        ("scope", "/"),
        ("id", "/"),
    ] {
        assert_eq!(manifest[name], value, "{name}");
    }
    let share = &manifest["share_target"];
    assert_eq!((&share["action"], &share["method"]), (&"/share".into(), &"POST".into()));
    assert_eq!(share["params"]["files"][0]["name"], "files", "as frontend/sw.js reads it");
    assert!(PAGE.contains("<link rel=\"manifest\" href=\"/manifest.webmanifest\">"));
}

#[test]
fn every_icon_is_there_and_as_large_as_it_says() {
    let manifest = manifest();
    let icons = manifest["icons"].as_array().expect("icons");
    let text = |icon: &Value, name: &str| icon[name].as_str().unwrap_or_default().to_owned();
    for icon in icons {
        let (src, sizes, kind) = (text(icon, "src"), text(icon, "sizes"), text(icon, "type"));
        let path = static_file(&src);
        match kind.as_str() {
            "image/png" => {
                let (width, height) = pixels(&path);
                assert_eq!(sizes, format!("{width}x{height}"), "{src}");
            }
            "image/svg+xml" => {
                let drawing = std::fs::read_to_string(&path).expect("a file");
                assert!(drawing.contains("<svg") && drawing.contains("viewBox"), "{src}");
                assert_eq!(sizes, "any", "{src}");
            }
            other => panic!("{src} is {other}"),
        }
    }
    let has = |size: &str, purpose: &str| {
        icons.iter().any(|icon| {
            text(icon, "sizes") == size && text(icon, "purpose").split(' ').any(|it| it == purpose)
        })
    };
    // What Chromium asks for to install, and what Android cuts its shapes of.
    assert!(has("192x192", "any") && has("512x512", "any") && has("512x512", "maskable"));
    // Apple's systems read no manifest for it, and look for this name.
    assert_eq!(pixels(&static_file("apple-touch-icon.png")), (180, 180));
}

#[test]
fn what_the_system_draws_has_the_colours_of_the_ground() {
    let manifest = manifest();
    let bright =
        PAGE.split("data-of=\"light\"").nth(1).and_then(|it| it.split("content=\"").nth(1));
    let bright = bright.and_then(|it| it.split('"').next()).expect("a colour");
    for name in ["theme_color", "background_color"] {
        assert_eq!(manifest[name], bright, "{name}");
    }
}
