use super::super::tree::{Element, NodeId};
use super::{End, Walk};
use crate::ConvertError;
use crate::ir::{BlockId, BlockKind, Caption, Figure, FigureKind, Inline};

/// Figure that is open: its first picture or table, and a caption that stands before it.
#[derive(Default)]
pub(super) struct FigureContext {
    target: Option<BlockId>,
    caption: Vec<Inline>,
}

impl<'t> Walk<'t, '_, '_> {
    pub(super) fn begin_figure(&mut self) -> End {
        self.figures.push(FigureContext::default());
        End::Figure
    }

    pub(super) fn end_figure(&mut self) -> Result<(), ConvertError> {
        self.flush()?;
        let Some(figure) = self.figures.pop() else {
            return Ok(());
        };
        self.add_caption(figure.caption, figure.target)
    }

    pub(super) fn figure_caption(&mut self, inlines: Vec<Inline>) -> Result<(), ConvertError> {
        match self.figures.last_mut() {
            Some(figure) if figure.target.is_none() && figure.caption.is_empty() => {
                figure.caption = inlines;
                Ok(())
            }
            figure => {
                let target = figure.and_then(|figure| figure.target);
                self.add_caption(inlines, target)
            }
        }
    }

    fn add_caption(&mut self, inlines: Vec<Inline>, target: Option<BlockId>) -> Result<(), ConvertError> {
        if inlines.is_empty() {
            return Ok(());
        }
        self.prepare()?;
        self.builder
            .add(BlockKind::Caption(Caption { inlines, target }))
            .map(drop)
    }

    /// Lets the caption of the figure around it belong to this block.
    pub(super) fn aim(&mut self, id: Option<BlockId>) {
        if let Some(figure) = self.figures.last_mut() {
            figure.target = figure.target.or(id);
        }
    }

    /// Adds a figure without text inside.
    pub(super) fn add_figure(&mut self, figure: Figure) -> Result<(), ConvertError> {
        let id = self.builder.open_from(BlockKind::Figure(figure), self.origin())?;
        self.aim(Some(id));
        self.builder.close()
    }

    pub(super) fn image(&mut self, element: &'t Element) -> Result<(), ConvertError> {
        let alt = element.get("alt").map(str::trim);
        let unit = u64::from(alt.is_some_and(|alt| !alt.is_empty()));
        let tiny = |name: &str| matches!(element.get(name).map(str::trim), Some("0" | "1" | "0px" | "1px"));
        let ornament = tiny("width") && tiny("height") || element.get("aria-hidden") == Some("true");
        let title = element.get("title").map(str::trim).unwrap_or_default();
        if ornament || alt == Some("") && title.is_empty() {
            self.ledger.left_out("descriptions of ornaments left out", unit);
            return Ok(());
        }
        if unit > 0 {
            self.ledger.placed();
        }
        let alt = alt.filter(|alt| !alt.is_empty()).unwrap_or(title);
        if self.figures.is_empty() || self.lead.is_some() || self.in_cell() {
            self.line.picture(alt, &self.look);
            return Ok(());
        }
        self.flush()?;
        self.prepare()?;
        self.add_figure(Figure {
            alt: Some(alt.to_owned()),
            ..Figure::default()
        })
    }

    /// Reads a drawing: a figure if it holds text, the place of a picture if it is named and stands for a link.
    pub(super) fn drawing(&mut self, id: NodeId) -> Result<(), ConvertError> {
        let tree = self.tree;
        let named = tree.children(id).find(|child| tree.name(*child) == "title");
        let alt = named.map(|title| tree.words(title)).unwrap_or_default();
        let text = tree.words(id);
        self.placed(id);
        if text.is_empty() {
            if !alt.is_empty() && self.look.link.is_some() {
                self.line.picture(&alt, &self.look);
            }
            return Ok(());
        }
        if self.lead.is_some() || self.in_cell() || !self.line.is_blank() {
            self.line.text(&format!(" {text} "), &self.look);
            return Ok(());
        }
        self.flush()?;
        self.prepare()?;
        let figure = Figure {
            kind: FigureKind::Diagram,
            alt: Some(alt).filter(|alt| !alt.is_empty()),
            ..Figure::default()
        };
        let figure = self.builder.open_from(BlockKind::Figure(figure), self.origin())?;
        self.aim(Some(figure));
        self.builder
            .add(BlockKind::Paragraph(vec![Inline::plain(text)]))?;
        self.builder.close()
    }
}
