use std::io::{self, Write};
use std::time::Duration;

use ilios_convert::{ForeignFormat, OutputForm, OutputFormat};
use serde_json::{Value, json};

use super::confidence;
use super::options::Output;
use super::outcome::Outcome;
use crate::http::HttpState;
use crate::http::compat::json_text::Text;
use crate::http::respond::problem::Problem;
use crate::model::{DocumentContent, DocumentMetadata, Tenant};

/// A document as it is given out: its contents in the forms that were asked for.
pub(super) struct Export {
    pub(super) name: String,
    pub(super) markdown: Option<Text>,
    pub(super) json: Option<Text>,
    pub(super) html: Option<Text>,
    pub(super) text: Option<Text>,
    pub(super) doctags: Option<Text>,
    pub(super) status: &'static str,
    pub(super) errors: Value,
    pub(super) seconds: f64,
    pub(super) confidence: Value,
}

/// Makes the contents of a document.
pub(super) async fn export(
    state: &HttpState,
    tenant: &Tenant,
    outcome: Outcome,
    output: &Output,
) -> Result<Export, Problem> {
    let name = outcome.name().to_owned();
    let (document, content) = match outcome {
        Outcome::Converted(converted) => *converted,
        Outcome::Failed(failed) => {
            let empty = |format| {
                let wanted = failed.is_empty_document() && output.has(format);
                wanted.then(|| Text::Memory(String::new()))
            };
            return Ok(Export {
                markdown: empty("md"),
                json: empty("json").map(|_| Text::Memory(empty_document(&name))),
                html: empty("html"),
                text: empty("text"),
                doctags: empty("doctags"),
                status: failed.status(),
                errors: failed.errors(),
                seconds: 0.0,
                confidence: confidence::report(&[]),
                name,
            });
        }
    };
    let written = async |format: &str, form: OutputForm| {
        if !output.has(format) {
            return Ok::<_, Problem>(None);
        }
        let changes = [("pageBreaks", "none".to_owned())];
        let rendered = state
            .app
            .document_in(tenant, &document.id, form, &changes)
            .await?;
        Ok(Some(Text::Spooled(rendered.output)))
    };
    let metadata = document.metadata.as_ref();
    Ok(Export {
        name,
        markdown: output
            .has("md")
            .then(|| Text::Memory(markdown(&content, &output.page_break))),
        json: written("json", ForeignFormat::Docling.into()).await?,
        html: written("html", OutputFormat::Html.into()).await?,
        text: written("text", OutputFormat::Text.into()).await?,
        doctags: written("doctags", ForeignFormat::DocTags.into()).await?,
        status: if is_partial(metadata) {
            "partial_success"
        } else {
            "success"
        },
        errors: partial_errors(metadata),
        seconds: metadata.map_or(0.0, seconds),
        confidence: confidence::report(&content.pages),
    })
}

fn is_partial(metadata: Option<&DocumentMetadata>) -> bool {
    metadata.is_some_and(|metadata| metadata.partial.is_some())
}

/// Reason a conversion was stopped.
fn partial_errors(metadata: Option<&DocumentMetadata>) -> Value {
    match metadata.and_then(|metadata| metadata.partial.as_ref()) {
        None => json!([]),
        Some(partial) => json!([{
            "component_type": "pipeline",
            "module_name": "",
            "error_message": format!("stopped: {}", partial.reason),
            "category": if partial.reason == "timeout" { "timeout" } else { "capacity" },
            "page_no": partial.last_page,
        }]),
    }
}

pub(super) fn seconds(metadata: &DocumentMetadata) -> f64 {
    Duration::from_millis(metadata.processing_time_ms).as_secs_f64()
}

/// The pages with a text between them; without one they are parted as paragraphs are.
fn markdown(content: &DocumentContent, page_break: &str) -> String {
    let pages = content.pages.iter().map(|page| {
        content
            .markdown
            .get(page.start..page.end)
            .unwrap_or_default()
            .trim()
    });
    if content.pages.is_empty() {
        return content.markdown.trim().to_owned();
    }
    if page_break.is_empty() {
        let pages: Vec<&str> = pages.filter(|page| !page.is_empty()).collect();
        return pages.join("\n\n");
    }
    let pages: Vec<&str> = pages.collect();
    pages.join(&format!("\n\n{page_break}\n\n"))
}

/// A `DoclingDocument` without content.
fn empty_document(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    json!({"schema_name": "DoclingDocument", "version": "1.7.0", "name": stem}).to_string()
}

impl Export {
    fn contents(&self) -> [(&'static str, Option<&Text>, bool); 6] {
        [
            ("md_content", self.markdown.as_ref(), true),
            ("json_content", self.json.as_ref(), false),
            ("html_content", self.html.as_ref(), true),
            ("text_content", self.text.as_ref(), true),
            ("doctags_content", self.doctags.as_ref(), true),
            ("doclang_content", None, true),
        ]
    }

    /// Writes the object with all contents. Blocks.
    pub(super) fn write_contents(&self, writer: &mut dyn Write) -> io::Result<()> {
        writer.write_all(b"{\"filename\":")?;
        serde_json::to_writer(&mut *writer, &self.name)?;
        for (name, text, is_string) in self.contents() {
            write!(writer, ",\"{name}\":")?;
            match text {
                None => writer.write_all(b"null")?,
                Some(text) if is_string => text.write_string(writer)?,
                Some(text) => text.write(writer)?,
            }
        }
        writer.write_all(b"}")
    }

    /// Writes the answer for one document. Blocks.
    pub(super) fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        writer.write_all(b"{\"document\":")?;
        self.write_contents(writer)?;
        let rest = json!({
            "status": self.status,
            "errors": self.errors,
            "processing_time": self.seconds,
            "timings": {},
            "confidence": self.confidence,
        });
        let rest = serde_json::to_vec(&rest)?;
        writer.write_all(b",")?;
        writer.write_all(rest.get(1..).unwrap_or_default())
    }
}
