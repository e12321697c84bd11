use super::check_pages;

#[test]
fn listings_are_blocks_of_their_own() {
    check_pages(&[
        (
            "between paragraphs",
            "
Compile the program with this command:
`make harbour
The result is written to the folder of the build.",
            &[
                "p: Compile the program with this command:",
                "code: make harbour",
                "p: The result is written to the folder of the build.",
            ],
        ),
        (
            "below a heading",
            "
#Listing
`let tide = 4;
`let bay = 2;",
            &["h1: Listing", "code: let tide = 4; / let bay = 2;"],
        ),
        (
            "indented",
            "
`match tide {
`       High => open(),
`       Low => close(),
`}",
            &["code: match tide { / High => open(), / Low => close(), / }"],
        ),
    ]);
}

#[test]
fn code_that_looks_like_other_blocks_is_code() {
    check_pages(&[
        (
            "a comment like a heading, options like dashes, steps like numbers",
            "
`# install
`- name: harbour
`1. step
`2. step",
            &["code: # install / - name: harbour / 1. step / 2. step"],
        ),
        (
            "lines of full sentences",
            "
`The program prints this line.
`It prints this one, too.",
            &["code: The program prints this line. / It prints this one, too."],
        ),
    ]);
}

#[test]
fn a_large_gap_parts_two_listings() {
    check_pages(&[
        (
            "one blank line belongs to the program",
            "
`let tide = 4;

`let bay = 2;",
            &["code: let tide = 4; / let bay = 2;"],
        ),
        (
            "three blank lines do not",
            "
`let tide = 4;



`let bay = 2;",
            &["code: let tide = 4;", "code: let bay = 2;"],
        ),
    ]);
}
