use mail_parser::decoders::base64::base64_decode;

use super::super::tree::{Element, NodeId};
use super::{End, Walk};
use crate::ConvertError;
use crate::ir::{BlockId, BlockKind, Caption, Figure, FigureKind, Inline};
use crate::pictures::Taken;

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
        let origin = self.origin();
        let id = self.builder.open_from(BlockKind::Figure(figure), origin)?;
        self.aim(Some(id));
        self.builder.close()
    }

    pub(super) fn image(&mut self, element: &'t Element) -> Result<(), ConvertError> {
        let alt = element.get("alt").map(str::trim);
        let unit = u64::from(alt.is_some_and(|alt| !alt.is_empty()));
        let tiny = |name: &str| matches!(element.get(name).map(str::trim), Some("0" | "1" | "0px" | "1px"));
        let title = element.get("title").map(str::trim).unwrap_or_default();
        let mut ornament = tiny("width") && tiny("height") || element.get("aria-hidden") == Some("true");
        let taken = if ornament {
            Taken::LeftOut
        } else {
            self.take(element)
        };
        // A mail program leaves the description of a picture empty, whatever it shows.
        let undescribed = alt == Some("") && title.is_empty();
        ornament |=
            undescribed && !matches!(taken, Taken::Kept(_)) || taken == Taken::Decoration && unit == 0;
        if ornament {
            self.ledger.left_out("descriptions of ornaments left out", unit);
            return Ok(());
        }
        let image = taken.name();
        if unit > 0 {
            self.ledger.placed();
        }
        let alt = alt.filter(|alt| !alt.is_empty()).unwrap_or(title);
        if self.figures.is_empty() || self.lead.is_some() || self.in_cell() {
            self.line.picture(image, alt, &self.look);
            return Ok(());
        }
        self.flush()?;
        self.prepare()?;
        let alt = Some(alt.to_owned()).filter(|alt| image.is_none() || !alt.is_empty());
        self.add_figure(Figure {
            image,
            alt,
            ..Figure::default()
        })
    }

    /// Takes the picture of an element out of the page, if that holds it.
    fn take(&mut self, element: &Element) -> Taken {
        if !self.builder.pictures().are_wanted() {
            return Taken::LeftOut;
        }
        let source = element.get("src").map(str::trim).unwrap_or_default();
        if let Some(name) = after(source, "cid:") {
            let file = self.attached.get(name);
            return file.map_or(Taken::LeftOut, |file| self.builder.picture(file));
        }
        match after(source, "data:image/").and_then(|rest| rest.split_once(";base64,")) {
            Some((_, data)) => {
                let bytes = base64_decode(data.as_bytes()).unwrap_or_default();
                self.builder.picture(&bytes)
            }
            None => Taken::LeftOut,
        }
    }

    /// Reads a drawing: a figure if it holds text, the place of a picture if it is named.
    pub(super) fn drawing(&mut self, id: NodeId) -> Result<(), ConvertError> {
        let tree = self.tree;
        let named = tree.children(id).find(|child| tree.name(*child) == "title");
        let alt = named.map(|title| tree.words(title)).unwrap_or_default();
        let text = tree.drawn_words(id);
        self.placed(id);
        if text.is_empty() {
            if !alt.is_empty() {
                self.line.picture(None, &alt, &self.look);
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
        let origin = self.origin();
        let figure = self.builder.open_from(BlockKind::Figure(figure), origin)?;
        self.aim(Some(figure));
        self.builder
            .add(BlockKind::Paragraph(vec![Inline::plain(text)]))?;
        self.builder.close()
    }
}

/// The rest of an address that begins so, in small or capital letters.
fn after<'a>(address: &'a str, begin: &str) -> Option<&'a str> {
    let (head, rest) = address.split_at_checked(begin.len())?;
    head.eq_ignore_ascii_case(begin).then_some(rest)
}
