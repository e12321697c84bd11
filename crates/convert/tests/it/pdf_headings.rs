//! Headings of a PDF that are told by more than their size, and what is none.

use ilios_convert::{Input, Limits, NoOcr, Options, convert};

use crate::pdf_objects::{pdf, stream};

/// Lines of text, as prose has them.
const PROSE: [&str; 3] = [
    "The water of the bay rises twice a day and falls as often, which",
    "the people of the harbour know by heart. They set their clocks by",
    "it, and it has never been late.",
];

/// Converts a page with this content; its fonts are `/R`, `/B`, `/I` and `/M`. Further objects begin with number 9.
fn read(catalog: &str, content: &str, objects: &[&str]) -> String {
    let font = |name: &str| format!("<</Type/Font/Subtype/Type1/BaseFont/{name}>>");
    let mut all = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</R 5 0 R/B 6 0 R/I 7 0 R/M 8 0 R>>>>>>"
            .to_owned(),
        stream("", content),
        font("Helvetica"),
        font("Helvetica-Bold"),
        font("Helvetica-Oblique"),
        font("Courier"),
    ];
    all.extend(objects.iter().map(|object| (*object).to_owned()));
    let bytes = pdf(&all);
    let input = Input {
        bytes: &bytes,
        name: "a.pdf",
    };
    convert(input, &Options::default(), &Limits::default(), &mut NoOcr)
        .unwrap()
        .markdown()
}

fn show(font: &str, size: u32, [x, y]: [u32; 2], text: &str) -> String {
    format!("BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET ")
}

/// Prose below a height.
fn prose(top: u32) -> String {
    let lines = (0..).zip(PROSE);
    lines
        .map(|(line, text)| show("R", 10, [72, top - 12 * line], text))
        .collect()
}

/// Headings of a page that has a line in a font over prose, twice.
fn headings(font: &str, line: &str) -> usize {
    let content = [
        prose(700),
        show(font, 10, [72, 640], line),
        prose(624),
        show(font, 10, [72, 560], line),
        prose(544),
    ];
    let markdown = read("", &content.concat(), &[]);
    markdown.lines().filter(|line| line.starts_with('#')).count()
}

#[test]
fn headings_in_the_size_of_the_text_are_told_by_their_look() {
    for (font, line) in [
        ("I", "Tides of the bay"),
        ("R", "TIDES OF THE BAY"),
        ("R", "2.1 Tides of the bay"),
        ("R", "IV. TIDES OF THE BAY"),
        ("R", "Appendix B"),
        ("B", "Tides of the bay"),
    ] {
        assert_eq!(headings(font, line), 2, "{line}");
    }
}

#[test]
fn lines_of_text_are_no_headings() {
    for (font, line) in [
        ("R", "Tides of the bay"),
        ("I", "as the tides of the bay"),
        ("I", "The tides of the bay rise."),
        ("I", "Figure 3. Tides of the bay"),
        ("R", "3. Tides of the bay"),
    ] {
        assert_eq!(headings(font, line), 0, "{line}");
    }
}

#[test]
fn titles_of_the_outline_are_headings() {
    let content = [
        prose(700),
        show("R", 10, [72, 640], "Tides of the bay"),
        prose(624),
    ]
    .concat();
    assert!(!read("", &content, &[]).contains('#'));
    let markdown = read(
        "/Outlines<</First 9 0 R>>",
        &content,
        &["<</Title(1 Tides of the Bay)/Dest[3 0 R/XYZ 72 652 0]>>"],
    );
    assert!(markdown.contains("\n## Tides of the bay\n"), "{markdown}");
}

#[test]
fn the_labels_of_a_drawing_are_no_headings() {
    let labels = [
        show("B", 16, [320, 640], "Nature"),
        show("R", 16, [430, 600], "Bay"),
        show("B", 16, [320, 560], "Harbour"),
    ]
    .concat();
    let text = [
        show("B", 16, [72, 730], "Tides of the bay"),
        prose(700),
        prose(400),
    ]
    .concat();
    let bare = read("", &[text.clone(), labels.clone()].concat(), &[]);
    assert!(bare.contains("# Harbour"), "{bare}");
    let curves: String = (0..8)
        .map(|part| {
            format!(
                "300 {} m 380 {} 420 500 480 {} c S ",
                540 + 14 * part,
                560 + 10 * part,
                650 - 10 * part
            )
        })
        .collect();
    let boxed = "300 540 200 130 re S ".to_owned();
    for drawing in [curves, boxed] {
        let markdown = read("", &[drawing, text.clone(), labels.clone()].concat(), &[]);
        let headings: Vec<&str> = markdown.lines().filter(|line| line.starts_with('#')).collect();
        assert_eq!(headings, ["# Tides of the bay"], "{markdown}");
        assert!(
            markdown.contains("Harbour") && markdown.contains("Nature"),
            "{markdown}"
        );
    }
}

#[test]
fn a_bold_title_of_two_lines_is_one_heading() {
    let content = [
        prose(700),
        show(
            "B",
            10,
            [72, 640],
            "9.5. The tides of the bay and the way in which they are changed by",
        ),
        show("B", 10, [72, 628], "Business Models"),
        prose(608),
    ];
    let markdown = read("", &content.concat(), &[]);
    assert!(markdown.contains("changed by Business Models\n"), "{markdown}");
}

#[test]
fn a_numbered_title_in_bold_is_no_list() {
    let content = [
        prose(700),
        show("R", 10, [72, 640], "5."),
        show("B", 10, [90, 640], "Natural dispersal"),
        prose(616),
    ];
    let markdown = read("", &content.concat(), &[]);
    assert!(markdown.contains("## 5. Natural dispersal\n"), "{markdown}");
}

#[test]
fn typewritten_text_is_prose_and_a_program_is_code() {
    let lines = |texts: &[&str]| -> String {
        let lines = (0..).zip(texts);
        lines
            .map(|(line, text)| show("M", 10, [72, 700 - 12 * line], text))
            .collect()
    };
    let letter = read("", &lines(&PROSE), &[]);
    assert!(!letter.contains("```"), "{letter}");
    let program = read(
        "",
        &lines(&[
            "fn main() {",
            "    let tide = bay(7);",
            "    println!(\"{tide}\");",
            "}",
        ]),
        &[],
    );
    assert!(program.contains("```"), "{program}");
}
