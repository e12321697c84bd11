//! Reading order of pages with columns, figures, side bars and footnotes, by templates: each word of a page is told apart,
//! and the page is painted line by line across its columns.

use std::fmt::Write;

use ilios_convert::{Input, Limits, NoOcr, Options, convert};

use crate::pdf_objects::{pdf, stream};

/// Correlation of the order of the words with the order that the template was written in, at least (Kendall).
const MIN_TAU: f64 = 0.97;
/// Width of every letter in multiples of the text size.
const LETTER_EM: f64 = 0.5;

/// Page under construction.
#[derive(Default)]
struct Template {
    words: Vec<String>,
    /// Place, size and text of what is painted.
    painted: Vec<(f64, f64, f64, String)>,
    drawing: String,
}

/// Column: left edge, baseline of the first line, width, lines, text size.
struct Column(f64, f64, f64, usize, f64);

impl Template {
    /// Word that no other one is like, of three to nine letters.
    fn word(&mut self, capital: bool, last: bool) -> String {
        let number = self.words.len();
        let mut word: String = [number / 676, number / 26, number]
            .iter()
            .map(|digit| char::from(b'a' + u8::try_from(digit % 26).unwrap()))
            .collect();
        word.push_str(&"enotar"[..(number * 7) % 6]);
        self.words.push(word.clone());
        if capital {
            word = word[..1].to_uppercase() + &word[1..];
        }
        if last {
            word.push('.');
        }
        word
    }

    /// Writes justified lines of sentences.
    fn column(&mut self, Column(left, top, width, lines, size): Column) -> &mut Self {
        let letter = LETTER_EM * size;
        let length = |word: &str| f64::from(u32::try_from(word.len()).unwrap()) * letter;
        let mut next = self.word(true, false);
        for line in 0..lines {
            let is_last = line + 1 == lines;
            let baseline = top - 1.2 * size * f64::from(u32::try_from(line).unwrap());
            let (mut own, mut taken) = (Vec::new(), 0.0);
            while taken + length(&next) <= width {
                taken += length(&next) + 0.25 * size;
                let ends = self.words.len() % 11 == 10;
                own.push(std::mem::take(&mut next));
                if is_last && taken + 6.0 * size > width {
                    break;
                }
                let begins = own.last().is_some_and(|word: &String| word.ends_with('.'));
                next = self.word(begins, ends);
            }
            let letters: f64 = own.iter().map(|word| length(word)).sum();
            let gaps = f64::from(u32::try_from(own.len().max(2) - 1).unwrap());
            let space = if is_last {
                0.25 * size
            } else {
                (width - letters) / gaps
            };
            let mut at = left;
            for word in own {
                let end = at + length(&word) + space;
                self.painted.push((at, baseline, size, word));
                at = end;
            }
        }
        self
    }

    /// Draws a box in place of a picture.
    fn picture(&mut self, left: f64, bottom: f64, width: f64, height: f64) -> &mut Self {
        write!(self.drawing, "0.8 g {left} {bottom} {width} {height} re f 0 g ").unwrap();
        self
    }

    /// Correlation of the order of the words in the text with the order that they were written in.
    fn tau(&mut self) -> f64 {
        self.painted
            .sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.total_cmp(&b.0)));
        let mut content = self.drawing.clone();
        content.push_str("BT ");
        for (left, baseline, size, word) in &self.painted {
            write!(
                content,
                "/F {size} Tf 1 0 0 1 {left:.3} {baseline:.3} Tm ({word}) Tj "
            )
            .unwrap();
        }
        content.push_str("ET");
        let widths = "500 ".repeat(95);
        let bytes = pdf(&[
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
                .to_owned(),
            stream("", &content),
            format!(
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 32/LastChar 126/Widths[{widths}]>>"
            ),
        ]);
        let input = Input {
            bytes: &bytes,
            name: "a.pdf",
        };
        let text = convert(input, &Options::default(), &Limits::default(), &mut NoOcr)
            .unwrap()
            .markdown()
            .to_lowercase();
        let order: Vec<usize> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter_map(|word| self.words.iter().position(|own| own == word))
            .collect();
        // The last word that was drawn may not have fitted.
        assert!(
            order.len() + 8 >= self.words.len(),
            "{} of {} words: {text}",
            order.len(),
            self.words.len()
        );
        let pairs = order.len() * (order.len() - 1) / 2;
        let wrong: usize = order
            .iter()
            .enumerate()
            .map(|(at, place)| order[at + 1..].iter().filter(|later| *later < place).count())
            .sum();
        1.0 - 2.0 * f64::from(u32::try_from(wrong).unwrap()) / f64::from(u32::try_from(pairs).unwrap())
    }
}

fn check(name: &str, template: &mut Template) {
    let tau = template.tau();
    assert!(tau >= MIN_TAU, "{name}: {tau}");
}

#[test]
fn columns_are_read_one_after_the_other() {
    check(
        "two columns",
        Template::default()
            .column(Column(60.0, 720.0, 235.0, 50, 10.0))
            .column(Column(315.0, 720.0, 235.0, 50, 10.0)),
    );
    check(
        "three columns",
        Template::default()
            .column(Column(50.0, 720.0, 160.0, 50, 9.0))
            .column(Column(226.0, 720.0, 160.0, 50, 9.0))
            .column(Column(402.0, 720.0, 160.0, 50, 9.0)),
    );
    check(
        "columns of different lengths",
        Template::default()
            .column(Column(60.0, 720.0, 235.0, 50, 10.0))
            .column(Column(315.0, 720.0, 235.0, 21, 10.0)),
    );
}

#[test]
fn columns_with_a_gutter_as_narrow_as_a_space_are_told_apart() {
    for gutter in [3.0, 4.0, 6.0] {
        check(
            &format!("a gutter of {gutter} points"),
            Template::default()
                .column(Column(60.0, 720.0, 240.0, 50, 10.0))
                .column(Column(300.0 + gutter, 720.0, 240.0, 50, 10.0)),
        );
    }
    check(
        "a narrow gutter below text of the whole width",
        Template::default()
            .column(Column(60.0, 740.0, 484.0, 8, 10.0))
            .column(Column(60.0, 620.0, 240.0, 40, 10.0))
            .column(Column(304.0, 620.0, 240.0, 40, 10.0)),
    );
}

#[test]
fn text_over_and_under_columns_stays_there() {
    check(
        "an abstract",
        Template::default()
            .column(Column(60.0, 740.0, 490.0, 1, 18.0))
            .column(Column(100.0, 700.0, 410.0, 8, 9.0))
            .column(Column(60.0, 580.0, 235.0, 40, 10.0))
            .column(Column(315.0, 580.0, 235.0, 40, 10.0)),
    );
    check(
        "footnotes",
        Template::default()
            .column(Column(60.0, 740.0, 235.0, 45, 10.0))
            .column(Column(315.0, 740.0, 235.0, 45, 10.0))
            .column(Column(60.0, 150.0, 490.0, 4, 8.0)),
    );
}

#[test]
fn text_beside_figures_and_side_bars_stays_together() {
    check(
        "a figure in a column",
        Template::default()
            .column(Column(60.0, 740.0, 235.0, 12, 10.0))
            .picture(60.0, 400.0, 235.0, 180.0)
            .column(Column(60.0, 380.0, 235.0, 20, 10.0))
            .column(Column(315.0, 740.0, 235.0, 50, 10.0)),
    );
    check(
        "a side bar",
        Template::default()
            .column(Column(60.0, 740.0, 340.0, 50, 10.0))
            .column(Column(425.0, 740.0, 130.0, 30, 8.0)),
    );
    check(
        "text beside a figure",
        Template::default()
            .column(Column(60.0, 740.0, 490.0, 8, 10.0))
            .picture(330.0, 480.0, 220.0, 150.0)
            .column(Column(60.0, 640.0, 255.0, 13, 10.0))
            .column(Column(60.0, 470.0, 490.0, 20, 10.0)),
    );
}
