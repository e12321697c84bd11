use std::io::{BufReader, Read};
use std::sync::Arc;

use ilios_convert::OutputFormat;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::DocumentTools;
use crate::app::Spooled;
use crate::http::compat::mcp::answer::ToolAnswer;
use crate::http::compat::mcp::arguments::Arguments;
use crate::http::respond::problem::Problem;
use crate::model::{Document, DocumentMetadata, MicroCents};

/// Bytes of a document's model that are looked through for doubts, at most.
const MAX_MODEL_BYTES: u64 = 256 << 20;
/// Doubts of an answer, at most.
const MAX_DOUBTS: usize = 500;
/// A doubt of documents that have no places, which says nothing about their text.
const NO_PLACES: &str = "no_places";

/// The model of a document, of which the doubts alone are of interest.
#[derive(Deserialize)]
struct Model {
    #[serde(default)]
    pages: Vec<Page>,
}

/// Page with its doubts.
#[derive(Deserialize)]
struct Page {
    number: u32,
    #[serde(default)]
    doubts: Vec<Doubt>,
}

/// Doubt about a page.
#[derive(Deserialize, Serialize)]
struct Doubt {
    code: String,
    severity: String,
    message: String,
}

/// Reports how well a document was read, by what, and what it has cost.
pub(super) async fn report(tools: &DocumentTools, mut arguments: Arguments) -> Result<ToolAnswer, Problem> {
    let id = arguments.document_id()?;
    arguments.finish()?;
    let tenant = &tools.caller.tenant;
    let document = tools.app.document(tenant, &id).await?;
    let mut structured = json!({
        "document_id": id.as_str(),
        "file_name": document.file_name.as_str(),
        "status": document.status.as_str(),
    });
    let mut lines = vec![format!("{} is {}.", document.file_name, document.status)];
    if let Some(failure) = &document.failure {
        structured["error"] = failure.message.as_str().into();
        lines.push(format!("It failed: {} ({}).", failure.message, failure.code));
    }
    if let Some(metadata) = document
        .metadata
        .as_ref()
        .filter(|_| document.status.has_content())
    {
        add_conversion(tools, &document, metadata, &mut structured, &mut lines);
        let rendered = tools
            .app
            .document_in(tenant, &id, OutputFormat::Json, &[])
            .await?;
        add_doubts(doubtful(rendered.output).await?, &mut structured, &mut lines);
        add_warnings(metadata, &mut structured, &mut lines);
    }
    Ok(ToolAnswer {
        text: lines.join("\n"),
        structured,
    })
}

/// Adds what the conversion was done by, and its cost.
fn add_conversion(
    tools: &DocumentTools,
    document: &Document,
    metadata: &DocumentMetadata,
    structured: &mut Value,
    lines: &mut Vec<String>,
) {
    let cost = match &metadata.service {
        // What was read here beside it is free.
        Some(service) => service.cost_micro_cents,
        None => tools.app.prices().local().charge(metadata.extracted_pages).total,
    };
    structured["format"] = metadata.format.name().into();
    structured["engine"] = metadata.engine.as_str().into();
    structured["model"] = metadata.model.as_str().into();
    structured["pages"] = metadata.extracted_pages.into();
    structured["processing_time_ms"] = metadata.processing_time_ms.into();
    structured["cost_cents"] = json!(cents(cost));
    lines.push(format!(
        "{}, {} pages, {} bytes; engine {} ({}), {} ms, {} cents.",
        metadata.format.name(),
        metadata.extracted_pages,
        document.file_size,
        metadata.engine,
        metadata.model,
        metadata.processing_time_ms,
        cents(cost)
    ));
    if let Some(fallback) = &metadata.fallback {
        structured["fallback"] = fallback.as_str().into();
        lines.push(format!("The local engine took over: {fallback}"));
    }
    if let Some(partial) = &metadata.partial {
        structured["partial"] = partial.reason.as_str().into();
        lines.push(format!(
            "The conversion was stopped after page {}: {}",
            partial.last_page, partial.reason
        ));
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown, and not reckoned with")]
fn cents(cost: MicroCents) -> f64 {
    cost.get() as f64 / 1e6
}

fn add_doubts(pages: Vec<Page>, structured: &mut Value, lines: &mut Vec<String>) {
    if pages.is_empty() {
        lines.push("No page is doubtful.".to_owned());
    }
    let pages = pages.into_iter().map(|page| {
        for doubt in &page.doubts {
            lines.push(format!(
                "page {}: {} ({})",
                page.number, doubt.message, doubt.severity
            ));
        }
        json!({"page": page.number, "doubts": page.doubts})
    });
    structured["doubtful_pages"] = pages.collect();
}

fn add_warnings(metadata: &DocumentMetadata, structured: &mut Value, lines: &mut Vec<String>) {
    let warnings = metadata.warnings.iter().map(|warning| {
        lines.push(format!("warning: {}", warning.message));
        let mut entry = json!({"message": warning.message});
        if let Some(page) = warning.page {
            entry["page"] = page.into();
        }
        entry
    });
    structured["warnings"] = warnings.collect();
}

/// Pages with doubts, of a model that a child has written.
async fn doubtful(model: Arc<Spooled>) -> Result<Vec<Page>, Problem> {
    let read = move || {
        let file = model.open().map_err(Problem::unavailable)?;
        let model: Model =
            serde_json::from_reader(BufReader::new(file.take(MAX_MODEL_BYTES))).map_err(Problem::internal)?;
        Ok::<_, Problem>(model.pages)
    };
    let pages = tokio::task::spawn_blocking(read)
        .await
        .map_err(Problem::internal)??;
    let mut left = MAX_DOUBTS;
    let doubtful = pages.into_iter().filter_map(|mut page| {
        page.doubts.retain(|doubt| doubt.code != NO_PLACES);
        page.doubts.truncate(left);
        left -= page.doubts.len();
        (!page.doubts.is_empty()).then_some(page)
    });
    Ok(doubtful.collect())
}
