use super::{Line, line_of, outline, page, run};
use crate::layout::headings::promote_bold;
use crate::layout::line::Run;
use crate::layout::paragraphs::group_lines;

fn headings_of(lines: Vec<Line>) -> Vec<String> {
    let mut blocks = group_lines(lines);
    promote_bold(&mut blocks);
    let mut outline = outline(&blocks);
    outline.retain(|block| block.starts_with('h'));
    outline
}

#[test]
fn bold_lines_over_text_are_headings() {
    let cases: [(&str, &str, &[&str]); 9] = [
        (
            "a question",
            "\n*What is a tide?\n\nText that is not bold stands below the heading and fills its line.",
            &["h3: What is a tide?"],
        ),
        (
            "with a colon",
            "\n*Opening hours:\n\nText that is not bold stands below the heading and fills its line.",
            &["h3: Opening hours:"],
        ),
        (
            "with a number",
            "\n*3 Results\n\nText that is not bold stands below the heading and fills its line.",
            &["h3: 3 Results"],
        ),
        (
            "of another script",
            "\n*Гавань и приливы\n\nТекст.",
            &["h3: Гавань и приливы"],
        ),
        (
            "of fourteen words",
            "\n*One two three four five six seven eight nine ten eleven twelve thirteen fourteen\n\nText that is not bold stands below the heading and fills its line.",
            &["h3: One two three four five six seven eight nine ten eleven twelve thirteen fourteen"],
        ),
        (
            "of two lines",
            "\n*A heading in bold type that takes more than\n*one line of the page\n\nText that is not bold stands below the heading and fills its line.",
            &["h3: A heading in bold type that takes more than / one line of the page"],
        ),
        (
            "two in a row",
            "\n*Part one\n\n*The tides of the bay\n\nText that is not bold stands below the heading and fills its line.",
            &["h3: Part one", "h3: The tides of the bay"],
        ),
        (
            "one below capitals",
            "\n*CHAPTER 4\n\n*The tides of the bay\n\nText that is not bold stands below the heading and fills its line.",
            &["h2: CHAPTER 4", "h3: The tides of the bay"],
        ),
        (
            "each over its text",
            "\n*The bay\n\nText that is not bold stands below the heading and fills its line.\n\n*The harbour\n\nText that is not bold stands below the heading and fills its line.",
            &["h3: The bay", "h3: The harbour"],
        ),
    ];
    for (name, drawing, expected) in cases {
        assert_eq!(headings_of(page(drawing)), expected, "{name}");
    }
}

#[test]
fn other_bold_lines_are_no_headings() {
    for (name, drawing) in [
        ("a salutation", "\n*Dear colleagues,\n\nText."),
        ("a clause", "\n*The northern quay;\n\nText."),
        ("a divided word", "\n*The northern har-\n\nText."),
        ("an open bracket", "\n*The northern quay (\n\nText."),
        ("a quotation", "\n*\"The tide is high\"\n\nText."),
        ("an item", "\n*\u{2022} The northern quay\n\nText."),
        ("signs", "\n*\u{2192} \u{2192} \u{2192}\n\nText."),
    ] {
        assert!(headings_of(page(drawing)).is_empty(), "{name}");
    }
}

#[test]
fn the_bold_head_of_a_table_is_no_heading() {
    let cell = |column: usize, text: &str| Run {
        bold: true,
        ..run(column, text)
    };
    let head = vec![cell(0, "Harbour"), cell(20, "Height"), cell(40, "Time")];
    let mut lines: Vec<Line> = line_of(head, 700.0).into_iter().collect();
    lines.extend(line_of(
        vec![run(0, "Baytown"), run(20, "4 m"), run(40, "noon")],
        660.0,
    ));
    assert_eq!(lines.len(), 2);
    assert!(headings_of(lines).is_empty());
}

#[test]
fn a_heading_goes_on_in_bold_lines_that_continue_its_sentence() {
    for (name, drawing, expected) in [
        (
            "a small letter",
            "\n*Rules for the use of the harbour and\n*of its basins\nText of the rules.",
            "h2: Rules for the use of the harbour and / of its basins",
        ),
        (
            "a capital, in the same look",
            "\n*Rules for the use of the harbour\n*Baytown\nText of the rules.",
            "h2: Rules for the use of the harbour / Baytown",
        ),
        (
            "text that is not bold",
            "\n*Rules for the use of the harbour\nare given by the office.",
            "h2: Rules for the use of the harbour",
        ),
    ] {
        let mut lines = page(drawing);
        if let Some(first) = lines.first_mut() {
            first.level = 2;
        }
        let first = outline(&group_lines(lines)).into_iter().next();
        assert_eq!(first.as_deref(), Some(expected), "{name}");
    }
}

#[test]
fn headings_apart_from_each_other_keep_their_levels() {
    let mut lines = page("\n#The harbour\n\n\n#The quay\n\n\n#The lamp\n\nText.");
    for (line, level) in lines.iter_mut().zip([1, 2, 9]) {
        line.level = level;
    }
    assert_eq!(
        headings_of(lines),
        ["h1: The harbour", "h2: The quay", "h6: The lamp"]
    );
}
