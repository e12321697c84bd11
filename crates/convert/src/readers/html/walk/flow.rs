use super::open::{Lead, Open};
use super::{End, Walk};
use crate::ConvertError;
use crate::ir::{BlockId, BlockKind, Inline, ItemStart, Origin, Place};
use crate::readers::{MAX_DEPTH, leaf};

impl Walk<'_, '_, '_> {
    /// Ends the paragraph that is being read.
    pub(super) fn flush(&mut self) -> Result<(), ConvertError> {
        if self.lead.is_some() {
            self.line.separate();
            return Ok(());
        }
        let inlines = self.line.take();
        if inlines.is_empty() {
            return Ok(());
        }
        self.prepare()?;
        let lines = self.addresses > 0 && inlines.contains(&Inline::Break);
        let outside = matches!(self.open.last(), None | Some((Open::Plain, _)));
        let kind = if lines {
            BlockKind::LineBlock(inlines)
        } else if self.in_cell() {
            // A picture alone is a line of the cell.
            BlockKind::Paragraph(inlines)
        } else if let Some(figure) = leaf::figure(&inlines) {
            return self.add_figure(figure);
        } else if self.asides > 0 && outside {
            BlockKind::Aside(inlines)
        } else {
            BlockKind::Paragraph(inlines)
        };
        let origin = self.origin();
        self.builder.add_from(kind, origin).map(drop)
    }

    /// Ends a paragraph at two line breaks, and a line at one.
    pub(super) fn line_break(&mut self) -> Result<(), ConvertError> {
        let flows = self.lead.is_none() && !self.in_new_cell();
        if flows && self.line.is_after_break() {
            return self.flush();
        }
        if !self.line.is_blank() {
            self.line.line_break();
        }
        Ok(())
    }

    pub(super) fn origin(&mut self) -> Origin {
        let path = self.paths.as_mut().and_then(|paths| paths.of(self.at));
        Origin {
            at: path.map(Place::Path),
            lang: self.look.lang.as_deref().map(str::to_owned),
            dir: self.look.dir,
            ..Origin::default()
        }
    }

    pub(super) fn in_cell(&self) -> bool {
        matches!(self.open.last(), Some((Open::Cell(_), _)))
    }

    /// Returns true in a cell that holds no block yet.
    fn in_new_cell(&self) -> bool {
        matches!(self.open.last(), Some((Open::Cell(cell), _)) if !cell.is_open())
    }

    /// Opens what has to be open around a block: the cell, item or definition that it is in.
    pub(super) fn prepare(&mut self) -> Result<(), ConvertError> {
        match self.open.last_mut() {
            Some((Open::Cell(cell), _)) => cell.open(self.builder),
            Some((Open::List(list), _)) if !list.item => {
                list.item = true;
                self.builder.open_item(ItemStart::default()).map(drop)
            }
            Some((Open::Definitions(open), _)) if !*open => {
                *open = true;
                self.builder.open_definition(Vec::new())
            }
            _ => Ok(()),
        }
    }

    /// Opens a container; where too many are open, its blocks stand in the innermost one.
    pub(super) fn container(
        &mut self,
        open: Open,
        kind: BlockKind,
    ) -> Result<(Option<BlockId>, End), ConvertError> {
        self.end_lead()?;
        self.prepare()?;
        let depth = self.builder.depth();
        if depth + 1 >= MAX_DEPTH {
            return Ok((None, End::Block));
        }
        let origin = self.origin();
        let id = self.builder.open_from(kind, origin)?;
        self.open.push((open, depth));
        Ok((Some(id), End::Open))
    }

    /// Closes the innermost container.
    pub(super) fn close(&mut self) -> Result<(), ConvertError> {
        self.end_lead()?;
        if let Some((open, depth)) = self.open.pop() {
            self.builder.close_to(depth)?;
            if let Open::Table(rows) = open {
                self.end_table(*rows)?;
            }
        }
        Ok(())
    }

    /// Adds a block that is whole.
    pub(super) fn leaf(&mut self, kind: BlockKind) -> Result<(), ConvertError> {
        self.end_lead()?;
        self.prepare()?;
        let origin = self.origin();
        let id = self.builder.add_from(kind, origin)?;
        self.aim(id);
        Ok(())
    }

    /// Begins a block of one line. Within another one it is a part of that.
    pub(super) fn begin_lead(&mut self, lead: Lead) -> Result<End, ConvertError> {
        if self.lead.is_some() {
            return Ok(End::Block);
        }
        self.lead = Some(lead);
        Ok(End::Lead)
    }

    /// Adds the block of one line that is being read, or ends the paragraph.
    pub(super) fn end_lead(&mut self) -> Result<(), ConvertError> {
        let Some(lead) = self.lead.take() else {
            return self.flush();
        };
        let inlines = self.line.take();
        match lead {
            Lead::Heading(_) if inlines.is_empty() => Ok(()),
            Lead::Heading(level) => {
                self.prepare()?;
                let kind = BlockKind::Heading {
                    level,
                    number: None,
                    inlines,
                };
                let origin = self.origin();
                self.builder.add_from(kind, origin).map(drop)
            }
            Lead::Term => self.end_term(inlines),
            Lead::TableCaption => self.table_caption(inlines),
            Lead::FigureCaption => self.figure_caption(inlines),
        }
    }
}
