use serde::Deserialize;
use serde_json::Value;

use super::decode::decode;
use super::{Reading, invalid, json, too_deep};
use crate::write::markdown;
use crate::{ConvertError, Limits, Metadata};

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

/// Reads a notebook: Markdown cells as they are, code cells fenced with the notebook's language, text outputs fenced.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ConvertError> {
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
    let mut blocks = Vec::new();
    for cell in cells {
        push_cell(cell, language, &mut blocks);
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
    Ok(Reading {
        markdown: blocks.join("\n\n"),
        metadata,
        warnings: Vec::new(),
        ..Reading::default()
    })
}

fn language(metadata: &Value) -> &str {
    let named = |path: &str| metadata.pointer(path).and_then(Value::as_str);
    named("/language_info/name")
        .or_else(|| named("/kernelspec/language"))
        .filter(|name| name.chars().all(|c| c.is_alphanumeric() || "+-#_.".contains(c)))
        .unwrap_or("python")
}

fn push_cell(cell: &Cell, language: &str, blocks: &mut Vec<String>) {
    let source = cell.source.text();
    let source = source.trim_matches('\n').trim_end();
    if !source.is_empty() {
        blocks.push(match cell.cell_type.as_str() {
            "code" => markdown::code(language, source),
            "heading" => markdown::heading(cell.level.unwrap_or(1), source),
            _ => source.to_owned(),
        });
    }
    for output in &cell.outputs {
        blocks.extend(output_block(output));
    }
}

/// Chooses the most telling text of an output: Markdown, the error, or plain text.
fn output_block(output: &Output) -> Option<String> {
    let data = |kind: &str| {
        let text = match output.data.get(kind)? {
            Value::String(text) => text.clone(),
            Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
            _ => return None,
        };
        Some(text.trim_end().to_owned()).filter(|text| !text.is_empty())
    };
    if let Some(text) = data("text/markdown") {
        return Some(text);
    }
    if !output.ename.is_empty() {
        return Some(markdown::code(
            "",
            &format!("{}: {}", output.ename, output.evalue),
        ));
    }
    let text = data("text/plain").unwrap_or_else(|| output.text.text());
    let text = text.trim_end();
    (!text.is_empty()).then(|| markdown::code("", text))
}
