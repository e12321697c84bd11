use super::super::rows::{Rows, push_alignment};
use super::super::tree::{Element, NodeId};
use super::open::Open;
use super::{End, Walk};
use crate::ConvertError;
use crate::ir::{BlockKind, Caption, Inline, Run, Table, inlines_text};

impl<'t> Walk<'t, '_, '_> {
    pub(super) fn begin_table(&mut self, id: NodeId) -> Result<End, ConvertError> {
        if self.facts.layouts.contains(&id) {
            self.end_lead()?;
            return Ok(End::Block);
        }
        let rows = self.rows_of(id);
        let table = Table {
            align: self.alignments(rows.first().copied()),
            ..Table::default()
        };
        let most = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let open = Open::Table(Box::new(Rows::new(most)));
        let (table, end) = self.container(open, BlockKind::Table(table))?;
        if table.is_some() {
            self.aim(table);
            if let Some((Open::Table(rows), _)) = self.open.last_mut() {
                rows.id = table;
            }
        }
        Ok(end)
    }

    /// Rows of a table, without those of tables in it.
    fn rows_of(&self, table: NodeId) -> Vec<NodeId> {
        let tree = self.tree;
        let mut rows = Vec::new();
        for part in tree.children(table) {
            match tree.name(part) {
                "tr" => rows.push(part),
                "thead" | "tbody" | "tfoot" => {
                    rows.extend(tree.children(part).filter(|row| tree.name(*row) == "tr"));
                }
                _ => {}
            }
        }
        rows
    }

    fn alignments(&self, row: Option<NodeId>) -> Vec<Option<crate::ir::Alignment>> {
        let mut align = Vec::new();
        for cell in row.into_iter().flat_map(|row| self.tree.children(row)) {
            if let Some(cell) = self.tree.element(cell) {
                push_alignment(&mut align, cell);
            }
        }
        if align.iter().all(Option::is_none) {
            align.clear();
        }
        align
    }

    fn rows(&mut self) -> Option<&mut Rows> {
        match self.open.last_mut() {
            Some((Open::Table(rows), _)) => Some(rows),
            _ => None,
        }
    }

    pub(super) fn in_table(&mut self) -> bool {
        self.rows().is_some()
    }

    pub(super) fn begin_head(&mut self) -> End {
        match self.rows() {
            Some(rows) => {
                rows.head = true;
                End::Head
            }
            None => End::Block,
        }
    }

    pub(super) fn end_head(&mut self) -> Result<(), ConvertError> {
        self.flush()?;
        if let Some(rows) = self.rows() {
            rows.head = false;
        }
        Ok(())
    }

    pub(super) fn begin_row(&mut self) -> End {
        if let Some(rows) = self.rows() {
            rows.next();
        }
        End::Block
    }

    pub(super) fn begin_cell(&mut self, element: &'t Element, header: bool) -> Result<End, ConvertError> {
        let depth = self.builder.depth();
        let Some(rows) = self.rows() else {
            return Ok(End::Block);
        };
        let cell = rows.place(element, header)?;
        self.open.push((Open::Cell(Box::new(cell)), depth));
        Ok(End::Cell)
    }

    pub(super) fn close_cell(&mut self) -> Result<(), ConvertError> {
        if self.lead.is_some() {
            self.end_lead()?;
        }
        let Some((Open::Cell(cell), _)) = self.open.last_mut() else {
            return Ok(());
        };
        if !cell.is_open() {
            let start = cell.start.clone();
            let inlines = self.line.take();
            if is_plain(&inlines) {
                self.open.pop();
                return self.builder.cell(start, &inlines_text(&inlines));
            }
            cell.open(self.builder)?;
            let origin = self.origin();
            self.builder.add_from(BlockKind::Paragraph(inlines), origin)?;
        }
        self.flush()?;
        if let Some((_, depth)) = self.open.pop() {
            self.builder.close_to(depth)?;
        }
        Ok(())
    }

    pub(super) fn table_caption(&mut self, inlines: Vec<Inline>) -> Result<(), ConvertError> {
        if inlines.is_empty() {
            return Ok(());
        }
        match self.rows() {
            Some(rows) if rows.caption.is_empty() => {
                rows.caption = inlines;
                Ok(())
            }
            _ => self.builder.add(BlockKind::Paragraph(inlines)).map(drop),
        }
    }

    pub(super) fn end_table(&mut self, rows: Rows) -> Result<(), ConvertError> {
        let caption = Caption {
            inlines: rows.caption,
            target: rows.id,
        };
        let origin = self.origin();
        self.builder
            .add_from(BlockKind::Caption(caption), origin)
            .map(drop)
    }
}

fn is_plain(inlines: &[Inline]) -> bool {
    let plain = Run::default();
    inlines.iter().all(|inline| match inline {
        Inline::Run(run) => run.looks_like(&plain),
        Inline::Break => true,
    })
}
