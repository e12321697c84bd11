use ilios_convert::Format;
use serde_json::{Value, json};

use super::options::DoclingOptions;
use super::order::{Order, Source};
use crate::app::Upload;
use crate::http::HttpState;
use crate::http::compat::document::convert;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{ConversionOptions, Document, DocumentContent, Tenant};

/// Outcome of a document.
pub(super) enum Outcome {
    Converted(Box<(Document, DocumentContent)>),
    Failed(Failed),
}

/// A document that was not converted.
pub(super) struct Failed {
    pub(super) name: String,
    /// Stable name of the fault.
    pub(super) code: String,
    pub(super) message: String,
}

impl Failed {
    /// An error of a document; one of the request stays what it is.
    pub(super) fn of(name: &str, problem: Problem) -> Result<Self, Problem> {
        let code = problem.code();
        let is_of_document = [415, 422].contains(&code.status().as_u16())
            || code == Code::EMPTY_FILE
            || code.name().contains("url");
        if !is_of_document {
            return Err(problem);
        }
        Ok(Self {
            name: name.to_owned(),
            code: code.name().to_owned(),
            message: problem.error().to_owned(),
        })
    }

    fn of_format(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            code: Code::UNSUPPORTED_TYPE.name().to_owned(),
            message: format!("File format not allowed: {name}"),
        }
    }

    /// A document without text is one that has been converted, to nothing.
    pub(super) fn is_empty_document(&self) -> bool {
        self.code == Code::EMPTY_DOCUMENT.name()
    }

    pub(super) fn status(&self) -> &'static str {
        match self.code.as_str() {
            "empty_document" => "success",
            "unsupported_type" => "skipped",
            _ => "failure",
        }
    }

    pub(super) fn errors(&self) -> Value {
        if self.is_empty_document() {
            return json!([]);
        }
        let (component, category) = match self.code.as_str() {
            "unsupported_type" => ("user_input", "policy"),
            code if code.contains("url") => ("user_input", "source_unavailable"),
            "timeout" => ("pipeline", "timeout"),
            "out_of_memory" | "limit_exceeded" | "too_many_pages" => ("pipeline", "capacity"),
            _ => ("document_backend", "backend_failure"),
        };
        json!([{
            "component_type": component,
            "module_name": "",
            "error_message": self.message,
            "category": category,
            "page_no": null,
        }])
    }
}

impl Outcome {
    /// The name of the document.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Converted(converted) => converted.0.file_name.as_str(),
            Self::Failed(failed) => &failed.name,
        }
    }
}

/// Converts all documents of an order, one after another.
pub(super) async fn outcomes(
    state: &HttpState,
    tenant: &Tenant,
    order: Order,
) -> Result<Vec<Outcome>, Problem> {
    let Order { files, options } = order;
    state
        .app
        .check_options(&options.conversion)
        .map_err(Problem::from)?;
    let mut outcomes = Vec::with_capacity(files.len());
    for file in files {
        outcomes.push(outcome(state, tenant, file, &options).await?);
    }
    Ok(outcomes)
}

async fn outcome(
    state: &HttpState,
    tenant: &Tenant,
    file: Source,
    options: &DoclingOptions,
) -> Result<Outcome, Problem> {
    let (upload, conversion) = match prepared(state, file, options).await? {
        Ok(ready) => ready,
        Err(failed) => return Ok(Outcome::Failed(failed)),
    };
    let name = upload.file_name.clone();
    match convert(state, tenant, upload, conversion).await {
        Ok(converted) => Ok(Outcome::Converted(Box::new((
            converted.document,
            converted.content,
        )))),
        Err(problem) => Failed::of(name.as_str(), problem).map(Outcome::Failed),
    }
}

/// A document with the options that mean something for its format.
pub(super) async fn prepared(
    state: &HttpState,
    file: Source,
    options: &DoclingOptions,
) -> Result<Result<(Upload, ConversionOptions), Failed>, Problem> {
    let upload = match file {
        Source::File(upload) => upload,
        Source::Missing { name, problem } => return Failed::of(&name, problem).map(Err),
    };
    let (upload, format) = state.app.detected_format(upload).await?;
    let taken = &options.from_formats;
    let is_taken = |format: Format| {
        taken.is_empty()
            || names_of(format)
                .iter()
                .any(|name| taken.iter().any(|taken| taken == name))
    };
    let Some(format) = format.filter(|format| is_taken(*format)) else {
        return Ok(Err(Failed::of_format(upload.file_name.as_str())));
    };
    let mut conversion = options.conversion.clone();
    if !matches!(format, Format::Pdf | Format::Tiff | Format::Pptx | Format::Odp) {
        // A range of pages comes with every request, whatever is sent.
        conversion.reading.pages = None;
    }
    Ok(Ok((upload, conversion)))
}

/// The names that docling has for a format.
fn names_of(format: Format) -> &'static [&'static str] {
    match format {
        Format::Pdf => &["pdf"],
        Format::Doc => &["doc", "docx"],
        Format::Docx => &["docx"],
        Format::Ppt => &["ppt", "pptx"],
        Format::Pptx => &["pptx"],
        Format::Xls => &["xls", "xlsx"],
        Format::Xlsx => &["xlsx"],
        Format::Odt => &["odt"],
        Format::Ods => &["ods"],
        Format::Odp => &["odp"],
        Format::Rtf => &["rtf"],
        Format::Epub => &["epub"],
        Format::Html => &["html", "mhtml"],
        Format::Csv | Format::Tsv => &["csv"],
        Format::Eml => &["email", "mhtml"],
        Format::Text | Format::Markdown => &["md", "asciidoc"],
        Format::Json | Format::Ipynb => &["json_docling", "md"],
        Format::Xml => &["xml_jats", "xml_uspto", "xml_xbrl", "md"],
        Format::Png | Format::Jpeg | Format::Tiff | Format::WebP | Format::Bmp | Format::Gif => &["image"],
    }
}
