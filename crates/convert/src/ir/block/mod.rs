mod list;
mod table;

use serde::{Deserialize, Serialize};

pub use self::list::{Definition, Item, List, ListStyle};
pub use self::table::{Cell, Table};
use super::leaf::{Annotation, Caption, ContentsEntry, Field};
use super::{BlockId, Formula, Inline, Place, PlacedLine, Region};

/// Block: a part of a page that stands for itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Id in the document.
    pub id: BlockId,
    /// Kind and content.
    pub kind: BlockKind,
    /// Regions of pages that it takes; more than one where it goes on in another column. Empty where the document has no
    /// places.
    pub regions: Vec<Region>,
    /// Lines of its text on its pages, if their boxes are wanted.
    #[serde(default)]
    pub lines: Vec<PlacedLine>,
    /// Place in a document without regions.
    pub at: Option<Place>,
    /// Range of its text in the Markdown of its page: first code point, and the one after the last.
    pub range: Option<(u32, u32)>,
    /// Block of which this one is the rest, over a page end.
    pub continues: Option<BlockId>,
    /// Language, as BCP 47 writes it.
    pub lang: Option<String>,
    /// Direction of its text, if it is not that of the page's language.
    pub dir: Option<Direction>,
    /// Confidence in its text, 0 to 1, where it was recognized.
    pub confidence: Option<f32>,
    /// Confidence in its kind, 0 to 1, where it was guessed.
    pub type_confidence: Option<f32>,
}

/// Direction of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

/// Kind and content of a block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum BlockKind {
    /// Title of the document.
    Title(Vec<Inline>),
    /// Heading.
    Heading {
        /// Level, 1 to 6.
        level: u8,
        /// Number in front of the text, apart from it: `1.2`.
        number: Option<String>,
        /// Text.
        inlines: Vec<Inline>,
    },
    /// Paragraph.
    Paragraph(Vec<Inline>),
    /// Lines that stay apart, such as an address or a poem.
    LineBlock(Vec<Inline>),
    /// Text beside the main text.
    Aside(Vec<Inline>),
    /// List.
    List(List),
    /// List of terms and their definitions.
    DefinitionList(Vec<Definition>),
    /// Table.
    Table(Table),
    /// Picture, chart or diagram.
    Figure(Figure),
    /// Caption of a table or figure.
    Caption(Caption),
    /// Computer code.
    Code {
        /// Language, where known.
        language: Option<String>,
        /// Text, with its line ends.
        text: String,
    },
    /// Quotation.
    Quote(Vec<Block>),
    /// Formula on lines of its own.
    Formula(Formula),
    /// Footnote or endnote. References are to its id.
    Footnote(Footnote),
    /// Entry of a bibliography.
    Reference(Vec<Inline>),
    /// Table of contents.
    Toc(Vec<ContentsEntry>),
    /// Field of a form.
    Field(Field),
    /// Blocks that belong together.
    Group(Group),
    /// Comment by a reader of the document.
    Comment(Annotation),
    /// File that is part of the document.
    Attachment {
        /// Name.
        name: String,
        /// Media type, as the document says it.
        mime_type: Option<String>,
        /// Size in bytes.
        size: Option<u64>,
    },
    /// Stamp on the page.
    Stamp(Annotation),
    /// Horizontal rule.
    Rule,
    /// Running header.
    Header(Vec<Inline>),
    /// Running footer.
    Footer(Vec<Inline>),
    /// Page number.
    PageNumber(Vec<Inline>),
    /// Text across the page behind its content.
    Watermark(Vec<Inline>),
}

/// Picture, chart or diagram.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Kind.
    pub kind: FigureKind,
    /// Name of its picture among those of the document.
    pub image: Option<String>,
    /// Alternative text.
    pub alt: Option<String>,
    /// Text inside it: not part of the document's text.
    pub blocks: Vec<Block>,
    /// Data of a chart.
    pub data: Option<Table>,
}

/// Kind of a figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FigureKind {
    /// Picture.
    #[default]
    Picture,
    /// Chart.
    Chart,
    /// Diagram.
    Diagram,
}

/// Footnote or endnote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Footnote {
    /// Number or sign by which it is referred to.
    pub label: String,
    /// Content.
    pub blocks: Vec<Block>,
}

/// Blocks that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Kind.
    pub kind: GroupKind,
    /// Title.
    pub title: Option<String>,
    /// Content.
    pub blocks: Vec<Block>,
}

/// Kind of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupKind {
    /// Section.
    Section,
    /// Form.
    Form,
    /// Message of a mail or a conversation.
    Message,
    /// Content of an attachment.
    Attachment,
}

impl BlockKind {
    /// Name of the type in every output.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Title(_) => "title",
            Self::Heading { .. } => "heading",
            Self::Paragraph(_) => "paragraph",
            Self::LineBlock(_) => "line_block",
            Self::Aside(_) => "aside",
            Self::List(_) => "list",
            Self::DefinitionList(_) => "definition_list",
            Self::Table(_) => "table",
            Self::Figure(_) => "figure",
            Self::Caption(_) => "caption",
            Self::Code { .. } => "code",
            Self::Quote(_) => "quote",
            Self::Formula(_) => "formula",
            Self::Footnote(_) => "footnote",
            Self::Reference(_) => "reference",
            Self::Toc(_) => "toc",
            Self::Field(_) => "field",
            Self::Group(_) => "group",
            Self::Comment(_) => "comment",
            Self::Attachment { .. } => "attachment",
            Self::Stamp(_) => "stamp",
            Self::Rule => "rule",
            Self::Header(_) => "header",
            Self::Footer(_) => "footer",
            Self::PageNumber(_) => "page_number",
            Self::Watermark(_) => "watermark",
        }
    }

    /// Returns true for what runs along with the pages and is no part of the text.
    #[must_use]
    pub fn is_furniture(&self) -> bool {
        matches!(
            self,
            Self::Header(_) | Self::Footer(_) | Self::PageNumber(_) | Self::Watermark(_)
        )
    }

    /// Inlines of a block that has nothing but text.
    #[must_use]
    pub fn inlines(&self) -> Option<&[Inline]> {
        match self {
            Self::Title(inlines)
            | Self::Heading { inlines, .. }
            | Self::Paragraph(inlines)
            | Self::LineBlock(inlines)
            | Self::Aside(inlines)
            | Self::Caption(Caption { inlines, .. })
            | Self::Reference(inlines)
            | Self::Header(inlines)
            | Self::Footer(inlines)
            | Self::PageNumber(inlines)
            | Self::Watermark(inlines) => Some(inlines),
            _ => None,
        }
    }

    /// [`Self::inlines`], to change them.
    pub(super) fn inlines_mut(&mut self) -> Option<&mut Vec<Inline>> {
        match self {
            Self::Title(inlines)
            | Self::Heading { inlines, .. }
            | Self::Paragraph(inlines)
            | Self::LineBlock(inlines)
            | Self::Aside(inlines)
            | Self::Caption(Caption { inlines, .. })
            | Self::Reference(inlines)
            | Self::Header(inlines)
            | Self::Footer(inlines)
            | Self::PageNumber(inlines)
            | Self::Watermark(inlines) => Some(inlines),
            _ => None,
        }
    }
}

impl Block {
    /// Creates a block of which no more is known than its kind.
    #[must_use]
    pub fn new(id: BlockId, kind: BlockKind) -> Self {
        Self {
            id,
            kind,
            regions: Vec::new(),
            lines: Vec::new(),
            at: None,
            range: None,
            continues: None,
            lang: None,
            dir: None,
            confidence: None,
            type_confidence: None,
        }
    }
}
