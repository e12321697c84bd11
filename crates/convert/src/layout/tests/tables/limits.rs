//! Pages that are too large to search, and damaged ones.

use super::{drawn, rule, word};
use crate::layout::drawing::Drawing;
use crate::layout::tables::find;

#[test]
fn a_page_of_too_many_words_has_no_table() {
    let words: Vec<_> = (0..100_000_u32)
        .map(|number| {
            let row = f32::from(u16::try_from(number / 100).unwrap_or(0));
            let column = f32::from(u16::try_from(number % 100).unwrap_or(0));
            word("12", column * 40.0, row * 12.0)
        })
        .collect();
    let found = find(words, &Drawing::default());
    assert!(found.tables.is_empty());
    assert_eq!(found.rest.len(), 100_000);
}

#[test]
fn a_drawing_of_too_many_rules_bounds_no_table() {
    let (words, mut drawing) = drawn(
        "
+------+------+
| one  | two  |
+------+------+
| six  | ten  |
+------+------+",
    );
    let line = |number: u16| {
        let at = f32::from(number) * 0.01;
        rule([at, 0.0], [at, 900.0])
    };
    assert_eq!(find(words.clone(), &drawing).tables.len(), 1);
    drawing.rules.extend((0..50_000).map(line));
    let found = find(words, &drawing);
    assert!(found.tables.is_empty());
    assert_eq!(found.rest.len(), 4);
}

#[test]
fn numbers_that_are_none_bound_no_table() {
    let (mut words, mut drawing) = drawn(
        "
+------+------+
| one  | two  |
+------+------+
| six  | ten  |
+------+------+",
    );
    for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        words.push(word("lost", number, 700.0));
        words.push(word("lost", 10.0, number));
        drawing.rules.push(rule([number, 0.0], [0.0, number]));
    }
    let found = find(words, &drawing);
    assert_eq!(found.tables.len(), 1);
    assert_eq!(found.rest.len(), 6);
}
