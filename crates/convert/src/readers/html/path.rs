use super::tree::{NONE, NodeId, Tree};
use std::collections::HashMap;

/// Elements of a path, at most; a block further inside says none.
const MAX_STEPS: usize = 48;
/// Bytes of all paths of a page, at most; the blocks behind say none.
const MAX_BYTES: usize = 32 << 20;

/// Paths of the elements of a page, such as `html/body/div[3]/p[1]`.
pub(super) struct Paths<'t> {
    tree: &'t Tree,
    /// Number of each element among the children of its parent that have its name, from 1.
    numbers: Vec<u32>,
    /// Bytes that may still be written.
    left: usize,
}

impl<'t> Paths<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        let mut numbers = vec![0; tree.nodes.len()];
        let mut names: HashMap<&str, u32> = HashMap::new();
        for parent in (0..).take(tree.nodes.len()) {
            names.clear();
            for child in tree.children(parent) {
                let Some(element) = tree.element(child) else {
                    continue;
                };
                let count = names.entry(element.name()).or_default();
                *count += 1;
                if let Some(number) = usize::try_from(child)
                    .ok()
                    .and_then(|child| numbers.get_mut(child))
                {
                    *number = *count;
                }
            }
        }
        Self {
            tree,
            numbers,
            left: MAX_BYTES,
        }
    }

    /// Path of an element.
    pub(super) fn of(&mut self, id: NodeId) -> Option<String> {
        let mut steps = Vec::new();
        let mut at = id;
        while at != NONE && at != 0 {
            if steps.len() == MAX_STEPS {
                return None;
            }
            steps.push(at);
            at = self.tree.parent(at);
        }
        let mut path = String::new();
        for id in steps.into_iter().rev() {
            let name = self.tree.name(id);
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(name);
            if !matches!(name, "html" | "body" | "head") {
                let number = usize::try_from(id).ok().and_then(|id| self.numbers.get(id));
                path.push_str(&format!("[{}]", number.copied().unwrap_or(1)));
            }
        }
        self.left = self.left.checked_sub(path.len())?;
        (!path.is_empty()).then_some(path)
    }
}
