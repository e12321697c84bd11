use std::collections::{HashMap, HashSet};

use crate::ir::{Block, BlockId, BlockKind};

/// Captions of the tables and figures of a page.
pub(super) struct Captions<'p> {
    of: HashMap<BlockId, Vec<&'p Block>>,
    owners: HashSet<BlockId>,
}

impl<'p> Captions<'p> {
    pub(super) fn of(blocks: &'p [Block]) -> Self {
        let mut captions = Self {
            of: HashMap::new(),
            owners: HashSet::new(),
        };
        captions.collect(blocks);
        captions
    }

    fn collect(&mut self, blocks: &'p [Block]) {
        for block in blocks {
            match &block.kind {
                BlockKind::Table(_) | BlockKind::Figure(_) => {
                    self.owners.insert(block.id);
                }
                BlockKind::Caption(caption) => {
                    if let Some(target) = caption.target {
                        self.of.entry(target).or_default().push(block);
                    }
                }
                BlockKind::List(list) => {
                    for item in &list.items {
                        self.collect(&item.blocks);
                    }
                }
                BlockKind::Quote(blocks) => self.collect(blocks),
                BlockKind::Group(group) => self.collect(&group.blocks),
                _ => {}
            }
        }
    }

    /// Returns true if a caption with this target is written with it.
    pub(super) fn has_owner(&self, target: Option<BlockId>) -> bool {
        target.is_some_and(|target| self.owners.contains(&target))
    }

    /// The captions of a table or figure.
    pub(super) fn take(&mut self, owner: BlockId) -> Vec<&'p Block> {
        self.of.remove(&owner).unwrap_or_default()
    }
}
