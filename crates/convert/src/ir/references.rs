use super::{Block, BlockId, BlockKind, Inline, Link};

/// Places from here on are those of references to blocks that are not made yet.
pub(super) const FORWARD_PLACES: u32 = 1 << 30;

/// Replaces provisional ids by those of the blocks, and removes references to blocks that do not exist.
pub(super) fn resolve(blocks: &mut [Block], targets: &[Option<BlockId>]) {
    resolve_with(blocks, &|id| actual(id, targets));
}

/// Replaces the ids of references to what `actual` says, and removes references for which it says nothing.
pub(super) fn resolve_with(blocks: &mut [Block], actual: &dyn Fn(BlockId) -> Option<BlockId>) {
    for block in blocks {
        block.visit_inlines_mut(&mut |inlines| {
            for inline in inlines {
                if let Inline::Run(run) = inline {
                    if let Some(Link::Block(id)) = run.link {
                        run.link = actual(id).map(Link::Block);
                    }
                    if let Some(marks) = &mut run.marks {
                        marks.note = marks.note.and_then(actual);
                        marks.comment = marks.comment.and_then(actual);
                    }
                }
            }
        });
        block.visit_mut(&mut |block| match &mut block.kind {
            BlockKind::Caption(caption) => caption.target = caption.target.and_then(actual),
            BlockKind::Toc(entries) => {
                for entry in entries {
                    entry.target = entry.target.and_then(actual);
                }
            }
            _ => {}
        });
    }
}

/// Likewise, for references to the block of which one is the rest.
pub(super) fn resolve_continued(blocks: &mut [Block], actual: &dyn Fn(BlockId) -> Option<BlockId>) {
    for block in blocks {
        block.visit_mut(&mut |block| block.continues = block.continues.and_then(actual));
    }
}

/// Id of the block that `id` stands for, `None` if it was not made.
fn actual(id: BlockId, targets: &[Option<BlockId>]) -> Option<BlockId> {
    if id.page != 0 {
        return Some(id);
    }
    let number = usize::try_from(id.place.checked_sub(FORWARD_PLACES)?).ok()?;
    targets.get(number).copied().flatten()
}
