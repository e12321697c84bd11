use super::leaves::{add_paragraph, inline};
use super::{Normal, add};
use crate::ir::{Block, BlockKind, Cell, HeaderKind, Inline, Run, Table, inlines_text};
use crate::options::{Tables, WriteOptions};
use crate::write::markdown::pieces::Context;
use crate::write::markdown::table::{cell_inlines, fits};

impl Normal<'_> {
    pub(super) fn table(&self, table: &Table, out: &mut Vec<Block>) {
        match self.context.options.tables {
            Tables::Auto if !fits(table) => self.html_table(table, out),
            Tables::Html => self.html_table(table, out),
            Tables::Auto | Tables::Markdown | Tables::Csv => self.grid(table, out),
        }
    }

    fn html_table(&self, table: &Table, out: &mut Vec<Block>) {
        // Tables in a cell are HTML as well.
        let options = WriteOptions {
            tables: Tables::Html,
            ..self.context.options.clone()
        };
        let inner = Normal {
            context: Context {
                options: &options,
                labels: self.context.labels,
            },
        };
        let cells = table.cells.iter().map(|cell| {
            let content = match cell.blocks.as_slice() {
                []
                | [
                    Block {
                        kind: BlockKind::Paragraph(_),
                        ..
                    },
                ] => self.cell(cell.row, cell.column, Some(cell)),
                blocks => Cell {
                    blocks: inner.inside(blocks),
                    ..Cell::plain(cell.row, cell.column, cell.text.clone())
                },
            };
            Cell {
                row_span: cell.row_span,
                column_span: cell.column_span,
                header: cell.header,
                ..content
            }
        });
        let table = Table {
            cells: cells.collect(),
            hidden_rows: Vec::new(),
            hidden_columns: Vec::new(),
            ..table.clone()
        };
        add(BlockKind::Table(table), out);
    }

    fn grid(&self, table: &Table, out: &mut Vec<Block>) {
        let mut cells: Vec<Cell> = Vec::new();
        let mut found = table.cells.iter().peekable();
        for row in 0..table.rows {
            for column in 0..table.columns {
                let cell = found.next_if(|cell| (cell.row, cell.column) == (row, column));
                cells.push(self.cell(row, column, cell));
            }
        }
        // A header without text is what a table without header has.
        let header = cells.iter().any(|cell| cell.row == 0 && !cell.text.is_empty());
        if !header {
            cells.retain(|cell| cell.row > 0);
        }
        for cell in &mut cells {
            match cell.row {
                0 => cell.header = Some(HeaderKind::Column),
                _ if !header => cell.row -= 1,
                _ => {}
            }
        }
        if cells.is_empty() {
            return;
        }
        let mut align = table.align.clone();
        let columns = usize::try_from(table.columns).unwrap_or(usize::MAX);
        if align.iter().take(columns).any(Option::is_some) {
            align.resize(columns, None);
        } else {
            align.clear();
        }
        let table = Table {
            rows: table.rows - u32::from(!header),
            columns: table.columns,
            align,
            cells,
            hidden_rows: Vec::new(),
            hidden_columns: Vec::new(),
        };
        add(BlockKind::Table(table), out);
    }

    fn cell(&self, row: u32, column: u32, cell: Option<&Cell>) -> Cell {
        let inlines = cell.map(cell_inlines).unwrap_or_default();
        let inlines: Vec<Inline> = self.context.pieces(&inlines).into_iter().map(inline).collect();
        let plain = Run::default();
        let is_plain = inlines.iter().all(|inline| match inline {
            Inline::Run(run) => run.looks_like(&plain),
            Inline::Break => true,
        });
        let text = inlines_text(&inlines);
        let mut blocks = Vec::new();
        if !is_plain {
            add_paragraph(inlines, &mut blocks);
        }
        Cell {
            blocks,
            ..Cell::plain(row, column, text)
        }
    }
}
