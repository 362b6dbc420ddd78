//! SCALE.md is what the command writes.

use std::path::Path;

use tideline_scale::costs::Costs;
use tideline_scale::document;

#[test]
fn scale_md_and_its_charts_are_what_the_command_writes() {
    let costs = Costs::kept().expect("the file holds them");
    for (path, text) in document::files(&costs) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
        let kept = std::fs::read_to_string(file).unwrap_or_default();
        assert!(kept == text, "{path} is not what `cargo xtask scale --write` writes");
    }
}
