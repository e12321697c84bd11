use serde::{Deserialize, Serialize};

use super::choice::choice;
use super::tokenizer::Tokenizer;

choice! {
    /// Form of an output.
    OutputFormat {
        /// Markdown.
        Markdown = "markdown",
        /// The document model.
        Json = "json",
        /// Plain text.
        Text = "text",
        /// HTML5 document.
        Html = "html",
        /// Pieces of Markdown for a search index, one JSON object a line.
        Chunks = "chunks",
    }
}

choice! {
    /// Form of tables in Markdown.
    Tables {
        /// Markdown where it can say the table; HTML where cells are merged or hold blocks.
        Auto = "auto",
        /// Markdown always; merged cells are filled up with empty ones.
        Markdown = "markdown",
        /// HTML always.
        Html = "html",
        /// A code block of CSV.
        Csv = "csv",
    }
}

choice! {
    /// Treatment of pictures.
    Images {
        /// A comment in the place of each picture, with its alternative text.
        Placeholder = "placeholder",
        /// Pictures are taken out, and linked to.
        Extract = "extract",
        /// Nothing.
        None = "none",
    }
}

choice! {
    /// Sign between pages.
    PageBreaks {
        /// A horizontal rule.
        Rule = "rule",
        /// Nothing.
        None = "none",
        /// A comment with the number of the page before each.
        Anchor = "anchor",
    }
}

choice! {
    /// Treatment of running headers, footers, page numbers and watermarks.
    Furniture {
        /// Left out of the text.
        Drop = "drop",
        /// Part of the text.
        Keep = "keep",
    }
}

choice! {
    /// Treatment of hidden rows, sheets and text.
    Hidden {
        /// Part of the text, behind a comment that says so.
        Mark = "mark",
        /// Left out of the text.
        Drop = "drop",
        /// Part of the text.
        Keep = "keep",
    }
}

choice! {
    /// Treatment of comments by readers of the document.
    Comments {
        /// Left out of the text.
        Drop = "drop",
        /// Part of the text.
        Keep = "keep",
    }
}

choice! {
    /// Treatment of tracked changes.
    Revisions {
        /// The text as it is when all changes are accepted.
        Final = "final",
        /// Deletions too.
        All = "all",
    }
}

choice! {
    /// Fineness of boxes in JSON.
    Places {
        /// A box for each block.
        Block = "block",
        /// A box for each line.
        Line = "line",
        /// A box for each word.
        Word = "word",
    }
}

choice! {
    /// Treatment of what surrounds the main content of a web page.
    Boilerplate {
        /// Part of the document.
        Keep = "keep",
        /// Left out: menus, banners, side columns and the foot of the page.
        Drop = "drop",
    }
}

choice! {
    /// Treatment of the files that a message brings.
    Attachments {
        /// Listed.
        List = "list",
        /// Listed, and converted behind the text of the message.
        Convert = "convert",
    }
}

choice! {
    /// Place of the headings above a chunk.
    ChunkContext {
        /// Beside its text.
        Separate = "separate",
        /// In front of its text too.
        Prepend = "prepend",
    }
}

choice! {
    /// Form of tables in chunks.
    TableChunks {
        /// Rows, with the header repeated.
        Rows = "rows",
        /// A line for each cell: row, column = value.
        Pairs = "pairs",
    }
}

/// Options of the outputs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WriteOptions {
    /// Form of tables in Markdown.
    pub tables: Tables,
    /// Treatment of pictures.
    pub images: Images,
    /// Begin of the addresses of pictures, with its slash; `images/` if empty, and nothing if [`Self::NO_FOLDER`]. The
    /// caller sets it, as it knows where they will be.
    pub image_folder: String,
    /// Sign between pages.
    pub page_breaks: PageBreaks,
    /// Treatment of running headers and footers.
    pub furniture: Furniture,
    /// Treatment of what is hidden.
    pub hidden: Hidden,
    /// Treatment of comments.
    pub comments: Comments,
    /// Treatment of tracked changes.
    pub revisions: Revisions,
    /// Fineness of boxes.
    pub places: Places,
    /// Treatment of what surrounds the main content of a web page.
    pub boilerplate: Boilerplate,
    /// Treatment of attached files.
    pub attachments: Attachments,
    /// Options of chunks.
    pub chunks: ChunkOptions,
}

impl WriteOptions {
    /// The folder of pictures whose addresses are their names alone.
    pub const NO_FOLDER: &str = ".";

    /// Begin of the addresses of pictures.
    #[must_use]
    pub fn image_folder(&self) -> &str {
        match self.image_folder.as_str() {
            "" => "images/",
            Self::NO_FOLDER => "",
            folder => folder,
        }
    }
}

/// Options of chunks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChunkOptions {
    /// Tokens of a chunk, at most: [`Self::TOKENS`].
    pub tokens: u32,
    /// Tokens of the chunk before that a chunk repeats, at most; half of a chunk is never repeated.
    pub overlap: u32,
    /// Tokenizer.
    pub tokenizer: Tokenizer,
    /// Form of tables.
    pub tables: TableChunks,
    /// Place of the headings above a chunk.
    pub context: ChunkContext,
}

impl Default for ChunkOptions {
    fn default() -> Self {
        Self {
            tokens: 512,
            overlap: 0,
            tokenizer: Tokenizer::default(),
            tables: TableChunks::default(),
            context: ChunkContext::default(),
        }
    }
}

impl ChunkOptions {
    /// Sizes of a chunk; what is beyond counts as the nearest of them.
    pub const TOKENS: std::ops::RangeInclusive<u32> = 32..=8192;

    /// Tokens of a chunk within [`Self::TOKENS`].
    pub(crate) fn limit(&self) -> u32 {
        self.tokens.clamp(*Self::TOKENS.start(), *Self::TOKENS.end())
    }
}
