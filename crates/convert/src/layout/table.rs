use super::characters::Characters;
use super::extent::{Extent, Viewport};
use super::line::LEFT_TO_RIGHT;
use crate::ConvertError;
use crate::ir::{BlockKind, Builder, CellDetails, CellStart, HeaderKind, Inline, Origin, Table as Model};

/// Table that a reader has found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    /// Box of its cells, where known.
    pub(crate) extent: Option<Extent>,
    pub(crate) cells: Vec<Cell>,
}

/// Cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    /// Position and size in rows and columns.
    pub(crate) row: u32,
    pub(crate) column: u32,
    pub(crate) row_span: u32,
    pub(crate) column_span: u32,
    /// Header of its column.
    pub(crate) header: bool,
    pub(crate) inlines: Vec<Inline>,
    /// Box of its text, where known.
    pub(crate) extent: Option<Extent>,
}

impl Table {
    /// Text without markup, for messages of tests and comparisons.
    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        let texts = self
            .cells
            .iter()
            .map(|cell| crate::ir::inlines_text(&cell.inlines));
        texts.collect::<Vec<_>>().join(" | ")
    }

    /// Adds the table to the model.
    pub(super) fn add_to(
        &self,
        builder: &mut Builder<'_>,
        viewport: Option<&Viewport>,
        characters: &mut Characters,
    ) -> Result<(), ConvertError> {
        let region = |extent: Option<Extent>| viewport?.region(extent?, LEFT_TO_RIGHT);
        let origin = Origin {
            regions: region(self.extent).into_iter().collect(),
            ..Origin::default()
        };
        builder.open_from(BlockKind::Table(Model::default()), origin)?;
        for cell in &self.cells {
            let region = region(cell.extent);
            builder.open_cell(CellStart {
                row_span: cell.row_span,
                column_span: cell.column_span,
                header: cell.header.then_some(HeaderKind::Column),
                details: region.map(|region| {
                    Box::new(CellDetails {
                        region: Some(region),
                        ..CellDetails::default()
                    })
                }),
                ..CellStart::at(cell.row, cell.column)
            })?;
            let mut inlines = cell.inlines.clone();
            let is_bold = is_bold(&inlines);
            for inline in &mut inlines {
                if let Inline::Run(run) = inline {
                    run.style.bold &= !is_bold;
                    run.text = characters.normalized(&run.text).into_owned();
                }
            }
            builder.add(BlockKind::Paragraph(inlines))?;
            builder.close()?;
        }
        builder.close()
    }
}

/// Returns true if all the text of a cell is bold: then that is the look of its row or column rather than a stress.
fn is_bold(inlines: &[Inline]) -> bool {
    inlines.iter().all(|inline| match inline {
        Inline::Run(run) => run.style.bold || run.text.trim().is_empty(),
        Inline::Break => true,
    })
}
