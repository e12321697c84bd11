use super::check_pages;

#[test]
fn short_lines_stand_alone() {
    check_pages(&[
        (
            "the address of a letter",
            "
Harbour Office
Quay 4
12345 Baytown

Dear Sir or Madam,

thank you for your letter of last week, which
we have read with interest.",
            &[
                "p: Harbour Office",
                "p: Quay 4",
                "p: 12345 Baytown",
                "p: Dear Sir or Madam,",
                "p: thank you for your letter of last week, which / we have read with interest.",
            ],
        ),
        (
            "a question above its answer",
            "
When is the harbour closed?
During storms of more than nine on the scale.",
            &[
                "p: When is the harbour closed?",
                "p: During storms of more than nine on the scale.",
            ],
        ),
        (
            "a last line that ends early, without gap and indent",
            "
The first paragraph fills its lines up to the end
and then ends early.
The second one begins without a gap above it and
without an indent.",
            &[
                "p: The first paragraph fills its lines up to the end / and then ends early.",
                "p: The second one begins without a gap above it and / without an indent.",
            ],
        ),
    ]);
}

#[test]
fn sentences_are_not_torn_apart() {
    check_pages(&[
        (
            "a sentence about a figure",
            "
The wall is shown on the opposite page, where the
Figure 3 is the newest one of all and shows also
the lighthouse.",
            &[
                "p: The wall is shown on the opposite page, where the / Figure 3 is the newest one of all and shows also / the lighthouse.",
            ],
        ),
        (
            "a sentence that ends with the number of a table",
            "
The heights of the tides are all given in what is
Table 2. It also has the names of all the basins.",
            &[
                "p: The heights of the tides are all given in what is / Table 2. It also has the names of all the basins.",
            ],
        ),
        (
            "a name at the start of a line",
            "
The report was read to the whole office by Doctor
Adams, who had written it during the last winter.",
            &[
                "p: The report was read to the whole office by Doctor / Adams, who had written it during the last winter.",
            ],
        ),
        (
            "an abbreviation at the end of a line",
            "
The fee for boats of up to ten metres is now approx.
four crowns a night, which is as much as last year.",
            &[
                "p: The fee for boats of up to ten metres is now approx. / four crowns a night, which is as much as last year.",
            ],
        ),
    ]);
}

#[test]
fn quotations_stand_apart_from_the_text() {
    check_pages(&[(
        "indented on the left",
        "
The keeper wrote in his book of that year what
everybody had seen from the shore:

    The waves came over the northern wall and
    carried two boats away.

Nobody was hurt, as the harbour was empty then
and the crews were at home.",
        &[
            "p: The keeper wrote in his book of that year what / everybody had seen from the shore:",
            "p: The waves came over the northern wall and / carried two boats away.",
            "p: Nobody was hurt, as the harbour was empty then / and the crews were at home.",
        ],
    )]);
}

#[test]
fn entries_begin_and_end_by_their_wording() {
    check_pages(&[
        (
            "contents of two levels",
            "
1 Introduction ............................... 1
  1.1 The harbour ............................ 2
  1.2 The bay ................................ 5
2 Methods .................................... 9",
            &[
                "p: 1 Introduction ............................... 1",
                "p: 1.1 The harbour ............................ 2",
                "p: 1.2 The bay ................................ 5",
                "p: 2 Methods .................................... 9",
            ],
        ),
        (
            "an entry of two lines",
            "
3 The history of the harbour and of its basins
from the beginning to our days ............. 12
4 Index .................................... 40",
            &[
                "p: 3 The history of the harbour and of its basins / from the beginning to our days ............. 12",
                "p: 4 Index .................................... 40",
            ],
        ),
        (
            "references without a hanging indent",
            "
[1] Adams, B.: The harbours of the northern coast
and their history. Baytown 1987.
[2] Brown, C.: Tides. Baytown 1990.",
            &[
                "p: [1] Adams, B.: The harbours of the northern coast / and their history. Baytown 1987.",
                "p: [2] Brown, C.: Tides. Baytown 1990.",
            ],
        ),
        (
            "captions of a figure and of a table one below the other",
            "
Figure 1. The harbour as seen from the lighthouse.
Table 1. Heights of the tides in the northern bay.",
            &[
                "p: Figure 1. The harbour as seen from the lighthouse.",
                "p: Table 1. Heights of the tides in the northern bay.",
            ],
        ),
    ]);
}
