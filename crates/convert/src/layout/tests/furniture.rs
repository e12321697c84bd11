use crate::layout::furniture::{Furniture, PageRuns, PlacedText};

pub(super) const HEIGHT: f32 = 800.0;

/// Page with lines at heights above its lower edge.
pub(super) fn page<'a>(number: u32, lines: &[(f32, &'a str)]) -> PageRuns<'a> {
    let runs = lines.iter().map(|&(baseline, text)| PlacedText {
        text,
        left: 50.0,
        baseline,
        size: 10.0,
        rotated: false,
    });
    PageRuns {
        number,
        bottom: 0.0,
        top: HEIGHT,
        height: HEIGHT,
        rotated: false,
        runs: runs.collect(),
    }
}

/// Texts that are left of each page.
pub(super) fn left<'a>(pages: &[PageRuns<'a>]) -> Vec<Vec<&'a str>> {
    let mut furniture = Furniture::default();
    for page in pages {
        furniture.add_page(Some(page));
    }
    let kept = |(index, page): (usize, &PageRuns<'a>)| {
        let kept = furniture.kept_runs(index, page);
        let kept = kept.unwrap_or_else(|| vec![true; page.runs.len()]);
        let texts = page.runs.iter().zip(kept).filter(|(_, kept)| *kept);
        texts.map(|(run, _)| run.text).collect()
    };
    pages.iter().enumerate().map(kept).collect()
}

#[test]
fn running_headers_and_page_numbers_are_removed() {
    let footers = ["Page 1 of 4", "Page 2 of 4", "Page 3 of 4", "Page 4 of 4"];
    let pages: Vec<PageRuns<'_>> = (1..)
        .zip(footers)
        .map(|(number, footer)| {
            page(
                number,
                &[(780.0, "Harbour office"), (600.0, "Text."), (20.0, footer)],
            )
        })
        .collect();
    assert_eq!(left(&pages), vec![vec!["Text."]; 4]);
}

#[test]
fn bare_numbers_are_furniture_only_if_they_count_the_pages() {
    let counting = ["7", "8", "9", "10"];
    let others = ["7", "3", "12", "5"];
    for (numbers, kept) in [(counting, 1), (others, 2)] {
        let pages: Vec<PageRuns<'_>> = (1..)
            .zip(numbers)
            .map(|(number, text)| page(number, &[(600.0, "Text."), (20.0, text)]))
            .collect();
        let counts: Vec<usize> = left(&pages).iter().map(Vec::len).collect();
        assert_eq!(counts, [kept; 4], "{numbers:?}");
    }
}

#[test]
fn lines_that_are_not_furniture_stay() {
    let header = "Harbour office";
    for (name, pages, line) in [
        ("too few pages", 2, (780.0, header)),
        ("in the middle", 4, (400.0, header)),
        ("close to the text", 4, (612.0, header)),
    ] {
        let text = if name == "close to the text" { 760.0 } else { 600.0 };
        let line = if name == "close to the text" {
            (772.0, header)
        } else {
            line
        };
        let pages: Vec<PageRuns<'_>> = (1..=pages)
            .map(|number| page(number, &[line, (text, "Text.")]))
            .collect();
        assert!(left(&pages).iter().all(|texts| texts.len() == 2), "{name}");
    }
}

#[test]
fn left_and_right_pages_may_have_a_header_each() {
    let pages: Vec<PageRuns<'_>> = (1..=8)
        .map(|number| {
            let header = if number % 2 == 0 {
                "Harbour office"
            } else {
                "Tides of the bay"
            };
            page(number, &[(780.0, header), (600.0, "Text.")])
        })
        .collect();
    assert_eq!(left(&pages), vec![vec!["Text."]; 8]);
}

#[test]
fn a_page_with_nothing_else_keeps_its_header() {
    let mut pages: Vec<PageRuns<'_>> = (1..=4)
        .map(|number| page(number, &[(780.0, "Harbour office"), (600.0, "Text.")]))
        .collect();
    pages.push(page(5, &[(780.0, "Harbour office")]));
    assert_eq!(left(&pages).last(), Some(&vec!["Harbour office"]));
}

#[test]
fn rotated_pages_and_text_have_no_furniture() {
    let pages: Vec<PageRuns<'_>> = (1..=4)
        .map(|number| PageRuns {
            rotated: true,
            ..page(number, &[(780.0, "Harbour office"), (600.0, "Text.")])
        })
        .collect();
    assert!(left(&pages).iter().all(|texts| texts.len() == 2));
}

#[test]
fn unreadable_pages_count_as_neighbours() {
    let readable = page(1, &[(780.0, "Harbour office"), (600.0, "Text.")]);
    let mut furniture = Furniture::default();
    furniture.add_page(Some(&readable));
    for _ in 0..4 {
        furniture.add_page(None);
    }
    assert_eq!(furniture.kept_runs(0, &readable), None);
    assert_eq!(furniture.kept_runs(99, &readable), None);
}
