//! Quotations from typeset PDFs, found over the ends of lines, columns and pages, with the boxes of their words.

use std::fmt::Write;

use ilios_convert::{
    DocumentHead, DocumentTail, DocumentWriter, Input, Limits, LocateQuery, Locator, NoOcr, Options, Page,
    Places, convert,
};
use serde_json::Value;

use crate::pdf_objects::{pdf, stream};

const WIDTH: f32 = 600.0;
const HEIGHT: f32 = 800.0;
const LEFT: f32 = 50.0;
const TOP: f32 = 720.0;
const BOTTOM: f32 = 80.0;
/// Between columns.
const GAP: f32 = 20.0;
/// Width of a letter, in multiples of the size.
const LETTER: f32 = 0.5;

/// Numbers without a pattern, the same at each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] = [
            "ba", "ner", "to", "lis", "ka", "rum", "vi", "den", "os", "mar", "te", "gul", "pin", "so", "fra",
            "wex",
        ];
        (0..1 + self.below(3))
            .map(|_| SYLLABLES[self.below(16)])
            .collect()
    }
}

/// Piece of a word on a page: the middle of its box, from the upper left corner.
#[derive(Clone)]
struct Piece {
    text: String,
    page: u32,
    x: f32,
    y: f32,
    baseline: (f32, f32),
}

/// Text set in columns over pages; each word has one piece, or two where it is broken at the end of a line.
struct Typeset {
    words: Vec<(String, Vec<Piece>)>,
    pages: u32,
    size: f32,
}

/// Place at which the next word is set, in columns of a width.
struct Pen {
    columns: usize,
    width: f32,
    size: f32,
    page: u32,
    column: usize,
    x: f32,
    y: f32,
}

impl Pen {
    fn new(columns: usize, size: f32) -> Self {
        let count = f32::from(u16::try_from(columns).unwrap());
        Self {
            columns,
            width: (WIDTH - 2.0 * LEFT - GAP * (count - 1.0)) / count,
            size,
            page: 1,
            column: 0,
            x: LEFT,
            y: TOP,
        }
    }

    fn left(&self) -> f32 {
        LEFT + f32::from(u16::try_from(self.column).unwrap()) * (self.width + GAP)
    }

    fn room(&self) -> f32 {
        self.left() + self.width - self.x
    }

    fn length(&self, text: &str) -> f32 {
        f32::from(u16::try_from(text.len()).unwrap()) * LETTER * self.size
    }

    fn advance(&mut self, lines: f32) {
        self.y -= lines * self.size * 1.25;
        if self.y < BOTTOM {
            self.y = TOP;
            self.column += 1;
            if self.column == self.columns {
                (self.column, self.page) = (0, self.page + 1);
            }
        }
        self.x = self.left();
    }

    fn set(&mut self, text: &str) -> Piece {
        let piece = Piece {
            text: text.to_owned(),
            page: self.page,
            x: self.x + self.length(text) / 2.0,
            y: HEIGHT - self.y - 0.3 * self.size,
            baseline: (self.x, self.y),
        };
        self.x += self.length(text) + LETTER * self.size;
        piece
    }

    /// Sets a word, broken at the end of the line where there is room for a part of it.
    fn word(&mut self, word: &str) -> Vec<Piece> {
        let (first, rest) = word.split_at(word.len() / 2);
        if self.length(word) <= self.room() {
            return vec![self.set(word)];
        }
        if word.len() >= 6 && self.length(first) + LETTER * self.size <= self.room() {
            let first = self.set(&format!("{first}-"));
            self.advance(1.0);
            return vec![first, self.set(rest)];
        }
        self.advance(1.0);
        vec![self.set(word)]
    }
}

fn typeset(seed: u64) -> Typeset {
    let mut random = Random(seed.wrapping_mul(977) + 5);
    let columns = 1 + random.below(3);
    let size = [8.0, 9.0, 10.0, 11.0][random.below(4)];
    let mut pen = Pen::new(columns, size);
    let mut words = Vec::new();
    while pen.page < 3 {
        for _ in 0..40 + random.below(60) {
            let word = random.word();
            let pieces = pen.word(&word);
            words.push((word, pieces));
        }
        pen.advance(1.8);
    }
    Typeset {
        words,
        pages: pen.page,
        size,
    }
}

fn document(text: &Typeset) -> Vec<u8> {
    let mut contents = vec![String::new(); usize::try_from(text.pages).unwrap()];
    let mut show = |page: u32, size: f32, (x, y): (f32, f32), words: &str| {
        let content = &mut contents[usize::try_from(page).unwrap() - 1];
        writeln!(content, "BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({words}) Tj ET").unwrap();
    };
    for (_, pieces) in &text.words {
        for piece in pieces {
            show(piece.page, text.size, piece.baseline, &piece.text);
        }
    }
    for page in 1..=text.pages {
        show(page, 8.0, (LEFT, 770.0), "Proceedings of the society");
        show(page, 8.0, (300.0, 40.0), &page.to_string());
    }
    let kids: Vec<String> = (0..text.pages)
        .map(|page| format!("{} 0 R", 4 + 2 * page))
        .collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{}]/Count {}>>", kids.join(" "), text.pages),
        format!(
            "<</Type/Font/Subtype/TrueType/BaseFont/Plain/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 126/Widths[{}]>>",
            "500 ".repeat(95)
        ),
    ];
    for (content, number) in contents.iter().zip(0..) {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Resources<</Font<</F1 3 0 R>>>>/Contents {} 0 R>>",
            5 + 2 * number
        ));
        objects.push(stream("", content));
    }
    pdf(&objects)
}

fn pages(file: &[u8]) -> Vec<Page> {
    let mut options = Options::default();
    options.output.places = Places::Word;
    let input = Input {
        bytes: file,
        name: "a.pdf",
    };
    convert(input, &options, &Limits::default(), &mut NoOcr)
        .unwrap()
        .pages
}

fn located(pages: &[Page], quote: &str) -> Value {
    let mut locator = Locator::new("d".into(), LocateQuery::Quote(quote.to_owned()));
    let mut out = String::new();
    locator.start(&DocumentHead::default(), &mut out);
    for page in pages {
        locator.page(page.clone(), &mut out).unwrap();
    }
    locator.finish(&DocumentTail::default(), &mut out).unwrap();
    serde_json::from_str(&out).unwrap()
}

/// Words that lie in the regions of a place.
fn held(place: &Value, quoted: &[(String, Vec<Piece>)]) -> usize {
    let holds = |region: &Value, piece: &Piece| {
        let edge = |index: usize| region["bbox"][index].as_f64().unwrap();
        let (x, y) = (f64::from(piece.x), f64::from(piece.y));
        region["page"] == piece.page && edge(0) <= x && x <= edge(2) && edge(1) <= y && y <= edge(3)
    };
    let regions = place["regions"].as_array().unwrap();
    let held = quoted.iter().filter(|(_, pieces)| {
        pieces
            .iter()
            .all(|piece| regions.iter().any(|region| holds(region, piece)))
    });
    held.count()
}

/// Words that are the first ones of a column.
fn column_ends(text: &Typeset) -> Vec<usize> {
    let place = |index: usize| {
        let piece = &text.words[index].1[0];
        (piece.page, piece.y)
    };
    let begins = |index: &usize| {
        let (before, here) = (place(index - 1), place(*index));
        here.0 != before.0 || here.1 < before.1
    };
    (1..text.words.len()).filter(begins).collect()
}

#[test]
fn quotations_of_five_to_forty_words_are_found_where_they_stand() {
    let (mut asked, mut over_columns, mut words, mut in_place) = (0, 0, 0, 0);
    for seed in 0..20 {
        let text = typeset(seed);
        let pages = pages(&document(&text));
        let mut random = Random(seed + 1_000);
        let ends = column_ends(&text);
        for turn in 0..10 {
            let length = 5 + random.below(36);
            let latest = text.words.len() - length;
            // Every other one goes over the end of a column or a page.
            let start = match turn % 2 {
                0 => random.below(latest),
                _ => {
                    let end = ends[random.below(ends.len())];
                    end.saturating_sub(1 + random.below(length - 1)).min(latest)
                }
            };
            let quoted = &text.words[start..start + length];
            let quote: Vec<&str> = quoted.iter().map(|(word, _)| word.as_str()).collect();
            let answer = located(&pages, &quote.join(" "));
            let place = &answer["matches"][0];
            assert_eq!(place["exact"], true, "{seed}: {quote:?} {answer}");
            over_columns += usize::from(ends.iter().any(|end| start < *end && *end < start + length));
            asked += 1;
            words += quoted.len();
            in_place += held(place, quoted);
        }
    }
    assert_eq!(asked, 200);
    assert!(
        over_columns >= 80,
        "{over_columns} go over the end of a column or a page"
    );
    assert!(
        in_place * 100 >= words * 98,
        "{in_place} of {words} words lie in the boxes"
    );
}
