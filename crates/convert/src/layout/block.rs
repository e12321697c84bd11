use super::extent::Extent;
use super::line::Line;
use super::table::Table;
use crate::ir::Field;

/// Block: a part of a page that stands for itself.
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    /// Lines in reading order; empty for a table or picture.
    pub(crate) lines: Vec<Line>,
    /// Text of the lines already joined, for scripts whose line breaks only the reader can judge (Korean).
    pub(crate) joined_text: Option<String>,
    /// Field of the box that a list item begins with, without its label.
    pub(crate) field: Option<Field>,
}

/// Kind of a block.
pub(crate) enum BlockKind {
    /// Heading of this level, 1 to 6.
    Heading(u8),
    Paragraph,
    ListItem(ListItem),
    Code,
    Table(Table),
    Figure(PlacedFigure),
    /// Running header.
    Header,
    /// Running footer.
    Footer,
    PageNumber,
    /// Text across the page, behind or over its content.
    Watermark,
    /// Field of a form with its label.
    Field(Field),
}

/// Picture with its place.
pub(crate) struct PlacedFigure {
    /// Name among the pictures of the document.
    pub(crate) name: String,
    pub(crate) extent: Extent,
}

/// List item: its marker, its nesting, and where it stands.
#[derive(Clone)]
pub(crate) struct ListItem {
    /// Marker to write: `-`, `3.`
    pub(crate) mark: String,
    /// Columns by which the marker is indented.
    pub(crate) indent: usize,
    /// Bytes at the start of the first line that the marker replaces.
    pub(crate) skip: usize,
    /// Left edge of its label in points.
    pub(crate) left: f32,
    /// Left edge of its text in points.
    pub(crate) content_left: f32,
}

impl Block {
    /// Creates a block of one line.
    pub(crate) fn of_line(kind: BlockKind, line: Line) -> Self {
        Self {
            kind,
            lines: vec![line],
            joined_text: None,
            field: None,
        }
    }

    /// Creates a table.
    pub(crate) fn table(table: Table) -> Self {
        Self {
            kind: BlockKind::Table(table),
            lines: Vec::new(),
            joined_text: None,
            field: None,
        }
    }

    /// Creates a picture.
    pub(crate) fn figure(figure: PlacedFigure) -> Self {
        Self {
            kind: BlockKind::Figure(figure),
            lines: Vec::new(),
            joined_text: None,
            field: None,
        }
    }

    /// Top, left and right edge of its ink in points.
    pub(crate) fn extent(&self) -> (f32, f32, f32) {
        let mut extent = (f32::MIN, f32::MAX, f32::MIN);
        for line in &self.lines {
            extent.0 = extent.0.max(line.baseline + line.size);
            extent.1 = extent.1.min(line.left);
            extent.2 = extent.2.max(line.right);
        }
        extent
    }

    /// Returns true if all its text is bold.
    pub(crate) fn is_bold(&self) -> bool {
        self.lines.iter().all(Line::is_bold)
    }

    pub(crate) fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.trim()).collect();
        lines.join(" ")
    }
}
