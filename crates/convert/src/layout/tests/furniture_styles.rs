//! Styles of page numbers, and numbers of lines.

use super::furniture::{left, page};
use crate::layout::furniture::PageRuns;

/// Texts that are left of pages with one line of text and these feet.
fn left_with_feet(feet: &[&str]) -> Vec<usize> {
    let pages: Vec<PageRuns<'_>> = (1..)
        .zip(feet)
        .map(|(number, foot)| page(number, &[(600.0, "Text."), (20.0, foot)]))
        .collect();
    left(&pages).iter().map(Vec::len).collect()
}

#[test]
fn page_numbers_of_all_styles_are_furniture() {
    for feet in [
        ["i", "ii", "iii", "iv"],
        ["- IV -", "- V -", "- VI -", "- VII -"],
        ["A-1", "A-2", "A-3", "A-4"],
        ["2-14", "2-15", "2-16", "2-17"],
        ["[3]", "[4]", "[5]", "[6]"],
        ["7 / 20", "8 / 20", "9 / 20", "10 / 20"],
        ["١", "٢", "٣", "٤"],
        ["第９頁", "第１０頁", "第１１頁", "第１２頁"],
        ["Page x", "Page xi", "Page xii", "Page xiii"],
    ] {
        assert_eq!(left_with_feet(&feet), [1; 4], "{feet:?}");
    }
}

#[test]
fn numbers_that_do_not_count_the_pages_are_text() {
    for feet in [
        ["iv", "i", "ix", "ii"],
        ["2-14", "5-2", "9-7", "4-9"],
        ["1841", "1902", "1777", "1850"],
        ["mix", "civil", "did", "lid"],
    ] {
        assert_eq!(left_with_feet(&feet), [2; 4], "{feet:?}");
    }
}

/// Pages with numbers at the left of each line.
fn numbered_lines(numbers: &[[&'static str; 7]]) -> Vec<PageRuns<'static>> {
    let page_of = |(number, own): (u32, &[&'static str; 7])| {
        let heights = [640.0, 616.0, 592.0, 568.0, 544.0, 520.0, 496.0];
        let lines: Vec<(f32, &str)> = heights.into_iter().zip(own.iter().copied()).collect();
        let mut page = page(number, &lines);
        let texts = super::furniture::page(number, &heights.map(|height| (height, "Words of a line."))).runs;
        page.runs.extend(texts.into_iter().map(|mut run| {
            run.left = 90.0;
            run
        }));
        page
    };
    (1..).zip(numbers).map(page_of).collect()
}

#[test]
fn numbers_of_lines_are_furniture_if_they_repeat() {
    let counting = ["1", "2", "3", "4", "5", "6", "7"];
    let counts = |pages: &[[&'static str; 7]]| -> Vec<usize> {
        left(&numbered_lines(pages)).iter().map(Vec::len).collect()
    };
    assert_eq!(counts(&[counting; 2]), [7, 7]);
    assert_eq!(counts(&[counting]), [14], "one page may be a table");
    let other = ["1", "2", "4", "3", "5", "6", "7"];
    assert_eq!(counts(&[other; 2]), [14, 14]);
}

#[test]
fn numbers_within_lines_are_text() {
    let counting = ["1", "2", "3", "4", "5", "6", "7"];
    let mut pages = numbered_lines(&[counting; 2]);
    for page in &mut pages {
        // Words in front of the numbers: "Line 1", "Line 2", …
        for run in page.runs.iter_mut().filter(|run| run.text == "Words of a line.") {
            run.left = 20.0;
        }
    }
    let counts: Vec<usize> = left(&pages).iter().map(Vec::len).collect();
    assert_eq!(counts, [14, 14]);
}
