use super::check_pages;

#[test]
fn glyphs_begin_items() {
    check_pages(&[
        (
            "check boxes",
            "
\u{2610} pay the fee
\u{2611} sign the book",
            &["- pay the fee", "- sign the book"],
        ),
        (
            "a bullet without a space",
            "
\u{2022}apples
\u{2022}pears",
            &["- apples", "- pears"],
        ),
    ]);
}

#[test]
fn numbers_of_every_kind_begin_items() {
    check_pages(&[
        (
            "numbers with a bracket",
            "
1) pay the fee
2) sign the book",
            &["1) pay the fee", "2) sign the book"],
        ),
        (
            "numbers in brackets",
            "
The rules are:
(1) No boat may anchor here.
(2) No boat may stay at night.",
            &[
                "p: The rules are:",
                "- (1) No boat may anchor here.",
                "- (2) No boat may stay at night.",
            ],
        ),
        (
            "Roman numerals",
            "
The rules are:
i. No boat may anchor here.
ii. No boat may stay at night.
iii. No boat may sail at noon.",
            &[
                "p: The rules are:",
                "- i. No boat may anchor here.",
                "- ii. No boat may stay at night.",
                "- iii. No boat may sail at noon.",
            ],
        ),
    ]);
}

#[test]
fn signs_and_letters_begin_items_behind_a_colon() {
    check_pages(&[
        (
            "capital letters",
            "
Choose one of these:
A. the northern quay
B. the southern quay",
            &[
                "p: Choose one of these:",
                "- A. the northern quay",
                "- B. the southern quay",
            ],
        ),
        (
            "plus signs",
            "
We need:
+ bread
+ butter",
            &["p: We need:", "- bread", "- butter"],
        ),
    ]);
}

#[test]
fn lines_of_text_that_start_like_an_item_stay_text() {
    check_pages(&[
        (
            "a dash within a sentence",
            "
The keeper looked at the sea and said nothing more
\u{2013} which was as usual for him \u{2013} before he went back
into the house.",
            &[
                "p: The keeper looked at the sea and said nothing more / \u{2013} which was as usual for him \u{2013} before he went back / into the house.",
            ],
        ),
        (
            "an initial",
            "
The wall was designed by the engineers of the bay,
J. Smith and his brother.",
            &["p: The wall was designed by the engineers of the bay, / J. Smith and his brother."],
        ),
        (
            "an initial that is a Roman numeral",
            "
The tides were explained by the work of the famous
I. Newton, as everybody knows.",
            &["p: The tides were explained by the work of the famous / I. Newton, as everybody knows."],
        ),
        (
            "numbers of sections",
            "
1.1 Scope of these rules

1.2 Terms of these rules",
            &["p: 1.1 Scope of these rules", "p: 1.2 Terms of these rules"],
        ),
        (
            "a number carried over within an item",
            "
\u{2022} The harbour has a basin for ships of the class
  2. It is deeper than the others.
\u{2022} The quay is new.",
            &[
                "- The harbour has a basin for ships of the class / 2. It is deeper than the others.",
                "- The quay is new.",
            ],
        ),
        (
            "a decimal at the start of a line",
            "
The water rose within the hour by no less than all
3.5 metres, which nobody had seen before.",
            &[
                "p: The water rose within the hour by no less than all / 3.5 metres, which nobody had seen before.",
            ],
        ),
    ]);
}

#[test]
fn a_numbered_heading_is_no_item() {
    check_pages(&[(
        "two chapters",
        "
#1. Introduction
Text of the first chapter, which fills its line.
#2. Methods
Text of the second chapter, which fills its line.",
        &[
            "h1: 1. Introduction",
            "p: Text of the first chapter, which fills its line.",
            "h1: 2. Methods",
            "p: Text of the second chapter, which fills its line.",
        ],
    )]);
}
