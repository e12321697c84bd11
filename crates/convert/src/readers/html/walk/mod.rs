//! Walk through the tree of a page: an element is entered, its content is read, and it is left. The stack is a vector,
//! so that depth costs nothing but memory.

mod begin;
mod code;
mod embedded;
mod figures;
mod flow;
mod forms;
mod formula;
mod linear;
mod lists;
mod open;
mod tables;

use std::collections::HashSet;

use self::figures::FigureContext;
use self::open::{Lead, Open};
use super::Attached;
use super::facts::Facts;
use super::line::Line;
use super::look::Look;
use super::path::Paths;
use super::tree::{Data, NONE, NodeId, Tree};
use crate::ir::Builder;
use crate::readers::ledger::Ledger;
use crate::{ConvertError, Warning};

pub(super) struct Walk<'t, 'b, 'l> {
    tree: &'t Tree,
    facts: &'t Facts,
    builder: &'b mut Builder<'l>,
    attached: &'b Attached<'b>,
    ledger: Ledger,
    /// Elements that are entered.
    frames: Vec<Frame>,
    /// Containers that are open, and the depth of the builder outside of each.
    open: Vec<(Open, usize)>,
    line: Line,
    look: Look,
    /// Block of one line that is being read.
    lead: Option<Lead>,
    figures: Vec<FigureContext>,
    /// Elements that are the titles of open groups.
    titles: HashSet<NodeId>,
    asides: u32,
    addresses: u32,
    /// Element whose text is being read.
    at: NodeId,
    /// Paths of elements, if blocks are to say theirs.
    paths: Option<Paths<'t>>,
    /// The page stands in another one.
    is_embedded: bool,
    /// Warnings about pages within this one.
    warnings: Vec<Warning>,
    /// Elements that are left out because they surround the main content.
    boilerplate: HashSet<NodeId>,
}

/// Element that is entered.
struct Frame {
    id: NodeId,
    /// The next node of its content.
    next: NodeId,
    /// Look outside of it, if it has changed it.
    outside: Option<Box<Look>>,
    end: End,
}

/// Action at the end of an element.
enum End {
    Inline,
    /// Adds text: a closing quotation mark, the meaning of an abbreviation.
    Text(String),
    Block,
    Lead,
    /// Closes a container.
    Open,
    Cell,
    /// Ends the header of a table.
    Head,
    Aside,
    Address,
    Figure,
    /// Ends text with readings.
    Ruby,
}

impl<'t, 'b, 'l> Walk<'t, 'b, 'l> {
    pub(super) fn new(
        tree: &'t Tree,
        facts: &'t Facts,
        builder: &'b mut Builder<'l>,
        attached: &'b Attached<'b>,
    ) -> Self {
        Self {
            tree,
            facts,
            builder,
            attached,
            ledger: Ledger::default(),
            frames: Vec::new(),
            open: Vec::new(),
            line: Line::default(),
            look: Look::default(),
            lead: None,
            figures: Vec::new(),
            titles: HashSet::new(),
            asides: 0,
            addresses: 0,
            at: 0,
            paths: None,
            is_embedded: false,
            warnings: Vec::new(),
            boilerplate: HashSet::new(),
        }
    }

    /// Lets blocks say the paths of their elements.
    pub(super) fn with_paths(self) -> Self {
        let paths = Some(Paths::new(self.tree));
        Self { paths, ..self }
    }

    /// Leaves these elements out.
    pub(super) fn without(self, boilerplate: HashSet<NodeId>) -> Self {
        Self { boilerplate, ..self }
    }

    /// Adds the blocks of the page to the builder, and says what was left out.
    pub(super) fn run(mut self) -> Result<Vec<Warning>, ConvertError> {
        self.ledger.found(self.tree.units(0));
        let depth = self.builder.depth();
        self.frames.push(Frame {
            id: 0,
            next: self.tree.first(0),
            outside: None,
            end: End::Block,
        });
        while let Some(frame) = self.frames.last_mut() {
            let id = frame.next;
            if id == NONE {
                self.leave()?;
            } else {
                frame.next = self.tree.next(id);
                self.at = frame.id;
                self.enter(id)?;
            }
        }
        self.builder.close_to(depth)?;
        self.warnings.extend(self.ledger.warnings());
        Ok(self.warnings)
    }

    fn enter(&mut self, id: NodeId) -> Result<(), ConvertError> {
        let tree = self.tree;
        if self.boilerplate.contains(&id) {
            self.left_out("texts around the main content left out", id);
            return Ok(());
        }
        match tree.data(id) {
            Data::Text(text) => {
                if !text.trim().is_empty() {
                    self.ledger.placed();
                }
                self.line.text(text, &self.look);
                Ok(())
            }
            Data::Element(element) => self.element(id, element),
            Data::Other => Ok(()),
        }
    }

    fn leave(&mut self) -> Result<(), ConvertError> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        self.at = frame.id;
        match frame.end {
            End::Inline => {}
            End::Text(text) => self.line.text(&text, &self.look),
            End::Block => self.flush()?,
            End::Lead => self.end_lead()?,
            End::Open => self.close()?,
            End::Cell => self.close_cell()?,
            End::Head => self.end_head()?,
            End::Aside => {
                self.flush()?;
                self.asides -= 1;
            }
            End::Address => {
                self.flush()?;
                self.addresses -= 1;
            }
            End::Figure => self.end_figure()?,
            End::Ruby => self.line.begin_run(),
        }
        if let Some(look) = frame.outside {
            self.look = *look;
        }
        Ok(())
    }

    /// Counts the units of a node whose text is in a block.
    fn placed(&mut self, id: NodeId) {
        for _ in 0..self.tree.units(id) {
            self.ledger.placed();
        }
    }

    /// Leaves a node out.
    fn left_out(&mut self, reason: &'static str, id: NodeId) {
        let units = self.tree.units(id);
        self.ledger.left_out(reason, units);
    }
}
