use serde::{Deserialize, Serialize};

use super::limits;
use crate::ConvertError;
use crate::ir::{Block, BlockKind, Builder, Page, Region, plain_text};
use crate::readers::markdown_text::read_blocks;

/// Boxes behind the one that was found last that are looked at for the next block: a service may leave some out of its
/// text.
const MAX_SKIPPED: usize = 24;

/// Part of a page that was read by a service, with its box in the unit of the page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TextBox {
    /// Its text, as Markdown.
    pub text: String,
    /// Left, top, right and bottom edge.
    pub bbox: [f32; 4],
    /// It is a picture.
    pub is_picture: bool,
}

/// Reads the Markdown of a page into blocks, and gives them the boxes whose text is theirs. A page of which no box is known
/// stays as it is.
///
/// # Errors
/// `LimitExceeded`: a table is too large.
pub fn place_blocks(page: &mut Page, boxes: &[TextBox]) -> Result<(), ConvertError> {
    if boxes.is_empty() || !page.blocks.is_empty() {
        return Ok(());
    }
    let limits = limits();
    let mut builder = Builder::new(&limits);
    builder.begin_page(page.number);
    read_blocks(&page.markdown, &mut builder)?;
    page.blocks = builder.finish_page()?.0;
    let keys: Vec<String> = boxes
        .iter()
        .map(|part| letters(&without_markup(&part.text)))
        .collect();
    let mut next = 0;
    for block in &mut page.blocks {
        let found = found(block, boxes, &keys, next);
        if let Some(last) = found.last() {
            // What a box holds may be several blocks, but for a picture.
            next = *last + usize::from(boxes.get(*last).is_some_and(|part| part.is_picture));
        }
        block.regions = found
            .into_iter()
            .filter_map(|at| boxes.get(at))
            .map(|part| Region::new(page.number, part.bbox))
            .collect();
    }
    Ok(())
}

/// Places of the boxes of a block: those whose text it begins with and goes on with, or the one that holds all of it.
fn found(block: &Block, boxes: &[TextBox], keys: &[String], from: usize) -> Vec<usize> {
    let near = || (from..boxes.len()).take(MAX_SKIPPED);
    if matches!(block.kind, BlockKind::Figure(_)) {
        let is_picture = |at: &usize| boxes.get(*at).is_some_and(|part| part.is_picture);
        return near().find(is_picture).into_iter().collect();
    }
    let text = letters(&plain_text(block));
    let key = |at: usize| keys.get(at).map(String::as_str).unwrap_or_default();
    if text.is_empty() {
        return Vec::new();
    }
    let holds = |at: &usize| !key(*at).is_empty() && (key(*at).contains(&text) || text.starts_with(key(*at)));
    let Some(first) = near().find(holds) else {
        return Vec::new();
    };
    let mut found = vec![first];
    let mut rest = text.strip_prefix(key(first)).unwrap_or_default();
    for at in first + 1..boxes.len() {
        let Some(behind) = rest.strip_prefix(key(at)).filter(|_| !key(at).is_empty()) else {
            break;
        };
        found.push(at);
        rest = behind;
    }
    found
}

/// Letters and digits of a text, which both sides write alike.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Markdown without the addresses of its links and without tags.
fn without_markup(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(at) = rest.find(['<', ']']) {
        let (before, sign) = rest.split_at(at);
        out.push_str(before);
        let end = match sign.strip_prefix("](") {
            Some(_) => sign.find(')'),
            None if sign.starts_with('<') => sign.find('>'),
            None => Some(0),
        };
        rest = sign.get(end.map_or(1, |end| end + 1)..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{TextBox, place_blocks};
    use crate::ir::{Page, PageKind};

    fn part(text: &str, top: f32) -> TextBox {
        TextBox {
            text: text.into(),
            bbox: [10.0, top, 100.0, top + 10.0],
            is_picture: text.starts_with("!["),
        }
    }

    #[test]
    fn blocks_have_the_boxes_of_their_text() {
        let mut page = Page {
            markdown: "# Title\n\nSome **bold** text and [a link](https://a.example/x).\n\n- one\n- two\n\n![A tower](images/p1-a.jpg)\n\n\
                       | a | b |\n|---|---|\n| 1 | 2 |\n\nlast"
                .into(),
            ..Page::new(1, PageKind::Ocr)
        };
        let boxes = [
            part("header that was left out", 0.0),
            part("# Title", 10.0),
            part("Some **bold** text and [a link](https://a.example/x).", 20.0),
            part("- one", 30.0),
            part("- two", 40.0),
            part("![img](img)", 50.0),
            part(
                "<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>",
                60.0,
            ),
            part("last", 70.0),
        ];
        place_blocks(&mut page, &boxes).unwrap();
        let tops: Vec<Vec<f32>> = page
            .blocks
            .iter()
            .map(|block| block.regions.iter().map(|region| region.bbox[1]).collect())
            .collect();
        let expected: [&[f32]; 6] = [&[10.0], &[20.0], &[30.0, 40.0], &[50.0], &[60.0], &[70.0]];
        assert_eq!(tops, expected);
    }

    #[test]
    fn a_box_of_several_blocks_is_that_of_each() {
        let mut page = Page {
            markdown: "one\n\ntwo\n\nthree".into(),
            ..Page::new(1, PageKind::Ocr)
        };
        place_blocks(&mut page, &[part("one\ntwo", 0.0), part("other", 10.0)]).unwrap();
        let found: Vec<usize> = page.blocks.iter().map(|block| block.regions.len()).collect();
        assert_eq!(found, [1, 1, 0]);
    }

    #[test]
    fn a_page_without_boxes_stays_as_it_is() {
        let mut page = Page {
            markdown: "one".into(),
            ..Page::new(1, PageKind::Ocr)
        };
        place_blocks(&mut page, &[]).unwrap();
        assert!(page.blocks.is_empty());
    }
}
