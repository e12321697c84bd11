use ilios_convert::{OcrLanguages, OcrMode, PageRanges};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::compat::fields::{flag, number};
use crate::http::compat::files_form::FormOptions;
use crate::http::compat::languages::language;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::ConversionOptions;

/// Options of a request.
#[derive(Debug, Clone, Default)]
pub(super) struct DoclingOptions {
    pub(super) conversion: ConversionOptions,
    pub(super) output: Output,
    /// Formats that are taken, by docling's names; all if none is named.
    pub(super) from_formats: Vec<String>,
    page_range: Vec<u64>,
    no_ocr: bool,
    force_ocr: bool,
    languages: Vec<String>,
}

/// Options of its result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Output {
    /// Names of the formats; Markdown if none is named.
    formats: Vec<String>,
    /// Text between pages in Markdown.
    pub(super) page_break: String,
    /// True if the answer is a ZIP.
    pub(super) zip: bool,
    /// Tokens of a chunk, at most.
    pub(super) max_tokens: Option<u32>,
    /// True if chunks come with the document.
    pub(super) with_document: bool,
    /// True if a chunk has its text without headings, too.
    pub(super) raw_text: bool,
}

/// Flags that clients may set. Those that say nothing here have to be flags all the same.
const FLAGS: [&str; 21] = [
    "do_ocr",
    "force_ocr",
    "abort_on_error",
    "include_images",
    "include_page_images",
    "do_table_structure",
    "table_cell_matching",
    "md_compact_tables",
    "do_pdf_heading_hierarchy",
    "do_code_enrichment",
    "do_formula_enrichment",
    "do_picture_classification",
    "do_picture_description",
    "do_chart_extraction",
    "include_converted_doc",
    "use_markdown_tables",
    "use_markdown_images",
    "include_raw_text",
    "merge_peers",
    "do_chunking",
    "return_as_file",
];

/// Choices, with what they take.
const CHOICES: &[(&str, &[&str])] = &[
    ("table_mode", &["fast", "accurate"]),
    ("image_export_mode", &["placeholder", "embedded", "referenced"]),
    (
        "to_formats",
        &[
            "md",
            "json",
            "yaml",
            "html",
            "html_split_page",
            "text",
            "doctags",
            "vtt",
            "doclang",
            "dclx",
            "chunks",
            "latex",
        ],
    ),
    ("target_type", &["inbody", "zip", "presigned_url", "put", "s3"]),
];

/// Fields of other kinds.
const OTHERS: [&str; 6] = [
    "from_formats",
    "page_range",
    "ocr_lang",
    "md_page_break_placeholder",
    "max_tokens",
    "document_timeout",
];

/// Characters of the text between pages, at most.
const MAX_PAGE_BREAK: usize = 256;

impl FormOptions for DoclingOptions {
    const FILES: &'static [&'static str] = &["files", "file"];

    // The fields of a form for chunks have prefixes: those of the conversion one, those of the chunks the other.
    fn known(name: &str) -> Option<&'static str> {
        let bare = name
            .strip_prefix("convert_")
            .or_else(|| name.strip_prefix("chunking_"));
        let name = bare.unwrap_or(name);
        let choices = CHOICES.iter().map(|(name, _)| *name);
        FLAGS
            .into_iter()
            .chain(choices)
            .chain(OTHERS)
            .find(|known| *known == name)
    }

    // A list may come several times, or with commas.
    fn set(&mut self, name: &'static str, text: &str) -> Result<(), Problem> {
        if FLAGS.contains(&name) {
            let set = flag(name, text)?;
            self.set_flag(name, set);
            return Ok(());
        }
        if let Some((_, takes)) = CHOICES.iter().find(|(known, _)| *known == name) {
            for text in text.split(',').map(str::trim) {
                if !takes.contains(&text) {
                    let takes = format!("takes one of {}", takes.join(", "));
                    return Err(Problem::invalid(name, takes));
                }
                self.choose(name, text)?;
            }
            return Ok(());
        }
        match name {
            "from_formats" => self
                .from_formats
                .extend(text.split(',').map(|part| part.trim().to_owned())),
            "page_range" => self.page_range.push(number(name, text)?),
            "ocr_lang" => self.languages.extend(text.split([',', '+']).filter_map(language)),
            "md_page_break_placeholder" => {
                self.output.page_break = text.chars().take(MAX_PAGE_BREAK).collect()
            }
            "max_tokens" => {
                let tokens: u64 = number(name, text)?;
                self.output.max_tokens = Some(u32::try_from(tokens).unwrap_or(u32::MAX).clamp(32, 8_192));
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Self, Problem> {
        let reading = &mut self.conversion.reading;
        reading.ocr = match (self.no_ocr, self.force_ocr) {
            (_, true) => OcrMode::Force,
            (true, false) => OcrMode::Off,
            (false, false) => OcrMode::Auto,
        };
        self.languages.dedup();
        self.languages.truncate(8);
        if let Ok(languages) = self.languages.join("+").parse::<OcrLanguages>() {
            reading.ocr_languages = languages;
        }
        reading.pages = pages(&self.page_range)?;
        Ok(self)
    }
}

impl DoclingOptions {
    /// Sets a field of a JSON object.
    pub(super) fn set_json(&mut self, name: &'static str, value: &Value) -> Result<(), Problem> {
        match value {
            Value::Null | Value::Object(_) => Ok(()),
            Value::String(text) => self.set(name, text),
            Value::Bool(_) | Value::Number(_) => self.set(name, &value.to_string()),
            Value::Array(values) => values
                .iter()
                .filter(|value| !value.is_array())
                .try_for_each(|value| self.set_json(name, value)),
        }
    }

    fn set_flag(&mut self, name: &str, set: bool) {
        match name {
            "do_ocr" => self.no_ocr = !set,
            "force_ocr" => self.force_ocr = set,
            "include_converted_doc" => self.output.with_document = set,
            "include_raw_text" => self.output.raw_text = set,
            _ => {}
        }
    }

    fn choose(&mut self, name: &str, text: &str) -> Result<(), Problem> {
        match (name, text) {
            ("to_formats", format) if !self.output.formats.iter().any(|known| known == format) => {
                self.output.formats.push(format.to_owned());
            }
            ("target_type", "zip") => self.output.zip = true,
            ("target_type", "inbody") => self.output.zip = false,
            ("target_type", "presigned_url") => return Err(no_storage()),
            ("target_type", _) => return Err(not_allowed()),
            _ => {}
        }
        Ok(())
    }
}

impl Output {
    /// The document beside its chunks.
    pub(super) fn document() -> Self {
        Self {
            formats: vec!["json".to_owned()],
            ..Self::default()
        }
    }

    /// Nothing of a document but its status.
    pub(super) fn nothing() -> Self {
        Self {
            formats: vec!["none".to_owned()],
            ..Self::default()
        }
    }

    /// Returns true if this format is wanted.
    pub(super) fn has(&self, format: &str) -> bool {
        let default = self.formats.is_empty() && format == "md";
        default || self.formats.iter().any(|wanted| wanted == format)
    }
}

/// The first page and the last one; `None` for all. A last one behind the end is the end.
fn pages(range: &[u64]) -> Result<Option<PageRanges>, Problem> {
    let takes = || Problem::invalid("page_range", "takes the first page and the last one, from 1");
    match *range {
        [] => Ok(None),
        [first, last] if first >= 1 && last >= first => {
            let last = u32::try_from(last).unwrap_or(u32::MAX);
            if first == 1 && last == u32::MAX {
                return Ok(None);
            }
            let range: Result<PageRanges, _> = format!("{first}-{last}").parse();
            range.map(Some).map_err(|_| takes())
        }
        _ => Err(takes()),
    }
}

/// The words by which docling's client knows that it has to ask otherwise.
fn no_storage() -> Problem {
    let error = "Presigned URL target requires artifact storage to be configured and enabled on the server.";
    Problem::new(Code::INVALID_PARAMETER, error)
}

pub(super) fn not_allowed() -> Problem {
    let error = "This target is not allowed on the server: use inbody or zip.";
    Problem::new(Code::INVALID_PARAMETER, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&'static str, &str)]) -> Result<DoclingOptions, Problem> {
        let mut options = DoclingOptions::default();
        for (name, text) in fields {
            options.set(name, text)?;
        }
        options.finish()
    }

    #[test]
    fn flags_are_those_of_pydantic() {
        for (text, mode) in [
            ("True", OcrMode::Auto),
            ("False", OcrMode::Off),
            ("off", OcrMode::Off),
            ("Y", OcrMode::Auto),
        ] {
            assert_eq!(
                read(&[("do_ocr", text)]).expect("options").conversion.reading.ocr,
                mode
            );
        }
        assert_eq!(
            read(&[("do_ocr", "maybe")]).expect_err("no flag").field(),
            Some("do_ocr")
        );
    }

    #[test]
    fn a_range_of_pages_comes_in_two_fields() {
        let pages = |first, last| {
            read(&[("page_range", first), ("page_range", last)]).map(|read| read.conversion.reading.pages)
        };
        assert_eq!(pages("1", "9223372036854775807").expect("all"), None);
        let some = pages("2", "9223372036854775807").expect("some").expect("pages");
        assert!(some.contains(2) && some.contains(1_000_000) && !some.contains(1));
        for (first, last) in [("0", "1"), ("3", "2"), ("1-2", "3"), ("-1", "3")] {
            assert_eq!(
                pages(first, last).expect_err("no pages").field(),
                Some("page_range")
            );
        }
        assert!(read(&[("page_range", "1")]).is_err());
    }

    #[test]
    fn languages_are_taken_by_both_names() {
        let languages = |text| {
            read(&[("ocr_lang", text)])
                .expect("options")
                .conversion
                .reading
                .ocr_languages
                .as_str()
                .to_owned()
        };
        assert_eq!(languages("eng,deu"), "eng+deu");
        assert_eq!(languages("de-DE"), "deu");
        assert_eq!(languages("--psm"), "eng");
    }

    #[test]
    fn formats_default_to_markdown() {
        assert!(read(&[]).expect("options").output.has("md"));
        let output = read(&[("to_formats", "json"), ("to_formats", "text,doctags")])
            .expect("options")
            .output;
        assert!(output.has("json") && output.has("doctags") && !output.has("md"));
        assert_eq!(
            read(&[("to_formats", "pdf")]).expect_err("no format").field(),
            Some("to_formats")
        );
    }

    #[test]
    fn a_target_elsewhere_is_refused_in_docling_s_words() {
        let refused = read(&[("target_type", "presigned_url")]).expect_err("no storage");
        assert!(refused.error().contains("artifact storage to be configured"));
        assert!(read(&[("target_type", "s3")]).is_err());
        assert!(read(&[("target_type", "zip")]).expect("options").output.zip);
    }
}
