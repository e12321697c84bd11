use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, LocalName, Namespace, QualName};

use super::tree::{Data, Element, NONE, Node, NodeId, Tree};

/// Attributes that are read; the others are not kept.
const KEPT: [&str; 39] = [
    "align",
    "alt",
    "alttext",
    "aria-hidden",
    "aria-label",
    "checked",
    "class",
    "colspan",
    "content",
    "data-lang",
    "data-language",
    "dir",
    "display",
    "encoding",
    "for",
    "height",
    "hidden",
    "href",
    "http-equiv",
    "id",
    "lang",
    "multiple",
    "name",
    "open",
    "property",
    "reversed",
    "role",
    "rowspan",
    "scope",
    "selected",
    "src",
    "srcdoc",
    "start",
    "style",
    "title",
    "type",
    "value",
    "width",
    "xml:lang",
];

/// Attributes that are read for each element within theirs.
const INHERITED: [&str; 4] = ["class", "dir", "lang", "xml:lang"];
/// Bytes of such an attribute that are kept.
const MAX_INHERITED: usize = 512;

/// Handle of a node while the page is parsed.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    id: NodeId,
    name: Rc<QualName>,
}

/// Depth and size of a tree while it grows.
#[derive(Clone, Default)]
pub(super) struct Extent {
    depth: Rc<Cell<u32>>,
    nodes: Rc<Cell<usize>>,
}

impl Extent {
    pub(super) fn depth(&self) -> u32 {
        self.depth.get()
    }

    pub(super) fn nodes(&self) -> usize {
        self.nodes.get()
    }
}

/// Tree that the parser builds.
pub(super) struct Sink {
    nodes: RefCell<Vec<Node>>,
    nameless: Rc<QualName>,
    extent: Extent,
}

fn at(nodes: &mut [Node], id: NodeId) -> Option<&mut Node> {
    nodes.get_mut(usize::try_from(id).ok()?)
}

impl Sink {
    pub(super) fn new() -> Self {
        Self {
            nodes: RefCell::new(vec![Node::default()]),
            nameless: Rc::new(QualName::new(None, Namespace::default(), LocalName::default())),
            extent: Extent::default(),
        }
    }

    pub(super) fn extent(&self) -> Extent {
        self.extent.clone()
    }

    fn make(&self, data: Data, name: &Rc<QualName>) -> Handle {
        let mut nodes = self.nodes.borrow_mut();
        let id = NodeId::try_from(nodes.len()).unwrap_or(NONE);
        nodes.push(Node {
            data,
            ..Node::default()
        });
        self.extent.nodes.set(nodes.len());
        Handle {
            id,
            name: Rc::clone(name),
        }
    }

    fn other(&self) -> Handle {
        self.make(Data::Other, &self.nameless)
    }

    /// Node that stands before the place `next` in `parent`, or at its end.
    fn before(&self, parent: NodeId, next: NodeId) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        if next == NONE {
            at(&mut nodes, parent).map_or(NONE, |node| node.last)
        } else {
            at(&mut nodes, next).map_or(NONE, |node| node.previous)
        }
    }

    /// Puts `child` into `parent`, before `next` or at the end.
    fn insert(&self, parent: NodeId, child: NodeOrText<Handle>, next: NodeId) {
        let child = match child {
            NodeOrText::AppendNode(handle) => {
                self.detach(handle.id);
                handle.id
            }
            NodeOrText::AppendText(text) => {
                let before = self.before(parent, next);
                if let Some(Node {
                    data: Data::Text(old),
                    ..
                }) = at(&mut self.nodes.borrow_mut(), before)
                {
                    old.push_str(&text);
                    return;
                }
                self.make(Data::Text(text.to_string()), &self.nameless).id
            }
        };
        let previous = self.before(parent, next);
        let mut nodes = self.nodes.borrow_mut();
        let depth = at(&mut nodes, parent).map_or(0, |node| node.depth + 1);
        self.extent.depth.set(self.extent.depth.get().max(depth));
        if let Some(node) = at(&mut nodes, child) {
            (node.parent, node.previous, node.next, node.depth) = (parent, previous, next, depth);
        }
        link(&mut nodes, parent, previous, child, next, child);
    }

    fn detach(&self, id: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        let Some(node) = at(&mut nodes, id) else { return };
        let (parent, previous, next) = (node.parent, node.previous, node.next);
        (node.parent, node.previous, node.next) = (NONE, NONE, NONE);
        if parent != NONE {
            link(&mut nodes, parent, previous, next, next, previous);
        }
    }

    fn parent(&self, id: NodeId) -> NodeId {
        at(&mut self.nodes.borrow_mut(), id).map_or(NONE, |node| node.parent)
    }
}

/// Lets `after` follow `previous`, and `before` stand before `next`.
fn link(nodes: &mut [Node], parent: NodeId, previous: NodeId, after: NodeId, next: NodeId, before: NodeId) {
    match at(nodes, previous) {
        Some(node) => node.next = after,
        None => {
            if let Some(node) = at(nodes, parent) {
                node.first = after;
            }
        }
    }
    match at(nodes, next) {
        Some(node) => node.previous = before,
        None => {
            if let Some(node) = at(nodes, parent) {
                node.last = before;
            }
        }
    }
}

fn kept(attributes: Vec<Attribute>) -> Vec<(LocalName, String)> {
    let kept = attributes
        .into_iter()
        .filter(|attribute| KEPT.binary_search(&&*attribute.name.local).is_ok());
    kept.map(|attribute| {
        let mut value = attribute.value.to_string();
        if INHERITED.contains(&&*attribute.name.local) {
            value.truncate(value.floor_char_boundary(MAX_INHERITED));
        }
        (attribute.name.local, value)
    })
    .collect()
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Tree;
    type ElemName<'a> = &'a QualName;

    fn finish(self) -> Tree {
        Tree {
            nodes: self.nodes.into_inner(),
        }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle {
            id: 0,
            name: Rc::clone(&self.nameless),
        }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> &'a QualName {
        &target.name
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Handle {
        let name = Rc::new(name);
        let element = Element {
            name: Rc::clone(&name),
            attributes: kept(attributes),
        };
        self.make(Data::Element(element), &name)
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.other()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.other()
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(parent.id, child, NONE);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        match self.parent(element.id) {
            NONE => self.insert(previous.id, child, NONE),
            parent => self.insert(parent, child, element.id),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// The content of templates is no part of the page: it goes to a node of its own.
    fn get_template_contents(&self, _: &Handle) -> Handle {
        self.other()
    }

    fn same_node(&self, a: &Handle, b: &Handle) -> bool {
        a.id == b.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let parent = self.parent(sibling.id);
        if parent != NONE {
            self.insert(parent, child, sibling.id);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, more: Vec<Attribute>) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(Node {
            data: Data::Element(element),
            ..
        }) = at(&mut nodes, target.id)
        {
            for (name, value) in kept(more) {
                if element.get(&name).is_none() {
                    element.attributes.push((name, value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new: &Handle) {
        loop {
            let first = at(&mut self.nodes.borrow_mut(), node.id).map_or(NONE, |node| node.first);
            if first == NONE {
                return;
            }
            let name = Rc::clone(&self.nameless);
            self.insert(new.id, NodeOrText::AppendNode(Handle { id: first, name }), NONE);
        }
    }
}
