use ilios_convert::{ForeignFormat, OutputForm, OutputFormat};

use super::document::Document;
use crate::http::HttpState;
use crate::http::compat::json_text::Text;
use crate::http::respond::problem::Problem;

/// Form of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Xhtml,
    Markdown,
    /// None at all.
    Ignore,
}

impl Form {
    /// The form of this name; one that is not known is XHTML.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "text" | "body" | "main" => Self::Text,
            "md" | "markdown" => Self::Markdown,
            "ignore" => Self::Ignore,
            _ => Self::Xhtml,
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Text | Self::Ignore => "text/plain; charset=utf-8",
            Self::Xhtml => "text/html; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
        }
    }
}

/// The content of a document in a form.
pub(super) async fn content(
    state: &HttpState,
    document: &Document,
    form: Form,
) -> Result<Option<Text>, Problem> {
    let Some(converted) = &document.converted else {
        let empty = (form != Form::Ignore).then(|| Text::Memory(String::new()));
        return Ok(empty);
    };
    let (form, changes): (OutputForm, _) = match form {
        Form::Ignore => return Ok(None),
        Form::Markdown => return Ok(Some(Text::Memory(converted.content.markdown.clone()))),
        Form::Text => (OutputFormat::Text.into(), vec![("pageBreaks", "none".to_owned())]),
        Form::Xhtml => (ForeignFormat::Xhtml.into(), Vec::new()),
    };
    let id = &converted.document.id;
    let app = &state.app;
    let rendered = app.document_in(&document.tenant, id, form, &changes).await?;
    Ok(Some(Text::Spooled(rendered.output)))
}
