use mail_parser::decoders::base64::base64_decode;
use serde::Deserialize;
use serde_json::Value;

use super::decode::decode;
use super::markdown_text::read_blocks;
use super::{Reading, html, invalid, json, leaf, too_deep};
use crate::ir::{BlockKind, Builder, Formula, Inline};
use crate::pictures::Taken;
use crate::{ConvertError, Limits, Metadata, Options, Warning};

/// Notebook in nbformat 4, or in nbformat 3, whose cells are in worksheets.
#[derive(Deserialize)]
struct Notebook {
    #[serde(default)]
    cells: Vec<Cell>,
    #[serde(default)]
    worksheets: Vec<Worksheet>,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct Worksheet {
    #[serde(default)]
    cells: Vec<Cell>,
}

#[derive(Deserialize)]
struct Cell {
    cell_type: String,
    #[serde(default, alias = "input")]
    source: Lines,
    #[serde(default)]
    outputs: Vec<Output>,
    /// Heading level, nbformat 3.
    level: Option<u8>,
}

#[derive(Deserialize)]
struct Output {
    #[serde(default)]
    text: Lines,
    #[serde(default)]
    data: serde_json::Map<String, Value>,
    #[serde(default)]
    ename: String,
    #[serde(default)]
    evalue: String,
    #[serde(default)]
    traceback: Lines,
}

/// Text: one string, or a list of lines with their line ends.
#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Lines {
    One(String),
    Many(Vec<String>),
    #[default]
    None,
}

impl Lines {
    fn text(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Many(lines) => lines.concat(),
            Self::None => String::new(),
        }
    }
}

/// Reads a notebook: Markdown cells by the Markdown reader, code cells with the notebook's language, and of each output
/// its most telling text.
pub(super) fn read(bytes: &[u8], options: &Options, limits: &Limits) -> Result<Reading, ConvertError> {
    let text = decode(bytes, None);
    json::check_depth(&text, limits)?;
    let notebook: Notebook = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        if error.to_string().contains("recursion limit") {
            too_deep(limits)
        } else {
            invalid(error)
        }
    })?;
    let language = language(&notebook.metadata);
    let cells = notebook
        .cells
        .iter()
        .chain(notebook.worksheets.iter().flat_map(|sheet| &sheet.cells));
    let mut builder = Builder::with_pictures(limits, options.output.images);
    let mut warnings = Vec::new();
    for cell in cells {
        add_cell(cell, language, &mut builder)?;
        for output in &cell.outputs {
            warnings.extend(add_output(output, &mut builder, limits)?);
        }
    }
    let title = notebook
        .metadata
        .get("title")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let metadata = Metadata {
        title,
        ..Metadata::default()
    };
    let reading = Reading {
        metadata,
        warnings,
        ..Reading::of_one_page(&mut builder)?
    };
    Ok(reading.with_pictures(builder.into_pictures()))
}

fn language(metadata: &Value) -> &str {
    let named = |path: &str| metadata.pointer(path).and_then(Value::as_str);
    named("/language_info/name")
        .or_else(|| named("/kernelspec/language"))
        .filter(|name| name.chars().all(|c| c.is_alphanumeric() || "+-#_.".contains(c)))
        .unwrap_or("python")
}

fn add_cell(cell: &Cell, language: &str, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    let source = cell.source.text();
    let source = source.trim_matches('\n').trim_end();
    match cell.cell_type.as_str() {
        "code" => code(Some(language), source, builder),
        "heading" => builder
            .add(BlockKind::Heading {
                level: cell.level.unwrap_or(1).clamp(1, 6),
                number: None,
                inlines: vec![Inline::plain(source)],
            })
            .map(drop),
        "raw" => code(None, source, builder),
        _ => read_blocks(source, builder),
    }
}

fn code(language: Option<&str>, text: &str, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    if !text.trim().is_empty() {
        builder.add(BlockKind::Code {
            language: language.map(str::to_owned),
            text: text.to_owned(),
        })?;
    }
    Ok(())
}

/// Adds the most telling form of an output: Markdown, the error with its traceback, a page, a formula, a picture, or plain text. Returns what was
/// left out.
fn add_output(
    output: &Output,
    builder: &mut Builder<'_>,
    limits: &Limits,
) -> Result<Vec<Warning>, ConvertError> {
    let data = |kind: &str| {
        let text = match output.data.get(kind)? {
            Value::String(text) => text.clone(),
            Value::Array(lines) if kind != "application/json" => {
                lines.iter().filter_map(Value::as_str).collect()
            }
            // JSON is the value itself.
            value => serde_json::to_string_pretty(value).ok()?,
        };
        Some(text.trim_end().to_owned()).filter(|text| !text.is_empty())
    };
    if let Some(text) = data("text/markdown") {
        read_blocks(&text, builder)?;
        return Ok(Vec::new());
    }
    if !output.ename.is_empty() {
        code(None, &error(output), builder)?;
        return Ok(Vec::new());
    }
    // A page without a table often only shows what the plain text says.
    let page = data("text/html");
    let plain = data("text/plain");
    let says_more = |page: &String| page.contains("<table") || plain.as_deref().is_none_or(is_name_of_object);
    if let Some(page) = page.filter(says_more) {
        return html::read_blocks(&page, builder, limits);
    }
    if let Some(text) = data("text/latex") {
        match formula(&text) {
            Some(formula) => builder.add(BlockKind::Formula(formula)).map(drop)?,
            None => code(Some("latex"), &text, builder)?,
        }
        return Ok(Vec::new());
    }
    let shown = Shown {
        encoded: data("image/png").or_else(|| data("image/jpeg")),
        is_drawing: data("image/svg+xml").is_some(),
        plain,
        other: data("application/json"),
    };
    shown.add(output, builder)?;
    Ok(Vec::new())
}

/// Forms of an output that are no text of a page.
struct Shown {
    /// Picture in base64.
    encoded: Option<String>,
    /// There is a picture of lines.
    is_drawing: bool,
    plain: Option<String>,
    /// Value as JSON.
    other: Option<String>,
}

impl Shown {
    fn add(self, output: &Output, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        // The text of a picture names what it shows: `<Figure size 640x480 with 1 Axes>`.
        let only_name = self.plain.as_deref().is_none_or(is_name_of_object);
        let is_picture = self.encoded.is_some() || self.is_drawing;
        if let Some(encoded) = self.encoded.filter(|_| builder.pictures().are_wanted()) {
            let bytes = base64_decode(encoded.as_bytes()).unwrap_or_default();
            if let Taken::Kept(name) = builder.picture(&bytes) {
                let name_of_object = self.plain.unwrap_or_default();
                return leaf::add_figure(leaf::picture(&name, &name_of_object), builder);
            }
        }
        if is_picture && only_name {
            return leaf::add_figure(leaf::picture("", &self.plain.unwrap_or_default()), builder);
        }
        let text = self.plain.unwrap_or_else(|| output.text.text());
        let text = match text.is_empty() {
            true => self.other.unwrap_or_default(),
            false => text,
        };
        code(None, without_colors(&text).trim_end(), builder)
    }
}

/// Error with its whole traceback, which ends with the error itself.
fn error(output: &Output) -> String {
    let error = format!("{}: {}", output.ename, output.evalue);
    let lines = match &output.traceback {
        Lines::Many(lines) => lines.join("\n"),
        one => one.text(),
    };
    let traceback = without_colors(&lines);
    let traceback = traceback.trim_matches('\n').trim_end();
    // A message of several lines may stand in the traceback with other spaces.
    let last = error.trim_end().lines().next_back().unwrap_or_default().trim();
    match traceback.contains(last) && !last.is_empty() {
        true => traceback.to_owned(),
        false if traceback.is_empty() => without_colors(&error),
        false => format!("{traceback}\n{}", without_colors(&error)),
    }
}

/// Returns true for a text such as `<Figure size 640x480 with 1 Axes>` or `<IPython.core.display.HTML object>`, which
/// only names the object that is shown.
fn is_name_of_object(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.starts_with('<') && text.ends_with('>') && !text.contains('\n')
}

/// Formula between dollar signs, as `SymPy` and others show one.
fn formula(text: &str) -> Option<Formula> {
    let text = text.trim();
    let inside = |mark: &str| text.strip_prefix(mark)?.strip_suffix(mark);
    let tex = inside("$$").or_else(|| inside("$"))?.trim();
    Some(Formula {
        tex: Some(tex.to_owned()),
        mathml: None,
        text: tex.to_owned(),
    })
    .filter(|_| !tex.is_empty() && !tex.contains('$'))
}

/// Output of a terminal without its control sequences, which set colours: `ESC [`, parameters, and a final letter.
fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let parameters = part
            .bytes()
            .take_while(|byte| matches!(byte, b' '..=b'?'))
            .count();
        let rest = part.get(parameters..).unwrap_or_default();
        let is_final = rest.starts_with(|c: char| matches!(c, '@'..='~'));
        out.push_str(rest.get(usize::from(is_final)..).unwrap_or_default());
    }
    out
}
