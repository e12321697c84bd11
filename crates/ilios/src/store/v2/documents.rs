use std::collections::HashSet;

use ilios_convert::{Format, Metadata};
use serde_json::Value as Json;

use super::fields::Fields;
use super::jobs::{OldJob, OldJobs};
use super::{OldTable, Remark};
use crate::model::{
    ConversionOptions, Document, DocumentContent, DocumentMetadata, Failure, FileName, Id, Priority,
    RetentionDays, Status, Timestamp,
};

/// A gigabyte many times over; what is more is no size.
const MAX_SIZE: i64 = 1 << 50;
/// Nesting of metadata that is kept as JSON.
const MAX_DEPTH: usize = 100;

/// A document of version 2.1 as one of ours, before its original was looked for.
#[derive(Debug, Clone)]
pub struct OldDocument {
    /// The document in our form, still without its original; `Pending` if it is to be converted.
    pub document: Document,
    /// Its result, if it has one.
    pub content: Option<DocumentContent>,
    /// Tells whether it has ended or is to be converted.
    pub fate: Fate,
    /// Key of its original in the old object store; `None` if none was kept.
    pub old_key: Option<String>,
    /// Its place among the documents of its batch.
    pub position: i64,
    /// Name of its row in remarks: the old id, or the number of the row.
    name: String,
}

/// Tells whether an imported document has ended or is to be converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It has come to its end.
    Ended,
    /// It is to be converted, by this job.
    Convert {
        /// The job's id.
        job: Id,
        /// The job's urgency.
        priority: Priority,
        /// Moment at which the old job was due, or else the document was created; not later than the import.
        scheduled_at: Timestamp,
    },
}

impl OldDocument {
    /// Of a row; what has no moment of its own is of `now`. `batches` are the ids that batches have in the old
    /// database.
    #[must_use]
    pub fn of(
        mut row: Fields,
        jobs: &OldJobs,
        batches: &HashSet<String>,
        now: Timestamp,
    ) -> (Self, Vec<Remark>) {
        let job = jobs.of(row.name()).cloned();
        let id = row.id();
        let content = row.text("content");
        let status = status(&mut row, content.as_deref(), job.is_some());
        let processed_at = row.moment("processed_at");
        let created_at = row.moment("created_at").or(processed_at).unwrap_or_else(|| {
            row.remark("it has no moment of its own; it is of now");
            now
        });
        let file_name = FileName::clean(&row.text("file_name").unwrap_or_default());
        let mime_type = mime_type(&mut row);
        let metadata = row.text("metadata");
        let document = Document {
            reconversion: None,
            tenant: row.tenant(),
            file_size: u64::try_from(row.whole("file_size", 0..=MAX_SIZE, 0)).unwrap_or(0),
            sha256: String::new(),
            status,
            created_at,
            processed_at: (status != Status::Pending).then(|| processed_at.unwrap_or(created_at)),
            retention: retention(row.whole("retention_days", 1..=3_650, 365)),
            metadata: status
                .has_content()
                .then(|| metadata_of(&mut row, metadata, &mime_type, &file_name)),
            batch: batch(&mut row, batches),
            options: ConversionOptions::default(),
            object_key: None,
            failure: (status == Status::Failed).then(|| failure(row.text("error"))),
            file_name,
            mime_type,
            id,
        };
        let fate = fate(&document, job, now);
        let old = Self {
            content: content
                .filter(|_| status.has_content())
                .map(|markdown| DocumentContent {
                    markdown,
                    // Version 2.1 kept no borders of pages.
                    pages: Vec::new(),
                }),
            document,
            fate,
            old_key: row.text("s3_key").filter(|key| has_object(key)),
            position: row.number(),
            name: row.name().to_owned(),
        };
        (old, row.into_remarks())
    }

    /// Its end when it was to be converted and its original cannot be had.
    pub fn fail_without_original(&mut self, now: Timestamp) {
        self.fate = Fate::Ended;
        self.document.status = Status::Failed;
        self.document.processed_at = Some(now);
        self.document.failure = Some(Failure::new(
            "original_missing",
            "it was not converted before the move from version 2.1, and its original was not found",
        ));
    }

    /// Its end when the database takes no result as large.
    pub fn leave_content(&mut self, now: Timestamp) -> Remark {
        self.content = None;
        self.document.metadata = None;
        self.document.status = Status::Failed;
        self.document.processed_at = Some(now);
        self.document.failure = Some(Failure::new(
            "limit_exceeded",
            "its result is larger than the database takes",
        ));
        self.remark("its result is larger than the database takes and was left behind")
    }

    /// A remark on it.
    #[must_use]
    pub fn remark(&self, words: impl Into<String>) -> Remark {
        Remark {
            table: OldTable::Documents.name(),
            row: self.name.clone(),
            words: words.into(),
        }
    }
}

/// Maps the status of an old row to ours. A document that has not ended becomes `Pending`, also a failed one with an
/// open job: version 2.1 set `failed` between two attempts as well.
fn status(row: &mut Fields, content: Option<&str>, open_job: bool) -> Status {
    let text = row.text("status").unwrap_or_default();
    match (text.as_str(), content) {
        ("completed", Some(_)) => Status::Completed,
        ("archived", Some(_)) => Status::Archived,
        ("failed", _) if !open_job => Status::Failed,
        ("failed" | "pending" | "processing", _) => Status::Pending,
        ("completed" | "archived", None) => {
            row.remark(format!("it is {text} without a result; it is to be converted"));
            Status::Pending
        }
        (_, Some(content)) if !content.is_empty() => {
            row.remark(format!(
                "its status is `{text}`; it has a result and is completed now"
            ));
            Status::Completed
        }
        _ => {
            row.remark(format!("its status is `{text}`; it is to be converted"));
            Status::Pending
        }
    }
}

/// Decides whether a document is converted here: one that has not ended is, with the priority and due time of its old
/// job.
fn fate(document: &Document, job: Option<OldJob>, now: Timestamp) -> Fate {
    if document.status != Status::Pending {
        return Fate::Ended;
    }
    let due = job.as_ref().and_then(|job| job.scheduled_at);
    Fate::Convert {
        job: document.id.derived("job"),
        priority: job.map_or_else(Priority::default, |job| job.priority),
        scheduled_at: due.unwrap_or(document.created_at).min(now),
    }
}

/// Returns the media type of a row if it can be sent as a header; else it is empty, with a remark.
fn mime_type(row: &mut Fields) -> String {
    let text = row.text("mime_type").unwrap_or_default();
    if text.len() <= 255 && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return text;
    }
    row.remark("`mime_type` is no media type; it is empty now");
    String::new()
}

/// Returns true if there may be an object under `key`: `/v1/convert` of version 2.1 wrote keys without storing objects.
fn has_object(key: &str) -> bool {
    !key.is_empty() && !key.starts_with("convert/")
}

fn retention(days: i64) -> RetentionDays {
    days.to_string().parse().unwrap_or_default()
}

fn failure(error: Option<String>) -> Failure {
    let error = error.filter(|text| !text.trim().is_empty());
    Failure::new(
        "failed_in_version_2",
        error.unwrap_or_else(|| "version 2.1 gave no reason".to_owned()),
    )
}

fn batch(row: &mut Fields, batches: &HashSet<String>) -> Option<Id> {
    let (old, id) = row.reference("batch_id", OldTable::Batches)?;
    if batches.contains(&old) {
        return Some(id);
    }
    row.remark("its batch is not there; it belongs to none now");
    None
}

/// Maps the metadata of version 2.1 to our fields where there are such, and keeps them whole in `imported`.
fn metadata_of(
    row: &mut Fields,
    text: Option<String>,
    mime_type: &str,
    file_name: &FileName,
) -> DocumentMetadata {
    let json = text.filter(|text| !text.trim().is_empty()).and_then(|text| {
        let read = serde_json::from_str::<Json>(&text).ok();
        if read.is_none() {
            row.remark("`metadata` is no JSON; the text is kept as it is");
        }
        read.or(Some(Json::String(text)))
    });
    // Nested as deep as can be read, it could not be once it is in our metadata.
    let json = json.map(|json| {
        if depth(&json) > MAX_DEPTH {
            Json::String(json.to_string())
        } else {
            json
        }
    });
    let field = |name: &str| json.as_ref().and_then(|json| json.get(name));
    let number = |name: &str| {
        let value = field(name)?;
        value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
    };
    let words = |name: &str| field(name).and_then(Json::as_str).map(str::to_owned);
    let model = words("model").unwrap_or_else(|| "unknown".to_owned());
    DocumentMetadata {
        engine: if model.contains("mistral") {
            "mistral"
        } else {
            "imported"
        }
        .to_owned(),
        format: format(mime_type, file_name),
        extracted_pages: number("extractedPages").map_or(0, |pages| u32::try_from(pages).unwrap_or(u32::MAX)),
        processing_time_ms: number("processingTimeMs").unwrap_or(0),
        source: Metadata {
            title: words("title"),
            author: words("author"),
            ..Metadata::default()
        },
        warnings: Vec::new(),
        partial: None,
        service: None,
        fallback: None,
        imported: json,
        model,
    }
}

fn depth(json: &Json) -> usize {
    1 + match json {
        Json::Array(values) => values.iter().map(depth).max().unwrap_or(0),
        Json::Object(fields) => fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// The type of the original, as far as its name and what the client called it tell.
fn format(mime_type: &str, file_name: &FileName) -> Format {
    let essence = mime_type.split(';').next().unwrap_or_default().trim();
    let by_type = Format::all().find(|format| format.mime_type().eq_ignore_ascii_case(essence));
    by_type
        .or_else(|| Format::from_name(file_name.as_str()))
        .unwrap_or(Format::Text)
}
