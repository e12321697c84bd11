//! Boxes of lines, and their places on the page as a viewer shows it.

use super::{COLUMN, SIZE, line, run};
use crate::ir::Region;
use crate::layout::extent::{Extent, Viewport};
use crate::layout::line::LEFT_TO_RIGHT;
use crate::layout::line::Line;

/// Page of 600 x 800 points whose visible part begins at 10, 20.
fn viewport(rotation: u16) -> Viewport {
    Viewport {
        page: 3,
        visible: Extent {
            left: 10.0,
            bottom: 20.0,
            right: 610.0,
            top: 820.0,
        },
        rotation,
    }
}

/// Box of 100 x 10 points whose upper left corner is at 50, 30 of the page before its turn.
const UPPER_LEFT: Extent = Extent {
    left: 60.0,
    bottom: 780.0,
    right: 160.0,
    top: 790.0,
};

#[test]
fn a_place_is_that_on_the_turned_page() {
    for (rotation, bbox, angle) in [
        (0, [50.0, 30.0, 150.0, 40.0], None),
        (90, [760.0, 50.0, 770.0, 150.0], Some(90.0)),
        (180, [450.0, 760.0, 550.0, 770.0], Some(180.0)),
        (270, [30.0, 450.0, 40.0, 550.0], Some(270.0)),
    ] {
        let region = viewport(rotation).region(UPPER_LEFT, LEFT_TO_RIGHT);
        let expected = Region {
            angle,
            ..Region::new(3, bbox)
        };
        assert_eq!(region, Some(expected), "{rotation}");
    }
}

#[test]
fn text_that_is_turned_against_the_page_is_upright() {
    for (rotation, direction, angle) in [
        (90, [0.0, 1.0], None),
        (270, [0.0, -1.0], None),
        (180, [-1.0, 0.0], None),
        (0, [0.0, 1.0], Some(270.0)),
        (0, [0.0, -1.0], Some(90.0)),
    ] {
        let region = viewport(rotation).region(UPPER_LEFT, direction);
        assert_eq!(
            region.and_then(|region| region.angle),
            angle,
            "{rotation} {direction:?}"
        );
    }
}

#[test]
fn a_box_ends_at_the_edge_of_the_page_and_is_a_number() {
    let beyond = Extent {
        left: -50.0,
        bottom: f32::NEG_INFINITY,
        right: f32::INFINITY,
        top: 5000.0,
    };
    let region = viewport(0).region(beyond, LEFT_TO_RIGHT);
    assert_eq!(region, Some(Region::new(3, [0.0, 0.0, 600.0, 800.0])));
    let nowhere = Extent {
        left: f32::NAN,
        ..UPPER_LEFT
    };
    assert_eq!(viewport(0).region(nowhere, LEFT_TO_RIGHT), None);
}

#[test]
fn lines_of_one_column_have_one_box_and_those_of_the_next_another() {
    let lines = [
        line(0, 120.0, "the first column"),
        line(0, 100.0, "goes on here"),
        line(40, 700.0, "and ends in the second"),
        line(40, 688.0, "column"),
    ];
    let extents = Extent::of_lines(&lines);
    let edges: Vec<(f32, f32)> = extents.iter().map(|extent| (extent.left, extent.right)).collect();
    assert_eq!(edges, [(0.0, 16.0 * COLUMN), (40.0 * COLUMN, 62.0 * COLUMN)]);
    assert!(extents[0].top >= 120.0 + 0.7 * SIZE && extents[0].bottom <= 98.0);
    assert!(extents[1].top >= 707.0 && extents[1].bottom <= 686.0);
}

#[test]
fn text_that_reads_upwards_has_its_length_in_height() {
    let mut label = run(0, "a label");
    (label.rotated, label.direction, label.ink_right) = (true, [0.0, 1.0], SIZE);
    let line = Line::new("a label".to_owned(), vec![label], 100.0, 0).unwrap();
    let extent = Extent::of_line(&line);
    assert!(extent.top > 120.0, "{extent:?}");
    assert!((extent.right - SIZE).abs() < 0.1);
}
