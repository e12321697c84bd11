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

/// Adds the most telling form of an output: Markdown, the error, a page with a table, a formula, or plain text. Returns what was
/// left out.
fn add_output(
    output: &Output,
    builder: &mut Builder<'_>,
    limits: &Limits,
) -> Result<Vec<Warning>, ConvertError> {
    let data = |kind: &str| {
        let text = match output.data.get(kind)? {
            Value::String(text) => text.clone(),
            Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
            _ => return None,
        };
        Some(text.trim_end().to_owned()).filter(|text| !text.is_empty())
    };
    if let Some(text) = data("text/markdown") {
        read_blocks(&text, builder)?;
        return Ok(Vec::new());
    }
    if !output.ename.is_empty() {
        let error = format!("{}: {}", output.ename, output.evalue);
        code(None, &without_colors(&error), builder)?;
        return Ok(Vec::new());
    }
    if let Some(page) = data("text/html").filter(|page| page.contains("<table")) {
        return html::read_blocks(&page, builder, limits);
    }
    if let Some(text) = data("text/latex") {
        match formula(&text) {
            Some(formula) => builder.add(BlockKind::Formula(formula)).map(drop)?,
            None => code(Some("latex"), &text, builder)?,
        }
        return Ok(Vec::new());
    }
    let encoded = data("image/png").or_else(|| data("image/jpeg"));
    if let Some(encoded) = encoded.filter(|_| builder.pictures().are_wanted()) {
        let bytes = base64_decode(encoded.as_bytes()).unwrap_or_default();
        if let Taken::Kept(name) = builder.picture(&bytes) {
            // The text of such an output names what the picture shows: `<Figure size 640x480 with 1 Axes>`.
            leaf::add_figure(
                leaf::picture(&name, &data("text/plain").unwrap_or_default()),
                builder,
            )?;
            return Ok(Vec::new());
        }
    }
    let text = data("text/plain").unwrap_or_else(|| output.text.text());
    code(None, without_colors(&text).trim_end(), builder)?;
    Ok(Vec::new())
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
