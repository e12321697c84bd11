//! OCR results (TSV) as Markdown.

use std::path::Path;

use ilios_convert::{ConvertError, Host, Input, Limits, OcrEngine, OcrError, OcrRequest, Options, convert};

struct Recognized(String);

impl Host for Recognized {
    fn recognize(&mut self, _request: OcrRequest<'_>) -> Result<String, OcrError> {
        Ok(self.0.clone())
    }
}

fn markdown(tsv: &str) -> Result<String, ConvertError> {
    let path = Path::new(".").join("tests/fixtures/pdf/picture.png");
    let bytes = std::fs::read(path).unwrap();
    let input = Input {
        bytes: &bytes,
        name: "picture.png",
    };
    let options = Options {
        ocr_engine: OcrEngine::Tesseract,
        ..Options::default()
    };
    let conversion = convert(
        input,
        &options,
        &Limits::default(),
        &mut Recognized(tsv.to_owned()),
    )?;
    Ok(conversion.markdown())
}

/// Lines of (paragraph, word height, text) as tesseract tells them.
fn tsv(lines: &[(u32, u32, &str)]) -> String {
    let mut tsv = String::from(
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n",
    );
    for (number, (paragraph, height, text)) in lines.iter().enumerate() {
        for (place, word) in text.split(' ').enumerate() {
            let (left, top) = (100 * place, 50 * number);
            tsv += &format!(
                "5\t1\t1\t{paragraph}\t{number}\t{place}\t{left}\t{top}\t90\t{height}\t93.5\t{word}\n"
            );
        }
    }
    tsv
}

#[test]
fn lines_of_a_paragraph_are_joined_and_paragraphs_are_kept_apart() {
    let text = markdown(&tsv(&[
        (1, 20, "The first line"),
        (1, 20, "and the second."),
        (2, 20, "Another paragraph."),
    ]));
    assert_eq!(
        text.unwrap(),
        "The first line and the second.\n\nAnother paragraph.\n"
    );
}

#[test]
fn a_word_divided_at_the_end_of_a_line_is_whole_again() {
    let text = markdown(&tsv(&[
        (1, 20, "A par-"),
        (1, 20, "agraph of Jean-"),
        (1, 20, "Luc and 1990-"),
        (1, 20, "2000"),
    ]));
    assert_eq!(text.unwrap(), "A paragraph of Jean- Luc and 1990- 2000\n");
}

#[test]
fn a_short_line_much_higher_than_the_others_is_a_heading() {
    let lines = [
        (1, 34, "The ledger"),
        (2, 20, "Some text."),
        (2, 20, "More text."),
        (3, 20, "The end."),
    ];
    assert_eq!(
        markdown(&tsv(&lines)).unwrap(),
        "# The ledger\n\nSome text. More text.\n\nThe end.\n"
    );
}

#[test]
fn words_that_are_hardly_recognized_are_left_out() {
    let noise = "5\t1\t9\t1\t1\t1\t5\t5\t5\t5\t3.1\tzq\n5\t1\t9\t1\t1\t2\t5\t5\t5\t5\t40\t|\n";
    let text = markdown(&(tsv(&[(1, 20, "Sure words.")]) + noise));
    assert_eq!(text.unwrap(), "Sure words.\n");
}

#[test]
fn signs_of_markdown_in_the_image_stay_text() {
    let text = markdown(&tsv(&[(1, 20, "# no heading"), (2, 20, "a *star*")]));
    assert_eq!(text.unwrap(), "\\# no heading\n\na \\*star\\*\n");
}

#[test]
fn malformed_rows_count_as_nothing() {
    let rows = "5\t1\n\n\t\t\t\nfive\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\tx\n\
        5\t1\t1\t1\t1\t1\t0\t9223372036854775807\t9\t9223372036854775807\t90\tx\n\
        5\t1\t1\t1\t1\t1\t0\t0\t-5\t0\t90\tx\n5\t1\t1\t1\t1\t1\t0\t0\t9\t9\tNaN\tx\n";
    let text = markdown(&(rows.to_owned() + &tsv(&[(1, 20, "Still here.")])));
    assert!(text.unwrap().contains("Still here."));
    assert_eq!(
        markdown(&rows[..rows.len() - 30]).unwrap_err().code(),
        "empty_document"
    );
}
