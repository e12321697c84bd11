//! What is on a page: the same for the same document and number, always.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The size of every page, in pixels at [`DPI`]: a letter at the resolution of the documentation's examples.
pub(crate) const WIDTH: u32 = 1_700;
pub(crate) const HEIGHT: u32 = 2_200;
pub(crate) const DPI: u32 = 200;

/// Width and height of every image on a page.
pub(crate) const IMAGE_WIDTH: u32 = 160;
pub(crate) const IMAGE_HEIGHT: u32 = 80;

const MARGIN: u32 = 100;
const ROW: u32 = 300;

/// A part of a page, in reading order.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The type of its block.
    pub(crate) kind: &'static str,
    /// Its Markdown where it stands on its own.
    pub(crate) content: String,
}

/// The parts of a page, counted from zero, of a document.
pub(crate) fn parts(index: usize, sha256: &str, image: &str) -> Vec<Part> {
    let number = index + 1;
    let prefix = sha256.get(..12).unwrap_or(sha256);
    let part = |kind, content| Part { kind, content };
    vec![
        part("header", format!("Header of {prefix}")),
        part("title", format!("# Page {number} of {prefix}")),
        part("text", format!("This is the text of page {number}.")),
        part(
            "table",
            format!("| page | document |\n| --- | --- |\n| {number} | {prefix} |"),
        ),
        part("image", format!("![{image}]({image})")),
        part("footer", format!("Page {number}")),
    ]
}

/// The table of a page as HTML.
pub(crate) fn html_table(index: usize, sha256: &str) -> String {
    let prefix = sha256.get(..12).unwrap_or(sha256);
    let number = index + 1;
    format!(
        "<table><tr><th>page</th><th>document</th></tr><tr><td>{number}</td><td>{prefix}</td></tr></table>"
    )
}

/// Where the part of this number is: left, top, right, bottom.
pub(crate) fn place(number: usize, kind: &str) -> [u32; 4] {
    let row = u32::try_from(number).unwrap_or_default();
    let top = MARGIN + row * ROW;
    match kind {
        "image" => [MARGIN, top, MARGIN + IMAGE_WIDTH, top + IMAGE_HEIGHT],
        _ => [MARGIN, top, WIDTH - MARGIN, top + ROW / 2],
    }
}

/// The four keys of a place.
pub(crate) fn coordinates(place: [u32; 4]) -> Value {
    let [left, top, right, bottom] = place;
    json!({
        "top_left_x": left,
        "top_left_y": top,
        "bottom_right_x": right,
        "bottom_right_y": bottom,
    })
}

/// Words with the blanks before them, so that together they are the Markdown again.
pub(crate) fn words(markdown: &str) -> Vec<Value> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut in_word = false;
    for (place, letter) in markdown.char_indices() {
        if letter.is_whitespace() && in_word {
            words.push(json!({"text": &markdown[start..place], "confidence": 0.97, "start_index": start}));
            start = place;
        }
        in_word = !letter.is_whitespace();
    }
    if start < markdown.len() {
        words.push(json!({"text": &markdown[start..], "confidence": 0.97, "start_index": start}));
    }
    words
}

/// A grey JPEG of eight by eight pixels, as base64.
pub(crate) fn jpeg() -> String {
    let mut bytes = vec![0xff, 0xd8];
    // One table of quantization, all ones.
    bytes.extend([0xff, 0xdb, 0, 0x43, 0]);
    bytes.extend([1; 64]);
    // One component, sampled once.
    bytes.extend([0xff, 0xc0, 0, 0x0b, 8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    // For both classes a single code of one bit, which says "nothing".
    for class in [0x00, 0x10] {
        bytes.extend([0xff, 0xc4, 0, 0x14, class, 1]);
        bytes.extend([0; 16]);
    }
    // The scan: two such codes, filled up with ones.
    bytes.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0, 0x3f]);
    bytes.extend([0xff, 0xd9]);
    STANDARD.encode(bytes)
}
