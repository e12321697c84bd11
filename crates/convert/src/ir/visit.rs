use super::{Block, BlockKind, Inline};

impl Block {
    /// Calls `visit` for this block and all that it holds, outer ones first.
    pub fn visit(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        for blocks in self.parts() {
            for block in blocks {
                block.visit(visit);
            }
        }
    }

    /// [`Self::visit`], to change them.
    pub fn visit_mut(&mut self, visit: &mut impl FnMut(&mut Self)) {
        visit(self);
        for blocks in self.parts_mut() {
            for block in blocks {
                block.visit_mut(visit);
            }
        }
    }

    /// Calls `visit` for each line of text of this block and all that it holds.
    pub fn visit_inlines_mut(&mut self, visit: &mut impl FnMut(&mut Vec<Inline>)) {
        self.visit_mut(&mut |block| {
            if let Some(inlines) = block.kind.inlines_mut() {
                visit(inlines);
                return;
            }
            match &mut block.kind {
                BlockKind::DefinitionList(items) => items.iter_mut().for_each(|item| visit(&mut item.term)),
                BlockKind::Toc(entries) => entries.iter_mut().for_each(|entry| visit(&mut entry.inlines)),
                _ => {}
            }
        });
    }

    /// Lists of blocks that it holds itself, in reading order.
    #[must_use]
    pub fn parts(&self) -> Vec<&[Self]> {
        match &self.kind {
            BlockKind::List(list) => list.items.iter().map(|item| item.blocks.as_slice()).collect(),
            BlockKind::DefinitionList(items) => items.iter().map(|item| item.blocks.as_slice()).collect(),
            BlockKind::Table(table) => table.cells.iter().map(|cell| cell.blocks.as_slice()).collect(),
            BlockKind::Figure(figure) => vec![&figure.blocks],
            BlockKind::Quote(blocks) => vec![blocks],
            BlockKind::Footnote(note) => vec![&note.blocks],
            BlockKind::Group(group) => vec![&group.blocks],
            _ => Vec::new(),
        }
    }

    fn parts_mut(&mut self) -> Vec<&mut [Self]> {
        match &mut self.kind {
            BlockKind::List(list) => list
                .items
                .iter_mut()
                .map(|item| item.blocks.as_mut_slice())
                .collect(),
            BlockKind::DefinitionList(items) => {
                items.iter_mut().map(|item| item.blocks.as_mut_slice()).collect()
            }
            BlockKind::Table(table) => table
                .cells
                .iter_mut()
                .map(|cell| cell.blocks.as_mut_slice())
                .collect(),
            BlockKind::Figure(figure) => vec![&mut figure.blocks],
            BlockKind::Quote(blocks) => vec![blocks],
            BlockKind::Footnote(note) => vec![&mut note.blocks],
            BlockKind::Group(group) => vec![&mut group.blocks],
            _ => Vec::new(),
        }
    }
}
