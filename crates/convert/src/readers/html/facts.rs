use std::collections::{HashMap, HashSet};

use super::address::Base;
use super::metadata::MetaTags;
use super::tree::{Data, Element, NONE, NodeId, Tree};
use crate::Metadata;

/// Nodes that are looked at to find the field of a label, at most.
const MAX_LOOK: usize = 200;

/// Facts about a page that are needed before its blocks are made.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) base: Option<Base>,
    pub(super) lang: Option<String>,
    pub(super) metadata: Metadata,
    /// Tables that arrange their content and say nothing by it.
    pub(super) layouts: HashSet<NodeId>,
    /// Field of each label.
    pub(super) labels: HashMap<NodeId, NodeId>,
    /// Fields that have a label.
    pub(super) labelled: HashSet<NodeId>,
    /// Formulas stand in scripts, and what shows them is a copy.
    pub(super) tex_scripts: bool,
}

/// Table while its facts are collected.
#[derive(Debug, Default)]
struct TableFacts {
    id: NodeId,
    cells: u32,
    /// Cells of its widest row.
    columns: usize,
    header: bool,
    /// A cell holds a table.
    nested: bool,
    /// A cell holds blocks or pictures.
    blocks: bool,
    /// It says itself that it is for layout.
    declared: bool,
}

impl TableFacts {
    fn is_layout(&self) -> bool {
        self.declared || !self.header && (self.cells <= 1 || self.nested || self.columns <= 1 && self.blocks)
    }
}

#[derive(Default)]
struct Found<'t> {
    title: Option<String>,
    tags: MetaTags,
    tables: Vec<TableFacts>,
    labels: Vec<NodeId>,
    fields: HashMap<&'t str, NodeId>,
}

impl Facts {
    pub(super) fn of(tree: &Tree) -> Self {
        let mut facts = Self::default();
        let mut found = Found::default();
        // Nodes with the innermost table around them.
        let mut stack = vec![(0, None)];
        while let Some((id, table)) = stack.pop() {
            let mut inside = table;
            if let Data::Element(element) = tree.data(id) {
                if element.name() == "table" {
                    inside = Some(found.tables.len());
                }
                facts.look_at(tree, id, element, &mut found);
                if let Some(table) = table.and_then(|at: usize| found.tables.get_mut(at)) {
                    note(tree, id, element, table);
                }
            }
            if !matches!(tree.name(id), "svg" | "math" | "select") {
                let from = stack.len();
                stack.extend(tree.children(id).map(|child| (child, inside)));
                if let Some(children) = stack.get_mut(from..) {
                    children.reverse();
                }
            }
        }
        facts.metadata = found.tags.metadata(found.title.as_deref().unwrap_or_default());
        let layouts = found.tables.iter().filter(|table| table.is_layout());
        facts.layouts = layouts.map(|table| table.id).collect();
        for label in found.labels {
            if let Some(field) = labelled(tree, label, &found.fields)
                && facts.labelled.insert(field)
            {
                facts.labels.insert(label, field);
            }
        }
        facts
    }

    fn look_at<'t>(&mut self, tree: &'t Tree, id: NodeId, element: &'t Element, found: &mut Found<'t>) {
        let get = |name: &str| element.get(name);
        match element.name() {
            "base" if self.base.is_none() => self.base = get("href").and_then(Base::of),
            "html" => {
                let lang = get("lang").or_else(|| get("xml:lang")).map(str::trim);
                self.lang = lang.filter(|lang| !lang.is_empty()).map(str::to_owned);
            }
            "title" if found.title.is_none() => found.title = Some(tree.text(id)),
            "meta" => {
                let key = get("name")
                    .or_else(|| get("property"))
                    .or_else(|| get("http-equiv"));
                if let (Some(key), Some(content)) = (key, get("content")) {
                    found.tags.add(key, content);
                }
            }
            "script" => self.tex_scripts |= is_tex_script(element),
            "table" => found.tables.push(TableFacts {
                id,
                declared: matches!(get("role"), Some("presentation" | "none"))
                    || element.has_class(|class| matches!(class, "highlighttable" | "rouge-table")),
                ..TableFacts::default()
            }),
            "label" => found.labels.push(id),
            "input" | "select" | "textarea" if is_field(element) => {
                if let Some(name) = get("id") {
                    found.fields.entry(name).or_insert(id);
                }
            }
            _ => {}
        }
    }
}

/// Takes note of an element in a table.
fn note(tree: &Tree, id: NodeId, element: &Element, table: &mut TableFacts) {
    match element.name() {
        "tr" => {
            let cells = tree
                .children(id)
                .filter(|child| matches!(tree.name(*child), "td" | "th"));
            table.columns = table.columns.max(cells.count());
        }
        "td" => table.cells += 1,
        "th" => {
            table.cells += 1;
            table.header = true;
        }
        "caption" => table.header = true,
        "table" => table.nested = true,
        "p" | "div" | "ul" | "ol" | "dl" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "img" | "pre" | "hr" => {
            table.blocks = true;
        }
        _ => {}
    }
}

/// Returns true for a script that is a formula.
pub(super) fn is_tex_script(element: &Element) -> bool {
    element
        .get("type")
        .is_some_and(|kind| kind.trim().to_ascii_lowercase().starts_with("math/tex"))
}

/// Returns true for an element that a user fills in.
pub(super) fn is_field(element: &Element) -> bool {
    match element.name() {
        "select" | "textarea" => true,
        "input" if element.get("role") == Some("button") => false,
        "input" => !matches!(
            element
                .get("type")
                .unwrap_or_default()
                .to_ascii_lowercase()
                .as_str(),
            "hidden" | "submit" | "button" | "reset" | "image"
        ),
        _ => false,
    }
}

/// Field that a label describes, if it stands within or beside it.
fn labelled(tree: &Tree, label: NodeId, fields: &HashMap<&str, NodeId>) -> Option<NodeId> {
    let named = tree.element(label)?.get("for").and_then(|name| fields.get(name));
    if let Some(field) = named {
        let up = |id: NodeId| tree.parent(id);
        let beside = up(label) == up(*field)
            || up(up(label)) == up(*field)
            || up(label) == up(up(*field))
            || up(up(label)) == up(up(*field)) && tree.name(up(label)) != "td" && up(up(label)) != NONE;
        return beside.then_some(*field);
    }
    let mut found = tree
        .within(label, |_| true)
        .take(MAX_LOOK)
        .filter(|id| tree.element(*id).is_some_and(is_field));
    let field = found.next()?;
    found.next().is_none().then_some(field)
}
