use ilios_convert::{Images, OcrPageOptions, Places, ScoreGranularity, SeparateTables};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::document::{DocumentSource, read_document};
use super::fields::{Faults, Fields};
use super::page_order::PageOrder;
use super::refusal::Refusal;
use crate::model::ConversionOptions;

/// Beginnings of the names of models that a request may name. Whatever it names, the engine of the server reads the
/// document.
const MODELS: [&str; 3] = ["mistral-ocr", "mistral-document-ai", "ilios"];

/// Request for the text of a document.
#[derive(Debug)]
pub(super) struct OcrRequest {
    pub(super) document: DocumentSource,
    pub(super) wanted: Wanted,
}

/// Pages and parts of a document that are wanted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Wanted {
    pub(super) pages: Option<PageOrder>,
    pub(super) form: OcrPageOptions,
}

/// Fields that ask for annotations.
const ANNOTATIONS: [&str; 3] = [
    "bbox_annotation_format",
    "document_annotation_format",
    "document_annotation_prompt",
];

impl OcrRequest {
    /// Reads the body of a request.
    pub(super) fn read(body: Value) -> Result<Self, Refusal> {
        let mut faults = Faults::default();
        let read = read(body, &mut faults);
        match read {
            Some((model, request)) if faults.is_empty() => {
                if MODELS.iter().any(|known| model.starts_with(known)) {
                    Ok(request)
                } else {
                    Err(Refusal::model(&model))
                }
            }
            _ => Err(Refusal::Invalid(faults)),
        }
    }
}

/// The model that is named, and the request; `None` if it has faults.
fn read(body: Value, faults: &mut Faults) -> Option<(String, OcrRequest)> {
    let mut fields = Fields::of(body, vec!["body".into()], faults)?;
    if !fields.has("model") {
        fields.missing("model");
    }
    let model = fields.text("model").unwrap_or_else(|| "mistral-ocr".into());
    // Older clients send it.
    fields.take("id");
    let document = fields.required("document");
    let document = document.and_then(|document| {
        let place = fields.place_of("document");
        read_document(document, place, fields.faults())
    });
    let wanted = Wanted::read(&mut fields);
    fields.finish();
    let request = OcrRequest {
        document: document?,
        wanted,
    };
    Some((model, request))
}

impl Wanted {
    fn read(fields: &mut Fields<'_>) -> Self {
        let pages = fields.take("pages").and_then(|value| {
            let pages = PageOrder::read(&value);
            if pages.is_none() {
                fields.wrong(
                    "pages",
                    "Input should be a list of page numbers from 0, or a text such as '0,2-4'",
                );
            }
            pages
        });
        for name in ANNOTATIONS {
            if fields.take(name).is_some() {
                fields.wrong(name, "This server makes no annotations: leave the field out");
            }
        }
        let tables = [
            ("markdown", SeparateTables::Markdown),
            ("html", SeparateTables::Html),
        ];
        let scores = [
            ("page", ScoreGranularity::Page),
            ("word", ScoreGranularity::Word),
            ("block", ScoreGranularity::Block),
        ];
        let form = OcrPageOptions {
            tables: fields.choice("table_format", &tables),
            extract_header: fields.flag("extract_header", false),
            extract_footer: fields.flag("extract_footer", false),
            blocks: fields.flag("include_blocks", true),
            scores: fields.choice("confidence_scores_granularity", &scores),
            image_limit: fields.number("image_limit"),
            image_min_size: fields.number("image_min_size"),
            image_names: fields.flag("include_image_base64", false),
        };
        Self { pages, form }
    }

    /// Options of the conversion that makes it.
    pub(super) fn conversion(&self, is_paged: bool) -> ConversionOptions {
        let mut options = ConversionOptions {
            extract_header: self.form.extract_header,
            extract_footer: self.form.extract_footer,
            ..ConversionOptions::default()
        };
        let reading = &mut options.reading;
        // Other formats are read as a whole, whatever is asked for.
        reading.pages = self
            .pages
            .as_ref()
            .filter(|_| is_paged)
            .and_then(PageOrder::selection);
        if self.form.image_names && self.form.image_limit != Some(0) {
            reading.output.images = Images::Extract;
            options.include_images = true;
        }
        if self.form.scores == Some(ScoreGranularity::Word) {
            options.reading.output.places = Places::Word;
        }
        options
    }
}

/// The page of a document that holds no text.
pub(super) fn empty_page() -> Value {
    json!({
        "index": 0, "markdown": "", "images": [], "tables": [], "hyperlinks": [], "header": null, "footer": null,
        "dimensions": null, "confidence_scores": null, "blocks": [],
    })
}
