//! Places of the blocks of PDF pages: words set at known positions lie in the boxes of their blocks.

use std::fmt::Write;

use ilios_convert::ir::{Block, Unit, plain_text};
use ilios_convert::{Conversion, ConvertError, Input, Limits, NoOcr, Options, Page, Places, convert};

use crate::pdf_objects::{pdf, stream};

const SIZE: f32 = 10.0;
const PITCH: f32 = 12.0;
/// Width of a letter of Helvetica as the test declares it, in multiples of the size.
const LETTER: f32 = 0.5;
/// Visible part of the page: left, bottom, right and top edge.
const CROP: [f32; 4] = [20.0, 30.0, 520.0, 730.0];

/// Word with the left end of its baseline.
struct Placed {
    text: String,
    x: f32,
    y: f32,
}

/// Lines of words that occur once, from the top of a column.
fn column(name: &str, left: f32, top: f32, lines: usize) -> Vec<Placed> {
    let mut words = Vec::new();
    let mut y = top;
    for line in 0..lines {
        let mut x = left;
        for place in 0..4 {
            // Words of one length would stand in columns.
            let text = format!(
                "{name}{line}{}{}",
                ["a", "b", "c", "d"][place],
                "word".repeat(1 + (line + place) % 3)
            );
            let step = letters(&text) + LETTER * SIZE;
            words.push(Placed { text, x, y });
            x += step;
        }
        y -= PITCH;
    }
    words
}

fn words<const N: usize>(columns: [Vec<Placed>; N]) -> Vec<Placed> {
    columns.into_iter().flatten().collect()
}

fn letters(text: &str) -> f32 {
    text.chars().map(|_| LETTER * SIZE).sum()
}

fn document(words: &[Placed], rotation: u16) -> Vec<u8> {
    document_in("", words, rotation)
}

/// A page in a font with the descriptor, if it has one.
fn document_in(descriptor: &str, words: &[Placed], rotation: u16) -> Vec<u8> {
    let mut content = String::new();
    for word in words {
        writeln!(
            content,
            "BT /F1 {SIZE} Tf 1 0 0 1 {} {} Tm ({}) Tj ET",
            word.x, word.y, word.text
        )
        .unwrap();
    }
    let widths = "500 ".repeat(95);
    let [left, bottom, right, top] = CROP;
    pdf(&[
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/CropBox[{left} {bottom} {right} {top}]/Rotate {rotation}\
             /Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>"
        ),
        stream("", &content),
        format!(
            "<</Type/Font/Subtype/TrueType/BaseFont/Plain/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 126/Widths[{widths}]{descriptor}>>"
        ),
    ])
}

/// Middle of the word as a viewer shows it.
fn middle(word: &Placed, rotation: u16) -> (f32, f32) {
    let [left, bottom, right, top] = CROP;
    let (x, y) = (word.x + letters(&word.text) / 2.0, word.y + 0.3 * SIZE);
    match rotation {
        90 => (y - bottom, x - left),
        180 => (right - x, y - bottom),
        270 => (top - y, right - x),
        _ => (x - left, top - y),
    }
}

fn block_of<'a>(page: &'a Page, word: &str) -> Option<&'a Block> {
    page.blocks.iter().find(|block| plain_text(block).contains(word))
}

fn holds(block: &Block, (x, y): (f32, f32)) -> bool {
    block.regions.iter().any(|region| {
        let [left, top, right, bottom] = region.bbox;
        (left..=right).contains(&x) && (top..=bottom).contains(&y)
    })
}

fn share_in_place(words: &[Placed], rotation: u16, page: &Page) -> f32 {
    let found = words
        .iter()
        .filter(|word| block_of(page, &word.text).is_some_and(|block| holds(block, middle(word, rotation))));
    let count = |number: usize| f32::from(u16::try_from(number).unwrap());
    count(found.count()) / count(words.len())
}

#[test]
fn words_lie_in_the_boxes_of_their_blocks() {
    let words = words([
        column("first", 60.0, 700.0, 5),
        column("second", 60.0, 610.0, 4),
        column("last", 60.0, 200.0, 6),
    ]);
    for rotation in [0, 90, 180, 270] {
        let page = read("a.pdf", &document(&words, rotation))
            .unwrap()
            .pages
            .remove(0);
        let share = share_in_place(&words, rotation, &page);
        assert!(share >= 0.9, "{rotation}: {share}\n{:#?}", page.blocks);
        let size = if rotation % 180 == 0 {
            (500.0, 700.0)
        } else {
            (700.0, 500.0)
        };
        assert_eq!((page.width.unwrap(), page.height.unwrap()), size);
        assert_eq!((page.rotation, page.unit), (rotation, Unit::Pt));
        assert_eq!(page.engine.as_deref(), Some("local"));
    }
}

#[test]
fn boxes_of_blocks_below_each_other_do_not_overlap() {
    let words = words([column("first", 60.0, 700.0, 3), column("second", 60.0, 400.0, 3)]);
    let page = read("a.pdf", &document(&words, 0)).unwrap().pages.remove(0);
    let bottoms: Vec<[f32; 4]> = page
        .blocks
        .iter()
        .flat_map(|block| &block.regions)
        .map(|region| region.bbox)
        .collect();
    let [first, second] = bottoms.as_slice() else {
        panic!("{bottoms:?}")
    };
    assert!(first[3] < second[1], "{bottoms:?}");
}

/// Documents of one to three columns, of short and long paragraphs, with and without gaps.
fn typeset() -> Vec<Vec<Placed>> {
    let documents = (0..30_u16).map(|seed| {
        let columns = 1 + usize::from(seed % 3);
        let width = 460.0 / f32::from(1 + seed % 3);
        let mut words = Vec::new();
        for column_number in 0..columns {
            let left = 40.0 + f32::from(u16::try_from(column_number).unwrap()) * width;
            let (mut top, mut number) = (700.0 - 3.0 * f32::from(seed), 0);
            while top > 120.0 {
                let lines = 2 + (usize::from(seed) + number + column_number) % 5;
                let name = format!(
                    "{}{}",
                    char::from(b'a' + u8::try_from(column_number).unwrap()),
                    number
                );
                let mut own = column(&name, left, top, lines);
                own.retain(|word| word.x + letters(&word.text) < left + width - 12.0);
                words.extend(own);
                top -= PITCH * f32::from(u16::try_from(lines).unwrap()) + 14.0 + f32::from(seed % 4) * 8.0;
                number += 1;
            }
        }
        words
    });
    documents.collect()
}

#[test]
fn words_of_typeset_documents_lie_in_boxes_that_are_no_whole_pages() {
    let (mut found, mut all, mut small, mut blocks) = (0, 0, 0, 0);
    for words in typeset() {
        let page = read("a.pdf", &document(&words, 0)).unwrap().pages.remove(0);
        let in_place = words
            .iter()
            .filter(|word| block_of(&page, &word.text).is_some_and(|block| holds(block, middle(word, 0))));
        found += in_place.count();
        all += words.len();
        let area: f32 = page.width.unwrap() * page.height.unwrap();
        blocks += page.blocks.len();
        let covers_little = |block: &&Block| {
            let boxes = block.regions.iter().map(|region| region.bbox);
            let covered: f32 = boxes
                .map(|[left, top, right, bottom]| (right - left) * (bottom - top))
                .sum();
            covered < area / 2.0
        };
        small += page.blocks.iter().filter(covers_little).count();
    }
    assert!(found * 10 >= all * 9, "{found} of {all} words");
    assert!(small * 10 >= blocks * 9, "{small} of {blocks} blocks");
}

#[test]
fn words_have_boxes_in_those_of_their_lines_and_blocks_if_they_are_wanted() {
    let words = words([column("first", 60.0, 700.0, 5), column("second", 60.0, 400.0, 4)]);
    for rotation in [0, 90, 180, 270] {
        let mut options = Options::default();
        options.output.set("places", "word").unwrap();
        let bytes = document(&words, rotation);
        let input = Input {
            bytes: &bytes,
            name: "a.pdf",
        };
        let page = convert(input, &options, &Limits::default(), &mut NoOcr)
            .unwrap()
            .pages
            .remove(0);
        let inside = |inner: [f32; 4], outer: [f32; 4]| {
            let slack = 0.01;
            inner[0] >= outer[0] - slack
                && inner[1] >= outer[1] - slack
                && inner[2] <= outer[2] + slack
                && inner[3] <= outer[3] + slack
        };
        let mut seen = Vec::new();
        for block in &page.blocks {
            for line in &block.lines {
                for word in &line.words {
                    assert!(inside(word.bbox, line.region.bbox), "{word:?}");
                    assert!(
                        block.regions.iter().any(|region| inside(word.bbox, region.bbox)),
                        "{word:?}"
                    );
                    seen.push((word.text.as_str(), word.bbox));
                }
                let texts: Vec<&str> = line.words.iter().map(|word| word.text.as_str()).collect();
                assert_eq!(line.text, texts.join(" "));
            }
        }
        assert_eq!(seen.len(), words.len());
        for word in &words {
            let (_, [left, top, right, bottom]) = seen.iter().find(|(text, _)| *text == word.text).unwrap();
            let (x, y) = middle(word, rotation);
            assert!(
                (*left..=*right).contains(&x) && (*top..=*bottom).contains(&y),
                "{}",
                word.text
            );
        }
        // In the order in which they are written.
        let order: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(seen.iter().map(|(text, _)| *text).collect::<Vec<_>>(), order);
        assert!(
            read("a.pdf", &bytes).unwrap().pages[0]
                .blocks
                .iter()
                .all(|block| block.lines.is_empty())
        );
    }
}

fn read(name: &str, bytes: &[u8]) -> Result<Conversion, ConvertError> {
    convert(
        Input { bytes, name },
        &Options::default(),
        &Limits::default(),
        &mut NoOcr,
    )
}

#[test]
fn a_word_is_as_high_as_its_font_says() {
    let words = [Placed {
        text: "Heights".into(),
        x: 100.0,
        y: 400.0,
    }];
    for (said, above, below) in [
        ("/Ascent 700/Descent -200", 7.0, 2.0),
        ("/Ascent 1100/Descent 300", 11.0, 3.0),
        ("/Ascent 12/Descent -3", 8.5, 2.5),
        ("", 8.5, 2.5),
    ] {
        let descriptor = format!("/FontDescriptor<</Type/FontDescriptor/FontName/Plain/Flags 32{said}>>");
        let bytes = document_in(&descriptor, &words, 0);
        let mut options = Options::default();
        options.output.places = Places::Word;
        let input = Input {
            bytes: &bytes,
            name: "a.pdf",
        };
        let conversion = convert(input, &options, &Limits::default(), &mut NoOcr).unwrap();
        let line = &conversion.pages[0].blocks[0].lines[0];
        let [_, top, _, bottom] = line.words[0].bbox;
        let baseline = CROP[3] - 400.0;
        assert!((baseline - above - top).abs() < 0.1, "{said}: {top}");
        assert!((baseline + below - bottom).abs() < 0.1, "{said}: {bottom}");
    }
}
