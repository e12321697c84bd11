use super::{line, outline};
use crate::layout::paragraphs::group_lines;

/// Line of a page: column, baseline, text.
type Placed<'a> = (usize, f32, &'a str);

fn check(name: &str, lines: &[Placed<'_>], expected: &[&str]) {
    let lines = lines
        .iter()
        .map(|&(column, baseline, text)| line(column, baseline, text))
        .collect();
    assert_eq!(outline(&group_lines(lines)), expected, "{name}");
}

#[test]
fn a_sentence_goes_on_over_three_columns() {
    check(
        "three columns",
        &[
            (0, 112.0, "The first column ends in the"),
            (0, 100.0, "middle of a sentence that the"),
            (40, 700.0, "second column takes up, which"),
            (40, 688.0, "does not end it either, so that"),
            (80, 700.0, "only the third one has its full"),
            (80, 688.0, "stop."),
        ],
        &[
            "p: The first column ends in the / middle of a sentence that the / second column takes up, which / does not end it either, so that / only the third one has its full / stop.",
        ],
    );
}

#[test]
fn a_finished_sentence_ends_with_its_column() {
    check(
        "small letter behind a full stop",
        &[
            (0, 112.0, "The left column ends with the end"),
            (0, 100.0, "of its sentence, as it should do."),
            (40, 700.0, "eBooks are the subject of the next"),
            (40, 688.0, "paragraph."),
        ],
        &[
            "p: The left column ends with the end / of its sentence, as it should do.",
            "p: eBooks are the subject of the next / paragraph.",
        ],
    );
}

#[test]
fn an_item_goes_on_at_the_top_of_the_next_column() {
    check(
        "item",
        &[
            (0, 112.0, "\u{2022} an item at the end of the left"),
            (2, 100.0, "column, which is so long that it"),
            (42, 700.0, "needs a line of the right column."),
            (40, 676.0, "Text behind the list stands below it."),
        ],
        &[
            "- an item at the end of the left / column, which is so long that it / needs a line of the right column.",
            "p: Text behind the list stands below it.",
        ],
    );
}

#[test]
fn single_lines_of_one_row_are_blocks_of_their_own() {
    check(
        "a form",
        &[
            (0, 600.0, "Name of the boat:"),
            (40, 600.0, "the seagull"),
            (0, 570.0, "Name of the owner:"),
            (40, 570.0, "Adams"),
        ],
        &[
            "p: Name of the boat:",
            "p: the seagull",
            "p: Name of the owner:",
            "p: Adams",
        ],
    );
}

#[test]
fn a_label_at_the_end_of_a_column_is_not_torn_into_the_next() {
    check(
        "a single line below",
        &[
            (0, 100.0, "Continued on the next page"),
            (40, 700.0, "which shows the tides of the bay"),
        ],
        &[
            "p: Continued on the next page",
            "p: which shows the tides of the bay",
        ],
    );
}
