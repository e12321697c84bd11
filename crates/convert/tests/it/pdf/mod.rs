//! PDFs with a text layer, scanned, encrypted, damaged.

mod recognized;

use ilios_convert::{
    Conversion, ConvertError, Host, Input, Limits, NoOcr, OcrError, OcrRequest, Options, Page, PageKind,
    Warning, convert,
};

use crate::fixture::{fixture, read_fixture};

const TSV: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
    5\t1\t1\t1\t1\t1\t100\t100\t60\t30\t96.1\tA\n\
    5\t1\t1\t1\t1\t2\t170\t100\t90\t30\t95.0\tscanned\n\
    5\t1\t1\t1\t1\t3\t270\t100\t90\t30\t94.2\tpage\n";

/// Answers every image with the same text and counts them.
struct Fake {
    answer: Result<&'static str, OcrError>,
    asked: Vec<u32>,
    done: Vec<u32>,
}

impl Fake {
    fn new(answer: Result<&'static str, OcrError>) -> Self {
        Self {
            answer,
            asked: Vec::new(),
            done: Vec::new(),
        }
    }
}

impl Host for Fake {
    fn recognize(&mut self, request: OcrRequest<'_>) -> Result<String, OcrError> {
        assert!(request.png.starts_with(b"\x89PNG"));
        self.asked.push(request.dpi);
        self.answer.clone().map(str::to_owned)
    }

    fn on_page_done(&mut self, page: &Page, _warnings: &[Warning]) {
        self.done.push(page.number);
    }
}

fn read(name: &str, options: &Options, host: &mut dyn Host) -> Result<Conversion, ConvertError> {
    read_fixture(name, options, &Limits::default(), host)
}

fn plain(name: &str) -> Conversion {
    read(name, &Options::default(), &mut NoOcr).unwrap()
}

fn pages(chosen: &str) -> Options {
    Options {
        pages: Some(chosen.parse().unwrap()),
        ..Options::default()
    }
}

#[test]
fn two_columns_are_read_one_after_the_other() {
    let markdown = plain("columns.pdf").markdown();
    let places: Vec<usize> = (1..=12)
        .map(|n| {
            markdown
                .find(&format!("Paragraph {n}."))
                .expect("every paragraph")
        })
        .collect();
    assert!(places.is_sorted(), "{markdown}");
}

#[test]
fn a_heading_of_two_lines_is_one_and_absorbs_no_text() {
    let markdown = plain("headings.pdf").markdown();
    let blocks: Vec<&str> = markdown.trim_end().split("\n\n").collect();
    assert_eq!(
        blocks,
        [
            "## 2. Of the lamps that stand along the mole, who lights them at dusk and who pays for the oil",
            "The lamps are lit by the keeper of the mole at dusk. The oil is paid for by the ships that pass \
             them, by their length, and the ledger shows who still owes how much.",
            "## 3. Of the fog",
            "In fog the bell is rung. No oil is burnt then, since no one would see the light.",
        ]
    );
}

#[test]
fn words_broken_at_a_line_end_are_joined_where_the_hyphen_is_not_theirs() {
    assert_eq!(
        plain("hyphens.pdf").markdown(),
        "The lighthouse keeper wrote that the lighthouse had never been so well lit, that a well-known captain \
         had come by with a self-made lantern, and that the harbour lay still. Both the sea- and the landward \
         doors were open.\n"
    );
}

#[test]
fn lines_that_repeat_at_the_edges_of_most_pages_are_left_out() {
    let conversion = plain("running.pdf");
    for (page, day) in conversion.pages.iter().zip(1..) {
        assert_eq!(
            page.markdown,
            format!(
                "On day {day} the wind came from the west and the fleet stayed out. \
                 The catch of day {day} was sold before noon."
            )
        );
    }
}

#[test]
fn too_few_pages_to_compare_keep_their_edges() {
    for (name, chosen) in [("one-page.pdf", "1"), ("running.pdf", "2-3")] {
        let conversion = read(name, &pages(chosen), &mut NoOcr).unwrap();
        for page in &conversion.pages {
            let foot = format!("Printed at the mole Page {}", page.number);
            assert!(page.markdown.starts_with("Ledger of the Bay\n\n"), "{name}");
            assert!(page.markdown.ends_with(&foot), "{name}: {}", page.markdown);
        }
    }
}

#[test]
fn pages_that_are_one_repeated_line_keep_it() {
    assert_eq!(
        plain("many.pdf").pages[20].markdown,
        "This is page number 21 of the book of pages."
    );
}

#[test]
fn junk_before_the_header_does_no_harm() {
    for name in ["junk-before-header.pdf", "junk-counted-in-offsets.pdf"] {
        let conversion = plain(name);
        assert!(
            conversion
                .markdown()
                .contains("The letter is whole all the same."),
            "{name}"
        );
        assert_eq!(conversion.warnings, [], "{name}");
    }
}

#[test]
fn an_empty_password_opens_a_document() {
    assert_eq!(
        plain("empty-password.pdf").markdown(),
        "Behind a lock there is a letter.\n"
    );
}

#[test]
fn a_password_is_asked_for() {
    let error = read("password.pdf", &Options::default(), &mut NoOcr).unwrap_err();
    assert_eq!(error, ConvertError::PasswordProtected);
}

#[test]
fn a_broken_document_is_invalid() {
    let error = read("broken.pdf", &Options::default(), &mut NoOcr).unwrap_err();
    assert_eq!(error.code(), "invalid_document");
}

#[test]
fn any_truncation_has_a_result() {
    let whole = fixture("mixed.pdf");
    for length in (0..whole.len()).step_by(97) {
        let input = Input {
            bytes: &whole[..length],
            name: "cut.pdf",
        };
        let _ = convert(input, &Options::default(), &Limits::default(), &mut NoOcr);
    }
}

#[test]
fn a_blank_document_is_empty() {
    let error = read("blank.pdf", &Options::default(), &mut Fake::new(Ok(TSV))).unwrap_err();
    assert_eq!(error.code(), "empty_document");
}

#[test]
fn metadata_keeps_names_and_times_with_their_zone() {
    let metadata = plain("dated.pdf").metadata;
    assert_eq!(metadata.title.as_deref(), Some("Käse & Brot"));
    assert_eq!(metadata.author.as_deref(), Some("Ada"));
    assert_eq!(metadata.created.as_deref(), Some("2024-02-29T13:45:01+02:00"));
    assert_eq!(metadata.modified.as_deref(), Some("2024-03-01T00:00:00Z"));
    assert_eq!(metadata.page_count, Some(1));
}

#[test]
fn pages_come_in_order_with_number_and_size_in_points() {
    let mut host = Fake::new(Ok(TSV));
    let conversion = read("many.pdf", &Options::default(), &mut host).unwrap();
    assert_eq!(conversion.pages.len(), 40);
    assert_eq!(host.done, (1..=40).collect::<Vec<u32>>());
    assert!(host.asked.is_empty());
    let page = &conversion.pages[38];
    assert_eq!((page.number, page.kind), (39, PageKind::TextLayer));
    assert!(page.markdown.contains("page number 39 of"));
    assert_eq!(
        (page.width.unwrap().round(), page.height.unwrap().round()),
        (595.0, 842.0)
    );
}

#[test]
fn only_the_chosen_pages_are_read() {
    let conversion = read("many.pdf", &pages("39-60,2"), &mut NoOcr).unwrap();
    assert_eq!(
        conversion
            .pages
            .iter()
            .map(|page| page.number)
            .collect::<Vec<_>>(),
        [2, 39, 40]
    );
    assert_eq!(conversion.metadata.page_count, Some(40));
}

#[test]
fn pages_beyond_the_end_are_an_error_that_tells_the_count() {
    let error = read("many.pdf", &pages("41"), &mut NoOcr).unwrap_err();
    assert!(
        matches!(&error, ConvertError::EmptyDocument { reason } if reason.contains("40")),
        "{error}"
    );
}

#[test]
fn more_pages_than_allowed_are_refused() {
    let limits = Limits {
        pages: 39,
        ..Limits::default()
    };
    let error = read_fixture("many.pdf", &pages("1"), &limits, &mut NoOcr).unwrap_err();
    assert_eq!(error, ConvertError::TooManyPages { pages: 40, limit: 39 });
}

#[test]
fn more_output_than_allowed_is_refused() {
    let limits = Limits {
        output_bytes: 100,
        ..Limits::default()
    };
    let error = read_fixture("many.pdf", &Options::default(), &limits, &mut NoOcr).unwrap_err();
    assert_eq!(error.code(), "limit_exceeded");
}

/// Takes the pages as they are done.
#[derive(Default)]
struct Taker {
    blocks: Vec<usize>,
    markdown: Vec<String>,
}

impl Host for Taker {
    fn recognize(&mut self, _request: OcrRequest<'_>) -> Result<String, OcrError> {
        Err(OcrError::Unavailable("it takes pages alone".into()))
    }

    fn keeps_blocks(&self) -> bool {
        false
    }

    fn on_page_done(&mut self, page: &Page, _warnings: &[Warning]) {
        self.blocks.push(page.blocks.len());
        self.markdown.push(page.markdown.clone());
    }
}

#[test]
fn a_host_that_takes_pages_gets_all_of_them_and_the_result_has_none() {
    let kept = plain("many.pdf");
    let mut taker = Taker::default();
    let taken = read("many.pdf", &Options::default(), &mut taker).unwrap();
    let blocks: Vec<usize> = kept.pages.iter().map(|page| page.blocks.len()).collect();
    assert!(blocks.iter().sum::<usize>() > 0);
    assert_eq!(taker.blocks, blocks);
    let markdown: Vec<&str> = kept.pages.iter().map(|page| page.markdown.as_str()).collect();
    assert_eq!(taker.markdown, markdown);
    let is_empty = |page: &Page| page.blocks.is_empty() && page.markdown.is_empty();
    assert!(taken.pages.iter().all(is_empty));
}
