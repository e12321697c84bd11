use super::{outline, page};
use crate::layout::headings::promote_bold;
use crate::layout::paragraphs::group_lines;

fn check(name: &str, drawing: &str, expected: &[&str]) {
    let mut blocks = group_lines(page(drawing));
    promote_bold(&mut blocks);
    assert_eq!(outline(&blocks), expected, "{name}");
}

#[test]
fn a_bold_line_over_text_is_a_heading() {
    check(
        "bold",
        "
*The tides of the bay

Text that is not bold stands below it.",
        &[
            "h3: The tides of the bay",
            "p: Text that is not bold stands below it.",
        ],
    );
}

#[test]
fn bold_capitals_are_a_heading_of_their_own_level() {
    check(
        "capitals",
        "
*ANNUAL REPORT

Text of the report.",
        &["h2: ANNUAL REPORT", "p: Text of the report."],
    );
}

#[test]
fn bold_lines_are_no_headings_in_a_row_at_the_end_or_as_something_else() {
    for (name, drawing) in [
        (
            "three in a row",
            "\n*One line\n\n*Another line\n\n*A third line\n\nText.",
        ),
        ("at the end", "\nText.\n\n*The last line"),
        ("a sentence", "\n*This is important.\n\nText."),
        ("a caption", "\n*Figure 3. The bay\n\nText."),
        ("a table's name", "\n*Table 3 Tides of the bay\n\nText."),
        ("code", "\n*let x = {1}\n\nText."),
        ("a small letter", "\n*continued from above\n\nText."),
        ("too short", "\n*No\n\nText."),
        ("figures", "\n*12 345 678 kg\n\nText."),
        (
            "too long",
            "\n*One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen\n\nText.",
        ),
    ] {
        let mut blocks = group_lines(page(drawing));
        promote_bold(&mut blocks);
        let outline = outline(&blocks);
        assert!(
            !outline.iter().any(|block| block.starts_with('h')),
            "{name}: {outline:?}"
        );
    }
}
