//! SCALE.md and its charts: the words are here, the figures are the model's.

mod compared;
mod tables;
mod words;

use crate::chart::{Chart, Line};
use crate::costs::Costs;
use crate::habits::PROFILES;
use crate::hottest;
use crate::model::Deployment;

pub use tables::{costs_table, deployment, sizes};

/// Numbers of people that the tables have.
pub const SIZES: [f64; 6] = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/// Every file, by its path in the repository.
#[must_use]
pub fn files(costs: &Costs) -> Vec<(&'static str, String)> {
    vec![
        ("SCALE.md", words::scale_md(costs)),
        ("docs/scale-cost.svg", cost_chart(costs).svg()),
        ("docs/scale-load.svg", load_chart(costs).svg()),
    ]
}

/// Numbers of people that lines are drawn through.
fn along() -> impl Iterator<Item = f64> {
    (0..=40).map(|step| 10f64.powf(2.0 + f64::from(step) * 0.15))
}

fn cost_chart(costs: &Costs) -> Chart {
    let lines = PROFILES.into_iter().map(|habits| Line {
        name: habits.name.to_owned(),
        points: along()
            .map(|users| (users, Deployment::new(users, habits, costs).month().paid() / users))
            .collect(),
    });
    Chart {
        title: "US dollars a month for each person",
        across: "people",
        decades: [(2, 8), (-3, 1)],
        label: |value| format!("${value}"),
        lines: lines.collect(),
    }
}

/// The share of what one object can do that is asked of the busiest ones of a community.
fn load_chart(costs: &Costs) -> Chart {
    let habits = &crate::habits::COMMUNITY;
    let at = |users| hottest::objects(&Deployment::new(users, habits, costs));
    let shown = [
        "busiest of the largest groups, requests",
        "shard of the directory, searches for people",
        "shard of the directory, requests",
        "the deployment's object",
    ];
    let lines = shown.into_iter().filter_map(|what| {
        let n = at(1e3).iter().position(|hot| hot.what == what)?;
        let points = along().map(|users| (users, at(users)[n].share())).collect();
        Some(Line { name: what.to_owned(), points })
    });
    Chart {
        title: "Of what one object can do, in a community's busiest hour",
        across: "people",
        decades: [(2, 8), (-5, 2)],
        label: |value| format!("{}%", (value * 1e5).round() / 1e3),
        lines: lines.collect(),
    }
}
