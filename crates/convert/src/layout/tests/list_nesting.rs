use super::check_pages;

#[test]
fn depth_follows_the_left_edges_down_and_up_again() {
    check_pages(&[
        (
            "three levels of bullets",
            "
\u{2022} Ships
    \u{2022} Sail
        \u{2022} Sloops
        \u{2022} Ketches
    \u{2022} Steam
\u{2022} Boats",
            &[
                "- Ships",
                "  - Sail",
                "    - Sloops",
                "    - Ketches",
                "  - Steam",
                "- Boats",
            ],
        ),
        (
            "from the third level back to the first",
            "
\u{2022} Ships
    \u{2022} Sail
        \u{2022} Sloops
\u{2022} Boats",
            &["- Ships", "  - Sail", "    - Sloops", "- Boats"],
        ),
        (
            "numbers below a bullet",
            "
\u{2022} Before you leave
    1. pay the fee
    2. sign the book
\u{2022} After you have left",
            &[
                "- Before you leave",
                "  1. pay the fee",
                "  2. sign the book",
                "- After you have left",
            ],
        ),
        (
            "letters below a number",
            "
1. Before you leave:
    a) pay the fee
    b) sign the book
2. After you have left",
            &[
                "1. Before you leave:",
                "   - a) pay the fee",
                "   - b) sign the book",
                "2. After you have left",
            ],
        ),
    ]);
}

#[test]
fn labels_of_different_width_are_of_one_level() {
    check_pages(&[(
        "numbers aligned on the right",
        "
 8. Pay the fee.
 9. Sign the book.
10. Leave the quay.",
        &["8. Pay the fee.", "9. Sign the book.", "10. Leave the quay."],
    )]);
}

#[test]
fn a_list_goes_on_behind_what_interrupts_it() {
    check_pages(&[
        (
            "gaps between the items",
            "
1. The first point takes a line.

2. The second point takes another.

3. The third ends the list.",
            &[
                "1. The first point takes a line.",
                "2. The second point takes another.",
                "3. The third ends the list.",
            ],
        ),
        (
            "a paragraph between two items",
            "
1. Moor the boat at the quay.
2. Pay the fee at the office.

The office is closed at night, so that boats which
come late pay in the morning.

3. Leave the quay before noon.",
            &[
                "1. Moor the boat at the quay.",
                "2. Pay the fee at the office.",
                "p: The office is closed at night, so that boats which / come late pay in the morning.",
                "3. Leave the quay before noon.",
            ],
        ),
    ]);
}

#[test]
fn the_lines_of_an_item_stay_together() {
    check_pages(&[
        (
            "hanging below the text of a dash",
            "
Bring these things with you:
\u{2013} a lamp that is bright enough to be seen from
  far away
\u{2013} a rope",
            &[
                "p: Bring these things with you:",
                "- a lamp that is bright enough to be seen from / far away",
                "- a rope",
            ],
        ),
        (
            "without a hanging indent",
            "
1. The first point is so long that it needs more
than one line of the column.
2. The second point is long as well and goes on
below its number.",
            &[
                "1. The first point is so long that it needs more / than one line of the column.",
                "2. The second point is long as well and goes on / below its number.",
            ],
        ),
        (
            "a nested item of two lines",
            "
\u{2022} Ships
    \u{2022} Sail, of which there are more in the harbour
      than of any other kind
    \u{2022} Steam",
            &[
                "- Ships",
                "  - Sail, of which there are more in the harbour / than of any other kind",
                "  - Steam",
            ],
        ),
        (
            "text behind the list",
            "
\u{2022} apples
\u{2022} pears

All of them grow near the harbour.",
            &["- apples", "- pears", "p: All of them grow near the harbour."],
        ),
    ]);
}
