//! The picture for the README: a few of our figures beside those of others, as bars.
//!
//! An SVG that a page shows as an image has no colours of the page, so it asks the system for light or dark.

use std::fmt::Write as _;

use crate::peers::{PEERS, SUBJECTS};
use crate::performance::{RUNTIMES, figure_of, shown};
use crate::saved::Saved;

/// What is drawn: the place among the [`SUBJECTS`], and in which direction is better.
const PANELS: [(usize, &str); 4] = [
    (0, "Direct message, there (ms, less is better)"),
    (1, "20 pairs at once (messages/s, more is better)"),
    (4, "Group of 100 (deliveries/s, more is better)"),
    (8, "Idle connection (KiB, less is better)"),
];

const WIDTH: u32 = 760;
const PANEL: u32 = 380;
const NAMES: u32 = 126;
const BARS: u32 = 180;
const LINE: u32 = 20;
const TITLE: u32 = 34;

/// A bar.
struct Bar {
    name: String,
    value: f64,
    ours: bool,
}

/// All panels, two beside each other.
pub(crate) fn draw(medians: &[Saved]) -> String {
    let panels = PANELS.map(|(subject, title)| (title, bars(medians, subject)));
    let lines = panels.iter().map(|(_, bars)| bars.len() as u32).max().unwrap_or_default();
    let height = TITLE + lines * LINE + 18;
    let whole = height * (PANELS.len() as u32).div_ceil(2);
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {whole}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Tideline beside other messengers on the same machine">
<style>
text {{ fill: #1f2933 }} .title {{ font-weight: 600 }} .ours {{ fill: #0b7285 }} .others {{ fill: #adb5bd }}
@media (prefers-color-scheme: dark) {{
text {{ fill: #e9ecef }} .ours {{ fill: #3bc9db }} .others {{ fill: #5c6770 }}
}}
</style>
"#
    );
    for (n, (title, bars)) in panels.iter().enumerate() {
        let n = n as u32;
        panel(&mut svg, (n % 2 * PANEL, n / 2 * height), title, bars);
    }
    svg.push_str("</svg>\n");
    svg
}

/// Ours and theirs, as far as there are figures; of two figures, the first.
fn bars(medians: &[Saved], subject: usize) -> Vec<Bar> {
    let Some(subject) = SUBJECTS.get(subject) else { return Vec::new() };
    let (scenario, figure) = subject.ours[0];
    let ours = RUNTIMES.iter().filter_map(|runtime| {
        let value = figure_of(medians, scenario, runtime, figure)?;
        Some(Bar { name: format!("Tideline, {runtime}"), value, ours: true })
    });
    let peers = PEERS.iter().zip(subject.peers).filter_map(|(name, figures)| {
        let first = figures.split(" / ").next()?.replace(',', "");
        Some(Bar { name: (*name).to_owned(), value: first.parse().ok()?, ours: false })
    });
    ours.chain(peers).collect()
}

fn panel(svg: &mut String, (x, y): (u32, u32), title: &str, bars: &[Bar]) {
    let most = bars.iter().map(|bar| bar.value).fold(f64::MIN_POSITIVE, f64::max);
    let _ = writeln!(svg, r#"<text class="title" x="{x}" y="{}">{title}</text>"#, y + 18);
    for (n, Bar { name, value, ours }) in bars.iter().enumerate() {
        let top = y + TITLE + n as u32 * LINE;
        let (start, base) = (x + NAMES, top + 11);
        let width = (value / most * f64::from(BARS)).max(1.0);
        let class = if *ours { "ours" } else { "others" };
        let end = f64::from(start) + width + 6.0;
        let _ = writeln!(
            svg,
            r#"<text x="{}" y="{base}" text-anchor="end">{name}</text><rect class="{class}" x="{start}" y="{top}" width="{width:.1}" height="14" rx="2"/><text x="{end:.1}" y="{base}">{}</text>"#,
            start - 6,
            shown(*value)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saved::tests::row;

    #[test]
    fn a_picture_has_a_bar_for_each_figure() {
        let svg = draw(&[row("direct 20", "bare", ("messages a second", 2_324.0))]);
        assert_eq!(svg.matches("class=\"ours\"").count(), 1);
        let full = format!(r#"width="{BARS}.0" height"#);
        // The longest of its panel is prosody's; ours is as long as the floor's.
        assert_eq!(svg.matches(&full).count(), PANELS.len());
        assert!(svg.contains("2,324</text>") && svg.contains("prefers-color-scheme"), "{svg}");
    }
}
