//! Main content of a web page, told from what surrounds it: menus, banners, side columns, the foot of the page.
//!
//! ```text
//!   1. root:   `main`, else the `article` that holds most of the page's text, else the body
//!   2. around: whatever is not on the way to the root goes, but for the page's `h1` if the root has none
//!   3. inside: navigation, side text, the foot, and parts whose classes say what they are or that are mostly links;
//!              never a part that holds most of the text
//! ```

use std::collections::HashSet;

use super::elements::is_block;
use super::look::is_hidden;
use super::tree::{Data, Element, NONE, NodeId, Tree, is_shown};

/// Words among the classes and ids of parts that are not the content.
const WORDS: [&str; 33] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "banner",
    "breadcrumb",
    "breadcrumbs",
    "comments",
    "consent",
    "cookie",
    "cookies",
    "footer",
    "masthead",
    "menu",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "pager",
    "pagination",
    "popup",
    "promo",
    "recommended",
    "related",
    "share",
    "sharing",
    "sidebar",
    "skip",
    "social",
    "sponsor",
    "subscribe",
    "toolbar",
    "widget",
];
/// Percentage of the text of a list of links that is linked, at least.
const LINKED: u64 = 60;
/// Links of such a list, at least.
const MIN_LINKS: u64 = 4;

/// Returns the elements that surround the main content: none if nothing would be left.
pub(super) fn surroundings(tree: &Tree) -> HashSet<NodeId> {
    let sizes = Sizes::of(tree);
    let root = root(tree, &sizes);
    let mut finder = Finder {
        tree,
        total: sizes.text(root).max(1),
        has_title: tree.within(root, is_shown).any(|id| tree.name(id) == "h1"),
        sizes: &sizes,
        found: HashSet::new(),
    };
    finder.around(root);
    finder.inside(root);
    let left: u64 = sizes.text(0)
        - finder
            .found
            .iter()
            .map(|id| sizes.text(*id))
            .sum::<u64>()
            .min(sizes.text(0));
    if left == 0 { HashSet::new() } else { finder.found }
}

/// Characters, linked characters and links within each node.
struct Sizes(Vec<(u64, u64, u64)>);

impl Sizes {
    fn of(tree: &Tree) -> Self {
        let mut sizes = vec![(0_u64, 0_u64, 0_u64); tree.nodes.len()];
        let order: Vec<NodeId> = tree.within(0, is_shown).collect();
        // Children come behind their parents.
        for id in order.into_iter().rev() {
            let own = match tree.data(id) {
                Data::Text(text) => text.chars().filter(|c| !c.is_whitespace()).count() as u64,
                _ => 0,
            };
            let Some(size) = usize::try_from(id).ok().and_then(|id| sizes.get_mut(id)) else {
                continue;
            };
            size.0 += own;
            match tree.element(id) {
                Some(element) if is_hidden(element) => *size = (0, 0, 0),
                Some(element) if element.name() == "a" => (size.1, size.2) = (size.0, 1),
                _ => {}
            }
            let size = *size;
            let parent = tree.parent(id);
            if let Some(outer) = usize::try_from(parent)
                .ok()
                .and_then(|parent| sizes.get_mut(parent))
            {
                *outer = (outer.0 + size.0, outer.1 + size.1, outer.2 + size.2);
            }
        }
        Self(sizes)
    }

    fn get(&self, id: NodeId) -> (u64, u64, u64) {
        let size = usize::try_from(id).ok().and_then(|id| self.0.get(id));
        size.copied().unwrap_or_default()
    }

    fn text(&self, id: NodeId) -> u64 {
        self.get(id).0
    }
}

fn root(tree: &Tree, sizes: &Sizes) -> NodeId {
    let largest = |is: &dyn Fn(&Element) -> bool| {
        let elements = tree
            .within(0, is_shown)
            .filter(|id| tree.element(*id).is_some_and(is));
        elements.max_by_key(|id| (sizes.text(*id), std::cmp::Reverse(*id)))
    };
    let main = largest(&|element| element.name() == "main" || element.get("role") == Some("main"));
    if let Some(main) = main.filter(|main| sizes.text(*main) > 0) {
        return main;
    }
    let article = largest(&|element| element.name() == "article");
    let holds_most = |id: &NodeId| 2 * sizes.text(*id) > sizes.text(0);
    article.filter(holds_most).unwrap_or(0)
}

struct Finder<'a> {
    tree: &'a Tree,
    sizes: &'a Sizes,
    /// Characters of the root.
    total: u64,
    /// The root has a heading of the first level.
    has_title: bool,
    found: HashSet<NodeId>,
}

impl Finder<'_> {
    /// Finds what is not on the way to the root.
    fn around(&mut self, root: NodeId) {
        let mut at = root;
        while at != 0 && at != NONE {
            let parent = self.tree.parent(at);
            let others: Vec<NodeId> = self.tree.children(parent).filter(|child| *child != at).collect();
            for other in others {
                self.drop_around(other);
            }
            at = parent;
        }
    }

    /// Drops a node, but for the title of the page in it.
    fn drop_around(&mut self, id: NodeId) {
        let tree = self.tree;
        let is_title = |id: NodeId| tree.name(id) == "h1";
        let title = (!self.has_title).then(|| {
            std::iter::once(id)
                .chain(tree.within(id, is_shown))
                .find(|id| is_title(*id))
        });
        let Some(title) = title.flatten() else {
            self.found.insert(id);
            return;
        };
        self.has_title = true;
        let mut at = title;
        while at != id && at != NONE {
            let parent = tree.parent(at);
            self.found
                .extend(tree.children(parent).filter(|child| *child != at));
            at = parent;
        }
    }

    /// Finds the parts within the root that are no content.
    fn inside(&mut self, root: NodeId) {
        let tree = self.tree;
        let mut stack: Vec<NodeId> = tree.children(root).collect();
        while let Some(id) = stack.pop() {
            let Some(element) = tree.element(id) else { continue };
            if !is_shown(element.name()) {
                continue;
            }
            if self.is_beside(id, element) {
                self.found.insert(id);
            } else if is_block(element.name()) || matches!(element.name(), "span" | "form") {
                stack.extend(tree.children(id));
            }
        }
    }

    fn is_beside(&self, id: NodeId, element: &Element) -> bool {
        let (text, linked, links) = self.sizes.get(id);
        let most = 2 * text > self.total;
        if most || self.holds_title(id) {
            return false;
        }
        let mostly_links = links >= MIN_LINKS && 100 * linked > LINKED * text;
        let role = element.get("role").unwrap_or_default();
        match element.name() {
            "nav" | "aside" | "footer" | "dialog" | "search" => true,
            // That of an article may hold its title and its date.
            "header" => self.tree.name(self.tree.parent(id)) == "body" && mostly_links,
            _ if matches!(
                role,
                "navigation"
                    | "banner"
                    | "contentinfo"
                    | "complementary"
                    | "search"
                    | "dialog"
                    | "menu"
                    | "menubar"
            ) =>
            {
                true
            }
            "div" | "section" | "ul" | "ol" | "form" | "p" | "span" => {
                is_named(element) || mostly_links && element.name() != "p"
            }
            _ => false,
        }
    }

    fn holds_title(&self, id: NodeId) -> bool {
        let mut inside = std::iter::once(id)
            .chain(self.tree.within(id, is_shown))
            .take(200);
        inside.any(|id| self.tree.name(id) == "h1")
    }
}

/// Returns true if a class or the id of an element says that it is no content.
fn is_named(element: &Element) -> bool {
    let names = ["class", "id"].iter().filter_map(|name| element.get(name));
    names
        .flat_map(|names| names.split([' ', '-', '_', '\t', '\n']))
        .any(|word| {
            let word = word.to_ascii_lowercase();
            WORDS.binary_search(&word.as_str()).is_ok()
        })
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn words_are_sorted() {
        assert!(WORDS.is_sorted());
    }
}
