use super::Parted;
use super::furniture::{Side, side};
use super::pictures::write_box;
use super::scale::{PixelBox, Scale};
use super::scores::write_block_scores;
use crate::ir::{Block, BlockKind, FieldKind, plain_text};
use crate::options::ScoreGranularity;
use crate::write::json::object;

/// Writes the blocks of a page in reading order; none of a page without a size, where nothing has a place.
pub(super) fn write_blocks(parted: &Parted, scores: Option<ScoreGranularity>, out: &mut String) {
    out.push('[');
    if let Some(scale) = parted.scale {
        let mut writer = BlockWriter {
            parted,
            scale,
            scores: scores == Some(ScoreGranularity::Block),
            text: Cut::new(&parted.page.markdown),
            is_first: true,
            out,
        };
        writer.page();
    }
    out.push(']');
}

struct BlockWriter<'a> {
    parted: &'a Parted,
    scale: Scale,
    scores: bool,
    text: Cut<'a>,
    is_first: bool,
    out: &'a mut String,
}

impl<'a> BlockWriter<'a> {
    fn page(&mut self) {
        let parted = self.parted;
        let mut extracted = parted.extracted.blocks.iter().peekable();
        for (at, block) in parted.page.blocks.iter().enumerate() {
            while let Some((_, block)) = extracted.next_if(|(before, _)| *before <= at) {
                self.extracted(block);
            }
            self.block(block);
        }
        for (_, block) in extracted {
            self.extracted(block);
        }
    }

    /// Writes a block that is no part of the text.
    fn extracted(&mut self, block: &Block) {
        let text = plain_text(block);
        self.write(block, text.trim());
    }

    fn block(&mut self, block: &'a Block) {
        if let BlockKind::Group(group) = &block.kind {
            group.blocks.iter().for_each(|block| self.block(block));
            return;
        }
        // What is not written has no range.
        let Some(range) = block.range else {
            return;
        };
        match &block.kind {
            BlockKind::Rule => {}
            BlockKind::Field(field) if field.kind == FieldKind::Signature => {
                self.write(block, field.value.trim());
            }
            _ => {
                let text = match self.parted.tables.of(block) {
                    Some(table) => &table.content,
                    None => self.text.range(range),
                };
                self.write(block, text);
            }
        }
    }

    fn write(&mut self, block: &Block, content: &str) {
        if !std::mem::replace(&mut self.is_first, false) {
            self.out.push(',');
        }
        let place: PixelBox = self.scale.pixels_of(block).unwrap_or(self.scale.whole());
        let table = self.parted.tables.of(block);
        object(self.out, |json| {
            let height = self.parted.page.height;
            json.text(
                "type",
                if table.is_some() {
                    "table"
                } else {
                    name_of(block, height)
                },
            );
            write_box(place, json);
            json.text("content", content);
            match (&block.kind, table) {
                (_, Some(table)) => json.text("table_id", &table.id),
                (BlockKind::Table(_), None) => json.key("table_id").push_str("null"),
                (BlockKind::Figure(figure), None) => {
                    json.text("image_id", figure.image.as_deref().unwrap_or_default());
                }
                _ => {}
            }
            if self.scores {
                write_block_scores(block, &self.parted.page, json.key("confidence_scores"));
            }
        });
    }
}

/// The label of a block.
fn name_of(block: &Block, height: Option<f32>) -> &'static str {
    match side(block, height) {
        Some(Side::Header) => return "header",
        Some(Side::Footer) => return "footer",
        None => {}
    }
    match &block.kind {
        BlockKind::Title(_) | BlockKind::Heading { .. } => "title",
        BlockKind::List(_) | BlockKind::DefinitionList(_) | BlockKind::Toc(_) => "list",
        BlockKind::Table(_) => "table",
        BlockKind::Figure(_) => "image",
        BlockKind::Formula(_) => "equation",
        BlockKind::Caption(_) => "caption",
        BlockKind::Code { .. } => "code",
        BlockKind::Reference(_) => "references",
        BlockKind::Aside(_) => "aside_text",
        BlockKind::Field(field) if field.kind == FieldKind::Signature => "signature",
        _ => "text",
    }
}

/// Parts of a text by their ranges in code points, which are asked for in ascending order.
struct Cut<'a> {
    text: &'a str,
    chars: u32,
    bytes: usize,
}

impl<'a> Cut<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            chars: 0,
            bytes: 0,
        }
    }

    fn range(&mut self, (start, end): (u32, u32)) -> &'a str {
        if start < self.chars {
            (self.chars, self.bytes) = (0, 0);
        }
        let from = self.advance(start);
        let to = self.advance(end);
        self.text.get(from..to).unwrap_or_default()
    }

    /// The byte at which a code point begins.
    fn advance(&mut self, to: u32) -> usize {
        let rest = self.text.get(self.bytes..).unwrap_or_default();
        let ahead = usize::try_from(to.saturating_sub(self.chars)).unwrap_or(usize::MAX);
        let offset = rest.char_indices().nth(ahead).map_or(rest.len(), |(at, _)| at);
        (self.chars, self.bytes) = (to, self.bytes + offset);
        self.bytes
    }
}
