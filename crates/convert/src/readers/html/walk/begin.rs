use super::super::address::MAX_ADDRESS;
use super::super::elements::{heading, is_block};
use super::super::facts::is_tex_script;
use super::super::look::is_hidden;
use super::super::tree::{Element, NodeId, is_shown};
use super::open::{Lead, Open};
use super::{End, Frame, Walk};
use crate::ConvertError;
use crate::ir::{BlockKind, Group, GroupKind, Link};

/// Nodes that are looked at to find a heading in a summary, at most.
const MAX_LOOK: usize = 200;

impl<'t> Walk<'t, '_, '_> {
    pub(super) fn element(&mut self, id: NodeId, element: &'t Element) -> Result<(), ConvertError> {
        if self.boxed_formula(id, element)? {
            return Ok(());
        }
        if is_hidden(element) {
            self.left_out("hidden text left out", id);
            return Ok(());
        }
        match element.name() {
            "script" if is_tex_script(element) => self.tex_script(id, element)?,
            "noscript" => self.left_out("text for browsers without scripts left out", id),
            "iframe" if self.embeds(element) => self.embedded(id, element)?,
            "video" | "audio" | "canvas" | "iframe" | "noframes" | "noembed" => {
                self.left_out("text in place of media left out", id);
            }
            "datalist" => self.left_out("suggestions for fields left out", id),
            "math" => self.math(id, id)?,
            "svg" => self.drawing(id)?,
            "img" => self.image(element)?,
            "br" => self.line_break()?,
            "hr" => self.leaf(BlockKind::Rule)?,
            "pre" | "listing" | "xmp" | "plaintext" => self.code(id, element)?,
            "input" | "select" | "textarea" => self.control(id, element)?,
            "label" if self.labelled_field(id)? => {}
            "rt" if self.reading(id) => {}
            "summary" | "legend" if self.titles.remove(&id) => self.placed(id),
            name if is_shown(name) => self.go_into(id, element, name)?,
            _ => {}
        }
        Ok(())
    }

    /// Enters an element whose content is read.
    fn go_into(&mut self, id: NodeId, element: &'t Element, name: &'t str) -> Result<(), ConvertError> {
        if is_block(name) {
            self.flush()?;
        }
        self.at = id;
        let outside = self.restyle(element, name);
        let end = self.begin(id, element, name)?;
        self.frames.push(Frame {
            id,
            next: self.tree.first(id),
            outside,
            end,
        });
        Ok(())
    }

    /// Takes over the look of an element, and returns the one outside of it if they differ.
    fn restyle(&mut self, element: &'t Element, name: &str) -> Option<Box<super::Look>> {
        let outside = self.look.clone();
        if name == "a"
            && let Some(address) = element.get("href")
        {
            let whole = self.facts.base.as_ref().and_then(|base| base.resolve(address));
            let address = whole.as_deref().unwrap_or(address);
            self.look.link = Link::of_page(address).filter(|_| address.len() <= MAX_ADDRESS);
            if self.look.link.is_none() && !address.trim().is_empty() {
                self.ledger.note("addresses of links left out", 1);
            }
        }
        self.look.apply(element);
        if matches!(name, "html" | "body") {
            self.look.lang.clone_from(&outside.lang);
        }
        (self.look != outside).then(|| Box::new(outside))
    }

    fn begin(&mut self, id: NodeId, element: &'t Element, name: &str) -> Result<End, ConvertError> {
        if let Some(level) = heading(name) {
            return self.begin_lead(Lead::Heading(level));
        }
        Ok(match name {
            "ul" | "ol" | "menu" | "dir" => self.begin_list(id, element, name)?,
            "li" => self.begin_item(id, element)?,
            "dl" => self.begin_definitions()?,
            "dt" => self.begin_term()?,
            "dd" => self.begin_definition()?,
            "table" => self.begin_table(id)?,
            "thead" => self.begin_head(),
            "tr" => self.begin_row(),
            "td" | "th" => self.begin_cell(element, name == "th")?,
            "caption" if self.in_table() => self.begin_lead(Lead::TableCaption)?,
            "figure" => self.begin_figure(),
            "figcaption" => self.begin_lead(Lead::FigureCaption)?,
            "details" => self.begin_group(id, GroupKind::Section, "summary")?,
            "fieldset" => self.begin_group(id, GroupKind::Form, "legend")?,
            "blockquote" => self.container(Open::Plain, BlockKind::Quote(Vec::new()))?.1,
            "aside" => {
                self.asides += 1;
                End::Aside
            }
            "address" => {
                self.addresses += 1;
                End::Address
            }
            "q" => {
                self.line.text("\"", &self.look);
                End::Text("\"".into())
            }
            "abbr" | "acronym" => match element.get("title").map(str::trim) {
                Some(title) if !title.is_empty() => End::Text(format!(" ({title})")),
                _ => End::Inline,
            },
            "ruby" => {
                self.line.begin_run();
                End::Ruby
            }
            name if is_block(name) => End::Block,
            _ => End::Inline,
        })
    }

    fn begin_group(&mut self, id: NodeId, kind: GroupKind, title: &str) -> Result<End, ConvertError> {
        let found = self.title(id, title);
        self.titles.extend(found);
        let title = found.map(|title| self.tree.words(title));
        let group = Group {
            kind,
            title: title.filter(|title| !title.is_empty()),
            blocks: Vec::new(),
        };
        let (id, end) = self.container(Open::Plain, BlockKind::Group(group.clone()))?;
        if id.is_none()
            && let Some(title) = group.title
        {
            self.line.text(&title, &self.look);
            self.flush()?;
        }
        Ok(end)
    }

    /// First child of this name, if it is a line of text and no heading.
    fn title(&self, id: NodeId, name: &str) -> Option<NodeId> {
        let tree = self.tree;
        let found = tree.children(id).find(|child| tree.name(*child) == name)?;
        let mut inside = tree.within(found, |_| true).take(MAX_LOOK + 1);
        let mut count = 0;
        let rich = inside.any(|id| {
            count += 1;
            let name = tree.name(id);
            count > MAX_LOOK
                || heading(name).is_some()
                || matches!(name, "input" | "table" | "ul" | "ol" | "img")
        });
        (!rich).then_some(found)
    }

    /// Sets the reading of the text before it; returns false if there is no such text.
    fn reading(&mut self, id: NodeId) -> bool {
        let words = self.tree.words(id);
        let found = !words.is_empty() && self.line.read_back(&words);
        if found {
            self.placed(id);
        }
        found
    }
}
