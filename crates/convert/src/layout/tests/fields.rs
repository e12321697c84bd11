use std::rc::Rc;

use super::{line, line_of, outline, run};
use crate::ir::FieldKind;
use crate::layout::Extent;
use crate::layout::fields::{FormField, group_lines};
use crate::layout::line::{Line, Run};

/// Field of a kind whose widget begins at a column.
fn field(kind: FieldKind, column: u16, value: &str) -> FormField {
    let left = f32::from(column) * super::COLUMN;
    FormField {
        kind,
        name: None,
        value: Some(value.to_owned()),
        checked: matches!(kind, FieldKind::Checkbox).then_some(true),
        options: Rc::default(),
        extent: Extent {
            left,
            bottom: 0.0,
            right: left + 100.0,
            top: 20.0,
        },
    }
}

fn value(column: usize, text: &str, number: u32) -> Run {
    Run {
        field: Some(number),
        ..run(column, text)
    }
}

fn of_runs(runs: Vec<Run>, baseline: f32) -> Line {
    line_of(runs, baseline).unwrap()
}

#[test]
fn labels_and_values_of_a_line_are_fields() {
    let fields = [
        field(FieldKind::Text, 10, "Ann"),
        field(FieldKind::Text, 40, "2 May"),
    ];
    let lines = vec![
        line(0, 130.0, "Please fill in."),
        of_runs(
            vec![
                run(0, "Name:"),
                value(10, "Ann", 0),
                run(30, "Date"),
                value(40, "2 May", 1),
            ],
            100.0,
        ),
    ];
    assert_eq!(
        outline(&group_lines(lines, &fields)),
        ["p: Please fill in.", "Name:: Ann", "Date: 2 May"]
    );
}

#[test]
fn values_go_on_in_the_lines_below() {
    let fields = [field(FieldKind::Text, 10, "one two\nthree")];
    let lines = vec![
        of_runs(vec![run(0, "Report:"), value(10, "one two", 0)], 100.0),
        of_runs(vec![value(10, "three", 0)], 88.0),
        line(0, 60.0, "The end."),
    ];
    assert_eq!(
        outline(&group_lines(lines, &fields)),
        ["Report:: one two\nthree", "p: The end."]
    );
}

#[test]
fn labels_may_stand_above() {
    let fields = [
        field(FieldKind::Text, 0, "Ann"),
        field(FieldKind::Text, 40, "Ulm"),
    ];
    let below = || of_runs(vec![value(0, "Ann", 0), value(40, "Ulm", 1)], 88.0);
    let labels = of_runs(vec![run(0, "First name"), run(40, "Town")], 104.0);
    assert_eq!(
        outline(&group_lines(vec![labels, below()], &fields)),
        ["First name: Ann", "Town: Ulm"]
    );
    let other = of_runs(
        vec![run(0, "First name"), run(40, "Town"), run(90, "Street")],
        104.0,
    );
    let kept = outline(&group_lines(vec![other, below()], &fields));
    assert!(kept.concat().contains("Street"), "{kept:?}");
}

#[test]
fn sentences_with_values_stay_text() {
    let fields = [field(FieldKind::Text, 3, "Ann")];
    for runs in [
        vec![run(0, "I,"), value(3, "Ann", 0), run(8, "declare")],
        vec![run(0, "I,"), value(3, "Ann", 0)],
    ] {
        let blocks = outline(&group_lines(vec![of_runs(runs, 100.0)], &fields));
        assert!(blocks[0].starts_with("p: I, Ann"), "{blocks:?}");
    }
}

#[test]
fn boxes_of_a_line_are_items() {
    let boxed = |column| field(FieldKind::Checkbox, column, "");
    let fields = [boxed(0), boxed(20)];
    let runs = vec![
        value(0, "☑", 0),
        run(2, "Fuel"),
        value(20, "☐", 1),
        run(22, "Ice"),
    ];
    let blocks = group_lines(vec![of_runs(runs, 100.0)], &fields);
    assert_eq!(outline(&blocks), ["- Fuel", "- Ice"]);
    assert!(blocks.iter().all(|block| block.field.is_some()));
}
