use ilios_convert::OutputFormat;

/// File that an output is given out as.
pub trait OutputFile {
    /// Its media type.
    fn content_type(self) -> &'static str;
    /// The extension of its name.
    fn extension(self) -> &'static str;
}

impl OutputFile for OutputFormat {
    fn content_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
            Self::Text => "text/plain; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Chunks => "application/x-ndjson; charset=utf-8",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Text => "txt",
            Self::Html => "html",
            Self::Chunks => "jsonl",
        }
    }
}
