//! Words of a page, whatever it draws: each is in one cell, or is left.

use proptest::prelude::*;

use super::{rule, word};
use crate::ir::inlines_text;
use crate::layout::drawing::{Area, Drawing, Rule};
use crate::layout::extent::Extent;
use crate::layout::tables::{Found, find};
use crate::layout::word::Word;

/// Words near the places of a table, some of them moved.
fn words() -> impl Strategy<Value = Vec<Word>> {
    let place = (
        0_u8..8,
        0_u8..14,
        -6.0_f32..6.0,
        prop_oneof![Just(0.0_f32), -8.0_f32..8.0],
        any::<bool>(),
    );
    let places = prop::collection::vec(place, 0..90);
    places.prop_map(|places| {
        let numbered = places.into_iter().enumerate();
        let words = numbered.map(|(number, (column, row, across, up, bold))| {
            let text = format!("{}w{number}", if bold { "*" } else { "" });
            word(
                &text,
                f32::from(column) * 60.0 + across,
                f32::from(row) * 14.0 + up,
            )
        });
        words.collect()
    })
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let line = (any::<bool>(), 0_u8..15, 0_u8..10, 1_u8..10, -1.0_f32..1.0);
    let lines = prop::collection::vec(line, 0..40);
    lines.prop_map(|lines| {
        let rules = lines.into_iter().map(|(horizontal, at, start, length, slip)| {
            let unit = if horizontal { 60.0 } else { 14.0 };
            let (from, to) = (
                f32::from(start) * unit - 5.0,
                f32::from(start + length) * unit - 5.0,
            );
            if horizontal {
                let y = f32::from(at) * 14.0 - 4.0 + slip;
                rule([from, y], [to, y])
            } else {
                let x = f32::from(at) * 60.0 - 5.0 + slip;
                rule([x, from], [x, to])
            }
        });
        rules.collect()
    })
}

fn areas() -> impl Strategy<Value = Vec<Area>> {
    let area = (0_u8..8, 0_u8..14, 1_u8..6, 1_u8..6, any::<bool>());
    let areas = prop::collection::vec(area, 0..12);
    areas.prop_map(|areas| {
        let areas = areas.into_iter().map(|(column, row, width, height, edged)| Area {
            extent: Extent {
                left: f32::from(column) * 60.0 - 5.0,
                bottom: f32::from(row) * 14.0 - 4.0,
                right: f32::from(column + width) * 60.0 - 5.0,
                top: f32::from(row + height) * 14.0 - 4.0,
            },
            fill: Some([200, 200, 200]),
            edged,
            order: 0,
        });
        areas.collect()
    })
}

/// Numbers of the words in the cells and in the rest, in ascending order.
fn numbers(found: &Found) -> Vec<usize> {
    let cells = found.tables.iter().flat_map(|found| &found.table.cells);
    let texts = cells.map(|cell| inlines_text(&cell.inlines));
    let texts: Vec<String> = texts
        .chain(found.rest.iter().map(|word| word.text.clone()))
        .collect();
    let parts = texts.iter().flat_map(|text| text.split('w').skip(1));
    let mut numbers: Vec<usize> = parts.filter_map(|part| part.trim().parse().ok()).collect();
    numbers.sort_unstable();
    numbers
}

proptest! {
    #[test]
    fn every_word_is_in_one_cell_or_left(words in words(), rules in rules(), areas in areas()) {
        let expected: Vec<usize> = (0..words.len()).collect();
        let found = find(words, &Drawing { rules, areas, ..Drawing::default() });
        prop_assert_eq!(numbers(&found), expected);
    }

    #[test]
    fn cells_of_a_table_do_not_overlap(words in words(), rules in rules(), areas in areas()) {
        for found in find(words, &Drawing { rules, areas, ..Drawing::default() }).tables {
            let mut places: Vec<(u32, u32)> = Vec::new();
            for cell in &found.table.cells {
                for row in cell.row..cell.row + cell.row_span {
                    places.extend((cell.column..cell.column + cell.column_span).map(|column| (row, column)));
                }
            }
            let count = places.len();
            places.sort_unstable();
            places.dedup();
            prop_assert_eq!(places.len(), count);
        }
    }
}
