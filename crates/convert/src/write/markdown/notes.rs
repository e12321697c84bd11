use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use crate::ir::{Block, BlockId, BlockKind};

/// Characters of a label.
const LONGEST_LABEL: usize = 40;

/// Labels of footnotes by their ids.
pub(crate) type Labels = HashMap<BlockId, String>;

/// Labels of all footnotes: letters, digits and hyphens, each once, whatever the case.
pub(crate) fn labels(blocks: &[Block]) -> Labels {
    let (mut labels, mut taken) = (HashMap::new(), HashSet::new());
    let mut repeated: HashMap<String, u32> = HashMap::new();
    for block in blocks {
        block.visit(&mut |block| {
            let BlockKind::Footnote(note) = &block.kind else {
                return;
            };
            let base = safe(&note.label);
            let mut label = base.clone();
            while !taken.insert(label.to_lowercase()) {
                let count = repeated.entry(base.to_lowercase()).or_insert(1);
                *count += 1;
                label = format!("{base}-{count}");
            }
            labels.insert(block.id, label);
        });
    }
    labels
}

/// The part of a label that Markdown can hold.
fn safe(label: &str) -> String {
    let kept = label.nfkc().filter(|c| c.is_alphanumeric() || *c == '-');
    let label: String = kept.take(LONGEST_LABEL).collect();
    if label.is_empty() { "note".into() } else { label }
}

/// Returns true if the text of a reference is no more than the sign of its footnote, which its label replaces.
pub(super) fn is_sign(text: &str, label: &str) -> bool {
    let text = text.trim();
    let sign = safe(text);
    // Several pages may have a note of one number.
    let of_page = label.strip_suffix(&sign).and_then(|page| page.strip_suffix('-'));
    let is_page = |page: &str| !page.is_empty() && page.bytes().all(|byte| byte.is_ascii_digit());
    sign == label || of_page.is_some_and(is_page) || !text.chars().any(char::is_alphanumeric)
}
