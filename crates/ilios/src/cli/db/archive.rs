//! The folder that `ilios db export` writes: `manifest.json`, a file of rows a table in `rows/`, the originals under
//! their keys, and `objects.jsonl` with their hashes. The manifest is written last.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::store::db::Value;

const MANIFEST: &str = "manifest.json";
/// Name beside which bytes stand.
const BASE64: &str = "base64";

/// Contents of an archive.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// Tells archives apart.
    pub(super) name: String,
    /// The schema that the rows are of.
    pub(super) schema: i64,
    pub(super) tables: Vec<Content>,
    pub(super) objects: u64,
}

/// The rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) table: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: u64,
    /// SHA-256 of all rows together, whatever their order.
    pub(super) sha256: String,
}

/// An original.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Original {
    pub(super) key: String,
    pub(super) mime_type: String,
    pub(super) sha256: String,
}

/// Counts and hashes rows.
#[derive(Default)]
pub(super) struct Sum {
    rows: u64,
    digest: [u8; 32],
}

impl Sum {
    pub(super) fn add(&mut self, line: &str) {
        self.rows += 1;
        let digest = Sha256::digest(line.as_bytes());
        self.digest
            .iter_mut()
            .zip(digest)
            .for_each(|(sum, byte)| *sum ^= byte);
    }

    pub(super) fn of(self, table: &str, columns: &[String]) -> Content {
        Content {
            table: table.to_owned(),
            columns: columns.to_vec(),
            rows: self.rows,
            sha256: self.digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

/// A row as a line of JSON.
pub(super) fn line(row: &[Value]) -> String {
    let json = |value: &Value| match value {
        Value::Null => Json::Null,
        Value::Integer(number) => Json::from(*number),
        Value::Real(number) => Json::from(*number),
        // PostgreSQL keeps no NUL, and rows have to be the same everywhere.
        Value::Text(text) => Json::from(text.replace('\0', "\u{fffd}")),
        Value::Blob(bytes) => json!({BASE64: STANDARD.encode(bytes)}),
    };
    Json::from(row.iter().map(json).collect::<Vec<_>>()).to_string()
}

/// The row of a line.
pub(super) fn row(line: &str) -> anyhow::Result<Vec<Value>> {
    let values: Vec<Json> = serde_json::from_str(line)?;
    let value = |json: Json| {
        Ok(match json {
            Json::Null => Value::Null,
            Json::String(text) => Value::Text(text),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(number), _) => Value::Integer(number),
                (None, Some(number)) => Value::Real(number),
                (None, None) => bail!("{number} is no number of a row"),
            },
            other => match other.get(BASE64).and_then(Json::as_str) {
                Some(bytes) => Value::Blob(STANDARD.decode(bytes)?),
                None => bail!("{other} is no value of a row"),
            },
        })
    };
    values.into_iter().map(value).collect()
}

pub(super) fn rows_of(folder: &Path, table: &str) -> PathBuf {
    folder.join("rows").join(format!("{table}.jsonl"))
}

/// Name of the file that marks a folder with an unfinished export.
const UNFINISHED_MARKER: &str = ".ilios-export";

/// Prepares `folder` for an export and marks it as unfinished. What an export that was cut off has written stays. With
/// `force`, removes the manifest of an older archive.
///
/// # Errors
/// The folder cannot be written to. [`require_free`] checks what it holds.
pub(super) fn begin(folder: &Path, force: bool) -> anyhow::Result<()> {
    let context = || folder.display().to_string();
    std::fs::create_dir_all(folder.join("rows")).with_context(context)?;
    let mark = folder.join(UNFINISHED_MARKER);
    if !mark.exists() {
        File::create(&mark).with_context(context)?.sync_all()?;
    }
    if force {
        match std::fs::remove_file(folder.join(MANIFEST)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(context);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Refuses to write to a folder that holds something else than an export that was cut off.
pub(super) fn require_free(folder: &Path, force: bool) -> anyhow::Result<()> {
    let shown = folder.display();
    let mut entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.with_context(|| shown.to_string())?,
    };
    if force || entries.next().is_none() {
        return Ok(());
    }
    if folder.join(MANIFEST).exists() {
        bail!("{shown} holds an archive already; --force writes over it");
    }
    if !folder.join(UNFINISHED_MARKER).exists() {
        bail!("{shown} is not empty; name a new folder, or write into this one with --force");
    }
    Ok(())
}

/// Says that the archive is whole.
pub(super) fn finish(folder: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    write_manifest(folder, manifest)?;
    Ok(std::fs::remove_file(folder.join(UNFINISHED_MARKER))?)
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    let path = folder.join(MANIFEST);
    let part = folder.join("manifest.json.part");
    let mut file = File::create(&part)?;
    file.write_all(&serde_json::to_vec_pretty(manifest)?)?;
    file.sync_all()?;
    Ok(std::fs::rename(part, path)?)
}

pub(super) fn read_manifest(folder: &Path) -> anyhow::Result<Manifest> {
    let path = folder.join(MANIFEST);
    let bytes = std::fs::read(&path).with_context(|| {
        format!(
            "{}: it is no archive, or its export was not finished",
            path.display()
        )
    })?;
    serde_json::from_slice(&bytes).with_context(|| path.display().to_string())
}

/// A file of lines that is being written.
pub(super) struct Lines(BufWriter<File>);

impl Lines {
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| path.display().to_string())?;
        Ok(Self(BufWriter::new(file)))
    }

    pub(super) fn write(&mut self, line: &str) -> anyhow::Result<()> {
        self.0.write_all(line.as_bytes())?;
        Ok(self.0.write_all(b"\n")?)
    }

    pub(super) fn finish(self) -> anyhow::Result<()> {
        Ok(self
            .0
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?
            .sync_all()?)
    }
}

/// The lines of a file.
pub(super) fn lines(path: &Path) -> anyhow::Result<impl Iterator<Item = std::io::Result<String>>> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    Ok(BufReader::new(file).lines())
}
