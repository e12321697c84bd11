use super::{outline, page};
use crate::layout::paragraphs::group_lines;

fn check(name: &str, drawing: &str, expected: &[&str]) {
    assert_eq!(outline(&group_lines(page(drawing))), expected, "{name}");
}

#[test]
fn bullets_are_items_and_their_lines_hang_below_the_text() {
    check(
        "bullets",
        "
\u{2022} The first item has so much text that it
  goes on in a second line.
\u{2022} The second one is short.",
        &[
            "- The first item has so much text that it / goes on in a second line.",
            "- The second one is short.",
        ],
    );
}

#[test]
fn numbers_count_with_a_sibling() {
    check(
        "numbers",
        "
1. Pour the water into the glass.
2. Add the salt.
3. Stir until it is clear.",
        &[
            "1. Pour the water into the glass.",
            "2. Add the salt.",
            "3. Stir until it is clear.",
        ],
    );
}

#[test]
fn a_number_at_the_start_of_a_line_of_text_is_text() {
    check(
        "a year",
        "
The harbour was built over several years and
2019. That was the year in which the storms
broke the northern wall.",
        &[
            "p: The harbour was built over several years and / 2019. That was the year in which the storms / broke the northern wall.",
        ],
    );
    check(
        "a number within a sentence",
        "
The harbour has three basins, of which number
2. is the oldest one and has the deepest water
of all.",
        &[
            "p: The harbour has three basins, of which number / 2. is the oldest one and has the deepest water / of all.",
        ],
    );
}

#[test]
fn nesting_follows_the_left_edges() {
    check(
        "nested",
        "
\u{2022} Fruit
    \u{2022} Apples
    \u{2022} Pears
\u{2022} Vegetables",
        &["- Fruit", "  - Apples", "  - Pears", "- Vegetables"],
    );
    check(
        "below a number",
        "
1. Fruit
    \u{2022} Apples
2. Vegetables",
        &["1. Fruit", "   - Apples", "2. Vegetables"],
    );
}

#[test]
fn letters_and_roman_numerals_stay_as_text() {
    check(
        "letters",
        "
Choose one of these:
a) the first answer
b) the second answer
c) the third answer",
        &[
            "p: Choose one of these:",
            "- a) the first answer",
            "- b) the second answer",
            "- c) the third answer",
        ],
    );
    check(
        "roman",
        "
The following holds:
(i) the first condition
(ii) the second condition",
        &[
            "p: The following holds:",
            "- (i) the first condition",
            "- (ii) the second condition",
        ],
    );
}

#[test]
fn a_single_letter_without_a_next_one_is_text() {
    check(
        "a name",
        "
The report was written by

A. Adams of the harbour office",
        &[
            "p: The report was written by",
            "p: A. Adams of the harbour office",
        ],
    );
}

#[test]
fn dashes_count_where_a_list_may_begin() {
    check(
        "after a colon",
        "
We need:
- bread
- butter",
        &["p: We need:", "- bread", "- butter"],
    );
    check(
        "a negative number",
        "
The temperature fell during the whole night to

- 12 degrees",
        &[
            "p: The temperature fell during the whole night to",
            "p: - 12 degrees",
        ],
    );
}

#[test]
fn a_heading_ends_a_list() {
    check(
        "heading between",
        "
1. The first of the list
2. The second of the list
#A heading
3. Text that is no item of that list any more",
        &[
            "1. The first of the list",
            "2. The second of the list",
            "h1: A heading",
            "3. Text that is no item of that list any more",
        ],
    );
}
