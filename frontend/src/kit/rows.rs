//! Rows of a list that changes: each is drawn once, and lives as long as its key is there.

use std::sync::Arc;

use crate::kit::State;
use leptos::prelude::*;

/// A row: what it is known by, and how it is drawn.
#[derive(Clone)]
pub(crate) struct Row {
    key: String,
    draw: Arc<dyn Fn() -> AnyView + Send + Sync>,
}

impl Row {
    /// A row that `draw` draws when its key appears.
    pub(crate) fn new(key: String, draw: impl Fn() -> AnyView + Send + Sync + 'static) -> Self {
        Self { key, draw: Arc::new(draw) }
    }
}

/// The rows, in their order. Compiled once for all lists.
#[must_use]
pub(crate) fn rows(rows: State<Vec<Row>>) -> AnyView {
    view! {
        <For each=move || rows.get() key=|row| row.key.clone() let(row)>
            {(row.draw)()}
        </For>
    }
    .into_any()
}
