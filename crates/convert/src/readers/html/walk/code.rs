use super::super::elements::{code_language, is_block};
use super::super::tree::{Data, Element, NodeId, Tree, is_shown};
use super::Walk;
use crate::ConvertError;
use crate::ir::BlockKind;

impl<'t> Walk<'t, '_, '_> {
    /// Adds preformatted text, with its line ends.
    pub(super) fn code(&mut self, id: NodeId, element: &'t Element) -> Result<(), ConvertError> {
        self.placed(id);
        let text = text(self.tree, id);
        let language = self.language(id, element);
        let text = text.trim_matches('\n').trim_end().to_owned();
        self.end_lead()?;
        self.at = id;
        self.leaf(BlockKind::Code { language, text })
    }

    /// Language that its element, a `code` in it or an element around it says.
    fn language(&self, id: NodeId, element: &Element) -> Option<String> {
        let tree = self.tree;
        let of = |element: &Element| {
            let named = element.get("data-lang").or_else(|| element.get("data-language"));
            let named = named.map(|name| code_language(&format!("language-{}", name.trim())));
            named
                .or_else(|| element.get("class").map(code_language))
                .flatten()
        };
        let inner = || {
            let mut children = tree.children(id).filter_map(|child| tree.element(child));
            children.find(|child| child.name() == "code").and_then(of)
        };
        let outer = || {
            let parent = tree.parent(id);
            [parent, tree.parent(parent)]
                .into_iter()
                .filter_map(|id| tree.element(id))
                .filter(|outer| matches!(outer.name(), "div" | "figure"))
                .find_map(of)
        };
        of(element).or_else(inner).or_else(outer)
    }
}

fn text(tree: &Tree, id: NodeId) -> String {
    let mut out = String::new();
    for id in tree.within(id, is_shown) {
        match tree.data(id) {
            Data::Text(text) => out.push_str(text),
            Data::Element(element) => match element.name() {
                "br" => out.push('\n'),
                "img" => out.push_str(element.get("alt").unwrap_or_default()),
                name if is_block(name) && !out.is_empty() && !out.ends_with('\n') => out.push('\n'),
                _ => {}
            },
            Data::Other => {}
        }
    }
    out
}
