use crate::ir::{
    Block, BlockId, BlockKind, Place, PlacedLine, Region, Table, block_hash, inlines_text, plain_text,
};

/// Text of a block, or of one cell of a table, with all that its place takes to tell.
#[derive(Debug, Clone)]
pub(super) struct Passage {
    pub(super) id: BlockId,
    pub(super) kind: &'static str,
    /// Page whose Markdown has it.
    pub(super) page: u32,
    /// Hash, where it is not that of the kind and the text.
    pub(super) hash: Option<String>,
    pub(super) text: String,
    pub(super) regions: Vec<Region>,
    pub(super) lines: Vec<PlacedLine>,
    pub(super) at: Option<Place>,
    pub(super) range: Option<(u32, u32)>,
    /// Row and column, from 0, of a cell.
    pub(super) cell: Option<(u32, u32)>,
    /// The text is that of the block: not one of a cell, nor one with the number of a heading.
    pub(super) is_text: bool,
}

impl Passage {
    /// Takes a whole block, with all that it holds.
    pub(super) fn of_block(block: &Block, page: u32) -> Self {
        Self {
            hash: Some(block_hash(block)),
            ..Self::new(block, page, plain_text(block))
        }
    }

    fn new(block: &Block, page: u32, text: String) -> Self {
        Self {
            id: block.id,
            kind: block.kind.name(),
            page,
            hash: None,
            text,
            regions: block.regions.clone(),
            lines: block.lines.clone(),
            at: block.at.clone(),
            range: block.range,
            cell: None,
            is_text: true,
        }
    }
}

/// Calls `take` for each text of a block and what it holds, in reading order. The flag is true for what stands beside
/// the text of the page.
pub(super) fn passages(block: &Block, page: u32, aside: bool, take: &mut impl FnMut(Passage, bool)) {
    let mut aside = aside;
    match &block.kind {
        BlockKind::Table(table) => return cells(block, table, page, take),
        BlockKind::DefinitionList(items) => {
            for item in items {
                own(block, inlines_text(&item.term), (page, aside), take);
                for block in &item.blocks {
                    passages(block, page, aside, take);
                }
            }
            return;
        }
        BlockKind::Code { .. } | BlockKind::Formula(_) | BlockKind::Field(_) | BlockKind::Toc(_) => {
            own(block, plain_text(block), (page, aside), take);
        }
        BlockKind::Comment(_) | BlockKind::Stamp(_) | BlockKind::Attachment { .. } => {
            own(block, plain_text(block), (page, true), take);
        }
        BlockKind::Group(group) => {
            own(
                block,
                group.title.clone().unwrap_or_default(),
                (page, aside),
                take,
            );
        }
        BlockKind::Heading {
            number: Some(number),
            inlines,
            ..
        } => {
            let text = format!("{number} {}", inlines_text(inlines));
            let passage = Passage {
                hash: Some(block_hash(block)),
                is_text: false,
                ..Passage::new(block, page, text)
            };
            take(passage, aside);
        }
        BlockKind::Footnote(_) | BlockKind::Figure(_) => aside = true,
        kind => {
            if let Some(inlines) = kind.inlines() {
                let aside = aside || is_beside(kind);
                own(block, inlines_text(inlines), (page, aside), take);
            }
        }
    }
    for blocks in block.parts() {
        for block in blocks {
            passages(block, page, aside, take);
        }
    }
}

fn own(block: &Block, text: String, (page, aside): (u32, bool), take: &mut impl FnMut(Passage, bool)) {
    if !text.trim().is_empty() {
        take(Passage::new(block, page, text), aside);
    }
}

/// Returns true for text that stands beside that of the page.
fn is_beside(kind: &BlockKind) -> bool {
    matches!(
        kind,
        BlockKind::Caption(_)
            | BlockKind::Aside(_)
            | BlockKind::Header(_)
            | BlockKind::Footer(_)
            | BlockKind::PageNumber(_)
            | BlockKind::Watermark(_)
    )
}

fn cells(block: &Block, table: &Table, page: u32, take: &mut impl FnMut(Passage, bool)) {
    let hash = block_hash(block);
    for cell in table.cells.iter().filter(|cell| !cell.text.trim().is_empty()) {
        let own = cell.details.as_ref().and_then(|details| details.region);
        let passage = Passage {
            hash: Some(hash.clone()),
            regions: own.map_or_else(|| block.regions.clone(), |region| vec![region]),
            cell: Some((cell.row, cell.column)),
            is_text: false,
            ..Passage::new(block, page, cell.text.clone())
        };
        take(passage, true);
    }
}
