use super::furniture::{HEIGHT, left, page};
use crate::layout::furniture::PageRuns;

const TEXT: (f32, &str) = (600.0, "Text.");

/// Pages of which each has the text and one more line.
fn pages_with<'a>(lines: &[(f32, &'a str)]) -> Vec<PageRuns<'a>> {
    (1..)
        .zip(lines)
        .map(|(number, &line)| page(number, &[line, TEXT]))
        .collect()
}

/// Checks whether the line that each page has beside its text is removed from all of them.
fn check(name: &str, lines: &[(f32, &str)], removed: bool) {
    let count = if removed { 1 } else { 2 };
    let pages = pages_with(lines);
    assert!(left(&pages).iter().all(|texts| texts.len() == count), "{name}");
}

#[test]
fn one_line_of_each_page_is_furniture_if_it_repeats() {
    for (name, lines) in [
        ("three pages", [(780.0, "Harbour office"); 3]),
        ("at the bottom", [(20.0, "Confidential"); 3]),
        ("a date", [(780.0, "Baytown, 3 May 2024"); 3]),
        (
            "a number between dashes",
            [(20.0, "- 8 -"), (20.0, "- 9 -"), (20.0, "- 10 -")],
        ),
        (
            "a number of a total",
            [(20.0, "1/3"), (20.0, "2/3"), (20.0, "3/3")],
        ),
        (
            "a title with the number of the page",
            [
                (780.0, "8 The tides"),
                (780.0, "9 The tides"),
                (780.0, "10 The tides"),
            ],
        ),
        (
            "nearly one height",
            [
                (780.0, "Harbour office"),
                (781.5, "Harbour office"),
                (779.0, "Harbour office"),
            ],
        ),
    ] {
        check(name, &lines, true);
    }
}

#[test]
fn lines_that_differ_from_page_to_page_are_text() {
    for (name, lines) in [
        (
            "different heights",
            [
                (790.0, "Harbour office"),
                (770.0, "Harbour office"),
                (750.0, "Harbour office"),
            ],
        ),
        (
            "different titles",
            [(780.0, "The harbour"), (780.0, "The bay"), (780.0, "The tides")],
        ),
        (
            "figures of a table",
            [(20.0, "12 40 7"), (20.0, "11 38 9"), (20.0, "14 2 5")],
        ),
        (
            "one at the top, the others at the bottom",
            [
                (780.0, "Harbour office"),
                (20.0, "Harbour office"),
                (20.0, "Harbour office"),
            ],
        ),
    ] {
        check(name, &lines, false);
    }
}

#[test]
fn the_title_may_change_with_the_chapter() {
    let titles = ["The harbour", "The bay"].map(|title| vec![(780.0, title); 4]);
    assert_eq!(left(&pages_with(&titles.concat())), vec![vec!["Text."]; 8]);
}

#[test]
fn headers_of_two_lines_are_removed() {
    let lines = [(785.0, "Harbour office"), (773.0, "Annual report"), TEXT];
    let pages: Vec<PageRuns<'_>> = (1..=4).map(|number| page(number, &lines)).collect();
    assert_eq!(left(&pages), vec![vec!["Text."]; 4]);
}

#[test]
fn the_head_of_a_table_stays_below_the_header() {
    let rows = ["Baytown 4 m", "Northport 3 m", "Southport 5 m"];
    let pages: Vec<PageRuns<'_>> = (1..)
        .zip(rows)
        .map(|(number, row)| {
            let lines = [(785.0, "Harbour office"), (740.0, "Harbour Height"), (728.0, row)];
            page(number, &lines)
        })
        .collect();
    let expected = rows.map(|row| vec!["Harbour Height", row]);
    assert_eq!(left(&pages), expected);
}

#[test]
fn edges_are_those_of_the_visible_part_of_the_page() {
    let cropped = |(bottom, line): (f32, f32)| {
        let pages: Vec<PageRuns<'_>> = (1..=4)
            .map(|number| PageRuns {
                bottom,
                top: bottom + HEIGHT,
                ..page(number, &[(line, "Harbour office"), TEXT])
            })
            .collect();
        left(&pages).iter().all(|texts| *texts == ["Text."])
    };
    for (bottom, line, removed) in [
        (100.0, 885.0, true),
        (100.0, 120.0, true),
        (100.0, 780.0, false),
        (-100.0, 680.0, true),
        (-100.0, -80.0, true),
        (0.0, 680.0, false),
    ] {
        assert_eq!(cropped((bottom, line)), removed, "{bottom} {line}");
    }
}

#[test]
fn a_page_with_blank_runs_beside_its_header_keeps_it() {
    let lines = [(780.0, "Harbour office"), (600.0, "  ")];
    let pages: Vec<PageRuns<'_>> = (1..=4).map(|number| page(number, &lines)).collect();
    assert!(left(&pages).iter().all(|texts| texts.contains(&"Harbour office")));
}

#[test]
fn rotated_text_at_the_edge_stays() {
    let pages: Vec<PageRuns<'_>> = (1..=4)
        .map(|number| {
            let mut page = page(number, &[(780.0, "Draft copy"), TEXT]);
            for run in page.runs.iter_mut().take(1) {
                run.rotated = true;
            }
            page
        })
        .collect();
    assert_eq!(left(&pages), vec![vec!["Draft copy", "Text."]; 4]);
}

#[test]
fn the_runs_of_a_header_may_be_drawn_in_any_order() {
    let pages: Vec<PageRuns<'_>> = (1..=4)
        .map(|number| {
            let mut page = page(number, &[(780.0, "Harbour"), (780.5, "office"), TEXT]);
            for (run, left) in page.runs.iter_mut().zip([50.0, 100.0]) {
                run.left = left;
            }
            if number % 2 == 0 {
                page.runs.swap(0, 1);
            }
            page
        })
        .collect();
    assert_eq!(left(&pages), vec![vec!["Text."]; 4]);
}
