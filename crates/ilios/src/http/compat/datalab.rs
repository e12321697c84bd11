//! Datalab's converter (Marker), as its loader in Open WebUI asks it: answered at once, with nothing to ask for later.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use ilios_convert::{OcrMode, OutputFormat};
use serde_json::json;

use super::document::{convert, unless_empty};
use super::files_form::{FilesForm, FilesFormReader, FormOptions};
use super::json_answer::json_answer;
use super::json_text::Text;
use crate::app::ConvertedNow;
use crate::http::HttpState;
use crate::http::extract::param_values::flag;
use crate::http::extract::upload::{Admitted, UploadForm};
use crate::http::respond::problem::{ErrorForm, Problem};
use crate::model::{ConversionOptions, DocumentContent, Tenant};

/// Its words for what went wrong.
pub(super) const ERRORS: ErrorForm = ErrorForm(|problem| {
    let body = json!({
        "success": false, "status": "failed", "error": problem.error(), "code": problem.code().name(),
    });
    (problem.http_status(), body)
});

/// Dashes behind the number of a page.
const PAGE_BREAK_DASHES: usize = 48;

/// Fields that are known.
const KNOWN: [&str; 3] = ["output_format", "force_ocr", "paginate"];

pub(super) fn operations() -> Router<HttpState> {
    Router::new().route("/api/v1/marker", post(marker))
}

/// Options of a request.
#[derive(Default)]
struct Options {
    output: OutputFormat,
    force_ocr: bool,
    /// Numbers of pages are to be written between them.
    paginate: bool,
}

impl FormOptions for Options {
    const FILES: &'static [&'static str] = &["file"];

    fn known(name: &str) -> Option<&'static str> {
        KNOWN.into_iter().find(|known| *known == name)
    }

    fn set(&mut self, name: &'static str, text: &str) -> Result<(), Problem> {
        match name {
            "output_format" => {
                self.output = match text.trim() {
                    "" | "markdown" => OutputFormat::Markdown,
                    "html" => OutputFormat::Html,
                    "json" => OutputFormat::Json,
                    _ => return Err(Problem::invalid(name, "takes markdown, html or json")),
                };
            }
            "force_ocr" => self.force_ocr = flag(name, Some(text))?.unwrap_or_default(),
            _ => self.paginate = flag(name, Some(text))?.unwrap_or_default(),
        }
        Ok(())
    }

    fn finish(self) -> Result<Self, Problem> {
        Ok(self)
    }
}

/// Converts a file. Pictures are not given out: `images` is empty.
async fn marker(
    State(state): State<HttpState>,
    tenant: Tenant,
    _: Admitted,
    UploadForm(form): UploadForm<FilesFormReader<Options>>,
) -> Result<Response, Problem> {
    let FilesForm { mut files, options } = form;
    let upload = match (files.pop(), files.is_empty()) {
        (Some(only), true) => only,
        _ => return Err(Problem::invalid("file", "takes one file")),
    };
    let mut conversion = ConversionOptions::default();
    if options.force_ocr {
        conversion.reading.ocr = OcrMode::Force;
    }
    let converted = unless_empty(convert(&state, &tenant, upload, conversion).await)?;
    let pages = converted
        .as_ref()
        .map_or(0, |converted| converted.content.pages.len());
    let (text, is_string) = written(&state, &tenant, converted, &options).await?;
    let format = options.output.as_str();
    json_answer(&state, text.size(), move |writer| {
        let rest = json!({
            "success": true, "status": "complete", "output_format": format, "page_count": pages,
            "images": {}, "metadata": {},
        });
        writer.write_all(b"{\"output\":")?;
        match is_string {
            true => text.write_string(writer)?,
            false => text.write(writer)?,
        }
        let rest = serde_json::to_vec(&rest)?;
        writer.write_all(b",")?;
        writer.write_all(rest.get(1..).unwrap_or_default())
    })
    .await
}

/// The result, and whether it is a text; JSON is an object.
async fn written(
    state: &HttpState,
    tenant: &Tenant,
    converted: Option<ConvertedNow>,
    options: &Options,
) -> Result<(Text, bool), Problem> {
    let is_string = options.output != OutputFormat::Json;
    let Some(converted) = converted else {
        let empty = if is_string { "" } else { "{}" };
        return Ok((Text::Memory(empty.to_owned()), is_string));
    };
    if options.output == OutputFormat::Markdown {
        return Ok((Text::Memory(markdown(&converted.content, options.paginate)), true));
    }
    let id = &converted.document.id;
    let rendered = state.app.document_in(tenant, id, options.output, &[]).await?;
    Ok((Text::Spooled(rendered.output), is_string))
}

/// The Markdown, with the number of each page before it if that is asked for.
fn markdown(content: &DocumentContent, paginate: bool) -> String {
    let whole = || content.markdown.trim().to_owned();
    if !paginate || content.pages.is_empty() {
        return whole();
    }
    let dashes = "-".repeat(PAGE_BREAK_DASHES);
    let pages = content.pages.iter().map(|page| {
        let text = content.markdown.get(page.start..page.end).unwrap_or_default();
        format!("{{{}}}{dashes}\n\n{}", page.number.saturating_sub(1), text.trim())
    });
    pages.collect::<Vec<String>>().join("\n\n")
}
