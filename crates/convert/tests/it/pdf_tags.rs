//! Tags of a PDF: used where they cover the page and agree with its geometry.

use ilios_convert::{Input, Limits, NoOcr, Options, convert};

use crate::pdf_objects::{pdf, stream};

/// Piece of content: role of its mark or `Artifact`, place, text. Its MCID is its position.
type Piece<'a> = (&'a str, [u32; 2], &'a str);

/// Converts a page of these pieces, whose structure is below `Document`. Objects of the structure begin with number 6; the
/// page is number 3.
fn read(pieces: &[Piece<'_>], structure: &[&str]) -> String {
    let mut content = String::new();
    for (mcid, (role, [x, y], text)) in pieces.iter().enumerate() {
        let begin = match *role {
            "" => String::new(),
            "Artifact" => "/Artifact BMC ".to_owned(),
            role => format!("/{role} <</MCID {mcid}>> BDC "),
        };
        let end = if role.is_empty() { "" } else { "EMC " };
        content.push_str(&format!("{begin}BT /F 10 Tf {x} {y} Td ({text}) Tj ET {end}"));
    }
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R/StructTreeRoot<</K 6 0 R/RoleMap<</Ueberschrift/H2>>>>/MarkInfo<</Marked true>>>>"
            .to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".to_owned(),
        stream("", &content),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    objects.extend(structure.iter().map(|object| (*object).to_owned()));
    let bytes = pdf(&objects);
    let input = Input {
        bytes: &bytes,
        name: "a.pdf",
    };
    convert(input, &Options::default(), &Limits::default(), &mut NoOcr)
        .unwrap()
        .markdown()
}

#[test]
fn headings_have_the_level_of_their_tags() {
    let markdown = read(
        &[
            ("H1", [72, 700], "Tides of the bay"),
            (
                "P",
                [72, 686],
                "The first text of the page is set in the size of its heading.",
            ),
            ("H2", [72, 672], "Spring tides"),
            (
                "P",
                [72, 658],
                "The second text of the page is set in the size of its heading.",
            ),
        ],
        &[
            "<</S/Document/K[7 0 R 8 0 R 9 0 R 10 0 R]>>",
            "<</S/H1/Pg 3 0 R/K 0>>",
            "<</S/P/Pg 3 0 R/K 1>>",
            "<</S/Ueberschrift/Pg 3 0 R/K 2>>",
            "<</S/P/Pg 3 0 R/K 3>>",
        ],
    );
    assert_eq!(
        markdown,
        "# Tides of the bay\n\nThe first text of the page is set in the size of its heading.\n\n\
         ## Spring tides\n\nThe second text of the page is set in the size of its heading.\n"
    );
}

#[test]
fn lists_nest_as_their_tags_do() {
    let markdown = read(
        &[
            ("Lbl", [72, 700], "1."),
            ("LBody", [90, 700], "Tides that rise"),
            ("Lbl", [90, 686], "1."),
            ("LBody", [108, 686], "by day"),
            ("Lbl", [72, 672], "2."),
            ("LBody", [90, 672], "Tides that fall"),
        ],
        &[
            "<</S/L/K[7 0 R 11 0 R]>>",
            "<</S/LI/Pg 3 0 R/K[8 0 R 9 0 R]>>",
            "<</S/Lbl/Pg 3 0 R/K 0>>",
            "<</S/LBody/Pg 3 0 R/K[1 10 0 R]>>",
            "<</S/L/K[14 0 R]>>",
            "<</S/LI/Pg 3 0 R/K[12 0 R 13 0 R]>>",
            "<</S/Lbl/Pg 3 0 R/K 4>>",
            "<</S/LBody/Pg 3 0 R/K 5>>",
            "<</S/LI/Pg 3 0 R/K[15 0 R 16 0 R]>>",
            "<</S/Lbl/Pg 3 0 R/K 2>>",
            "<</S/LBody/Pg 3 0 R/K 3>>",
        ],
    );
    assert_eq!(markdown, "1. Tides that rise\n   1. by day\n2. Tides that fall\n");
}

#[test]
fn cells_stand_where_their_tags_say() {
    let markdown = read(
        &[
            ("TH", [72, 700], "Bay"),
            ("TH", [150, 700], "Tides"),
            ("TD", [72, 686], "North"),
            ("TD", [200, 686], "late"),
        ],
        &[
            "<</S/Table/K[7 0 R 8 0 R]>>",
            "<</S/TR/K[9 0 R 10 0 R]>>",
            "<</S/TR/K[11 0 R 12 0 R 13 0 R]>>",
            "<</S/TH/Pg 3 0 R/K 0>>",
            "<</S/TH/Pg 3 0 R/K 1/A<</O/Table/ColSpan 2>>>>",
            "<</S/TD/Pg 3 0 R/K 2>>",
            "<</S/TD>>",
            "<</S/TD/Pg 3 0 R/K 3>>",
        ],
    );
    assert!(markdown.contains("colspan=\"2\">Tides"), "{markdown}");
    assert!(
        markdown.contains("<td>North</td><td></td><td>late</td>"),
        "{markdown}"
    );
}

#[test]
fn artifacts_at_the_edges_are_furniture() {
    let pieces: &[Piece<'_>] = &[
        ("Artifact", [72, 780], "Yearbook of the harbour"),
        ("P", [72, 700], "The only text of the page stands in the middle."),
        ("Artifact", [300, 20], "7"),
    ];
    let structure = &["<</S/P/Pg 3 0 R/K 1>>"];
    assert_eq!(
        read(pieces, structure),
        "The only text of the page stands in the middle.\n"
    );
}

#[test]
fn tags_that_leave_text_out_or_contradict_the_page_are_not_used() {
    let lines = [
        (
            "H1",
            [72, 700],
            "The first line of the page ends with a full stop.",
        ),
        (
            "P",
            [72, 686],
            "The second line of the page does so too, as all of them.",
        ),
        (
            "P",
            [72, 672],
            "The third line of the page is as long as the others are.",
        ),
    ];
    // Without the third line; in the reverse order.
    let partly: &[&str] = &[
        "<</S/Document/K[7 0 R 8 0 R]>>",
        "<</S/H1/Pg 3 0 R/K 0>>",
        "<</S/H1/Pg 3 0 R/K 1>>",
    ];
    let reversed: &[&str] = &[
        "<</S/Document/K[7 0 R 8 0 R 9 0 R]>>",
        "<</S/H1/Pg 3 0 R/K 2>>",
        "<</S/H1/Pg 3 0 R/K 1>>",
        "<</S/P/Pg 3 0 R/K 0>>",
    ];
    for structure in [partly, reversed] {
        let markdown = read(&lines, structure);
        assert!(markdown.starts_with("The first line"), "{markdown}");
        assert!(!markdown.contains('#'), "{markdown}");
    }
}

#[test]
fn a_word_is_in_the_text_once_whatever_the_tags_say() {
    // Two elements claim the first piece, and one piece is in no table cell.
    let markdown = read(
        &[
            ("P", [72, 700], "alpha"),
            ("P", [72, 640], "beta"),
            ("P", [72, 580], "gamma"),
        ],
        &[
            "<</S/Document/K[7 0 R 8 0 R 9 0 R]>>",
            "<</S/P/Pg 3 0 R/K 0>>",
            "<</S/Table/Pg 3 0 R/K[0 1]>>",
            "<</S/P/Pg 3 0 R/K[2 2]>>",
        ],
    );
    for word in ["alpha", "beta", "gamma"] {
        assert_eq!(markdown.matches(word).count(), 1, "{word}: {markdown}");
    }
}
