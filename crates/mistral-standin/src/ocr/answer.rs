//! The answer of OCR, with what is odd about it.

use serde_json::{Value, json};

use super::annotation::annotation;
use super::models::Model;
use super::page::{self, Part};
use super::request::OcrRequest;
use crate::faults::{Answers, PageCount};

/// A document that was read.
pub(crate) struct Read {
    pub(crate) sha256: String,
    pub(crate) bytes: usize,
    pub(crate) model: Model,
}

/// The body of the answer for these pages.
pub(crate) fn answer(request: &OcrRequest, read: &Read, wanted: &[usize], quirks: &Answers) -> Value {
    let mut indexes = wanted.to_vec();
    indexes.truncate(wanted.len().saturating_sub(quirks.lost_pages));
    let next = wanted.iter().max().map_or(0, |last| last + 1);
    indexes.extend(next..next + quirks.extra_pages);
    let mut sheets: Vec<Value> = Vec::with_capacity(indexes.len());
    let mut images = 0;
    for (number, index) in indexes.iter().enumerate() {
        let sheet = Sheet {
            request,
            read,
            quirks,
            index: *index,
            number,
            image: shows_image(request, images).then_some(images),
        };
        images += usize::from(sheet.image.is_some());
        sheets.push(sheet.json());
    }
    if let Some(Value::String(markdown)) = sheets.last_mut().and_then(|sheet| sheet.get_mut("markdown")) {
        markdown.push_str(&"x".repeat(quirks.padding));
    }
    let suffix = if quirks.completion_names {
        "-completion"
    } else {
        ""
    };
    let mut answer = json!({
        "pages": sheets,
        "model": format!("{}{suffix}", read.model.name),
        "document_annotation": request.document_annotation_format.as_ref()
            .map(|format| annotation(format, &format!("Document {}", &read.sha256))),
    });
    if let Some(usage) = usage(wanted.len(), read.bytes, quirks.page_count) {
        answer["usage_info"] = usage;
    }
    answer
}

fn usage(pages: usize, bytes: usize, says: PageCount) -> Option<Value> {
    match says {
        PageCount::Right => Some(json!({"pages_processed": pages, "doc_size_bytes": bytes})),
        PageCount::Says(number) => Some(json!({"pages_processed": number, "doc_size_bytes": bytes})),
        PageCount::Missing => Some(json!({"doc_size_bytes": bytes})),
        PageCount::NoUsage => None,
    }
}

fn shows_image(request: &OcrRequest, before: usize) -> bool {
    let smallest = page::IMAGE_WIDTH.min(page::IMAGE_HEIGHT);
    request.image_limit.is_none_or(|limit| before < limit)
        && request.image_min_size.is_none_or(|least| smallest >= least)
}

/// One page of an answer.
struct Sheet<'a> {
    request: &'a OcrRequest,
    read: &'a Read,
    quirks: &'a Answers,
    /// Its number in the document.
    index: usize,
    /// Its number in the answer.
    number: usize,
    /// The number of its image in the answer.
    image: Option<usize>,
}

impl Sheet<'_> {
    fn json(&self) -> Value {
        let image = format!("img-{}.jpeg", self.image.unwrap_or_default());
        let mut parts = page::parts(self.index, &self.read.sha256, &image);
        parts.retain(|part| part.kind != "image" || self.image.is_some());
        let markdown = self.markdown(&parts);
        let mut sheet = json!({
            "index": self.index,
            "markdown": markdown,
            "images": self.image.map(|_| self.image(&image)).into_iter().collect::<Vec<_>>(),
            "dimensions": (!self.quirks.null_dimensions)
                .then(|| json!({"dpi": page::DPI, "height": page::HEIGHT, "width": page::WIDTH})),
        });
        if self.quirks.bare_pages {
            return sheet;
        }
        let taken = |wanted: bool, kind: &str| {
            let found = parts.iter().find(|part| wanted && part.kind == kind);
            found.map(|part| part.content.clone())
        };
        sheet["tables"] = json!(self.tables());
        sheet["hyperlinks"] = json!([]);
        sheet["header"] = json!(taken(self.request.extract_header, "header"));
        sheet["footer"] = json!(taken(self.request.extract_footer, "footer"));
        sheet["blocks"] = json!(self.blocks(&parts, &image));
        if let Some(scores) = self.confidence(&sheet["markdown"]) {
            sheet["confidence_scores"] = scores;
        }
        sheet
    }

    fn markdown(&self, parts: &[Part]) -> String {
        if self.quirks.empty_pages {
            return String::new();
        }
        let table = self.table_id().map(|id| format!("[{id}]({id})"));
        let lines = parts.iter().filter_map(|part| match part.kind {
            "header" if self.request.extract_header => None,
            "footer" if self.request.extract_footer => None,
            "table" => Some(table.as_deref().unwrap_or(&part.content)),
            _ => Some(part.content.as_str()),
        });
        lines.collect::<Vec<_>>().join("\n\n")
    }

    /// The id of the page's table, when tables are taken out of the Markdown.
    fn table_id(&self) -> Option<String> {
        let ending = match self.request.table_format.as_deref()? {
            "html" => "html",
            _ => "md",
        };
        Some(format!("tbl-{}.{ending}", self.number))
    }

    fn tables(&self) -> Vec<Value> {
        let Some(id) = self.table_id() else {
            return Vec::new();
        };
        let format = self.request.table_format.as_deref().unwrap_or_default();
        let content = if format == "html" {
            page::html_table(self.index, &self.read.sha256)
        } else {
            let parts = page::parts(self.index, &self.read.sha256, "");
            let table = parts.into_iter().find(|part| part.kind == "table");
            table.map(|part| part.content).unwrap_or_default()
        };
        vec![json!({"id": id, "content": content, "format": format})]
    }

    fn image(&self, id: &str) -> Value {
        let mut image = page::coordinates(page::place(4, "image"));
        if self.quirks.null_coordinates {
            for (_, value) in image.as_object_mut().into_iter().flatten() {
                *value = Value::Null;
            }
        }
        let head = if self.quirks.bare_base64 {
            ""
        } else {
            "data:image/jpeg;base64,"
        };
        let wanted = self.request.include_image_base64 == Some(true);
        image["id"] = json!(id);
        image["image_base64"] = json!(wanted.then(|| format!("{head}{}", page::jpeg())));
        let format = self.request.bbox_annotation_format.as_ref();
        image["image_annotation"] = json!(format.map(|format| annotation(format, id)));
        image
    }

    fn blocks(&self, parts: &[Part], image: &str) -> Vec<Value> {
        let wanted = self.request.include_blocks.unwrap_or(true) && self.read.model.has_blocks;
        if !wanted || self.quirks.no_blocks {
            return Vec::new();
        }
        let scored = self.request.confidence_scores_granularity.as_deref() == Some("block");
        let blocks = parts.iter().enumerate().map(|(number, part)| {
            let mut block = page::coordinates(page::place(number, part.kind));
            block["type"] = json!(if self.quirks.unknown_blocks {
                "hologram"
            } else {
                part.kind
            });
            block["content"] = json!(part.content);
            match part.kind {
                "image" => block["image_id"] = json!(image),
                "table" => block["table_id"] = json!(self.table_id()),
                _ => {}
            }
            if scored {
                block["confidence_scores"] = json!({"average_content_confidence_score": 0.97,
                    "minimum_content_confidence_score": 0.9, "block_type_confidence_score": 0.99});
            }
            block
        });
        blocks.collect()
    }

    fn confidence(&self, markdown: &Value) -> Option<Value> {
        let granularity = self.request.confidence_scores_granularity.as_deref()?;
        let mut scores = json!({"average_page_confidence_score": 0.97, "minimum_page_confidence_score": 0.9});
        if granularity == "word" {
            scores["word_confidence_scores"] = json!(page::words(markdown.as_str().unwrap_or_default()));
        }
        Some(scores)
    }
}
