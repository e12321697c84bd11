use std::collections::HashSet;

use hayro::hayro_syntax::object::{Array, Dict, Object};
use hayro::hayro_syntax::xref::XRef;

use super::objects::{identity, resolve};

/// Entries of a tree that are read, at most.
const MAX_ENTRIES: usize = 200_000;

/// Reads all entries of a name tree (ISO 32000-1, 7.9.6) in its order. A node that comes again is passed over, so that
/// circles end. The limits of the nodes are not relied on: damaged files have wrong ones.
pub(super) fn entries<'a>(root: &Dict<'a>, xref: &'a XRef) -> Vec<(Vec<u8>, Object<'a>)> {
    let mut entries = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![Array::default().raw_iter()];
    let mut node = Some(root.clone());
    loop {
        if let Some(node) = node.take().filter(|node| seen.insert(identity(node))) {
            add_names(&node, xref, &mut entries);
            open.extend(node.get::<Array<'a>>("Kids").map(|kids| kids.raw_iter()));
        }
        let Some(kids) = open.last_mut().filter(|_| entries.len() < MAX_ENTRIES) else {
            return entries;
        };
        match kids.next() {
            Some(kid) => node = resolve(xref, kid).and_then(Object::into_dict),
            None => {
                open.pop();
            }
        }
    }
}

fn add_names<'a>(node: &Dict<'a>, xref: &'a XRef, entries: &mut Vec<(Vec<u8>, Object<'a>)>) {
    let names = node.get::<Array<'a>>("Names").unwrap_or_default();
    let mut objects = names.raw_iter().map(|object| resolve(xref, object));
    while entries.len() < MAX_ENTRIES
        && let Some(name) = objects.next()
        && let Some(value) = objects.next()
    {
        if let (Some(Object::String(name)), Some(value)) = (name, value) {
            entries.push((name.as_bytes().to_vec(), value));
        }
    }
}

#[cfg(test)]
mod tests {
    use hayro::hayro_syntax::object::{Dict, ObjectIdentifier};

    use super::entries;
    use crate::pdf::test_documents::open;

    fn names(nodes: &[&str]) -> Vec<String> {
        let mut objects = vec![
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Count 0/Kids[]>>".to_owned(),
        ];
        objects.extend(nodes.iter().map(|node| (*node).to_owned()));
        let pdf = open(&objects);
        let root = pdf.xref().get::<Dict<'_>>(ObjectIdentifier::new(3, 0)).unwrap();
        let entries = entries(&root, pdf.xref()).into_iter();
        entries
            .map(|(name, _)| String::from_utf8(name).unwrap())
            .collect()
    }

    #[test]
    fn entries_come_in_the_order_of_the_tree() {
        let tree = [
            "<</Kids[4 0 R 5 0 R]/Names[(a) 1]>>",
            "<</Kids[99 0 R 6 0 R]>>",
            "<</Names[(c) 1 (x) 99 0 R (d) 2]>>",
        ];
        let leaf = "<</Names[(b) 1]>>";
        assert_eq!(names(&[tree[0], tree[1], tree[2], leaf]), ["a", "b", "c", "d"]);
        assert_eq!(names(&["<</Names[(a) 1 (b)]>>"]), ["a"]);
        assert_eq!(names(&["<<>>"]), [""; 0]);
    }

    #[test]
    fn circles_end() {
        assert_eq!(
            names(&["<</Kids[3 0 R 4 0 R]>>", "<</Kids[3 0 R 4 0 R]/Names[(a) 1]>>"]),
            ["a"]
        );
        let chain: Vec<String> = (4..3_004)
            .map(|next| format!("<</Kids[{next} 0 R]/Names[(a) 1]>>"))
            .collect();
        let chain: Vec<&str> = chain.iter().map(String::as_str).collect();
        assert_eq!(names(&chain).len(), 3_000);
    }
}
