use super::json::{decimal, object};
use super::writer::{DocumentHead, DocumentTail, DocumentWriter};
use crate::ConvertError;
use crate::ir::{Block, Page};

/// Writer of the words of a document with their places, one JSON object a line.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlaceLines;

impl DocumentWriter for PlaceLines {
    fn start(&mut self, _head: &DocumentHead, _out: &mut String) {}

    fn page(&mut self, page: Page, out: &mut String) -> Result<(), ConvertError> {
        for block in &page.blocks {
            block.visit(&mut |block| write(block, out));
        }
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, _out: &mut String) -> Result<(), ConvertError> {
        Ok(())
    }
}

fn write(block: &Block, out: &mut String) {
    for (number, line) in (0_u32..).zip(&block.lines) {
        for word in &line.words {
            object(out, |json| {
                json.integer("page", line.region.page);
                json.id("block", block.id);
                json.integer("line", number);
                json.text("text", &word.text);
                json.array("bbox", word.bbox, decimal);
                json.decimal_if("angle", line.region.angle);
                json.decimal_if("confidence", word.confidence);
            });
            out.push('\n');
        }
    }
}
