use super::{PITCH, line, line_of, outline, page, run};
use crate::layout::Line;
use crate::layout::paragraphs::group_lines;

fn check(name: &str, drawing: &str, expected: &[&str]) {
    assert_eq!(outline(&group_lines(page(drawing))), expected, "{name}");
}

#[test]
fn gaps_part_paragraphs() {
    check(
        "a gap",
        "
One paragraph that has several lines which
all reach the margin or nearly so, with a
last one that is short.

Another paragraph, which stands below a gap
and ends here.",
        &[
            "p: One paragraph that has several lines which / all reach the margin or nearly so, with a / last one that is short.",
            "p: Another paragraph, which stands below a gap / and ends here.",
        ],
    );
}

#[test]
fn first_line_indents_part_paragraphs() {
    check(
        "indents",
        "
    The first paragraph has an indent and
goes on at the left edge for some lines of
text before it comes to its end right here
    The second one has the same indent and
goes on at the left edge as the first did.",
        &[
            "p: The first paragraph has an indent and / goes on at the left edge for some lines of / text before it comes to its end right here",
            "p: The second one has the same indent and / goes on at the left edge as the first did.",
        ],
    );
}

#[test]
fn hanging_indents_part_entries() {
    check(
        "hanging indents",
        "
Adams, B.: A title that is long enough for
    a second line of the entry, and for one
    more below it.
Brown, C.: Another title, also of some good
    length, so that it hangs as well.",
        &[
            "p: Adams, B.: A title that is long enough for / a second line of the entry, and for one / more below it.",
            "p: Brown, C.: Another title, also of some good / length, so that it hangs as well.",
        ],
    );
}

#[test]
fn captions_references_and_entries_begin_blocks() {
    check(
        "cues",
        "
The text above a figure ends with its stop.
Figure 3. The harbour at low tide, as seen
from the lighthouse.
[1] Adams, B.: A title of the first entry.
[2] Brown, C.: A title of the second one.

1 Introduction ........................ 4
2 Methods ............................. 9",
        &[
            "p: The text above a figure ends with its stop.",
            "p: Figure 3. The harbour at low tide, as seen / from the lighthouse.",
            "p: [1] Adams, B.: A title of the first entry.",
            "p: [2] Brown, C.: A title of the second one.",
            "p: 1 Introduction ........................ 4",
            "p: 2 Methods ............................. 9",
        ],
    );
}

#[test]
fn headings_of_two_lines_are_one_block() {
    check(
        "headings",
        "
#A heading of the report that is so long
#that it needs two lines
Text below it begins another block, as all
text does.",
        &[
            "h1: A heading of the report that is so long / that it needs two lines",
            "p: Text below it begins another block, as all / text does.",
        ],
    );
}

#[test]
fn code_keeps_its_lines_and_its_gaps() {
    check(
        "code",
        "
Text before the listing stands on its own.
`fn main() {
`    let answer = 42;

`    println!(\"{answer}\");
`}
Text after it is a block of its own again.",
        &[
            "p: Text before the listing stands on its own.",
            "code: fn main() { / let answer = 42; / println!(\"{answer}\"); / }",
            "p: Text after it is a block of its own again.",
        ],
    );
}

#[test]
fn centred_lines_are_one_block() {
    check(
        "centred",
        "
      Proceedings of the harbour office
          for the year of the flood
              in two volumes",
        &["p: Proceedings of the harbour office / for the year of the flood / in two volumes"],
    );
}

/// Two lines at a column, the first at height `top`.
fn column(left: usize, top: f32, texts: [&str; 2]) -> impl Iterator<Item = Line> + use<> {
    let [first, second] = texts;
    [line(left, top, first), line(left, top - PITCH, second)].into_iter()
}

#[test]
fn a_sentence_goes_on_at_the_top_of_the_next_column() {
    let first = [
        "The left column ends in the middle of",
        "a sentence that the right column then",
    ];
    for (second, blocks) in [
        (["finishes at its top, as the small letter", "shows."], 1),
        (["Begins another sentence with a capital", "letter."], 2),
    ] {
        let lines = column(0, 112.0, first).chain(column(60, 700.0, second)).collect();
        assert_eq!(group_lines(lines).len(), blocks, "{second:?}");
    }
}

#[test]
fn another_size_begins_a_block() {
    for (size, blocks) in [(10.0, 1), (10.8, 1), (8.0, 2), (12.0, 2)] {
        let mut lines = page(
            "
These lines would be one paragraph if all
of them had one size.",
        );
        for line in lines.iter_mut().skip(1) {
            line.size = size;
        }
        assert_eq!(group_lines(lines).len(), blocks, "{size}");
    }
}

#[test]
fn rotated_text_is_a_block_of_its_own() {
    let mut lines = page(
        "
Text of the page that is followed by a line
of rotated text, such as a stamp.",
    );
    for run in lines.iter_mut().skip(1).flat_map(|line| &mut line.runs) {
        run.rotated = true;
    }
    assert_eq!(group_lines(lines).len(), 2);
}

#[test]
fn no_lines_are_no_blocks() {
    assert!(group_lines(Vec::new()).is_empty());
}

#[test]
fn a_label_keeps_the_text_beside_it() {
    // A label and its text are two runs of the first line; the second line stands under the text.
    let label = [
        run(0, "Note:"),
        run(12, "the harbour is closed during storms of more"),
    ];
    let mut lines: Vec<Line> = line_of(label.to_vec(), 112.0).into_iter().collect();
    lines.push(line(12, 100.0, "than nine on the scale that is in use here."));
    assert_eq!(group_lines(lines).len(), 1);
    let far = vec![
        line(0, 112.0, "A line of the left column that is long"),
        line(12, 100.0, "and one that begins far to the right."),
    ];
    assert_eq!(group_lines(far).len(), 2);
}

#[test]
fn a_title_is_one_block_although_its_lines_end_early() {
    check(
        "bold title",
        "
*Rules for the use of the harbour
*And of the basins
Text that is not bold and fills the column.",
        &[
            "p: Rules for the use of the harbour / And of the basins",
            "p: Text that is not bold and fills the column.",
        ],
    );
}
