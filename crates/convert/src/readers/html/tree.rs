use std::borrow::Cow;
use std::rc::Rc;

use html5ever::{LocalName, QualName};

use super::elements::HasAttributes;

/// Index of a node in its [`Tree`].
pub(super) type NodeId = u32;

/// No node.
pub(super) const NONE: NodeId = NodeId::MAX;

/// Tree of elements and text, in one vector: neither its size nor its depth matters when it is dropped.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) data: Data,
    pub(super) parent: NodeId,
    pub(super) first: NodeId,
    pub(super) last: NodeId,
    pub(super) previous: NodeId,
    pub(super) next: NodeId,
    pub(super) depth: u32,
}

#[derive(Debug, Default)]
pub(super) enum Data {
    /// Document, comment, content of a template.
    #[default]
    Other,
    Text(String),
    Element(Element),
}

#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: Rc<QualName>,
    pub(super) attributes: Vec<(LocalName, String)>,
}

impl HasAttributes for Element {
    fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name).map(Cow::Borrowed)
    }
}

impl Element {
    pub(super) fn name(&self) -> &str {
        &self.name.local
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| &**key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn has_class(&self, wanted: impl FnMut(&str) -> bool) -> bool {
        self.get("class")
            .is_some_and(|classes| classes.split_ascii_whitespace().any(wanted))
    }
}

impl Default for Node {
    fn default() -> Self {
        Self {
            data: Data::Other,
            parent: NONE,
            first: NONE,
            last: NONE,
            previous: NONE,
            next: NONE,
            depth: 0,
        }
    }
}

impl Tree {
    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(usize::try_from(id).ok()?)
    }

    pub(super) fn data(&self, id: NodeId) -> &Data {
        self.node(id).map_or(&Data::Other, |node| &node.data)
    }

    pub(super) fn element(&self, id: NodeId) -> Option<&Element> {
        match self.data(id) {
            Data::Element(element) => Some(element),
            _ => None,
        }
    }

    /// Name of an element; nothing for anything else.
    pub(super) fn name(&self, id: NodeId) -> &str {
        self.element(id).map_or("", Element::name)
    }

    pub(super) fn first(&self, id: NodeId) -> NodeId {
        self.node(id).map_or(NONE, |node| node.first)
    }

    pub(super) fn next(&self, id: NodeId) -> NodeId {
        self.node(id).map_or(NONE, |node| node.next)
    }

    pub(super) fn parent(&self, id: NodeId) -> NodeId {
        self.node(id).map_or(NONE, |node| node.parent)
    }

    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let mut next = self.first(id);
        std::iter::from_fn(move || {
            let id = next;
            next = self.next(id);
            (id != NONE).then_some(id)
        })
    }

    /// Nodes within a node in the order of the page, without those inside of nodes that `enter` refuses.
    pub(super) fn within(&self, root: NodeId, enter: fn(&str) -> bool) -> impl Iterator<Item = NodeId> {
        let mut at = self.first(root);
        std::iter::from_fn(move || {
            let id = at;
            if id == NONE {
                return None;
            }
            at = if enter(self.name(id)) {
                self.first(id)
            } else {
                NONE
            };
            let mut up = id;
            while at == NONE && up != root && up != NONE {
                at = self.next(up);
                up = self.parent(up);
            }
            Some(id)
        })
    }

    /// Text within a node that is for readers; white space as written.
    pub(super) fn text(&self, id: NodeId) -> String {
        let mut out = String::new();
        for id in self.within(id, is_shown) {
            if let Data::Text(text) = self.data(id) {
                out.push_str(text);
            }
        }
        out
    }

    /// [`Self::text`] with single spaces.
    pub(super) fn words(&self, id: NodeId) -> String {
        self.text(id).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Words of a drawing, whose texts stand apart. Titles of its parts are among them, unless a text before says the same.
    pub(super) fn drawn_words(&self, drawing: NodeId) -> String {
        let mut out = String::new();
        for id in self.within(drawing, |name| is_shown(name) || name == "title") {
            match self.data(id) {
                Data::Text(text) if self.name(self.parent(id)) == "title" => {
                    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    let is_own = self.parent(self.parent(id)) == drawing;
                    if !is_own && !out.ends_with(&words) {
                        out.push_str(&words);
                        out.push(' ');
                    }
                }
                Data::Text(text) => out.push_str(text),
                Data::Element(element)
                    if matches!(element.name(), "text" | "foreignObject" | "title" | "desc") =>
                {
                    out.push(' ');
                }
                _ => {}
            }
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Units of text within a node: texts and descriptions of pictures.
    pub(super) fn units(&self, id: NodeId) -> u64 {
        if !is_shown(self.name(id)) {
            return 0;
        }
        let own = u64::from(self.is_unit(id));
        own + self
            .within(id, is_shown)
            .map(|id| u64::from(self.is_unit(id)))
            .sum::<u64>()
    }

    fn is_unit(&self, id: NodeId) -> bool {
        match self.data(id) {
            Data::Text(text) => !text.trim().is_empty() && is_shown(self.name(self.parent(id))),
            Data::Element(element) if element.name() == "img" => {
                element.get("alt").is_some_and(|alt| !alt.trim().is_empty())
            }
            _ => false,
        }
    }
}

/// Returns false for elements whose content is no text of the page, whatever it is.
pub(super) fn is_shown(name: &str) -> bool {
    !matches!(name, "script" | "style" | "template" | "title" | "head" | "rp")
}
