use std::time::Duration;

use serde_json::Value;

use crate::cli::terminal::span;
use crate::model::printable;

const HEADINGS: [&str; 6] = ["TENANT", "ENGINE", "WAITING", "OLDEST", "RUNNING", "OLDEST"];

/// A queue as a table of text.
pub(super) struct Queue {
    /// Sums, in words.
    pub(super) summary: String,
    rows: Vec<[String; 6]>,
    /// True if it is of all tenants.
    of_all: bool,
}

impl Queue {
    /// The queue of an answer.
    pub(super) fn of(answer: &Value) -> Self {
        let groups = answer["groups"].as_array().map(Vec::as_slice).unwrap_or_default();
        let number = |of: &Value, name: &str| of[name].as_u64().unwrap_or_default();
        let age = |group: &Value, name: &str| {
            group[name]
                .as_u64()
                .map_or_else(|| "-".to_owned(), |seconds| span(Duration::from_secs(seconds)))
        };
        let row = |group: &Value| {
            let text = |name: &str| printable(group[name].as_str().unwrap_or("-")).into_owned();
            [
                text("tenant"),
                text("engine"),
                number(group, "pending").to_string(),
                age(group, "oldestPendingSeconds"),
                number(group, "processing").to_string(),
                age(group, "oldestProcessingSeconds"),
            ]
        };
        Self {
            summary: format!(
                "{} waiting, {} being converted",
                number(answer, "pending"),
                number(answer, "processing")
            ),
            rows: groups.iter().map(row).collect(),
            of_all: groups.iter().any(|group| group["tenant"].is_string()),
        }
    }

    /// Headings and rows, in columns.
    pub(super) fn lines(&self) -> Vec<String> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let headings = HEADINGS.map(str::to_owned);
        let all: Vec<&[String; 6]> = std::iter::once(&headings).chain(&self.rows).collect();
        let widths: Vec<usize> = (0..HEADINGS.len())
            .map(|column| {
                all.iter()
                    .map(|row| row[column].chars().count())
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let first = usize::from(!self.of_all);
        let line = |row: &&[String; 6]| {
            let cells = row.iter().zip(&widths).enumerate().skip(first);
            let cells = cells.map(|(column, (cell, width))| match column {
                0 | 1 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            cells.collect::<Vec<_>>().join("  ")
        };
        all.iter().map(line).collect()
    }

    /// Sums and table, each line ended.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", self.summary);
        for line in self.lines() {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }
}
