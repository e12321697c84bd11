use ilios_convert::{OcrLanguages, OcrMode};

use crate::http::compat::fields::{flag, number};
use crate::http::compat::files_form::FormOptions;
use crate::http::compat::languages::language;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::ConversionOptions;

/// Options of a request.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a field of the form that is set or not, in any combination"
)]
pub(super) struct Options {
    pub(super) conversion: ConversionOptions,
    pub(super) is_csv: bool,
    pub(super) coordinates: bool,
    pub(super) page_breaks: bool,
    pub(super) unique_ids: bool,
    /// Number of the first page.
    pub(super) first_page: u32,
    pub(super) languages: Vec<String>,
    pub(super) chunking: Option<Chunking>,
    strategy: Option<String>,
    limits: Limits,
}

/// Rules by which chunks begin, and their lengths in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunking {
    pub(super) by_title: bool,
    pub(super) by_page: bool,
    pub(super) most: usize,
    pub(super) enough: usize,
    pub(super) combine_under: usize,
    pub(super) overlap: usize,
    pub(super) overlap_all: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Limits {
    most: Option<usize>,
    enough: Option<usize>,
    combine_under: Option<usize>,
    overlap: Option<usize>,
    overlap_all: bool,
    single_page: bool,
}

/// Characters of a chunk, at most, where the client does not say.
const MAX_CHARACTERS: usize = 500;

const KNOWN: [&str; 16] = [
    "strategy",
    "output_format",
    "coordinates",
    "include_page_breaks",
    "unique_element_ids",
    "starting_page_number",
    "languages",
    "ocr_languages",
    "chunking_strategy",
    "max_characters",
    "new_after_n_chars",
    "combine_under_n_chars",
    "overlap",
    "overlap_all",
    "multipage_sections",
    "pdf_infer_table_structure",
];

impl Default for Options {
    fn default() -> Self {
        Self {
            conversion: ConversionOptions::default(),
            is_csv: false,
            coordinates: false,
            page_breaks: false,
            unique_ids: false,
            first_page: 1,
            languages: Vec::new(),
            chunking: None,
            strategy: None,
            limits: Limits::default(),
        }
    }
}

impl FormOptions for Options {
    const FILES: &'static [&'static str] = &["files", "files[]", "file"];

    // The name of a list may have brackets behind it.
    fn known(name: &str) -> Option<&'static str> {
        let name = name.strip_suffix("[]").unwrap_or(name);
        KNOWN.into_iter().find(|known| *known == name)
    }

    fn set(&mut self, name: &'static str, text: &str) -> Result<(), Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        match name {
            "strategy" => self.conversion.reading.ocr = ocr(text)?,
            "output_format" => self.is_csv = output_is_csv(text)?,
            "coordinates" => self.coordinates = flag(name, text)?,
            "include_page_breaks" => self.page_breaks = flag(name, text)?,
            "unique_element_ids" => self.unique_ids = flag(name, text)?,
            "starting_page_number" => {
                let first: usize = number(name, text)?;
                self.first_page = u32::try_from(first).unwrap_or(u32::MAX).max(1);
            }
            "languages" | "ocr_languages" => {
                let plain = text.trim_matches(['[', ']']);
                let names = plain
                    .split([',', '+'])
                    .map(|name| name.trim_matches([' ', '"', '\'']));
                self.languages
                    .extend(names.filter(|name| !name.is_empty()).filter_map(language));
            }
            "chunking_strategy" => self.strategy = Some(text.to_owned()),
            "max_characters" => self.limits.most = Some(number(name, text)?),
            "new_after_n_chars" => self.limits.enough = Some(number(name, text)?),
            "combine_under_n_chars" => self.limits.combine_under = Some(number(name, text)?),
            "overlap" => self.limits.overlap = Some(number(name, text)?),
            "overlap_all" => self.limits.overlap_all = flag(name, text)?,
            "multipage_sections" => self.limits.single_page = !flag(name, text)?,
            _ => {}
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Self, Problem> {
        self.languages.dedup();
        self.languages.truncate(8);
        if let Ok(languages) = self.languages.join("+").parse::<OcrLanguages>() {
            self.conversion.reading.ocr_languages = languages;
        }
        self.chunking = self
            .strategy
            .take()
            .map(|strategy| self.limits.chunking(&strategy))
            .transpose()?;
        Ok(self)
    }
}

impl Limits {
    fn chunking(self, strategy: &str) -> Result<Chunking, Problem> {
        let (by_title, by_page) = match strategy {
            "basic" => (false, false),
            // What belongs together by its sense is below one title.
            "by_title" | "by_similarity" => (true, self.single_page),
            "by_page" => (false, true),
            other => {
                let takes = "Must be one of ['basic', 'by_title', 'by_page', 'by_similarity']";
                return Err(refused(format!(
                    "Invalid chunking strategy: {}. {takes}",
                    short(other)
                )));
            }
        };
        let most = self.most.unwrap_or(MAX_CHARACTERS).max(1);
        Ok(Chunking {
            by_title,
            by_page,
            most,
            enough: self.enough.unwrap_or(most).min(most),
            combine_under: self.combine_under.unwrap_or(most).min(most),
            overlap: self.overlap.unwrap_or(0).min(most / 2),
            overlap_all: self.overlap_all,
        })
    }
}

/// A fault in words alone.
fn refused(error: String) -> Problem {
    Problem::new(Code::INVALID_PARAMETER, error)
}

fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

fn ocr(strategy: &str) -> Result<OcrMode, Problem> {
    match strategy {
        "fast" => Ok(OcrMode::Off),
        "ocr_only" => Ok(OcrMode::Force),
        "auto" | "hi_res" | "vlm" | "od_only" => Ok(OcrMode::Auto),
        other => {
            let takes = "Must be one of ['fast', 'hi_res', 'auto', 'ocr_only', 'vlm']";
            Err(refused(format!("Invalid strategy: {}. {takes}", short(other))))
        }
    }
}

fn output_is_csv(text: &str) -> Result<bool, Problem> {
    match text {
        "application/json" => Ok(false),
        "text/csv" => Ok(true),
        _ => Err(refused(
            "output_format takes application/json or text/csv".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Result<Options, Problem> {
        let mut options = Options::default();
        for (name, text) in fields {
            options.set(Options::known(name).expect("a known name"), text)?;
        }
        options.finish()
    }

    #[test]
    fn lists_are_taken_in_every_form() {
        for fields in [
            &[("languages[]", "eng"), ("languages[]", "deu")][..],
            &[("languages", "eng"), ("languages", "deu")],
            &[("languages", "[\"eng\", \"deu\"]")],
            &[("ocr_languages", "eng+deu")],
        ] {
            assert_eq!(
                read(fields).expect("options").languages,
                ["eng", "deu"],
                "{fields:?}"
            );
        }
        assert!(
            read(&[("languages", "[\"\"]")])
                .expect("options")
                .languages
                .is_empty()
        );
    }

    #[test]
    fn chunks_have_the_limits_of_their_strategy() {
        let chunking = read(&[("chunking_strategy", "by_title"), ("max_characters", "60")])
            .expect("options")
            .chunking;
        let chunking = chunking.expect("chunks");
        assert!(chunking.by_title && !chunking.by_page);
        assert_eq!(
            (chunking.most, chunking.enough, chunking.combine_under),
            (60, 60, 60)
        );
        assert_eq!(read(&[("max_characters", "60")]).expect("options").chunking, None);
    }

    #[test]
    fn a_value_that_is_not_known_is_named() {
        for (name, text) in [
            ("strategy", "bogus"),
            ("chunking_strategy", "bogus"),
            ("overlap", "-1"),
            ("coordinates", "maybe"),
        ] {
            let problem = read(&[(name, text)]).expect_err("a fault");
            assert_eq!(problem.code(), Code::INVALID_PARAMETER, "{name}");
        }
    }
}
