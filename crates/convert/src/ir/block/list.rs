use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Block, BlockKind};
use crate::ir::leaf::FieldKind;
use crate::ir::{BlockId, Inline};

/// List.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// True if its items are counted.
    pub ordered: bool,
    /// Numerals of a counted list.
    pub style: ListStyle,
    /// Number of the first item.
    pub start: u32,
    /// Items.
    pub items: Vec<Item>,
}

/// Numerals of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListStyle {
    /// 1, 2, 3.
    #[default]
    Decimal,
    /// a, b, c.
    Alpha,
    /// i, ii, iii.
    Roman,
}

/// Item of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Id in the document.
    pub id: BlockId,
    /// Marker as the document shows it, where it is not the usual one: `(a)`, `§ 3`.
    pub marker: Option<String>,
    /// State of its check box, if it has one.
    pub checked: Option<bool>,
    /// Content.
    pub blocks: Vec<Block>,
}

impl Item {
    /// Label of its box, where its first block is the field of the box: the item has the state already.
    fn box_label(&self) -> Option<&str> {
        let first = self.blocks.first().filter(|_| self.checked.is_some())?;
        match &first.kind {
            BlockKind::Field(field) if matches!(field.kind, FieldKind::Checkbox | FieldKind::Radio) => {
                field.label.as_deref().filter(|label| !label.trim().is_empty())
            }
            _ => None,
        }
    }

    /// First block as text shows it, where it is the field of its box: its label.
    pub(crate) fn box_text(&self) -> Option<BlockKind> {
        let label = self.box_label()?;
        Some(BlockKind::Paragraph(vec![Inline::plain(label)]))
    }

    /// Blocks as text shows them.
    pub(crate) fn shown_blocks(&self) -> Cow<'_, [Block]> {
        let Some(text) = self.box_text() else {
            return Cow::Borrowed(&self.blocks);
        };
        let mut blocks = self.blocks.clone();
        if let Some(first) = blocks.first_mut() {
            first.kind = text;
        }
        Cow::Owned(blocks)
    }
}

/// Term with its definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Term.
    pub term: Vec<Inline>,
    /// Definition.
    pub blocks: Vec<Block>,
}
