use super::{COLUMN, Line, PITCH, page};
use crate::layout::drawing::{Area, Drawing};
use crate::layout::extent::Extent;
use crate::layout::figures::{boxes, hold};

const PAGE: [f32; 2] = [600.0, 800.0];

/// Box around the first rows of a drawn page, this many columns wide.
fn around(lines: &[Line], columns: f32) -> Extent {
    let [top, bottom] = [lines.first(), lines.last()].map(|line| line.map_or(0.0, |line| line.baseline));
    Extent {
        left: 0.0,
        bottom: bottom - PITCH,
        right: columns * COLUMN,
        top: top + PITCH,
    }
}

fn of_area(extent: Extent) -> Drawing {
    Drawing {
        areas: vec![Area {
            extent,
            fill: None,
            edged: true,
            order: 0,
        }],
        ..Drawing::default()
    }
}

#[test]
fn a_box_of_labels_is_a_drawing_and_one_of_sentences_is_not() {
    let labels = page("Nature\n\n\n    Bay\n\n   Harbour");
    let found = boxes(&of_area(around(&labels, 30.0)), &labels, PAGE);
    assert_eq!(found.len(), 1);
    assert!(labels.iter().all(|line| hold(&found, line)));
    let text = page("Nature\n\nThe water of the bay rises twice a day and falls as often\n\nHarbour");
    assert_eq!(boxes(&of_area(around(&text, 80.0)), &text, PAGE), []);
}

#[test]
fn a_title_that_fills_its_box_is_no_label() {
    let title = page("\n\nNature\n\n\n\n");
    let large: Vec<Line> = title
        .iter()
        .cloned()
        .map(|line| Line { size: 40.0, ..line })
        .collect();
    let extent = Extent {
        left: 0.0,
        bottom: 600.0,
        right: 200.0,
        top: 700.0,
    };
    assert_eq!(boxes(&of_area(extent), &title, PAGE).len(), 1);
    assert_eq!(boxes(&of_area(extent), &large, PAGE), []);
}

#[test]
fn shapes_that_are_close_to_each_other_are_one_drawing() {
    let labels = page("Nature\n\n\n    Bay\n\n   Harbour");
    let shape = |left: f32, bottom: f32| Extent {
        left,
        bottom,
        right: left + 15.0,
        top: bottom + 15.0,
    };
    let row = |step: f32| -> Drawing {
        let places = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        Drawing {
            shapes: places
                .iter()
                .map(|place| shape(place * step, 620.0 + 8.0 * place))
                .collect(),
            ..Drawing::default()
        }
    };
    assert_eq!(boxes(&row(16.0), &labels, PAGE).len(), 1);
    assert_eq!(boxes(&row(70.0), &labels, PAGE), []);
    assert_eq!(boxes(&Drawing::default(), &labels, PAGE), []);
}
