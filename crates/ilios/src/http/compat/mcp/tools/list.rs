use serde_json::{Value, json};

use super::DocumentTools;
use crate::http::compat::mcp::answer::ToolAnswer;
use crate::http::compat::mcp::arguments::Arguments;
use crate::http::extract::query::{self, MAX_LIMIT};
use crate::http::respond::problem::Problem;
use crate::model::Document;
use crate::store::DocumentFilter;

/// Documents of an answer where the model does not say how many.
const DEFAULT_LIMIT: u32 = 20;

/// Lists the documents, newest first.
pub(super) async fn list(tools: &DocumentTools, mut arguments: Arguments) -> Result<ToolAnswer, Problem> {
    let limit = arguments.number("limit", 1, u64::from(MAX_LIMIT))?;
    let limit = limit.and_then(|limit| u32::try_from(limit).ok());
    let cursor = arguments.text("cursor")?;
    let statuses = "takes pending, processing, completed, failed or archived";
    let filter = DocumentFilter {
        status: arguments.known("status", statuses, |text| text.parse().ok())?,
        ..DocumentFilter::default()
    };
    arguments.finish()?;
    let after = query::cursor(cursor.as_ref())?;
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    let tenant = &tools.caller.tenant;
    let page = tools.app.list_documents(tenant, &filter, after, limit).await?;
    let mut lines: Vec<String> = page.rows.iter().map(line).collect();
    let documents: Vec<Value> = page.rows.iter().map(entry).collect();
    let mut structured = json!({"documents": documents});
    if lines.is_empty() {
        lines.push("No documents.".to_owned());
    }
    if let Some(next) = &page.next {
        let cursor = query::cursor_text(next);
        lines.push(format!(
            "[There are more: list_documents with cursor \"{cursor}\".]"
        ));
        structured["next_cursor"] = cursor.into();
    }
    Ok(ToolAnswer {
        text: lines.join("\n"),
        structured,
    })
}

fn line(document: &Document) -> String {
    let Document {
        id,
        status,
        file_name,
        created_at,
        ..
    } = document;
    format!("{id}  {status}  {created_at}  {file_name}")
}

fn entry(document: &Document) -> Value {
    let mut entry = json!({
        "document_id": document.id.as_str(),
        "file_name": document.file_name.as_str(),
        "status": document.status.as_str(),
        "created_at": document.created_at,
    });
    if let Some(metadata) = &document.metadata {
        entry["format"] = metadata.format.name().into();
        entry["pages"] = metadata.extracted_pages.into();
    }
    if let Some(failure) = &document.failure {
        entry["error"] = failure.message.as_str().into();
    }
    entry
}
