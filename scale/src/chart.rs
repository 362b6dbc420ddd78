//! Charts as SVG: lines over logarithmic axes, readable in both themes.

use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 380.0;
/// Around the plot: left, right, top, bottom.
const MARGIN: [f64; 4] = [70.0, 44.0, 44.0, 46.0];
const COLOURS: [&str; 4] = ["#0b7285", "#c2410c", "#6d28d9", "#4d7c0f"];

/// A line.
pub struct Line {
    /// What it is of.
    pub name: String,
    /// Its points.
    pub points: Vec<(f64, f64)>,
}

/// A chart.
pub struct Chart {
    /// What it shows.
    pub title: &'static str,
    /// What lies below it.
    pub across: &'static str,
    /// Decades from and to, across and up.
    pub decades: [(i32, i32); 2],
    /// How a value of the upward axis is written.
    pub label: fn(f64) -> String,
    /// The lines.
    pub lines: Vec<Line>,
}

impl Chart {
    /// The file.
    #[must_use]
    pub fn svg(&self) -> String {
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             font-family=\"system-ui, sans-serif\" font-size=\"12\">\n<title>{}</title>\n\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
             <text x=\"{}\" y=\"22\" font-size=\"15\" fill=\"#111\">{}</text>\n",
            self.title, MARGIN[0], self.title
        );
        self.grid(&mut svg);
        for (line, colour) in self.lines.iter().zip(COLOURS.into_iter().cycle()) {
            self.line(&mut svg, line, colour);
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn grid(&self, svg: &mut String) {
        let [left, right, top, bottom] = MARGIN;
        let [(from, to), (low, high)] = self.decades;
        for decade in from..=to {
            let (value, x) = (10f64.powi(decade), self.x(10f64.powi(decade)));
            let (end, below) = (HEIGHT - bottom, HEIGHT - bottom + 18.0);
            rule(svg, (x, top), (x, end));
            text(svg, (x, below), "middle", "#444", &people(value));
        }
        for decade in low..=high {
            let (value, y) = (10f64.powi(decade), self.y(10f64.powi(decade)));
            rule(svg, (left, y), (WIDTH - right, y));
            text(svg, (left - 8.0, y + 4.0), "end", "#444", &(self.label)(value));
        }
        text(svg, ((left + WIDTH - right) / 2.0, HEIGHT - 8.0), "middle", "#444", self.across);
    }

    fn line(&self, svg: &mut String, line: &Line, colour: &str) {
        let points: Vec<String> = line
            .points
            .iter()
            .map(|&(across, up)| format!("{:.1},{:.1}", self.x(across), self.y(up)))
            .collect();
        let points = points.join(" ");
        let _ = writeln!(
            svg,
            "<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>"
        );
        if let Some(&(across, up)) = line.points.last() {
            text(svg, (self.x(across) - 4.0, self.y(up) - 7.0), "end", colour, &line.name);
        }
    }

    fn x(&self, value: f64) -> f64 {
        let [left, right, ..] = MARGIN;
        place(value, self.decades[0]).mul_add(WIDTH - left - right, left)
    }

    fn y(&self, value: f64) -> f64 {
        let [.., top, bottom] = MARGIN;
        (1.0 - place(value, self.decades[1])).mul_add(HEIGHT - top - bottom, top)
    }
}

/// Where a value lies between two decades, from 0 to 1.
fn place(value: f64, (from, to): (i32, i32)) -> f64 {
    ((value.log10() - f64::from(from)) / f64::from(to - from)).clamp(0.0, 1.0)
}

fn rule(svg: &mut String, from: (f64, f64), to: (f64, f64)) {
    let (x, y, u, v) = (from.0, from.1, to.0, to.1);
    let _ = writeln!(
        svg,
        "<line x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{u:.1}\" y2=\"{v:.1}\" stroke=\"#ddd\"/>"
    );
}

fn text(svg: &mut String, at: (f64, f64), anchor: &str, colour: &str, words: &str) {
    let (x, y) = at;
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{words}</text>"
    );
}

/// A round number of people.
#[must_use]
pub fn people(number: f64) -> String {
    match number {
        n if n >= 1e9 => format!("{:.0} billion", n / 1e9),
        n if n >= 1e6 => format!("{:.0} million", n / 1e6),
        n => grouped(n),
    }
}

/// A whole number with commas.
#[must_use]
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_read_them() {
        assert_eq!(grouped(1_234_567.0), "1,234,567");
        assert_eq!(grouped(-123.0), "-123");
        assert_eq!(people(1e7), "10 million");
        assert_eq!(people(1e3), "1,000");
    }
}
